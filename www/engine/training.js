/**
 * The worker's loop: training, evaluation, samples and generation of one run, in slices.
 *
 * Messages of the page are handled between slices only, so no handler ever meets a call in progress: pausing is a flag,
 * and a step that was begun is either gone on with or thrown away, never half applied.
 * All ends of training pass through {@link Training.stop}.
 */

import { refusal } from './failure.js';

/** @typedef {import('./module.js').Engine} Engine */
/** @typedef {import('./module.js').Note} Note */
/** @typedef {import('./protocol.js').Notification} Notification */
/** @typedef {{ next: () => boolean, failed: (error: unknown) => void }} Stream  `next` gives one more token; false at the end */

/**
 * What comes after a slice: more at once, more after a look at the messages, more once a helper has answered, nothing.
 * @typedef {'on' | 'look' | 'wait' | 'done'} Next
 */

/** Slices are run back to back for so long before messages are looked at. */
const BURST_MS = 12;
const TICK_MS = 80;
const CHECKPOINT_MS = 5_000;
/** Checkpoints take at most one part in so many of the time. */
const CHECKPOINT_SHARE = 50;
const AUTOSAVE_MS = 20_000;
/** Samples of progress that the speed is taken over. */
const SPEED_MS = 1_000;

export class Training {
  #post;
  #breathe;
  #now;
  #save;
  #crashed;
  #helper;
  /** @type {import('./crew.js').Crew | null} comes with the first training: a first visit need not fetch it */
  #crew = null;
  #asked = 0;
  /** @type {Engine | null} */
  #run = null;
  #until = -1;
  #pumping = false;
  /** @type {Set<Stream>} */
  #streams = new Set();
  /** @type {{ resolve: (step: number) => void, reject: (error: unknown) => void, cancelled: () => boolean } | null} */
  #single = null;
  /** Losses of steps that no tick has told yet. @type {number[]} */
  #losses = [];
  #gradNorm = 0;
  #tokensPerStep = 0;
  #tickAt = 0;
  #checkpointAt = 0;
  #autosaveAt = 0;
  #checkpointEvery = CHECKPOINT_MS;
  /** The run has gone on since it came here; what was only opened or loaded never replaces what an earlier visit left. */
  #touched = false;
  /** Something that a save would keep has changed since the last one. */
  #dirty = false;
  /** @type {{ at: number, tokens: number }[]} */
  #speed = [];
  #memory;
  /** The most WebAssembly memory that all workers had at one time, and how many they were. */
  #peak = { bytes: 0, workers: 1 };

  /**
   * @param {object} parts
   * @param {(notification: Notification, transfer?: Transferable[]) => void} parts.post
   * @param {(file: Uint8Array, step: number) => void} parts.save     keeps a file for the next visit
   * @param {(error: unknown) => void} parts.crashed  the engine must not be called again
   * @param {() => Promise<void>} parts.breathe
   * @param {string} parts.helper   script of workers that help
   * @param {() => number} parts.now          milliseconds, monotonic
   * @param {WebAssembly.Memory} parts.memory of this worker's engine
   */
  constructor({ post, save, crashed, breathe, helper, now, memory }) {
    this.#memory = memory;
    this.#post = post;
    this.#save = save;
    this.#crashed = crashed;
    this.#breathe = breathe;
    this.#now = now;
    this.#helper = helper;
  }

  get active() {
    return this.#until >= 0;
  }

  /** Another run takes the place of the present one, which is handed back. @param {Engine | null} run @param {boolean} [touched] */
  replace(run, touched = false) {
    const former = this.#run;
    this.#run = run;
    this.#losses = [];
    const { settings } = run?.facts() ?? {};
    this.#tokensPerStep = settings ? settings.batch * settings.context : 0;
    this.#touched = this.#dirty = touched;
    this.#checkpointAt = Number.NEGATIVE_INFINITY;
    this.wake();
    return former;
  }

