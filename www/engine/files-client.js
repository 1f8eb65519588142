/**
 * The page's side of model files: every call has a worker of its own, which is ended with it, and so has a model that is
 * read with.
 */

import { Calls } from './calls.js';

/** @typedef {import('./files-protocol.js').CallName} CallName */
/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]   ends the worker at once
 * @property {(progress: import('./files-protocol.js').ProgressValue) => void} [onProgress]
 * @property {Transferable[]} [transfer]
 * @property {string | URL} [workerUrl]
 */

/** @typedef {import('./files-protocol.js').ReaderCallName} ReaderCallName */

const WHAT = 'the module for model files';
const WORKER = new URL('./files-worker.js', import.meta.url);

/**
 * @template {CallName} N
 * @param {N} call
 * @param {import('./files-protocol.js').Args<N>} args
 * @param {CallOptions} [options]
 * @returns {Promise<import('./files-protocol.js').Result<N>>} rejects with {@link EngineFailure}
 */
export async function callFiles(call, args, { workerUrl, ...options } = {}) {
  const calls = new Calls({ url: workerUrl ?? WORKER, name: 'files', what: WHAT, onAbort: 'end' });
  try {
    return await calls.send(call, args, options);
  } finally {
    calls.end();
  }
}

/** A model that is read with: it is there from `openReader` on, until it is closed or its worker dies. */
export class ReaderClient {
  #calls = new Calls({ url: WORKER, name: 'reader', what: WHAT });

  /**
   * @template {ReaderCallName} N
   * @param {N} call
   * @param {import('./files-protocol.js').ReaderArgs<N>} args
   * @param {{ signal?: AbortSignal, onProgress?: (progress: any) => void }} [options]
   * @returns {Promise<import('./files-protocol.js').ReaderResult<N>>} rejects with {@link EngineFailure}
   */
  call(call, args, options) {
    return this.#calls.send(call, args, options);
  }

  /** Gives the model and its memory up; open calls are rejected. */
  close() {
    this.#calls.end();
  }
}
