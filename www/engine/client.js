/**
 * The page's side of the engine: calls become promises, and a dead worker is replaced by a new one.
 *
 * A worker counts as dead when it says so (`trap`), when it throws, or when it owes an answer and has been silent for
 * {@link SILENT_TICKS} of this page's own ticks. Ticks, not seconds: a throttled or frozen page ticks less, so a hidden
 * tab or a jump of the clock is never taken for a hung worker.
 */

import { EngineFailure, failure } from './failure.js';

export { EngineFailure } from './failure.js';

/** @typedef {import('./protocol.js').CallName} CallName */
/** @typedef {import('./protocol.js').EngineError} EngineError */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('./protocol.js').Notification} Notification */
/** @typedef {import('./protocol.js').ProgressValue} ProgressValue */
/** @typedef {{ fromStep: number, lostSteps: number, error: EngineError, info: ModelInfo | null }} Restart */
/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: ProgressValue) => void} [onProgress]
 * @property {Transferable[]} [transfer]
 */
/** @typedef {{ name: CallName, resolve: (value: unknown) => void, reject: (error: EngineFailure) => void, onProgress?: CallOptions['onProgress'] }} Pending */

const TICK_MS = 1000;
const SILENT_TICKS = 10;
/** Slowest machine that is still waited for; a slice of a giant model may take long there. */
const SLOWEST_FLOPS = 2e8;
/** Calls whose result is a model. @type {Set<CallName>} */
const OPENING = new Set(['open', 'resume', 'load', 'reset', 'undoReset']);
/** Restarts in a row without a single answer; then something is wrong that a restart does not cure. */
const MOST_RESTARTS = 3;
const RELOADED = 'glassgpt-reloaded-for';

/** A page that holds scripts of another build than the engine is loaded anew, once per build. @param {EngineError} error */
function reloadOnce({ details }) {
  try {
    const build = String(details.found ?? '');
    if (sessionStorage.getItem(RELOADED) === build) return;
    sessionStorage.setItem(RELOADED, build);
    location.reload();
  } catch {
    // Without session storage a loop of reloads could not be told from the first one: show the error instead.
  }
}

export class EngineClient {
  #url;
  #onNotification;
  #onRestart;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {(() => void)[] | null} calls that wait until a new worker has its checkpoint back */
  #held = null;
  /** @type {EngineError | null} why no call can succeed any more */
  #over = null;
  #training = false;
  #step = 0;
  #silentTicks = 0;
  /** Restarts since the last answer. */
  #restarts = 0;
  #patience = SILENT_TICKS;
  /** @type {{ step: number, file: Uint8Array } | null} */
  #checkpoint = null;
  #timer;
  /** @type {import('./hired.js').Hired | null} workers that help the engine's worker */
  #hired = null;

  /**
   * @param {object} options
   * @param {string | URL} [options.workerUrl]
   * @param {(notification: Notification) => void} options.onNotification
   * @param {(restart: Restart) => void} options.onRestart   `info` is the rebuilt model, null if there was nothing to rebuild from
   */
  constructor({ workerUrl = new URL('./worker.js', import.meta.url), onNotification, onRestart }) {
    this.#url = workerUrl;
    this.#onNotification = onNotification;
    this.#onRestart = onRestart;
    this.#start();
    this.#timer = setInterval(() => this.#watch(), TICK_MS);
  }

