/** The page's side of the lab. A worker that failed is replaced when something is asked again. */

import { Calls } from './calls.js';
import { failure } from './failure.js';

/** @typedef {import('./lab-protocol.js').CallName} CallName */

export class LabClient {
  #calls;

  /** @param {{ workerUrl?: string | URL }} [options] */
  constructor({ workerUrl = new URL('./lab-worker.js', import.meta.url) } = {}) {
    this.#calls = new Calls({ url: workerUrl, name: 'lab', what: 'the module for chapter 3' });
  }

  /** Counts the workers: whoever remembers a model that was opened compares. */
  get generation() {
    return this.#calls.generation;
  }

  /**
   * @template {CallName} N
   * @param {N} call
   * @param {import('./lab-protocol.js').Args<N>} args
   * @param {{ signal?: AbortSignal, transfer?: Transferable[] }} [options]
   * @returns {Promise<import('./lab-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(call, args, options) {
    return this.#calls.send(call, args, options);
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#calls.end(failure('cancelled', 'the lab was closed'));
  }
}
