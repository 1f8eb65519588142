/**
 * The page's side of a model that is taught. A worker that died or was silent for {@link SILENT_TICKS} of this page's ticks
 * although it owes an answer is replaced by a new one, which makes the same course and gets all stages again; calls that
 * were open then are refused with code 'trap'.
 */

import { Calls } from './calls.js';
import { failure } from './failure.js';
import { Hired } from './hired.js';

/** @typedef {import('./teacher-protocol.js').CallName} CallName */
/** @typedef {import('./teacher-protocol.js').ProgressValue} ProgressValue */
/** @typedef {import('./protocol.js').EngineError} EngineError */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: ProgressValue) => void }} CallOptions */

/** A slice may take as long on a slow machine, and so may the making of a vocabulary. */
const SILENT_TICKS = 40;
/** Restarts in a row without a finished lesson; then something is wrong that a restart does not cure. */
const MOST_RESTARTS = 3;

export class TeacherClient {
  #calls;
  #hired = new Hired();
  #onRestart;
  /** @type {import('./teacher-protocol.js').Args<'open'> | null} */
  #wish = null;
  /** @type {Map<number, Float32Array>} */
  #stages = new Map();
  #restarts = 0;
  /** Counts courses: a call that waited belongs to the one that it was made in. */
  #course = 0;
  /** Settles when a new worker is what the old one was. @type {Promise<unknown> | null} */
  #again = null;

  /**
   * @param {object} [options]
   * @param {string | URL} [options.workerUrl]
   * @param {(error: EngineError) => void} [options.onRestart]   a worker was replaced; what was open was refused
   */
  constructor({ workerUrl = new URL('./teacher-worker.js', import.meta.url), onRestart = () => {} } = {}) {
    this.#onRestart = onRestart;
    this.#calls = new Calls({
      url: workerUrl,
      name: 'teacher',
      what: 'the module for lessons',
      silentTicks: SILENT_TICKS,
      onTrap: (error) => this.#restart(error),
      // Helpers are started and ended here: see hire.js.
      onEvent: (event) => this.#hired.tell(event),
      onEnd: () => this.#hired.clear(),
    });
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
      this.#close('another course was begun');
      const info = await this.#calls.send(name, args, options);
      this.#wish = given;
      return info;
    }
    const course = this.#course;
    if (this.#again) await this.#again;
    if (course !== this.#course) throw failure('cancelled', 'the course was closed');
    const result = await this.#calls.send(name, args, options);
    if (course !== this.#course) return result;
    if (name === 'learn') this.#stages.set(given.stage, result.weights);
    if (name === 'initial') this.#stages.set(given.stage, result);
    if (name === 'put') this.#stages.set(given.stage, given.weights);
    if (name === 'remove') this.#stages.delete(given.stage);
    // A lesson that rests says nothing.
    if (name === 'pause') this.#calls.resting = given.on;
    if (name === 'learn') this.#restarts = 0;
    return result;
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#close('the course was closed');
  }

  /** @param {string} why */
  #close(why) {
    this.#course++;
    this.#wish = null;
    this.#stages.clear();
    this.#again = null;
    this.#restarts = 0;
    this.#calls.end(failure('cancelled', why));
  }

  /** @param {EngineError} error */
  #restart(error) {
    if (!this.#wish || ++this.#restarts > MOST_RESTARTS) return;
    const wish = this.#wish;
    const stages = [...this.#stages];
    const again = async () => {
      await this.#calls.send('open', wish);
      for (const [stage, weights] of stages) await this.#calls.send('put', { stage, weights });
    };
    // If that fails, the next call says why.
    this.#again = again().catch(() => {});
    this.#onRestart(error);
  }
}
