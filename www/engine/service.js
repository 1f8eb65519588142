/**
 * Answers the page's requests: one method per call, over the bindings, the training loop and the store.
 *
 * Calls that replace or advance the run happen one after another, in the order they came (`#turn`); all others are
 * answered at once, also while a run is being opened or trained.
 */

import { failure, refusal, trapped } from './failure.js';
import { Training } from './training.js';

/** @typedef {import('./module.js').EngineModule} EngineModule */
/** @typedef {import('./module.js').Opening} Opening */
/** @typedef {import('./module.js').Engine} Engine */
/** @typedef {import('./protocol.js').CallName} CallName */
/** @typedef {import('./protocol.js').FromWorker} FromWorker */
/** @typedef {import('./protocol.js').ModelInfo} ModelInfo */
/** @template {CallName} N @typedef {import('./protocol.js').Args<N>} Args */
/** @template {CallName} N @typedef {import('./protocol.js').Result<N>} Result */
/** Nothing stands for null. @template {CallName} N @typedef {Result<N> | (null extends Result<N> ? void : never)} Outcome */
/** @typedef {{ mode: import('./storage.js').StorageMode, write(file: Uint8Array): Promise<void>, generations(): AsyncGenerator<import('./storage.js').Generation>, clear(): Promise<void> }} Keeper */

/** A reset can be undone for so long; then the former run's memory is given back. */
const UNDO_MS = 60_000;
/** A step of the default shape with few rows: modern, layers, heads, width, context, batch, vocabulary. */
const MEASURED = /** @type {const} */ ([1, 2, 3, 96, 48, 1, 512]);
const MEASURE_MS = 80;

export class Service {
  #module;
  #store;
  #post;
  #breathe;
  #now;
  #training;
  /** @type {Engine | null} */
  #run = null;
  /** @type {{ run: Engine, timer: ReturnType<typeof setTimeout> } | null} the run before the last reset */
  #former = null;
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /** @type {Set<number>} requests that are being answered */
  #open = new Set();
  /** @type {Set<number>} of them, those that the page gave up */
  #cancelled = new Set();
  #saving = false;
  #storageTold = false;
  #dead = false;