  /** @param {number} untilStep @param {number} [workers]  that share the work; 0 = as many as help */
  start(untilStep, workers = 0) {
    this.#asked = workers;
    void this.#share();
    if (!this.active) {
      this.#tickAt = this.#autosaveAt = this.#now();
      this.#speed = [];
    }
    this.#until = untilStep;
    this.wake();
  }

  /** Gets others to help, as many as were asked for; whatever goes wrong here, training goes on alone. */
  async #share() {
    const parts = await Promise.all([import('./crew.js'), import('./hire.js')]).catch(() => null);
    if (!parts || !this.#run || !this.active) return;
    const [{ Crew }, { hire }] = parts;
    const cores = navigator.hardwareConcurrency || 1;
    const spawn = () => hire(this.#post, this.#helper);
    this.#crew ??= new Crew({ spawn, now: this.#now, wake: () => this.wake(), cores });
    this.#crew.plan(this.#run, this.#asked);
  }

  /** Workers that share the steps now. */
  get #workers() {
    return this.#crew?.size ?? 1;
  }

  /** @param {'paused' | 'finished' | 'not-finite'} reason @param {import('./protocol.js').EngineError | null} [error] */
  stop(reason, error = null) {
    if (!this.active || !this.#run) return;
    this.#until = -1;
    this.#tick(this.#run);
    this.#post({ event: 'stopped', step: this.#run.step(), reason, error });
    this.#run.evaluateNow();
    this.#autosaveAt = Number.NEGATIVE_INFINITY;
    this.wake();
  }

  /** One step, apart from `start`. @param {() => boolean} cancelled @returns {Promise<number>} the step reached; undefined error: cancelled */
  step(cancelled) {
    return new Promise((resolve, reject) => {
      this.#single = { resolve, reject, cancelled };
      this.wake();
    });
  }

  /** Generation beside training, a token at a time. @param {Stream} stream */
  stream(stream) {
    this.#streams.add(stream);
    this.wake();
  }

  /** Goes on working if the loop had nothing left to do. */
  wake() {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#pump();
  }

  async #pump() {
    try {
      do await this.#breathe();
      while (this.#burst());
    } catch (error) {
      this.#crashed(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** Slices for {@link BURST_MS}. @returns {boolean} whether to go on by itself */
  #burst() {
    const start = this.#now();
    // The first checkpoint comes before anything can go wrong.
    if (this.#run && this.#checkpointAt < 0) this.#checkpoint(this.#run, this.#run.save(), start);
    /** @type {Next} */
    let next = 'on';
    while (next === 'on' && this.#now() - start < BURST_MS) {
      const streamed = this.#streamSlice();
      next = this.#run ? this.#slice(this.#run) : 'done';
      if (streamed && next !== 'look') next = 'on';
    }
    if (this.#run) this.#due(this.#run, next === 'done');
    return next === 'on' || next === 'look';
  }

  #streamSlice() {
    for (const stream of this.#streams) {
      try {
        if (!stream.next()) this.#streams.delete(stream);
      } catch (thrown) {
        this.#streams.delete(stream);
        if (!refusal(thrown)) throw thrown;
        stream.failed(thrown);
      }
    }
    return this.#streams.size > 0;
  }

  /** @param {Engine} run @returns {Next} */
  #slice(run) {
    if (this.#single?.cancelled()) this.#endSingle()?.reject(undefined);
    if (this.active && run.step() >= this.#until) this.stop('finished');
    try {
      if (run.hasTask()) {
        const note = run.doTask();
        if (note) this.#did(run, note);
      } else if (this.active || this.#single) {
        const notes = this.#crew ? this.#crew.advance(run) : run.advance();
        if (!notes) return 'wait';
        for (const note of notes) this.#did(run, note);
        // Helpers tell their gradients by message.
        if (this.#workers > 1) return 'look';
      } else return 'done';
    } catch (thrown) {
      const error = refusal(thrown);
      if (error?.code !== 'not-finite') throw thrown;
      this.#endSingle()?.reject(thrown);
      this.stop('not-finite', error);
    }
    return 'on';
  }

  #endSingle() {
    const single = this.#single;
    this.#single = null;
    return single;
  }

  /** @param {Engine} run @param {Note} note */
  #did(run, note) {
    this.#touched ||= note.kind === 'step';
    this.#dirty ||= this.#touched;
    if (note.kind === 'step') this.#stepped(run, note.value);
    else if (note.kind === 'evaluated') this.#post({ event: 'evaluated', evaluation: note.value });
    else if (note.kind === 'baselines') this.#post({ event: 'baselines', baselines: note.value });
    else if (note.kind === 'sample') this.#post({ event: 'sample', sample: note.value });
    else this.#post({ event: 'kept', keptSteps: note.value });
  }

  /** @param {Engine} run @param {{ step: number, lossNats: number, gradNorm: number }} report */
  #stepped(run, { step, lossNats, gradNorm }) {
    this.#losses.push(lossNats);
    this.#gradNorm = gradNorm;
    if (this.active) this.#measure();
    if (this.#single) {
      this.#tick(run);
      this.#endSingle()?.resolve(step);
    }
    if (this.active && step >= this.#until) this.stop('finished');
  }

  #measure() {
    const at = this.#now();
    const last = this.#speed.at(-1)?.tokens ?? 0;
    this.#speed.push({ at, tokens: last + this.#tokensPerStep });
    while (this.#speed.length > 2 && at - this.#speed[1].at >= SPEED_MS) this.#speed.shift();
  }

  get #tokensPerSecond() {
    const first = this.#speed[0];
    const last = this.#speed.at(-1);
    return first && last && last.at > first.at ? (1000 * (last.tokens - first.tokens)) / (last.at - first.at) : 0;
  }

  /** The memory of this engine and its helpers together; a helper that ended has given its own back. */
  #weigh() {
    const helpers = this.#crew?.memory() ?? [];
    const bytes = helpers.reduce((sum, more) => sum + more, this.#memory.buffer.byteLength);
    if (bytes > this.#peak.bytes) this.#peak = { bytes, workers: 1 + helpers.length };
    return this.#peak;
  }

  /** @param {Engine} run */
  #tick(run) {
    const step = run.step();
    const trainLoss = Float32Array.from(this.#losses);
    const firstStep = step - trainLoss.length + 1;
    const [gradNorm, tokensPerSecond] = [this.#gradNorm, this.#tokensPerSecond];
    const workers = this.#workers;
    const peak = this.#weigh();
    this.#post({ event: 'tick', step, firstStep, trainLoss, gradNorm, tokensPerSecond, workers, peak }, [
      trainLoss.buffer,
    ]);
    this.#losses = [];
    this.#tickAt = this.#now();
  }

  /** What the clock asks for between bursts. @param {Engine} run @param {boolean} idle */
  #due(run, idle) {
    const now = this.#now();
    if (this.active && now - this.#tickAt >= TICK_MS) this.#tick(run);
    if (this.#dirty && (idle || now - this.#autosaveAt >= AUTOSAVE_MS)) this.#keep(run);
    const due = now - this.#checkpointAt >= this.#checkpointEvery;
    if (due && this.active) this.#checkpoint(run, run.save(), now);
  }

  /** Saves for the next visit and for the page. @param {Engine} run */
  #keep(run) {
    const start = this.#now();
    const file = run.save();
    this.#dirty = false;
    this.#autosaveAt = start;
    this.#save(file.slice(), run.step());
    this.#checkpoint(run, file, start);
  }

  /** @param {Engine} run @param {Uint8Array} file @param {number} start  when making `file` began */
  #checkpoint(run, file, start) {
    this.#post({ event: 'checkpoint', step: run.step(), file }, [file.buffer]);
    this.#checkpointAt = this.#now();
    this.#checkpointEvery = Math.max(CHECKPOINT_MS, CHECKPOINT_SHARE * (this.#checkpointAt - start));
  }
}
