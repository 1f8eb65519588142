/** Answers the page's requests about a model that is taught: one method per call, over the bindings, in slices. */

import { Answers } from './answers.js';
import { failure, refusal } from './failure.js';
import { LessonCrew } from './lesson-crew.js';

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
 * @property {() => [number, number] | null} shards   of a step, and those added; null where it cannot be shared
 * @property {() => string} lesson
 * @property {(target: Float32Array) => void} copyWeights
 * @property {(shard: number) => import('./module.js').Rows} shardBatch
 * @property {(lossNats: number, gradient: Float32Array) => boolean} addShard
 * @property {(stage: number) => number} keep
 * @property {() => void} abandon
 * @property {(from: number) => [number, number] | null} unmerged
 * @property {(stage: number, question: import('./teacher-protocol.js').Question) => Result<'ask'>} ask
 * @property {(stage: number, seed: number, number: number) => Result<'cards'>} cards
 * @property {(stage: number, text: string) => Result<'look'>} look
 * @property {(start: string, text: string) => Result<'lookAtStart'>} lookAtStart
 * @property {(number: number) => Result<'twice'>} twice
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
 * @property {(request: string, table: [string, string][], lang: string) => Result<'callTool'>} callTool
 * @property {(text: string) => Result<'readExamples'>} readExamples
 * @property {(examples: import('./teacher-protocol.js').OwnExample[]) => string} writeExamples
 */

/** Slices are done for so long before messages are read; one slice may take longer. */
const SLICE_MS = 12;
/** Progress is told so often, and after every step of a lesson of so few. */
const TOLD_MS = 200;
const FEW_STEPS = 60;

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
  #crew;

  /**
   * @param {object} parts
   * @param {TeacherModule} parts.module
   * @param {import('./answers.js').Post} parts.post
   * @param {() => Promise<void>} parts.breathe
   * @param {string} parts.helper   script of workers that help with lessons
   * @param {() => number} [parts.now]
   */
  constructor({ module, post, breathe, helper, now = () => performance.now() }) {
    this.#module = module;
    this.#post = post;
    this.#breathe = breathe;
    this.#now = now;
    this.#answers = new Answers(this.#calls, post);
    this.#crew = new LessonCrew({ post, helper, now });
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
      this.#crew.wake();
    },
    examine: ({ exam }, id) => this.#answers.inTurn(id, () => this.#examined(exam, id)),
    ask: ({ stage, question }) => this.#made.ask(stage, question),
    cards: ({ stage, seed, number }) => this.#made.cards(stage, seed, number),
    look: ({ stage, text }) => this.#made.look(stage, text),
    lookAtStart: ({ start, text }) => this.#made.lookAtStart(start, text),
    twice: ({ number }) => this.#made.twice(number),
    example: ({ number }) => this.#made.example(number),
    draw: ({ number, task }) => this.#made.draw(number, task),
    tokenize: ({ text }) => this.#made.tokenize(text),
    weights: ({ stage }) => this.#made.weights(stage),
    callTool: ({ request, table, lang }) => this.#module.callTool(request, table, lang),
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
  async #learned({ stage, plan, watch, workers: asked = 0 }, id) {
    const teacher = this.#made;
    teacher.begin(plan);
    this.#stop = null;
    this.#learning = true;
    this.#crew.begin();
    const few = teacher.progress().steps <= FEW_STEPS;
    let [ms, told, workers] = [0, this.#now(), 1];
    /** @type {Result<'learn'>['watched']} */
    const watched = [];
    try {
      while (!teacher.isFinished() && !this.#stop) {
        if (watch && isDue(teacher.progress(), watched.length, watch.times)) {
          watched.push(await this.#watched(watch.count, id));
          this.#post({ id, progress: { lesson: watched[watched.length - 1] } });
          continue;
        }
        const begin = this.#now();
        const stepped = await this.#burst(teacher, asked, few);
        ms += this.#now() - begin;
        workers = this.#crew.size;
        if (this.#now() - told > TOLD_MS || (few && stepped)) {
          told = this.#now();
          this.#post({ id, progress: { lesson: teacher.progress() } });
        }
        await this.#rest();
        this.#answers.check(id);
      }
      const stopped = !teacher.isFinished();
      if (stopped && !(/** @type {{ keep: boolean } | null} */ (this.#stop)?.keep))
        throw failure('cancelled', 'the lesson was cancelled');
      if (watch) watched.push(await this.#watched(watch.count, id));
      const unmerged = 'from' in plan ? teacher.unmerged(plan.from) : null;
      const progress = teacher.progress();
      const trained = teacher.keep(stage);
      return { weights: teacher.weights(stage), progress, watched, trained, unmerged, stopped, ms, workers };
    } catch (thrown) {
      // After a trap nothing must be called.
      if (refusal(thrown)) teacher.abandon();
      throw thrown;
    } finally {
      this.#learning = false;
      this.#stop = null;
      this.#crew.end();
    }
  }

  /** Slices of a lesson back to back; whether the last one completed a step. @param {Teacher} teacher @param {number} asked @param {boolean} single  at most one step */
  async #burst(teacher, asked, single) {
    const begin = this.#now();
    for (;;) {
      const stepped = this.#crew.advance(teacher, asked);
      if (stepped === null) {
        await this.#crew.waiting();
        return false;
      }
      // Helpers tell their gradients by message.
      const look = this.#crew.size > 1 || this.#now() - begin >= SLICE_MS || (single && stepped);
      if (look || teacher.isFinished()) return stepped;
    }
  }

  /** The look-back score of the weights that learn. @param {number} count @param {number} id */
  async #watched(count, id) {
    const { score } = await this.#examined({ kind: 'look-back', of: 0, count }, id, false);
    return { ...this.#made.progress(), lookBack: score };
  }

  /** @param {import('./teacher-protocol.js').Exam} exam @param {number} id @param {boolean} [tells] */
  async #examined(exam, id, tells = true) {
    const teacher = this.#made;
    teacher.examine(exam);
    let told = this.#now();
    for (;;) {
      const begin = this.#now();
      let [asked, all] = teacher.question();
      while (asked < all && this.#now() - begin < SLICE_MS) [asked, all] = teacher.question();
      if (asked >= all) return teacher.findings();
      if (tells && this.#now() - told > TOLD_MS) {
        told = this.#now();
        this.#post({ id, progress: { asked, all } });
      }
      await this.#rest();
      this.#answers.check(id);
    }
  }
}

/** Whether it is time for the next of so many measurements, the first one before any step. @param {import('./teacher-protocol.js').LessonProgress} progress @param {number} done @param {number} times */
const isDue = ({ step, steps }, done, times) => done < times && step * (times - 1) >= done * steps;
