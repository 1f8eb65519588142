/** The page's side of the lab: calls become promises. A worker that failed is replaced when something is asked again. */

import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./lab-protocol.js').CallName} CallName */
/** @typedef {{ resolve: (value: any) => void, reject: (error: EngineFailure) => void }} Pending */

export class LabClient {
  #url;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** Counts the workers: whoever remembers a model that was opened compares. */
  generation = 0;

  /** @param {{ workerUrl?: string | URL }} [options] */
  constructor({ workerUrl = new URL('./lab-worker.js', import.meta.url) } = {}) {
    this.#url = workerUrl;
  }

  /**
   * @template {CallName} N
   * @param {N} call
   * @param {import('./lab-protocol.js').Args<N>} args
   * @param {{ signal?: AbortSignal, transfer?: Transferable[] }} [options]
   * @returns {Promise<import('./lab-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(call, args, { signal, transfer = [] } = {}) {
    return new Promise((resolve, reject) => {
      const cancelled = () => failure('cancelled', `${call} was cancelled`);
      if (signal?.aborted) return reject(cancelled());
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      signal?.addEventListener(
        'abort',
        () => {
          if (!this.#pending.delete(id)) return;
          this.#worker?.postMessage({ cancel: id });
          reject(cancelled());
        },
        { once: true },
      );
      this.#started().postMessage({ id, call, args }, transfer);
    });
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#end(failure('cancelled', 'the lab was closed'));
  }

  #started() {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#url, { type: 'module', name: 'glassgpt lab' });
    this.generation++;
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      const message = `the module for chapter 3 could not be loaded (${event.message ?? 'no reason given'}); reload the page`;
      this.#end(failure('wasm-load', message));
    };
    return worker;
  }

  /** @param {import('./lab-protocol.js').FromWorker} message */
  #receive(message) {
    if ('failed' in message) return this.#end(new EngineFailure(message.failed));
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    if ('error' in message) pending.reject(new EngineFailure(message.error));
    else pending.resolve(message.result);
  }

  /** @param {EngineFailure} error */
  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    const open = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of open) reject(error);
  }
}
