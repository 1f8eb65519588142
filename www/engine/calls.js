/**
 * The page's side of a worker: calls become promises. The worker starts with the first call; one that failed, died or was
 * silent for too long is ended, what it owed is refused, and the next call starts another.
 */

import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./protocol.js').EngineError} EngineError */
/**
 * @typedef {{ id: number, progress: any } | { id: number, result: unknown } | { id: number, error: EngineError }
 *   | { event: 'trap' | 'failed', error: EngineError }} FromWorker   after an event the worker is dead
 */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: any) => void, transfer?: Transferable[] }} CallOptions */
/** @typedef {{ resolve: (value: any) => void, reject: (error: EngineFailure) => void, onProgress?: CallOptions['onProgress'] }} Pending */

const TICK_MS = 1000;

/**
 * @typedef {object} CallsOptions
 * @property {string | URL} url          of the worker's script
 * @property {string} name               of the worker
 * @property {string} what               in sentences, say 'the module for lessons'
 * @property {number} [silentTicks]      ticks of this page after which a worker that owes an answer counts as dead: a
 *   throttled page ticks less, so that a hidden tab is never taken for a hung worker
 * @property {boolean} [endsOnAbort]     a call that is aborted ends the worker, with all that it was asked
 * @property {(error: EngineError) => void} [onTrap]   it died or hung; what was open is refused already
 * @property {(event: any) => void} [onEvent]   another event than those of {@link FromWorker}
 * @property {() => void} [onEnd]               the worker was ended
 */

export class Calls {
  #options;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #silentTicks = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  /** While it is set, silence is no sign of anything. */
  resting = false;
  /** Counts the workers: whoever remembers what one of them holds compares. */
  generation = 0;

  /** @param {CallsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {string} call @param {unknown} args @param {CallOptions} [options] @returns {Promise<any>} rejects with {@link EngineFailure} */
  send(call, args, { signal, onProgress, transfer = [] } = {}) {
    return new Promise((resolve, reject) => {
      const cancelled = () => failure('cancelled', `${call} was cancelled`);
      if (signal?.aborted) return reject(cancelled());
      const id = this.#nextId++;
      const abort = () => {
        const pending = this.#pending.get(id);
        if (!pending) return;
        if (this.#options.endsOnAbort) return this.end(cancelled());
        this.#pending.delete(id);
        this.#worker?.postMessage({ id: this.#nextId++, call: 'cancel', args: { target: id } });
        pending.reject(cancelled());
      };
      const done = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort);
      this.#pending.set(id, {
        onProgress,
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.#silentTicks = 0;
      try {
        this.#started().postMessage({ id, call, args }, transfer);
      } catch (error) {
        // Arguments that cannot be sent, or a worker that cannot be made.
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        pending?.reject(failure('wasm-load', `${this.#options.what} could not be asked (${error}); reload the page`));
      }
    });
  }

  /** Ends the worker; open calls are rejected. @param {EngineFailure} [reason] */
  end(reason = failure('cancelled', `${this.#options.what} was closed`)) {
    clearInterval(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#options.onEnd?.();
    this.resting = false;
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(reason);
  }

  #started() {
    if (this.#worker) return this.#worker;
    const { url, name, what, silentTicks } = this.#options;
    const worker = new Worker(url, { type: 'module', name: `glassgpt ${name}` });
    this.#worker = worker;
    this.generation++;
    worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      const message = `${what} could not be started (${event.message ?? 'no reason given'}); reload the page`;
      this.end(failure('wasm-load', message));
    };
    if (silentTicks) this.#timer = setInterval(() => this.#watch(silentTicks), TICK_MS);
    return worker;
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    if ('event' in message) {
      if (message.event !== 'trap' && message.event !== 'failed') return this.#options.onEvent?.(message);
      this.end(new EngineFailure(message.error));
      if (message.event === 'trap') this.#options.onTrap?.(message.error);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    if ('progress' in message) return call.onProgress?.(message.progress);
    this.#pending.delete(message.id);
    if ('error' in message) call.reject(new EngineFailure(message.error));
    else call.resolve(message.result);
  }

  /** One tick of the page: was the worker silent although it owes something? @param {number} most */
  #watch(most) {
    if (this.#pending.size === 0 || this.resting) return;
    if (++this.#silentTicks <= most) return;
    const message = `${this.#options.what} gave no sign of life for ${this.#silentTicks} s; it is started again`;
    const error = { code: 'trap', message, details: { cause: 'silent' } };
    this.end(new EngineFailure(error));
    this.#options.onTrap?.(error);
  }
}
