/** The page's side of model files: every call has a worker of its own, which is ended with it. */

import { EngineFailure, failure } from './failure.js';

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
export function callFiles(call, args, options = {}) {
  const { signal, onProgress, transfer = [] } = options;
  const { workerUrl = new URL('./files-worker.js', import.meta.url) } = options;
  return new Promise((resolve, reject) => {
    const cancelled = () => end(() => reject(failure('cancelled', `${call} was cancelled`)));
    if (signal?.aborted) return reject(failure('cancelled', `${call} was cancelled`));
    const worker = new Worker(workerUrl, { type: 'module' });
    /** @param {() => void} settle */
    const end = (settle) => {
      worker.terminate();
      signal?.removeEventListener('abort', cancelled);
      settle();
    };
    signal?.addEventListener('abort', cancelled);
    worker.onmessage = ({ data }) => {
      const message = /** @type {import('./files-protocol.js').FromWorker} */ (data);
      if ('progress' in message) onProgress?.(message.progress);
      else if ('error' in message) end(() => reject(new EngineFailure(message.error)));
      else end(() => resolve(/** @type {any} */ (message.result)));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const message = `the module for model files could not be loaded (${event.message ?? 'no reason given'}); reload the page`;
      end(() => reject(failure('wasm-load', message)));
    };
    worker.postMessage({ call, args }, transfer);
  });
}
