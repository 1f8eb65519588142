/**
 * How many workers train a run: the rule, all of it.
 *
 * At most {@link MOST_WORKERS}, at most the shards of a step, at most the cores of the machine unless a number was asked
 * for. A number that was asked for is used as it is. Otherwise steps are timed: with all workers, with half of them, and
 * so on down to one. The fewest whose steps take at most {@link WORTH} times as long as the fastest go on: a small model
 * loses more to the exchange of gradients than it gains. The result of training is the same whatever is chosen.
 */

export const MOST_WORKERS = 8;
const WORTH = 1.05;
/** Fewer workers are not tried any more once a count takes so many times as long as the best. */
const HOPELESS = 1.15;
/** Steps that a count is timed for, and for how long at least: browsers compile hot loops better while they run. */
const STEPS = 5;
const TIMED_MS = 200;
const WARM_UP_MS = 400;

/** @param {number} asked  0 = choose @param {number} cores @param {number} shards of a step */
export const mostWorkers = (asked, cores, shards) =>
  Math.max(1, Math.min(asked > 0 ? asked : cores, MOST_WORKERS, shards));

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

export class Trial {
  /** Workers that the next step should be done by. */
  workers;
  done;
  /** Medians by count. @type {Map<number, number>} */
  #medians = new Map();
  /** @type {number[]} */
  #times = [];
  #passedMs = 0;
  #warmMs = WARM_UP_MS;

  /** @param {number} most */
  constructor(most) {
    this.workers = most;
    this.done = most <= 1;
  }

  /** A step that all of {@link workers} took part in took so long. @param {number} ms */
  took(ms) {
    if (this.done) return;
    this.#passedMs += ms;
    if (this.#passedMs <= this.#warmMs) return;
    this.#times.push(ms);
    if (this.#times.length < STEPS || this.#passedMs < this.#warmMs + TIMED_MS) return;
    this.#judge(median(this.#times));
  }

  /** No more than so many workers can be had. @param {number} most */
  cap(most) {
    if (this.workers <= most) return;
    for (const count of this.#medians.keys()) if (count > most) this.#medians.delete(count);
    this.#begin(most);
    this.done ||= most <= 1;
  }

  /** @param {number} ms  median with the present count */
  #judge(ms) {
    this.#medians.set(this.workers, ms);
    const best = Math.min(...this.#medians.values());
    if (this.workers > 1 && ms <= HOPELESS * best) return this.#begin(this.workers >> 1);
    const worth = [...this.#medians].filter(([, time]) => time <= WORTH * best);
    this.workers = Math.min(...worth.map(([count]) => count));
    this.done = true;
  }

  /** @param {number} workers */
  #begin(workers) {
    this.workers = workers;
    this.#times = [];
    this.#passedMs = 0;
    // The first count has warmed the machine for all; a step or two settle what is on its way.
    this.#warmMs = this.#medians.size > 0 ? WARM_UP_MS / 8 : WARM_UP_MS;
  }
}
