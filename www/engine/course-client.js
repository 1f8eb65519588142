/** The page's side of the keeper of a course. */

import { Calls } from './calls.js';

/** @typedef {import('./course-protocol.js').CallName} CallName */

export class CourseClient {
  #calls = new Calls({
    url: new URL('./course-worker.js', import.meta.url),
    name: 'course',
    what: 'the keeper of the course',
  });

  /**
   * @template {CallName} N
   * @param {N} call
   * @param {import('./course-protocol.js').Args<N>} args
   * @returns {Promise<import('./course-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(call, args) {
    return this.#calls.send(call, args);
  }

  /** Ends the worker, and with it the right to write. */
  destroy() {
    this.#calls.end();
  }
}
