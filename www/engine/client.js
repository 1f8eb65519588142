/**
 * The page's side of the engine: calls become promises, and a dead worker is replaced by a new one.
 *
 * A worker counts as dead when it says so (`trap`), when it throws, or when it owes an answer and has been silent for
 * {@link SILENT_TICKS} of this page's own ticks. Ticks, not seconds: a throttled or frozen page ticks less, so a hidden
 * tab or a jump of the clock is never taken for a hung worker.
 */

import { EngineFailure } from './failure.js';
import { LastingCalls } from './lasting-calls.js';

export { EngineFailure } from './failure.js';

/** @typedef {import('./protocol.js').CallName} CallName */
/** @typedef {import('./protocol.js').EngineError} EngineError */
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

const SILENT_TICKS = 10;
/** Slowest machine that is still waited for; a slice of a giant model may take long there. */
const SLOWEST_FLOPS = 2e8;
/** Calls whose result is a model. @type {Set<CallName>} */
const OPENING = new Set(['open', 'resume', 'load', 'reset', 'undoReset']);
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
  #calls;
  #onNotification;
  #onRestart;
  #step = 0;
  /** @type {{ step: number, file: Uint8Array } | null} */
  #checkpoint = null;
  /** @type {import('./hired.js').Hired | null} workers that help the engine's worker */
  #hired = null;

  /**
   * @param {object} options
   * @param {string | URL} [options.workerUrl]
   * @param {boolean} [options.atOnce]   whether the worker starts before the first call
   * @param {(notification: Notification) => void} options.onNotification
   * @param {(restart: Restart) => void} options.onRestart   `info` is the rebuilt model, null if there was nothing to rebuild from
   */
  constructor({ workerUrl = new URL('./worker.js', import.meta.url), atOnce = true, onNotification, onRestart }) {
    this.#onNotification = onNotification;
    this.#onRestart = onRestart;
    this.#calls = new LastingCalls({
      url: workerUrl,
      atOnce,
      name: 'engine',
      what: 'the engine',
      silentTicks: SILENT_TICKS,
      restore: (error, again) => this.#restored(error, again),
      onOver: (error) => this.#failed(error),
      onEvent: (notification) => this.#notified(notification),
      onEnd: () => this.#hired?.clear(),
    });
  }

  /**
   * @template {CallName} N
   * @param {N} name
   * @param {import('./protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  async call(name, args, options) {
    const result = await this.#calls.send(name, args, options);
    this.#learn(name, result);
    return result;
  }

  /**
   * Another script takes the engine's place with the present model; training has to be started again. Open calls are
   * rejected as cancelled, new ones wait.
   * @param {string | URL} workerUrl
   * @returns {Promise<ModelInfo | null>} null: there was no model
   */
  async exchange(workerUrl) {
    const file = await this.call('save', {}).catch(() => null);
    /** @type {ModelInfo | null} */
    let info = null;
    await this.#calls.exchange(workerUrl, async () => {
      this.#checkpoint = file && { step: this.#step, file };
      info = (await this.#reload()) ?? null;
    });
    return info;
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#calls.close();
  }

  /** Nothing works from here on. @param {EngineError} error */
  #failed(error) {
    this.#onNotification({ event: 'failed', error });
    if (error.code === 'build-mismatch') reloadOnce(error);
  }

  /** Starts or ends a helper; without helpers, training goes on alone. @param {Parameters<import('./hired.js').Hired['tell']>[0]} asked */
  async #staff(asked) {
    const { generation } = this.#calls;
    const part = await import('./hired.js').catch(() => null);
    if (!part || this.#calls.over || generation !== this.#calls.generation) return;
    this.#hired ??= new part.Hired();
    this.#hired.tell(asked);
  }

  /** What an answer tells about the work to come. @param {CallName} name @param {unknown} result */
  #learn(name, result) {
    if (name === 'train') this.#calls.busy = true;
    if (OPENING.has(name)) {
      const { step, flopsPerStep } = /** @type {ModelInfo} */ (result);
      this.#step = step;
      this.#calls.patience = SILENT_TICKS + Math.ceil(flopsPerStep / SLOWEST_FLOPS);
    } else if (name === 'pause' || name === 'step') this.#step = /** @type {{ step: number }} */ (result).step;
  }

  /** @param {Notification} notification */
  #notified(notification) {
    if (notification.event === 'hire' || notification.event === 'dismiss') return void this.#staff(notification);
    // A tick does not say that training goes on: a single step gives one, too.
    if (notification.event === 'tick') this.#step = notification.step;
    else if (notification.event === 'stopped') this.#calls.busy = false;
    else if (notification.event === 'checkpoint')
      this.#checkpoint = { step: notification.step, file: notification.file };
    this.#onNotification(notification);
  }

  /** @param {EngineError} error @param {boolean} again */
  async #restored(error, again) {
    const lastStep = this.#step;
    // A worker that dies while it reads its checkpoint would die again: start it without one.
    if (again) this.#checkpoint = null;
    const info = await this.#reload();
    if (info === undefined) return;
    const fromStep = info?.step ?? 0;
    this.#onRestart({ fromStep, lostSteps: Math.max(0, lastStep - fromStep), error, info });
  }

  /** The last checkpoint in the new worker; null: there is none; undefined: that worker died, too. @returns {Promise<ModelInfo | null | undefined>} */
  async #reload() {
    if (!this.#checkpoint) return this.#calls.over ? undefined : null;
    const file = this.#checkpoint.file.slice();
    try {
      const info = await this.#calls.tell('load', { file }, { transfer: [file.buffer] });
      this.#learn('load', info);
      return info;
    } catch (error) {
      const died = error instanceof EngineFailure && error.code === 'trap';
      return died || this.#calls.over ? undefined : null;
    }
  }
}
