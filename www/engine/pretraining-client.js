/** The page's side of the chapter on pre-training: a worker of its own, which starts with the first call. */

import { Calls } from './calls.js';
import { failure } from './failure.js';

/** @typedef {import('./pretraining-protocol.js').CallName} CallName */
/** @typedef {{ signal?: AbortSignal, onProgress?: (moment: import('./pretraining-protocol.js').Moment) => void, transfer?: Transferable[] }} CallOptions */

export class PretrainingClient {
  #calls;

  /** @param {string | URL} [url]  of the worker */
  constructor(url = new URL('./pretraining-worker.js', import.meta.url)) {
    this.#calls = new Calls({ url, name: 'pre-training', what: 'the module of the chapters', onAbort: 'end' });
  }

  /**
   * A call that is aborted ends the worker, and with it all that it was asked; the next call starts another.
   * @template {CallName} N
   * @param {N} call
   * @param {import('./pretraining-protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./pretraining-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(call, args, options) {
    return this.#calls.send(call, args, options);
  }

  /** Ends the worker; open calls are rejected. */
  close() {
    this.#calls.end(failure('cancelled', 'the chapter was closed'));
  }
}
