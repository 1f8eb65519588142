/**
 * The page's side of a model that is taught: calls become promises. The worker starts with the first course. One that died
 * or was silent for {@link SILENT_TICKS} of this page's ticks although it owes an answer is replaced by a new one, which
 * makes the same course and gets all stages again; calls that were open then are refused with code 'trap'.
 */

import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./teacher-protocol.js').CallName} CallName */
/** @typedef {import('./teacher-protocol.js').FromWorker} FromWorker */
/** @typedef {import('./teacher-protocol.js').ProgressValue} ProgressValue */
/** @typedef {import('./protocol.js').EngineError} EngineError */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: ProgressValue) => void }} CallOptions */
/** @typedef {{ name: CallName, args: any, resolve: (value: any) => void, reject: (error: EngineFailure) => void, onProgress?: CallOptions['onProgress'] }} Pending */

const TICK_MS = 1000;
/** A slice may take as long on a slow machine, and so may the making of a vocabulary. */
const SILENT_TICKS = 40;
/** Restarts in a row without a finished lesson; then something is wrong that a restart does not cure. */
const MOST_RESTARTS = 3;

export class TeacherClient {
  #url;
  #onRestart;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {import('./teacher-protocol.js').Wish | null} */
  #wish = null;
  /** @type {Map<number, Float32Array>} */
  #stages = new Map();
  #paused = false;
  #silentTicks = 0;
  #restarts = 0;
  /** Settles when a new worker is what the old one was. @type {Promise<unknown> | null} */
  #again = null;
  #timer;

  /**
   * @param {object} [options]
   * @param {string | URL} [options.workerUrl]
   * @param {(error: EngineError) => void} [options.onRestart]   a worker was replaced; what was open was refused
   */
  constructor({ workerUrl = new URL('./teacher-worker.js', import.meta.url), onRestart = () => {} } = {}) {
    this.#url = workerUrl;
    this.#onRestart = onRestart;
    this.#timer = setInterval(() => this.#watch(), TICK_MS);
  }

  /**
   * @template {CallName} N
   * @param {N} name
   * @param {import('./teacher-protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./teacher-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  async call(name, args, options = {}) {
    const given = /** @type {any} */ (args);
    if (name === 'open') {
      // A course is for life: another one has a worker of its own.
      this.#end(failure('cancelled', 'another course was begun'));
      this.#stages.clear();
      this.#again = null;
      this.#wish = null;
      const info = await this.#send(name, args, options);
      this.#wish = given;
      return info;
    }
    if (this.#again) await this.#again;
    const result = await this.#send(name, args, options);
    if (name === 'learn') this.#stages.set(given.stage, /** @type {any} */ (result).weights);
    if (name === 'initial') this.#stages.set(given.stage, /** @type {any} */ (result));
    if (name === 'put') this.#stages.set(given.stage, given.weights);
    if (name === 'remove') this.#stages.delete(given.stage);
    if (name === 'pause') this.#paused = given.on;
    if (name === 'learn') this.#restarts = 0;
    return result;
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    clearInterval(this.#timer);
    this.#end(failure('cancelled', 'the course was closed'));
  }

  #start() {
    const worker = new Worker(this.#url, { type: 'module', name: 'glassgpt teacher' });
    worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker !== worker) return;
      const message = `the module for lessons could not be started (${event.message ?? 'no reason given'}); reload the page`;
      this.#end(failure('wasm-load', message));
    };
    this.#worker = worker;
    this.#silentTicks = 0;
  }

  /** @param {EngineFailure} error */
  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#paused = false;
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(error);
  }

  /** @template {CallName} N @param {N} name @param {any} args @param {CallOptions} options @returns {Promise<any>} */
  #send(name, args, { signal, onProgress }) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(failure('cancelled', `${name} was cancelled`));
      try {
        if (!this.#worker) this.#start();
      } catch (error) {
        return reject(failure('wasm-load', `the module for lessons could not be started (${error}); reload the page`));
      }
      const id = this.#nextId++;
      const cancel = () => this.#worker?.postMessage({ id: this.#nextId++, call: 'cancel', args: { target: id } });
      const done = () => signal?.removeEventListener('abort', cancel);
      signal?.addEventListener('abort', cancel);
      this.#pending.set(id, {
        name,
        args,
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
      this.#worker?.postMessage({ id, call: name, args });
      this.#silentTicks = 0;
    });
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    if ('event' in message) {
      if (message.event === 'trap') this.#restart(message.error);
      else this.#end(new EngineFailure(message.error));
    } else if ('progress' in message) this.#pending.get(message.id)?.onProgress?.(message.progress);
    else {
      const call = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (!call) return;
      if ('error' in message) call.reject(new EngineFailure(message.error));
      else call.resolve(message.result);
    }
  }

  /** One tick of the page: was the worker silent although it owes something? */
  #watch() {
    if (this.#pending.size === 0 || this.#paused || !this.#worker) return;
    if (++this.#silentTicks <= SILENT_TICKS) return;
    const message = `the lesson gave no sign of life for ${this.#silentTicks} s; it is started again`;
    this.#restart({ code: 'trap', message, details: { cause: 'silent' } });
  }

  /** @param {EngineError} error */
  #restart(error) {
    this.#end(new EngineFailure(error));
    if (!this.#wish || ++this.#restarts > MOST_RESTARTS) return;
    const wish = this.#wish;
    const stages = [...this.#stages];
    const again = async () => {
      await this.#send('open', wish, {});
      for (const [stage, weights] of stages) await this.#send('put', { stage, weights }, {});
    };
    // If that fails, the next call says why.
    this.#again = again().catch(() => {});
    this.#onRestart(error);
  }
}
