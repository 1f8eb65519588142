/**
 * The page's side of a worker: calls become promises. The worker starts with the first call; one that failed, died or was
 * silent for too long is ended, what it owed is refused, and the next call starts another. `lasting-calls.js` is for
 * workers whose state must not be lost with them.
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
 *   throttled page ticks less, so that a hidden tab or a jump of the clock is never taken for a hung worker
 * @property {'refuse' | 'wait' | 'end'} [onAbort]   what an aborted call does: it is refused at once, it waits for what the
 *   worker makes of that, or it ends the worker with all that it was asked
 * @property {(error: EngineError) => void} [onTrap]   it died or hung; what was open is refused already
 * @property {(error: EngineError) => void} [onFailed]   it cannot be started; what was open is refused already
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
  /** Of the next worker's script. */
  url;
  /** Ticks of silence that are borne. */
  patience;
  /** While it is set, silence is no sign of anything. */
  resting = false;
  /** While it is set, the worker owes something though no call is open. */
  busy = false;
  /** Counts the workers: whoever remembers what one of them holds compares. */
  generation = 0;

  /** @param {CallsOptions} options */
  constructor(options) {
    this.#options = options;
    this.url = options.url;
    this.patience = options.silentTicks ?? 0;
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
        const { onAbort } = this.#options;
        if (onAbort === 'end') return this.end(cancelled());
        this.#worker?.postMessage({ id: this.#nextId++, call: 'cancel', args: { target: id } });
        if (onAbort === 'wait') return;
        this.#pending.delete(id);
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
        this.start()?.postMessage({ id, call, args }, transfer);
      } catch (error) {
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        const message = `${call} was called with arguments that cannot be sent (${error})`;
        pending?.reject(failure('setting', message, { name: call }));
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
    this.busy = false;
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(reason);
  }

  /** The worker, which otherwise starts with the first call; null if none can be made: then what is open was refused. */
  start() {
    if (this.#worker) return this.#worker;
    try {
      const worker = new Worker(this.url, { type: 'module', name: `glassgpt ${this.#options.name}` });
      worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
      worker.onerror = (event) => {
        event.preventDefault();
        if (this.#worker === worker) this.#scriptFailed(event.message);
      };
      this.#worker = worker;
    } catch (error) {
      this.#scriptFailed(String(error));
      return null;
    }
    this.generation++;
    this.#silentTicks = 0;
    if (this.#options.silentTicks) this.#timer = setInterval(() => this.#watch(), TICK_MS);
    return this.#worker;
  }

  /** @param {string | undefined} cause */
  #scriptFailed(cause) {
    const message = `${this.#options.what} could not be started${cause ? ` (${cause})` : ''}; reload the page`;
    this.#failed({ code: 'wasm-load', message, details: { cause: cause ?? '' } });
  }

  /** @param {EngineError} error */
  #failed(error) {
    this.end(new EngineFailure(error));
    this.#options.onFailed?.(error);
  }

  /** @param {EngineError} error */
  #trapped(error) {
    this.end(new EngineFailure(error));
    this.#options.onTrap?.(error);
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    if ('event' in message) {
      if (message.event === 'trap') this.#trapped(message.error);
      else if (message.event === 'failed') this.#failed(message.error);
      else this.#options.onEvent?.(message);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    if ('progress' in message) return call.onProgress?.(message.progress);
    this.#pending.delete(message.id);
    if ('error' in message) call.reject(new EngineFailure(message.error));
    else call.resolve(message.result);
  }

  /** One tick of the page: was the worker silent although it owes something? */
  #watch() {
    if ((this.#pending.size === 0 && !this.busy) || this.resting) return;
    if (++this.#silentTicks <= this.patience) return;
    const message = `${this.#options.what} gave no sign of life for ${this.#silentTicks} s; it is started again`;
    this.#trapped({ code: 'trap', message, details: { cause: 'silent' } });
  }
}
