/**
 * Shares the shards of a training step among this worker and helpers (`shard.js`).
 *
 * A shard's gradient is the same whoever computes it, and the run adds gradients in shard order: so neither the number
 * of helpers, nor their speed, nor their death changes a bit of what is learned. This worker computes the shard that is
 * to be added next; helpers compute free ones from the far end of a window, until both meet. Weights are sent anew for
 * every step. (The sum of the gradients would be as long, and every helper would need an optimizer to apply it.)
 *
 * Nothing here waits: {@link Crew.advance} does one slice of work or says that only a helper can bring the next.
 */

import { Helper } from './helper.js';
import { mostWorkers, Trial } from './trial.js';

/** @typedef {import('./module.js').Engine} Engine */
/** @typedef {import('./module.js').Note} Note */
/** @typedef {import('./helper.js').Answer} Answer */
/** @typedef {{ lossNats: number, gradient: Float32Array, from: Helper }} Done */

/** Shards that a helper is given at once, so that it never waits for a message. */
const DEPTH = 2;
/**
 * Gradients that may wait for their turn: so many bytes of them, or so many for each worker where that is more. Where all
 * can wait, helpers come from the far end of the step and meet this worker in the middle; in a shorter window it sooner or
 * later needs a shard that a helper has just begun.
 */
const HELD_BYTES = 64 * 2 ** 20;
const AHEAD = 2;
/** A helper that is needed and silent for so long, and for so many of the longest own shards, is replaced. */
const PATIENCE_MS = 2_000;
const PATIENCE_SHARDS = 20;
/** While a helper is awaited, this worker looks at the clock so often. */
const LOOK_MS = 80;
/** Helpers that are replaced for one call of {@link Crew.plan}; further ones are left out. */
const MOST_REPLACED = 3;

export class Crew {
  #spawn;
  #wake;
  #now;
  #cores;
  /** @type {Helper[]} */
  #helpers = [];
  /** How many there should be. */
  #wanted = 0;
  /** @type {Engine | null} the run that {@link plan} was made for */
  #planned = null;
  #asked = 0;
  #trial = new Trial(1);
  #replaced = 0;
  /** @type {Engine | null} the run of the present round */
  #run = null;
  #lesson = '';
  #step = -1;
  /** Counts steps of all runs: answers to an earlier one are thrown away. */
  #round = 0;
  #roundAt = 0;
  /** Whether all wanted workers could take part in the whole round. */
  #complete = false;
  /** Gradients that wait for their turn, by shard. @type {Map<number, Done>} */
  #done = new Map();
  #longestMs = 0;
  #timer = 0;

  /**
   * @param {object} parts
   * @param {() => import('./hire.js').Hired} parts.spawn   a new helper
   * @param {() => void} parts.wake      a helper has brought something
   * @param {() => number} parts.now     milliseconds, monotonic
   * @param {number} parts.cores
   */
  constructor({ spawn, wake, now, cores }) {
    this.#spawn = spawn;
    this.#wake = wake;
    this.#now = now;
    this.#cores = cores;
  }

  /** Workers that share the steps now, this one included. */
  get size() {
    return 1 + this.#active().length;
  }

  /** Bytes of WebAssembly memory of every helper that has told. */
  memory() {
    return this.#helpers.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes > 0);
  }