  /**
   * @template {CallName} N
   * @param {N} name
   * @param {import('./protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(name, args, options = {}) {
    return new Promise((resolve, reject) => {
      const send = () =>
        this.#send(args, options, { name, resolve: /** @type {Pending['resolve']} */ (resolve), reject });
      if (this.#held && !this.#over) this.#held.push(send);
      else send();
    });
  }

  /**
   * Another script takes the engine's place with the present model; training has to be started again. Open calls are
   * rejected as cancelled, new ones wait.
   * @param {string | URL} workerUrl
   * @returns {Promise<ModelInfo | null>} null: there was no model
   */
  async exchange(workerUrl) {
    const file = await this.call('save', {}).catch(() => null);
    this.#url = workerUrl;
    if (this.#over || this.#held) return null;
    this.#checkpoint = file && { step: this.#step, file };
    const message = 'another build of the engine takes over';
    const info = await this.#renew({ code: 'cancelled', message, details: {} });
    this.#release();
    return info ?? null;
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    clearInterval(this.#timer);
    this.#end({ code: 'cancelled', message: 'the engine was closed', details: {} });
  }

  #start() {
    try {
      const worker = new Worker(this.#url, { type: 'module', name: 'glassgpt engine' });
      worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
      worker.onerror = (event) => {
        event.preventDefault();
        if (this.#worker === worker) this.#scriptFailed(event.message);
      };
      this.#worker = worker;
      this.#silentTicks = 0;
    } catch (error) {
      this.#scriptFailed(String(error));
    }
  }

  /** @param {string | undefined} cause */
  #scriptFailed(cause) {
    const message = `the engine's worker could not be started${cause ? ` (${cause})` : ''}; reload the page`;
    this.#fail({ code: 'wasm-load', message, details: { cause: cause ?? '' } });
  }

  /** Nothing works from here on. @param {EngineError} error */
  #fail(error) {
    if (this.#over) return;
    this.#end(error);
    this.#onNotification({ event: 'failed', error });
    if (error.code === 'build-mismatch') reloadOnce(error);
  }

  /** @param {EngineError} error */
  #end(error) {
    this.#over = error;
    this.#terminate();
    this.#worker = null;
    this.#training = false;
    this.#rejectAll(error);
    for (const send of this.#held ?? []) send();
    this.#held = null;
  }

  #terminate() {
    this.#worker?.terminate();
    this.#hired?.clear();
  }

  /** Starts or ends a helper; without helpers, training goes on alone. @param {Parameters<import('./hired.js').Hired['tell']>[0]} asked */
  async #staff(asked) {
    const worker = this.#worker;
    const part = await import('./hired.js').catch(() => null);
    if (!part || !worker || worker !== this.#worker) return;
    this.#hired ??= new part.Hired();
    this.#hired.tell(asked);
  }

  /** @param {EngineError} error */
  #rejectAll(error) {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(new EngineFailure(error));
  }

  /** @param {object} args @param {CallOptions} options @param {Pending} pending */
  #send(args, { signal, onProgress, transfer }, pending) {
    if (this.#over) return pending.reject(new EngineFailure(this.#over));
    if (signal?.aborted) return pending.reject(failure('cancelled', `${pending.name} was cancelled`));
    const id = this.#nextId++;
    const cancel = () => this.#post({ id: this.#nextId++, call: 'cancel', args: { target: id } });
    const done = () => signal?.removeEventListener('abort', cancel);
    this.#pending.set(id, {
      name: pending.name,
      onProgress,
      resolve: (value) => {
        done();
        pending.resolve(value);
      },
      reject: (error) => {
        done();
        pending.reject(error);
      },
    });
    signal?.addEventListener('abort', cancel);
    this.#post({ id, call: pending.name, args }, transfer);
    // A worker sends ticks and progress from the moment it accepts these, so silence counts from here.
    this.#silentTicks = 0;
  }

  /** @param {object} message @param {Transferable[]} [transfer] */
  #post(message, transfer = []) {
    this.#worker?.postMessage(message, transfer);
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    if ('event' in message) this.#notified(message);
    else if ('progress' in message) this.#pending.get(message.id)?.onProgress?.(message.progress);
    else {
      const call = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      this.#restarts = 0;
      if ('error' in message) call?.reject(new EngineFailure(message.error));
      else {
        if (call) this.#learn(call.name, message.result);
        call?.resolve(message.result);
      }
    }
  }

  /** What an answer tells about the work to come. @param {CallName} name @param {unknown} result */
  #learn(name, result) {
    if (name === 'train') this.#training = true;
    if (OPENING.has(name)) {
      const { step, flopsPerStep } = /** @type {ModelInfo} */ (result);
      this.#step = step;
      this.#patience = SILENT_TICKS + Math.ceil(flopsPerStep / SLOWEST_FLOPS);
    } else if (name === 'pause' || name === 'step') this.#step = /** @type {{ step: number }} */ (result).step;
  }

  /** @param {Notification} notification */
  #notified(notification) {
    if (notification.event === 'trap') return void this.#restart(notification.error);
    if (notification.event === 'failed') return this.#fail(notification.error);
    if (notification.event === 'hire' || notification.event === 'dismiss') return void this.#staff(notification);
    // A tick does not say that training goes on: a single step gives one, too.
    if (notification.event === 'tick') this.#step = notification.step;
    else if (notification.event === 'stopped') this.#training = false;
    else if (notification.event === 'checkpoint')
      this.#checkpoint = { step: notification.step, file: notification.file };
    this.#onNotification(notification);
  }

  /** One tick of the page: was the worker silent although it owes something? */
  #watch() {
    if (this.#pending.size === 0 && !this.#training) return;
    this.#silentTicks++;
    if (this.#silentTicks <= this.#patience || !this.#worker) return;
    const message = `the engine gave no sign of life for ${this.#silentTicks} s; it is started again`;
    void this.#restart({ code: 'trap', message, details: { cause: 'silent' } });
  }

  /** @param {EngineError} error */
  async #restart(error) {
    if (this.#over) return;
    const lastStep = this.#step;
    // A worker that dies while it reads its checkpoint would die again: start it without one.
    if (this.#held) this.#checkpoint = null;
    if (++this.#restarts > MOST_RESTARTS) return this.#fail(error);
    const info = await this.#renew(error);
    if (info === undefined) return;
    const fromStep = info?.step ?? 0;
    this.#onRestart({ fromStep, lostSteps: Math.max(0, lastStep - fromStep), error, info });
    this.#release();
  }

  /**
   * A new worker with the last checkpoint. Calls wait until {@link #release}.
   * @param {EngineError} error  what open calls are rejected with
   * @returns {Promise<ModelInfo | null | undefined>} null: there was no checkpoint; undefined: that worker died, too
   */
  async #renew(error) {
    this.#terminate();
    this.#training = false;
    this.#held ??= [];
    this.#rejectAll(error);
    this.#start();
    const info = await this.#reload();
    return this.#worker && !this.#over ? info : undefined;
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const send of held) send();
  }

  /** The last checkpoint in the new worker; undefined if that died over it. @returns {Promise<ModelInfo | null | undefined>} */
  #reload() {
    const saved = this.#checkpoint;
    if (!saved) return Promise.resolve(null);
    return new Promise((resolve) => {
      const file = saved.file.slice();
      this.#send(
        { file },
        { transfer: [file.buffer] },
        {
          name: 'load',
          resolve: (info) => resolve(/** @type {ModelInfo} */ (info)),
          reject: ({ code }) => resolve(code === 'trap' ? undefined : null),
        },
      );
    });
  }
}
