/**
 * Answers the page's requests: one method per call, over the bindings, the training loop and the store.
 *
 * Calls that replace or advance the run happen one after another, in the order they came (`#turn`); all others are
 * answered at once, also while a run is being opened or trained.
 */

import { Answers, buffers } from './answers.js';
import { failure, refusal } from './failure.js';
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
  /** What waits to be written. @type {{ file: Uint8Array, step: number } | null} */
  #unsaved = null;
  /** @type {Promise<void> | null} */
  #writing = null;
  #storageTold = false;
  #answers;

  /**
   * @param {object} parts
   * @param {EngineModule} parts.module
   * @param {WebAssembly.Memory} parts.memory  that the module works in
   * @param {Keeper} parts.store
   * @param {(message: FromWorker, transfer?: Transferable[]) => void} parts.post
   * @param {() => Promise<void>} parts.breathe
   * @param {string} parts.helper   script of workers that help with training
   * @param {() => number} [parts.now]
   */
  constructor({ module, memory, store, post, breathe, helper, now = () => performance.now() }) {
    this.#module = module;
    this.#store = store;
    this.#post = post;
    this.#breathe = breathe;
    this.#now = now;
    this.#answers = new Answers(this.#calls, post, buffers);
    this.#training = new Training({
      post,
      breathe,
      helper,
      now,
      memory,
      save: (file, step) => this.#keep(file, step),
      crashed: (error) => this.crashed(error),
    });
  }

  /** The engine is dead. @param {unknown} error */
  crashed(error) {
    this.#answers.crashed(error);
  }

  /** @param {import('./answers.js').Request} request */
  handle(request) {
    return this.#answers.handle(request);
  }

  /** @type {{ [N in Exclude<CallName, 'cancel'>]: (args: Args<N>, id: number) => Outcome<N> | Promise<Outcome<N>> }} */
  #calls = {
    open: ({ settings, text }, id) =>
      this.#answers.inTurn(id, () => this.#opened(id, () => this.#module.Opening.fresh(settings, text))),
    saved: () => this.#saved(),
    resume: (_, id) => this.#answers.inTurn(id, () => this.#resumed(id)),
    forget: () => this.#forget(),
    train: ({ untilStep, workers }, id) => this.#answers.inTurn(id, () => this.#trained(untilStep, workers)),
    pause: (_, id) => (this.#training.active ? this.#paused() : this.#answers.inTurn(id, () => this.#paused())),
    step: (_, id) => this.#answers.inTurn(id, () => this.#stepped(id)),
    reset: (_, id) => this.#answers.inTurn(id, () => this.#reset()),
    undoReset: (_, id) => this.#answers.inTurn(id, () => this.#undoReset()),
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
    load: ({ file }, id) => this.#answers.inTurn(id, () => this.#opened(id, () => this.#module.Opening.load(file))),
  };

  get #model() {
    if (!this.#run) throw failure('no-model', 'there is no model yet; open one first');
    return this.#run;
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
        this.#answers.check(id);
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
      return { step: await this.#training.step(() => this.#answers.cancelled(id)) };
    } catch (thrown) {
      this.#answers.check(id);
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
    if (!this.#former || this.#answers.dead) return;
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
        if (this.#answers.cancelled(id)) return end('cancelled');
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
        this.#answers.check(id);
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

  /**
   * Keeps a file for the next visit. One is written at a time: of those that come meanwhile, the last is written next.
   * @param {Uint8Array} file @param {number} step
   */
  #keep(file, step) {
    this.#unsaved = { file, step };
    this.#writing ??= this.#writeAll();
  }

  async #writeAll() {
    for (let next = this.#unsaved; next; next = this.#unsaved) {
      this.#unsaved = null;
      await this.#write(next.file, next.step);
    }
    this.#writing = null;
  }

  async #forget() {
    this.#unsaved = null;
    await this.#writing;
    await this.#store.clear();
  }

  /** A failure is told once until it works again. @param {Uint8Array} file @param {number} step */
  async #write(file, step) {
    try {
      await this.#store.write(file);
      this.#storageTold = false;
      if (this.#store.mode === 'opfs') this.#post({ event: 'saved', step, bytes: file.length });
    } catch (thrown) {
      const error = refusal(thrown) ?? { code: 'storage', message: String(thrown), details: {} };
      if (!this.#storageTold) this.#post({ event: 'storage', error });
      this.#storageTold = true;
    }
  }
}

/** @param {Engine} run @returns {ModelInfo} */
const info = (run) => ({ ...run.facts(), trainLoss: run.trainLoss(), samples: run.samples() });