  /** Helpers that are given shards. */
  #active() {
    return this.#helpers.slice(0, this.#trial.workers - 1).filter(({ ready }) => ready);
  }

  /** Says how many workers a run should have. @param {Engine} run @param {number} asked  0 = as many as help */
  plan(run, asked) {
    if (run === this.#planned && asked === this.#asked) return;
    this.#planned = run;
    this.#asked = asked;
    this.#replaced = 0;
    const most = mostWorkers(asked, this.#cores, run.shards());
    this.#trial = new Trial(most);
    this.#trial.done ||= asked > 0;
    this.#limit(most - 1);
    this.#hire();
  }

  /** Lets all helpers go. */
  end() {
    this.#planned = null;
    this.#run = null;
    this.#limit(0);
  }

  /** Starts helpers until there are as many as wanted. */
  #hire() {
    while (this.#helpers.length < this.#wanted) {
      const helper = new Helper(this.#spawn(), {
        ready: () => this.#wake(),
        answered: (from, answer) => this.#answered(from, answer),
        lost: (lost) => this.#lost(lost),
      });
      this.#helpers.push(helper);
    }
  }

  /** No more helpers than so many, from here on. @param {number} wanted */
  #limit(wanted) {
    this.#wanted = wanted;
    for (const helper of this.#helpers.splice(wanted)) helper.end();
    this.#trial.cap(1 + wanted);
  }

  /** Another one takes its place, as often as that may help; its shards are free again. @param {Helper} helper */
  #lost(helper) {
    helper.end();
    this.#helpers = this.#helpers.filter((other) => other !== helper);
    if (this.#replaced++ < MOST_REPLACED) this.#hire();
    else this.#limit(this.#wanted - 1);
    this.#complete = false;
    this.#wake();
  }

  /** @param {Helper} from @param {Answer} answer */
  #answered(from, { round, shard, lossNats, gradient }) {
    from.heardAt = this.#now();
    if (round !== this.#round) return;
    from.owes.delete(shard);
    this.#done.set(shard, { lossNats, gradient, from });
    this.#wake();
  }

  /**
   * One slice of training: a shard is computed, or one that a helper brought is added.
   * @param {Engine} run
   * @returns {Note[] | null} null: only a helper can bring what comes next; `wake` is called when it has
   */
  advance(run) {
    if (this.#helpers.length === 0) return run.advance();
    this.#follow(run);
    const next = run.shardsAdded();
    this.#share(run, next);
    const done = this.#done.get(next);
    if (done) return this.#completed(run, this.#add(run, next, done));
    const holder = this.#helpers.find(({ owes }) => owes.has(next));
    if (holder && !this.#isLate(holder)) {
      this.#timer ||= setTimeout(() => this.#look(), LOOK_MS);
      return null;
    }
    if (holder) this.#lost(holder);
    const start = this.#now();
    const notes = run.advance();
    this.#longestMs = Math.max(this.#longestMs, this.#now() - start);
    return this.#completed(run, notes);
  }

  /** A new round where the run or its step is another one. @param {Engine} run */
  #follow(run) {
    const step = run.step();
    if (run === this.#run && step === this.#step) return;
    if (run !== this.#run) {
      this.#run = run;
      this.#lesson = run.lesson();
      this.#longestMs = 0;
    }
    this.#step = step;
    this.#round++;
    this.#roundAt = this.#now();
    this.#complete = this.size === this.#trial.workers;
    this.#done.clear();
    for (const { owes } of this.#helpers) owes.clear();
  }

  /** Gives helpers what they can have. @param {Engine} run @param {number} next  shard that this worker will do */
  #share(run, next) {
    const active = this.#active();
    const ahead = Math.max(AHEAD * (1 + active.length), Math.floor(HELD_BYTES / (4 * run.weightCount())));
    const end = Math.min(run.shards(), next + ahead + DEPTH);
    const taken = new Set([...this.#done.keys(), ...this.#helpers.flatMap(({ owes }) => [...owes])]);
    let shard = end - 1;
    for (let depth = 1; depth <= DEPTH; depth++) {
      for (const helper of active.filter(({ owes }) => owes.size < depth)) {
        while (shard > next && taken.has(shard)) shard--;
        if (shard <= next) return;
        helper.give(run, this.#lesson, this.#round, shard--, this.#now());
      }
    }
  }

  /** @param {Engine} run @param {number} shard @param {Done} done */
  #add(run, shard, { lossNats, gradient, from }) {
    this.#done.delete(shard);
    from.takeBack(gradient, this.#lesson);
    return run.addShard(lossNats, gradient);
  }

  /** Tells the trial of a round that is over. @param {Engine} run @param {Note[]} notes */
  #completed(run, notes) {
    if (this.#trial.done || !this.#complete || run.step() === this.#step) return notes;
    this.#trial.took(this.#now() - this.#roundAt);
    if (this.#trial.done) this.#limit(this.#trial.workers - 1);
    return notes;
  }

  /** @param {Helper} helper */
  #isLate({ heardAt }) {
    return this.#now() - heardAt > PATIENCE_MS + PATIENCE_SHARDS * this.#longestMs;
  }

  #look() {
    this.#timer = 0;
    this.#wake();
  }
}
