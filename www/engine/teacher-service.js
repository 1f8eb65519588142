/** Answers the page's requests about a model that is taught: one method per call, over the bindings, in slices. */

import { Answers } from './answers.js';
import { failure, refusal } from './failure.js';

/** @typedef {import('./teacher-protocol.js').CallName} CallName */
/** @template {CallName} N @typedef {import('./teacher-protocol.js').Args<N>} Args */
/** @template {CallName} N @typedef {import('./teacher-protocol.js').Result<N>} Result */

/**
 * What is used of the bindings; every method is one bounded piece of work.
 * @typedef {object} Teacher
 * @property {() => Result<'open'>} info
 * @property {(start: string) => Float32Array} initial
 * @property {(stage: number, weights: Float32Array) => void} put
 * @property {(stage: number) => Float32Array} weights
 * @property {(stage: number) => void} remove
 * @property {(plan: import('./teacher-protocol.js').Plan) => void} begin
 * @property {() => boolean} advance
 * @property {() => import('./teacher-protocol.js').LessonProgress} progress
 * @property {() => boolean} isFinished
 * @property {(stage: number) => number} keep
 * @property {() => void} abandon
 * @property {(from: number) => [number, number] | null} unmerged
 * @property {(stage: number, question: import('./teacher-protocol.js').Question) => Result<'ask'>} ask
 * @property {(stage: number, seed: number, number: number) => Result<'cards'>} cards
 * @property {(number: number) => Result<'example'>} example
 * @property {(number: number, task: boolean) => Result<'draw'>} draw
 * @property {(text: string) => Result<'tokenize'>} tokenize
 * @property {(exam: import('./teacher-protocol.js').Exam) => void} examine
 * @property {() => Float64Array} question
 * @property {() => Result<'examine'>} findings
 */
/** @typedef {import('./teacher-protocol.js').Wish} Wish */
/** @typedef {(share: number) => void} Share */
/** @typedef {{ new (wish: Wish, progress: Share): Teacher, ofCheckpoint(file: Uint8Array, wish: Wish, progress: Share): Teacher }} TeacherClass */
/**
 * @typedef {object} TeacherModule
 * @property {TeacherClass} Teacher
 * @property {(text: string) => Result<'readExamples'>} readExamples
 * @property {(examples: import('./teacher-protocol.js').OwnExample[]) => string} writeExamples
 */

/** Slices are done for so long before messages are read; one slice may take longer. */
const SLICE_MS = 12;
/** Progress is told so often. */
const TOLD_MS = 200;

export class TeacherService {
  #module;
  #post;
  #breathe;
  #now;
  /** @type {Teacher | null} */
  #teacher = null;
  #paused = false;
  /** @type {(() => void) | null} */
  #resume = null;
  /** Of the lesson that runs. @type {{ keep: boolean } | null} */
  #stop = null;
  #learning = false;
  #answers;

  /**
   * @param {object} parts
   * @param {TeacherModule} parts.module
   * @param {import('./answers.js').Post} parts.post
   * @param {() => Promise<void>} parts.breathe
   * @param {() => number} [parts.now]
   */
  constructor({ module, post, breathe, now = () => performance.now() }) {
    this.#module = module;
    this.#post = post;
    this.#breathe = breathe;
    this.#now = now;
    this.#answers = new Answers(this.#calls, post);
  }

  /** The module is dead. @param {unknown} error */
  crashed(error) {
    this.#answers.crashed(error);
  }

  /** @param {import('./answers.js').Request} request */
  handle(request) {
    return this.#answers.handle(request);
  }

