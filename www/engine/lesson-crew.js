/** Helpers for lessons: a lesson's steps are shared as the engine shares those of a run (`crew.js`), and to the same bits. */

import { Crew } from './crew.js';
import { hire } from './hire.js';

/** @typedef {import('./teacher-service.js').Teacher} Teacher */
/** @typedef {import('./module.js').Engine} Engine */

/** Helpers that have nothing to do are kept for so long: another lesson may follow. */
const IDLE_MS = 20_000;

export class LessonCrew {
  #crew;
  /** @type {Engine | null} */
  #lesson = null;
  #step = 0;
  /** @type {(() => void) | null} */
  #wake = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ post: import('./answers.js').Post, helper: string, now: () => number }} parts   `helper`: its script */
  constructor({ post, helper, now }) {
    const spawn = () => hire(post, helper);
    this.#crew = new Crew({ spawn, now, wake: () => this.wake(), cores: navigator.hardwareConcurrency || 1 });
  }

  /** Workers that share the steps now. */
  get size() {
    return this.#lesson ? this.#crew.size : 1;
  }

  /** A lesson begins. */
  begin() {
    clearTimeout(this.#timer);
    this.#lesson = null;
    this.#step = 0;
  }

  /** It is over. */
  end() {
    this.#lesson = null;
    this.#timer = setTimeout(() => this.#crew.end(), IDLE_MS);
  }

  /**
   * One slice of the lesson; whether it completed a step.
   * @param {Teacher} teacher @param {number} asked  workers; 0 = as many as help
   * @returns {boolean | null} null: only a helper can bring what comes next
   */
  advance(teacher, asked) {
    if (!this.#lesson) {
      // Not every lesson can be shared, and none before its first step.
      if (!teacher.shards()) return teacher.advance();
      this.#lesson = this.#shared(teacher);
      this.#crew.plan(this.#lesson, asked);
    }
    const before = this.#step;
    return this.#crew.advance(this.#lesson) === null ? null : this.#step > before;
  }

  /** Resolves when a helper has brought something, or {@link wake} is called. @returns {Promise<void>} */
  waiting() {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  wake() {
    this.#wake?.();
    this.#wake = null;
  }

  /** A lesson as the crew knows runs. @param {Teacher} teacher @returns {Engine} */
  #shared(teacher) {
    const did = (/** @type {boolean} */ completed) => {
      if (completed) this.#step++;
      return [];
    };
    const [shards] = teacher.shards() ?? [0];
    const length = teacher.info().parameters;
    const run = {
      step: () => this.#step,
      shards: () => shards,
      shardsAdded: () => (teacher.shards() ?? [0, 0])[1],
      weightCount: () => length,
      lesson: () => teacher.lesson(),
      copyWeights: (/** @type {Float32Array} */ target) => teacher.copyWeights(target),
      shardBatch: (/** @type {number} */ shard) => teacher.shardBatch(shard),
      addShard: (/** @type {number} */ loss, /** @type {Float32Array} */ gradient) =>
        did(teacher.addShard(loss, gradient)),
      advance: () => did(teacher.advance()),
    };
    return /** @type {Engine} */ (/** @type {unknown} */ (run));
  }
}
