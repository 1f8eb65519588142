/**
 * Calls to a worker whose state must outlive it: when it dies, a new one is made what it was. Calls that were open are
 * refused with code 'trap'; later ones wait until the new worker is ready for them.
 */

import { Calls } from './calls.js';
import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./protocol.js').EngineError} EngineError */

/** Restarts in a row without a single answer; then something is wrong that a restart does not cure. */
const MOST_RESTARTS = 3;

/**
 * @typedef {object} LastingOptions
 * @property {(error: EngineError, again: boolean) => Promise<void>} restore   tells a new worker, by {@link LastingCalls.tell},
 *   what the old one knew; `again`: that one died while it was told. Never rejects.
 * @property {(error: EngineError) => void} onOver   no call can succeed any more; all are refused
 * @property {boolean} [atOnce]   whether the worker starts before the first call, as it usually does
 */

export class LastingCalls extends Calls {
  #restore;
  #onOver;
  #what;
  /** @type {EngineError | null} */
  #over = null;
  /** Restarts since the last answer to a call of the page. */
  #restarts = 0;
  /** Calls that wait. @type {((value?: unknown) => void)[] | null} */
  #held = null;

  /** @param {LastingOptions & Omit<import('./calls.js').CallsOptions, 'onAbort' | 'onTrap' | 'onFailed'>} options */
  constructor({ restore, onOver, atOnce = true, ...options }) {
    super({
      ...options,
      onAbort: 'wait',
      onTrap: (error) => void this.#restart(error),
      onFailed: (error) => this.#fail(error),
    });
    this.#restore = restore;
    this.#onOver = onOver;
    this.#what = options.what;
    if (atOnce) this.start();
  }

  get over() {
    return this.#over !== null;
  }

  /** @override @param {string} call @param {unknown} args @param {import('./calls.js').CallOptions} [options] @returns {Promise<any>} */
  async send(call, args, options) {
    if (this.#held) await new Promise((resolve) => this.#held?.push(resolve));
    try {
      const result = await this.tell(call, args, options);
      this.#restarts = 0;
      return result;
    } catch (error) {
      if (!(error instanceof EngineFailure && error.code === 'trap')) this.#restarts = 0;
      throw error;
    }
  }

  /** A call that does not wait for a new worker to be ready. @param {string} call @param {unknown} args @param {import('./calls.js').CallOptions} [options] @returns {Promise<any>} */
  async tell(call, args, options) {
    if (this.#over) throw new EngineFailure(this.#over);
    return super.send(call, args, options);
  }

  /** Another script takes the worker's place; nothing happens while one is restarted. @param {string | URL} url @param {() => Promise<void>} restore */
  async exchange(url, restore) {
    this.url = url;
    if (this.#over || this.#held) return;
    this.end(failure('cancelled', `another build of ${this.#what} takes over`));
    await this.#renew(restore);
  }

  /** Ends the worker for good; open calls are refused as cancelled. */
  close() {
    this.#close({ code: 'cancelled', message: `${this.#what} was closed`, details: {} });
  }

  /** @param {EngineError} error */
  #close(error) {
    this.#over = error;
    this.end(new EngineFailure(error));
    this.#release();
  }

  /** @param {EngineError} error */
  #fail(error) {
    if (this.#over) return;
    this.#close(error);
    this.#onOver(error);
  }

  /** @param {EngineError} error */
  async #restart(error) {
    if (this.#over) return;
    if (++this.#restarts > MOST_RESTARTS) return this.#fail(error);
    const again = this.#held !== null;
    await this.#renew(() => this.#restore(error, again));
  }

  /** A new worker; calls wait until it knows what it should. @param {() => Promise<void>} restore */
  async #renew(restore) {
    this.#held ??= [];
    this.start();
    const { generation } = this;
    await restore();
    // One that died meanwhile has a successor, for which the calls wait.
    if (generation === this.generation) this.#release();
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const go of held) go();
  }
}