  /** @type {{ [N in CallName]: (args: any, id: number) => unknown }} */
  #calls = {
    open: (args, id) => this.#answers.inTurn(id, () => this.#opened(args, id)),
    put: ({ stage, weights }) => this.#made.put(stage, weights),
    remove: ({ stage }) => this.#made.remove(stage),
    initial: ({ stage, start }) => {
      const weights = this.#made.initial(start);
      this.#made.put(stage, weights);
      return weights;
    },
    learn: (args, id) => this.#answers.inTurn(id, () => this.#learned(args, id)),
    pause: ({ on }) => this.#pause(on),
    stop: ({ keep }) => {
      if (!this.#learning) return;
      this.#stop = { keep };
      this.#resume?.();
    },
    examine: ({ exam }, id) => this.#answers.inTurn(id, () => this.#examined(exam, id)),
    ask: ({ stage, question }) => this.#made.ask(stage, question),
    cards: ({ stage, seed, number }) => this.#made.cards(stage, seed, number),
    example: ({ number }) => this.#made.example(number),
    draw: ({ number, task }) => this.#made.draw(number, task),
    tokenize: ({ text }) => this.#made.tokenize(text),
    weights: ({ stage }) => this.#made.weights(stage),
    readExamples: ({ text }) => this.#module.readExamples(text),
    writeExamples: ({ examples }) => this.#module.writeExamples(examples),
  };

  get #made() {
    if (!this.#teacher) throw failure('no-model', 'there is no course yet; begin one');
    return this.#teacher;
  }

  /** @param {Args<'open'>} wish @param {number} id */
  #opened(wish, id) {
    if (this.#teacher) throw failure('setting', 'this worker has a course; a new one needs a new worker');
    const { checkpoint, ...course } = wish;
    const progress = (/** @type {number} */ share) => this.#post({ id, progress: { share } });
    const { Teacher } = this.#module;
    this.#teacher = checkpoint ? Teacher.ofCheckpoint(checkpoint, course, progress) : new Teacher(course, progress);
    return this.#teacher.info();
  }

  /** @param {boolean} on */
  #pause(on) {
    this.#paused = on;
    if (!on) this.#resume?.();
  }

  /** @returns {Promise<void>} */
  async #rest() {
    await this.#breathe();
    while (this.#paused && !this.#stop) await new Promise((resolve) => (this.#resume = () => resolve(undefined)));
    this.#resume = null;
  }

  /** @param {Args<'learn'>} args @param {number} id @returns {Promise<Result<'learn'>>} */
  async #learned({ stage, plan }, id) {
    const teacher = this.#made;
    teacher.begin(plan);
    this.#stop = null;
    this.#learning = true;
    let [ms, told] = [0, this.#now()];
    try {
      while (!teacher.isFinished() && !this.#stop) {
        const begin = this.#now();
        do teacher.advance();
        while (!teacher.isFinished() && this.#now() - begin < SLICE_MS);
        ms += this.#now() - begin;
        if (this.#now() - told > TOLD_MS) {
          told = this.#now();
          this.#post({ id, progress: { lesson: teacher.progress() } });
        }
        await this.#rest();
        this.#answers.check(id);
      }
      const stopped = !teacher.isFinished();
      if (stopped && !(/** @type {{ keep: boolean } | null} */ (this.#stop)?.keep))
        throw failure('cancelled', 'the lesson was cancelled');
      const unmerged = 'from' in plan ? teacher.unmerged(plan.from) : null;
      const progress = teacher.progress();
      const trained = teacher.keep(stage);
      return { weights: teacher.weights(stage), progress, trained, unmerged, stopped, ms };
    } catch (thrown) {
      // After a trap nothing must be called.
      if (refusal(thrown)) teacher.abandon();
      throw thrown;
    } finally {
      this.#learning = false;
      this.#stop = null;
    }
  }

  /** @param {import('./teacher-protocol.js').Exam} exam @param {number} id */
  async #examined(exam, id) {
    const teacher = this.#made;
    teacher.examine(exam);
    let told = this.#now();
    for (;;) {
      const begin = this.#now();
      let [asked, all] = teacher.question();
      while (asked < all && this.#now() - begin < SLICE_MS) [asked, all] = teacher.question();
      if (asked >= all) return teacher.findings();
      if (this.#now() - told > TOLD_MS) {
        told = this.#now();
        this.#post({ id, progress: { asked, all } });
      }
      await this.#rest();
      this.#answers.check(id);
    }
  }
}
