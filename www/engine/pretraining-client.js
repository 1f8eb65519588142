/** The page's side of the chapter on pre-training: a worker of its own, which starts with the first call. */

import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./pretraining-protocol.js').CallName} CallName */
/** @typedef {{ signal?: AbortSignal, onProgress?: (moment: import('./pretraining-protocol.js').Moment) => void, transfer?: Transferable[] }} CallOptions */
/** @typedef {{ resolve: (value: any) => void, reject: (error: EngineFailure) => void, onProgress?: CallOptions['onProgress'] }} Pending */

export class PretrainingClient {
  #url;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();

  /** @param {string | URL} [workerUrl] */
  constructor(workerUrl = new URL('./pretraining-worker.js', import.meta.url)) {
    this.#url = workerUrl;
  }

  /**
   * A call that is aborted ends the worker, and with it all that it was asked; the next call starts another.
   * @template {CallName} N
   * @param {N} call
   * @param {import('./pretraining-protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./pretraining-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(call, args, { signal, onProgress, transfer = [] } = {}) {
    return new Promise((resolve, reject) => {
      const cancelled = failure('cancelled', `${call} was cancelled`);
      if (signal?.aborted) return reject(cancelled);
      signal?.addEventListener('abort', () => this.#pending.has(id) && this.close(cancelled), { once: true });
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, call, args }, transfer);
    });
  }

  /** Ends the worker; open calls are rejected. @param {EngineFailure} [reason] */
  close(reason = failure('cancelled', 'the chapter was closed')) {
    this.#worker?.terminate();
    this.#worker = null;
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(reason);
  }

  #start() {
    const worker = new Worker(this.#url, { type: 'module', name: 'glassgpt pre-training' });
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const message = `the module of the chapters could not be loaded (${event.message ?? 'no reason given'}); reload the page`;
      this.close(failure('wasm-load', message));
    };
    return worker;
  }

  /** @param {import('./pretraining-protocol.js').FromWorker} message */
  #receive(message) {
    const call = this.#pending.get(message.id);
    if (!call) return;
    if ('progress' in message) return call.onProgress?.(message.progress);
    if ('error' in message && message.error.code === 'trap') return this.close(new EngineFailure(message.error));
    this.#pending.delete(message.id);
    if ('error' in message) call.reject(new EngineFailure(message.error));
    else call.resolve(message.result);
  }
}