  /**
   * @param {object} parts
   * @param {EngineModule} parts.module
   * @param {Keeper} parts.store
   * @param {(message: FromWorker, transfer?: Transferable[]) => void} parts.post
   * @param {() => Promise<void>} parts.breathe
   * @param {string} parts.helper   script of workers that help with training
   * @param {() => number} [parts.now]
   */
  constructor({ module, store, post, breathe, helper, now = () => performance.now() }) {
    this.#module = module;
    this.#store = store;
    this.#post = post;
    this.#breathe = breathe;
    this.#now = now;
    this.#training = new Training({
      post,
      breathe,
      helper,
      now,
      save: (file, step) => void this.#keep(file, step),
      crashed: (error) => this.crashed(error),
    });
  }

  /** The engine is dead: says so once, and never calls it again. @param {unknown} error */
  crashed(error) {
    if (this.#dead) return;
    this.#dead = true;
    this.#post({ event: 'trap', error: trapped(error) });
  }

  /** @param {import('./protocol.js').Request} request */
  async handle({ id, call, args }) {
    if (this.#dead) return;
    const answer = /** @type {((args: object, id: number) => unknown) | undefined} */ (
      Object.hasOwn(this.#calls, call) ? this.#calls[call] : undefined
    );
    this.#open.add(id);
    try {
      if (!answer) throw failure('unknown-call', `there is no call named ${call}`, { found: String(call) });
      const result = (await answer(args, id)) ?? null;
      if (!this.#dead) this.#post({ id, result }, buffers(result));
    } catch (thrown) {
      const error = refusal(thrown);
      if (error) this.#post({ id, error });
      else this.crashed(thrown);
    } finally {
      this.#open.delete(id);
      this.#cancelled.delete(id);
    }
  }

  /** @type {{ [N in CallName]: (args: Args<N>, id: number) => Outcome<N> | Promise<Outcome<N>> }} */
  #calls = {
    open: ({ settings, text }, id) =>
      this.#inTurn(id, () => this.#opened(id, () => this.#module.Opening.fresh(settings, text))),
    saved: () => this.#saved(),
    resume: (_, id) => this.#inTurn(id, () => this.#resumed(id)),
    forget: () => this.#store.clear(),
    train: ({ untilStep, workers }, id) => this.#inTurn(id, () => this.#trained(untilStep, workers)),
    pause: (_, id) => (this.#training.active ? this.#paused() : this.#inTurn(id, () => this.#paused())),
    step: (_, id) => this.#inTurn(id, () => this.#stepped(id)),
    reset: (_, id) => this.#inTurn(id, () => this.#reset()),
    undoReset: (_, id) => this.#inTurn(id, () => this.#undoReset()),
    tune: ({ learningRate, steps }) => this.#model.tune(learningRate, steps),
    tokenize: ({ text }) => this.#model.tokenize(text),
    describe: ({ ids }) => this.#model.describe(ids),
    merges: ({ ids }) => this.#model.merges(ids),
    inspect: ({ text, sampling, atStep }) => this.#model.inspect(text, sampling, atStep),
    distribute: ({ sampling }) => this.#model.distribute(sampling),
    score: (args, id) => this.#scored(args, id),
    next: ({ ids, n }) => this.#model.next(ids, n),
    generate: (args, id) => this.#generated(args, id),
    estimate: ({ settings }) => this.#module.estimate(settings),
    measure: () => this.#measured(),
    save: () => this.#model.save(),
    weightsAt: ({ atStep }) => this.#model.weightsAt(atStep),
    load: ({ file }, id) => this.#inTurn(id, () => this.#opened(id, () => this.#module.Opening.load(file))),
    cancel: ({ target }) => {
      if (this.#open.has(target)) this.#cancelled.add(target);
    },
  };

  get #model() {
    if (!this.#run) throw failure('no-model', 'there is no model yet; open one first');
    return this.#run;
  }

  /** Waits for the calls before it. @template T @param {number} id @param {() => T | Promise<T>} act @returns {Promise<T>} */
  #inTurn(id, act) {
    const mine = this.#turn.then(() => {
      this.#refuseCancelled(id);
      return act();
    });
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** @param {number} id */
  #refuseCancelled(id) {
    if (this.#cancelled.has(id)) throw failure('cancelled', 'the request was cancelled');
  }

  /** @param {number} id @param {() => Opening} begin @returns {Promise<ModelInfo>} */
  async #opened(id, begin) {
    this.#training.stop('paused');
    const opening = begin();
    /** @type {Parameters<Opening['advance']>[0]} */
    const progress = (phase, done, total) => this.#post({ id, progress: { phase, done, total } });
    try {
      while (!opening.advance(progress)) {
        await this.#breathe();
        this.#refuseCancelled(id);
      }
    } catch (error) {
      if (refusal(error)) opening.free();
      throw error;
    }
    const run = opening.finish();
    if (!run) throw new Error('an opening was ready but gave no run');
    this.#place(run)?.free();
    this.#forgetFormer();
    return info(run);
  }

  /** @param {Engine} run @param {boolean} [touched] @returns {Engine | null} the run that was there before */
  #place(run, touched) {
    this.#run = run;
    return this.#training.replace(run, touched);
  }

  /** The newest generation that is whole. @returns {Promise<import('./protocol.js').SavedRun | null>} */
  async #saved() {
    for await (const { bytes, savedAt } of this.#store.generations()) {
      try {
        return { ...this.#module.label(bytes), savedAt, bytes: bytes.length };
      } catch (error) {
        if (!refusal(error)) throw error;
      }
    }
    return null;
  }

  /** @param {number} id @returns {Promise<ModelInfo>} */
  async #resumed(id) {
    let error = failure('storage', 'no run was saved on this device', { cause: 'none' });
    for await (const { bytes } of this.#store.generations()) {
      try {
        return await this.#opened(id, () => this.#module.Opening.load(bytes));
      } catch (thrown) {
        const refused = refusal(thrown);
        if (!refused || refused.code === 'cancelled') throw thrown;
        error = failure(refused.code, refused.message, refused.details);
      }
    }
    throw error;
  }

  /** @param {number} untilStep @param {number} [workers] */
  #trained(untilStep, workers) {
    if (this.#model) this.#training.start(untilStep, workers);
  }

  #paused() {
    this.#training.stop('paused');
    return { step: this.#model.step() };
  }

  /** @param {number} id */
  async #stepped(id) {
    this.#training.stop('paused');
    const run = this.#model;
    try {
      return { step: await this.#training.step(() => this.#cancelled.has(id)) };
    } catch (thrown) {
      this.#refuseCancelled(id);
      throw thrown ?? failure('cancelled', `stopped before step ${run.step() + 1}`);
    }
  }

  #reset() {
    this.#training.stop('paused');
    const run = this.#model.restarted();
    this.#forgetFormer();
    const former = this.#place(run);
    if (former) this.#former = { run: former, timer: setTimeout(() => this.#forgetFormer(), UNDO_MS) };
    return info(run);
  }

  #undoReset() {
    const former = this.#former;
    if (!former) throw failure('no-model', 'there is no reset to undo');
    this.#training.stop('paused');
    clearTimeout(former.timer);
    this.#former = null;
    this.#place(former.run, former.run.step() > 0)?.free();
    return info(former.run);
  }

  #forgetFormer() {
    if (!this.#former || this.#dead) return;
    clearTimeout(this.#former.timer);
    this.#former.run.free();
    this.#former = null;
  }

  /** @param {Args<'generate'>} args @param {number} id @returns {Promise<Result<'generate'>>} */
  #generated({ text, count, sampling, atStep }, id) {
    const writer = this.#model.generate(text, sampling, atStep);
    let left = count;
    return new Promise((resolve, reject) => {
      const end = (/** @type {Result<'generate'>['reason']} */ reason) => {
        writer.free();
        resolve({ reason });
        return false;
      };
      const next = () => {
        if (this.#cancelled.has(id)) return end('cancelled');
        if (left-- <= 0) return end('count');
        const progress = writer.next();
        if (!progress) return end('end');
        this.#post({ id, progress }, buffers(progress));
        return true;
      };
      this.#training.stream({ next, failed: reject });
    });
  }

  /** @param {Args<'score'>} args @param {number} id @returns {Promise<Result<'score'>>} */
  async #scored({ text, atStep }, id) {
    const run = this.#model;
    const scoring = run.scoring(text, atStep);
    try {
      for (;;) {
        const scores = run.score(scoring);
        if (scores) {
          scoring.free();
          return { ...scores, tokens: run.tokenize(text) };
        }
        await this.#breathe();
        this.#refuseCancelled(id);
        // Another run knows nothing of this scoring.
        if (run !== this.#run) throw failure('cancelled', 'the model was replaced');
      }
    } catch (error) {
      if (refusal(error)) scoring.free();
      throw error;
    }
  }

  /** @returns {Result<'measure'>} */
  #measured() {
    const bench = new this.#module.BenchStep(...MEASURED);
    bench.step();
    const start = this.#now();
    let steps = 0;
    do {
      bench.step();
      steps++;
    } while (this.#now() - start < MEASURE_MS);
    const flopsPerSecond = (1000 * steps * bench.flops()) / (this.#now() - start);
    bench.free();
    return { flopsPerSecond };
  }

  /** Keeps a file for the next visit; one at a time, and a failure is told once until it works again. @param {Uint8Array} file @param {number} step */
  async #keep(file, step) {
    if (this.#saving) return;
    this.#saving = true;
    try {
      await this.#store.write(file);
      this.#storageTold = false;
      if (this.#store.mode === 'opfs') this.#post({ event: 'saved', step, bytes: file.length });
    } catch (thrown) {
      const error = refusal(thrown) ?? { code: 'storage', message: String(thrown), details: {} };
      if (!this.#storageTold) this.#post({ event: 'storage', error });
      this.#storageTold = true;
    } finally {
      this.#saving = false;
    }
  }
}

/** @param {Engine} run @returns {ModelInfo} */
const info = (run) => ({ ...run.facts(), trainLoss: run.trainLoss(), samples: run.samples() });

/** The buffers of a message's typed arrays, each once. @param {unknown} value @returns {Transferable[]} */
function buffers(value) {
  /** @type {Set<ArrayBuffer>} */
  const found = new Set();
  const visit = (/** @type {unknown} */ v) => {
    if (ArrayBuffer.isView(v)) found.add(/** @type {ArrayBuffer} */ (v.buffer));
    else if (v && typeof v === 'object') for (const inner of Object.values(v)) visit(inner);
  };
  visit(value);
  return [...found];
}
