/** The page's side of model files: every call has a worker of its own, which is ended with it. */

import { Calls } from './calls.js';

/** @typedef {import('./files-protocol.js').CallName} CallName */
/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]   ends the worker at once
 * @property {(progress: import('./files-protocol.js').ProgressValue) => void} [onProgress]
 * @property {Transferable[]} [transfer]
 * @property {string | URL} [workerUrl]
 */

/**
 * @template {CallName} N
 * @param {N} call
 * @param {import('./files-protocol.js').Args<N>} args
 * @param {CallOptions} [options]
 * @returns {Promise<import('./files-protocol.js').Result<N>>} rejects with {@link EngineFailure}
 */
export async function callFiles(call, args, { workerUrl, ...options } = {}) {
  const url = workerUrl ?? new URL('./files-worker.js', import.meta.url);
  const calls = new Calls({ url, name: 'files', what: 'the module for model files', onAbort: 'end' });
  try {
    return await calls.send(call, args, options);
  } finally {
    calls.end();
  }
}
