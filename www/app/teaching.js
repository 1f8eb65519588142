/**
 * A model that is taught, for chapters 5 to 7: one course, its stages, the lesson that runs. Every stage is a snapshot;
 * going back is going on from an earlier one.
 */

import { CourseClient } from '../engine/course-client.js';
import { TeacherClient } from '../engine/teacher-client.js';
import { lang } from '../i18n/index.js';
import { batch, computed, signal } from '../vendor/signals/signals-core.js';
import { failureOf, isCancelled } from './failures.js';
import { keepCourse } from './teaching-keeping.js';
import { goneWith, isBase, lineOf, mainBase, parentOf } from './teaching-line.js';

/** @typedef {import('../engine/teacher-protocol.js').Plan} Plan */
/** @typedef {import('../engine/teacher-protocol.js').Exam} Exam */
/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** @typedef {import('../engine/teacher-protocol.js').Question} Question */
/** @typedef {import('../engine/teacher-protocol.js').Findings} Findings */
/** @typedef {import('../engine/teacher-protocol.js').LessonProgress} LessonProgress */
/** @typedef {import('../engine/teacher-protocol.js').CourseInfo} CourseInfo */
/** @typedef {import('../engine/teacher-protocol.js').Click} Click */
/** @typedef {import('../views/ab.js').Rule} Rule */
/** @typedef {import('./failures.js').Failure} Failure */
/** @typedef {import('../engine/teacher-client.js').TeacherClient} Client */
/** @typedef {'exact' | 'new' | 'plain' | 'validation' | 'lookBack' | 'manners' | 'tasks'} Measure */

/**
 * @typedef {object} Stage
 * @property {number} id
 * @property {Plan | { kind: 'own' }} plan      how it was made; 'own': the playground's model
 * @property {LessonProgress[]} trail           as it was told, to its last step
 * @property {number} ms
 * @property {number} trained                   numbers that were trained
 * @property {[number, number] | null} unmerged
 * @property {boolean} stopped
 * @property {Partial<Record<Measure, Findings>>} found
 */

/** @typedef {{ plan: Plan, stage: number, trail: LessonProgress[], paused: boolean, begun: number }} Running */
/** @typedef {{ name: Measure, of: number, share: number }} Measuring */
/**
 * The learner's own examples: lines as they were written, and what was read from them.
 * @typedef {{ lines: string, dialogues: [string, string][], preferences: Click[], errors: import('../engine/teacher-protocol.js').LineError[] }} Own
 */
/** @typedef {{ begin(): unknown, forget(): unknown }} Keeping */
/** `all`: the whole course. @typedef {{ stages: Stage[], all: boolean, undo(): void, forget(): void }} Gone */
/** The course on this device. @typedef {{ mode: import('../engine/storage.js').StorageMode, bytes: number, failure: Failure | null }} Kept */

/** The model that is learning. */
export const LEARNING = 0;
/** Questions of an examination, in a course and in a quick look. */
const QUESTIONS = { course: 120, quick: 20 };
const LIVE_MS = 1_200;
/** Measurements of the look-back score in a run of pre-training. */
const WATCHED = 12;
/** What was removed can come back for so long, as after a reset of the playground. */
const UNDO_MS = 10_000;
/** Questions that are drawn to find another one. */
const MOST_DRAWN = 20;
/** Points of a trail that are kept. */
const MOST_POINTS = 400;

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

export function createTeachingState() {
  const stages = typed(/** @type {Stage[]} */ ([]));
  return {
    wish: typed({ quick: false, start: /** @type {'look-back' | 'random'} */ ('look-back') }),
    info: typed(/** @type {CourseInfo | null} */ (null)),
    /** share of the course's making; null: it is not being made */
    opening: typed(/** @type {number | null} */ (null)),
    /** The course of an earlier visit is being made again. */
    restoring: typed(false),
    /** null: not looked at yet */
    kept: typed(/** @type {Kept | null} */ (null)),
    stages,
    running: typed(/** @type {Running | null} */ (null)),
    measuring: typed(/** @type {Measuring | null} */ (null)),
    failure: typed(/** @type {Failure | null} */ (null)),
    /** what the whole chain is at */
    chain: typed(/** @type {{ step: string, share: number, stop(): void } | null} */ (null)),
    /** stages that the whole chain has made */
    report: typed(
      /** `whole`: all of them were made then. @type {{ base: number, tuned: number, polite: number | null, tools: number, ms: number, whole: boolean } | null} */ (
        null
      ),
    ),
    /** Why the question could not be answered. */
    wrong: typed(/** @type {Failure | null} */ (null)),
    /** What is asked side by side. */
    question: typed(''),
    /** Answers to it by stage. */
    answers: typed(/** @type {ReadonlyMap<number, Spoken>} */ (new Map())),
    /** What was decided, question by question; null: equal or both bad. */
    decided: typed(/** @type {(Click | null)[]} */ ([])),
    /** The rule that decided; null: the learner. */
    judged: typed(/** @type {Rule | null} */ (null)),
    rule: typed(/** @type {Rule} */ ({ name: 'polite', pattern: '' })),
    own: typed(/** @type {Own} */ ({ lines: '', dialogues: [], preferences: [], errors: [] })),
    /** The look-up table; null: as it was given. */
    table: typed(/** @type {[string, string][] | null} */ (null)),
    /** The stage that lessons go on from where it fits; null: the last that fits. */
    branch: typed(/** @type {number | null} */ (null)),
    /** What was removed last and can come back for a while. */
    gone: typed(/** @type {Gone | null} */ (null)),
    /** Stages that are compared; null: the usual ones. */
    pair: typed(/** @type {[number, number] | null} */ (null)),
    /** Last stage of a kind. */
    last: computed(
      () =>
        (/** @type {(Plan['kind'] | 'own')[]} */ ...kinds) =>
          stages.value.findLast(({ plan }) => kinds.includes(plan.kind)) ?? null,
    ),
  };
}

/** @typedef {ReturnType<typeof createTeachingState>} TeachingState */

/** The KL penalty that feedback is learnt with where nobody sets another. @param {TeachingState} state */
export const recipeKl = ({ info }) => info.value?.recipe.kl ?? 0.2;

/** How a text is put to a stage, without tools. @param {string} text @param {Stage | undefined} stage @returns {Question} */
export const plainly = (text, stage) => ({
  text,
  form: isBase(stage) ? 'document' : 'dialogue',
  temperature: 0,
  seed: 1,
  tokens: isBase(stage) ? 32 : 56,
  calls: 3,
  table: [],
  edits: [],
});

/** A trail with one point more, thinned out where it is long; what was measured on the way stays. @param {LessonProgress[]} trail @param {LessonProgress} point */
export function longer(trail, point) {
  const last = trail.at(-1);
  const again = last !== undefined && last.step === point.step && (point.step > 0 || point.lookBack !== undefined);
  if (again && point.lookBack === undefined) return trail;
  const all = again ? [...trail.slice(0, -1), { ...last, ...point }] : [...trail, point];
  if (all.length <= MOST_POINTS) return all;
  return all.filter((p, i) => i % 2 === 0 || i === all.length - 1 || p.lookBack !== undefined);
}

/**
 * @param {TeachingState} state
 * @param {Pick<Client, 'call' | 'destroy'>} client
 */
export function createTeaching(state, client) {
  let nextStage = 1;
  let asked = 0;
  let askedAt = 0;
  /** Questions that are being answered. */
  let asking = 0;
  /** What each stage was asked. @type {Map<number, string>} */
  const heard = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let undoTimer;
  /** Of the playground's model, where the course began with it. @type {Uint8Array | null} */
  let adopted = null;
  /** Settles when the course of an earlier visit is there. @type {Promise<unknown> | null} */
  let restoring = null;
  /** @type {Keeping | null} */
  let keeping = null;

  /** @param {unknown} error */
  function report(error) {
    if (!isCancelled(error)) state.failure.value = failureOf(error);
  }

  /** @param {number} id */
  const stageOf = (id) => state.stages.peek().find((s) => s.id === id);

  /** @param {number} id @param {(stage: Stage) => Stage} change */
  const change = (id, change) => {
    const all = (/** @type {Stage[]} */ stages) => stages.map((s) => (s.id === id ? change(s) : s));
    const gone = state.gone.peek();
    if (gone?.stages.some((s) => s.id === id)) state.gone.value = { ...gone, stages: all(gone.stages) };
    else state.stages.value = all(state.stages.peek());
  };

  /** Nothing is left of a course. */
  const empty = () =>
    batch(() => {
      state.info.value = null;
      state.stages.value = [];
      state.answers.value = new Map();
      state.pair.value = null;
      state.report.value = null;
      state.branch.value = null;
      state.decided.value = [];
      state.judged.value = null;
      state.failure.value = null;
      nextStage = 1;
    });

  /** Something is gone, and can come back for a while. @param {Stage[]} stages @param {boolean} all @param {() => void} undo @param {() => void} forget */
  function offerUndo(stages, all, undo, forget) {
    const over = (/** @type {() => void} */ act) => () => {
      clearTimeout(undoTimer);
      batch(() => {
        act();
        state.gone.value = null;
      });
    };
    const gone = { stages, all, undo: over(undo), forget: over(forget) };
    state.gone.value = gone;
    undoTimer = setTimeout(gone.forget, UNDO_MS);
  }

  /** Makes a course. @param {import('../engine/teacher-protocol.js').Args<'open'>} wish */
  async function make(wish) {
    const onProgress = (/** @type {any} */ { share }) => {
      state.opening.value = share;
    };
    adopted = wish.checkpoint ?? null;
    state.opening.value = 0;
    try {
      return await client.call('open', wish, { onProgress });
    } finally {
      state.opening.value = null;
    }
  }

  /** Makes the course where there is none. @param {Uint8Array} [checkpoint] */
  async function open(checkpoint) {
    if (restoring) await restoring;
    if (state.info.peek() && !checkpoint) return true;
    state.gone.peek()?.forget();
    empty();
    try {
      const { quick } = state.wish.peek();
      state.info.value = await make({ lang: lang.peek(), quick, seed: 1, ...(checkpoint ? { checkpoint } : {}) });
      if (!state.question.peek()) await another();
      return true;
    } catch (error) {
      report(error);
      return false;
    }
  }

  /**
   * Makes the course of an earlier visit again, with its stages; whether that could be done.
   * @param {any} saved @param {[number, Float32Array][]} weights @param {Uint8Array | null} checkpoint
   * @param {(info: CourseInfo) => string} shapeOf
   */
  function restore(saved, weights, checkpoint, shapeOf) {
    const work = async () => {
      const { lang, ...wish } = saved.wish;
      const info = await make({ lang, quick: wish.quick, seed: 1, ...(checkpoint ? { checkpoint } : {}) });
      if (shapeOf(info) !== saved.shape) {
        client.destroy();
        throw Object.assign(new Error('the course is of another version of this page'), { code: 'course-other' });
      }
      for (const [stage, values] of weights) await client.call('put', { stage, weights: values });
      const there = new Set(weights.map(([id]) => id));
      const stages = saved.stages.filter((/** @type {Stage} */ { id }) => there.has(id));
      nextStage = 1 + Math.max(0, ...saved.stages.map((/** @type {Stage} */ { id }) => id));
      batch(() => {
        state.wish.value = { ...state.wish.peek(), ...wish };
        state.info.value = info;
        state.stages.value = stages;
        state.decided.value = saved.decided;
        state.judged.value = saved.judged ?? null;
        state.rule.value = saved.rule ?? state.rule.peek();
        state.own.value = { ...state.own.peek(), ...saved.own };
        state.question.value = String(saved.question ?? '');
        state.table.value = saved.table ?? null;
        state.pair.value = saved.pair?.every?.((/** @type {number} */ id) => there.has(id)) ? saved.pair : null;
        state.report.value = saved.report ?? null;
        state.branch.value = there.has(saved.branch) ? saved.branch : null;
      });
      void ask();
      return true;
    };
    state.restoring.value = true;
    const made = work().catch((error) => {
      report(error);
      return false;
    });
    restoring = made.then(() => {
      state.restoring.value = false;
      restoring = null;
    });
    return made;
  }

  /** Runs a lesson to its end, and gives its stage; null if it was cancelled or failed. @param {Plan} plan @returns {Promise<Stage | null>} */
  async function learn(plan) {
    if (state.running.peek()) return null;
    if (!(await open())) return null;
    const id = nextStage++;
    batch(() => {
      state.failure.value = null;
      state.running.value = { plan, stage: id, trail: [], paused: false, begun: performance.now() };
    });
    heard.delete(LEARNING);
    void ask(unasked());
    const onProgress = (/** @type {any} */ { lesson }) => {
      const running = state.running.peek();
      if (running) state.running.value = { ...running, trail: longer(running.trail, lesson) };
      live();
    };
    try {
      const watch = plan.kind === 'base' ? { watch: { times: WATCHED, count: state.wish.peek().quick ? 2 : 8 } } : {};
      const { progress, watched, ms, trained, unmerged, stopped } = await client.call(
        'learn',
        { stage: id, plan, ...watch },
        { onProgress },
      );
      const trail = [progress, ...watched.slice(-1)].reduce(longer, state.running.peek()?.trail ?? []);
      const stage = { id, plan, trail, ms, trained, unmerged, stopped, found: {} };
      batch(() => {
        state.stages.value = [...state.stages.peek(), stage];
        state.running.value = null;
      });
      void ask(unasked());
      return stage;
    } catch (error) {
      state.running.value = null;
      report(error);
      return null;
    }
  }

  /** The answer of the learning model, now and then; what it is compared with is asked once. */
  function live() {
    if (asking > 0 || performance.now() - askedAt <= LIVE_MS || state.running.peek()?.plan.kind === 'base') return;
    void ask([...unasked(), LEARNING]);
  }

  /** Finished stages that are shown and were not asked what is asked now. */
  function unasked() {
    const text = state.question.peek().trim();
    return compared().filter((id) => id !== LEARNING && (heard.get(id) !== text || !state.answers.peek().has(id)));
  }

  /** Puts the question to stages. @param {number[]} [ids]  all that are compared */
  async function ask(ids = compared()) {
    const text = state.question.peek().trim();
    if (!text || ids.length === 0) return;
    const mine = ++asked;
    askedAt = performance.now();
    asking++;
    try {
      for (const id of ids) await put(id, text, () => mine === asked);
    } finally {
      asking--;
    }
  }

  /** Asks one stage. @param {number} id @param {string} text @param {() => boolean} isLast  no other question was put since */
  async function put(id, text, isLast) {
    if (!isLast() || (id === LEARNING && !state.running.peek())) return;
    try {
      const spoken = await client.call('ask', { stage: id, question: plainly(text, stageOf(id)) });
      if (!isLast()) return;
      heard.set(id, text);
      state.wrong.value = null;
      state.answers.value = new Map(state.answers.peek()).set(id, spoken);
    } catch (error) {
      // A lesson may have ended meanwhile.
      if (id !== LEARNING && !isCancelled(error)) state.wrong.value = failureOf(error);
    }
  }

  /** Stages whose answers are shown in any chapter. */
  function compared() {
    const ids = [...pairOf(state, 'tuned'), ...pairOf(state)].filter((id) => id !== null);
    return [...new Set(ids)];
  }

  let drawn = 0;
  /** Another question, one that was never trained on. */
  async function another() {
    const before = state.question.peek();
    // The question of an earlier visit was drawn, too.
    for (let tries = 0; tries < MOST_DRAWN; tries++) {
      const [user] = await client.call('draw', { number: drawn++, task: false });
      state.question.value = user;
      if (user !== before) break;
    }
    state.answers.value = new Map();
    await ask();
  }

  /** @param {Measure} name @param {number} of @returns {Exam} */
  function examOf(name, of) {
    const count = state.wish.peek().quick ? QUESTIONS.quick : QUESTIONS.course;
    switch (name) {
      case 'exact':
        return { kind: 'exact', of, part: 'combinations', count, plain: false };
      case 'new':
        return { kind: 'exact', of, part: 'new', count, plain: false };
      case 'plain':
        return { kind: 'exact', of, part: 'combinations', count, plain: true };
      case 'validation':
        return { kind: 'validation', of };
      case 'lookBack':
        return { kind: 'look-back', of, count: Math.ceil(count / 6) };
      case 'tasks':
        return { kind: 'tasks', of, count: Math.ceil(count / 5) };
      default:
        throw new Error(`${name} needs more than a stage`);
    }
  }

  /** Examines a stage. @param {Measure} name @param {number} of @param {{ exam?: Exam, signal?: AbortSignal }} [options] @returns {Promise<Findings | null>} */
  async function measure(name, of, { exam = examOf(name, of), signal } = {}) {
    const stage = stageOf(of);
    if (!stage || stage.found[name]) return stage?.found[name] ?? null;
    state.measuring.value = { name, of, share: 0 };
    try {
      const onProgress = (/** @type {any} */ { asked, all }) => {
        if (stageOf(of)) state.measuring.value = { name, of, share: asked / all };
      };
      const findings = await client.call('examine', { exam }, { onProgress, signal });
      change(of, (stage) => ({ ...stage, found: { ...stage.found, [name]: findings } }));
      return findings;
    } catch (error) {
      report(error);
      return null;
    } finally {
      state.measuring.value = null;
    }
  }

  /** Manners and content of a stage beside what it was made from, question by question. @param {number} of @param {AbortSignal} [signal] */
  async function compareManners(of, signal) {
    const stage = stageOf(of);
    if (!stage || !('clicks' in stage.plan)) return null;
    const { from: before, clicks } = stage.plan;
    const count = state.wish.peek().quick ? QUESTIONS.quick : QUESTIONS.course;
    return measure('manners', of, { exam: { kind: 'manners', of, before, count, clicks }, signal });
  }

  return {
    state,
    client,
    compareManners,
    open,
    restore,
    checkpoint: () => adopted,
    learn,
    ask,
    another: () => another().catch(report),
    measure,
    report,
    stageOf,
    /** @param {string} text */
    setQuestion(text) {
      state.question.value = text;
    },
    /** @param {[number, number]} pair */
    compare(pair) {
      state.pair.value = pair;
      void ask();
    },
    pause() {
      const running = state.running.peek();
      if (!running) return;
      state.running.value = { ...running, paused: !running.paused };
      void client.call('pause', { on: !running.paused }).catch(report);
    },
    /** Ends the lesson; `keep`: with what it has learnt. @param {boolean} keep */
    stop(keep) {
      void client.call('stop', { keep }).catch(report);
      const running = state.running.peek();
      if (running?.paused) {
        state.running.value = { ...running, paused: false };
        void client.call('pause', { on: false }).catch(report);
      }
    },
    /** Removes a stage and what was made from it; for a while it can come back. @param {number} id */
    remove(id) {
      if (state.running.peek()) return;
      state.gone.peek()?.forget();
      const stages = state.stages.peek();
      const [gone, pair, branch] = [goneWith(stages, id), state.pair.peek(), state.branch.peek()];
      const isGone = (/** @type {number | null} */ id) => gone.some((s) => s.id === id);
      batch(() => {
        state.stages.value = stages.filter((s) => !isGone(s.id));
        if (pair?.some(isGone)) state.pair.value = null;
        if (isGone(branch)) state.branch.value = null;
        if (isGone(state.measuring.peek()?.of ?? null)) state.measuring.value = null;
      });
      const undo = () => {
        const back = state.gone.peek()?.stages ?? gone;
        state.stages.value = [...state.stages.peek(), ...back].sort((a, b) => a.id - b.id);
        if (pair?.some(isGone)) state.pair.value ??= pair;
        if (isGone(branch)) state.branch.value ??= branch;
        void ask();
      };
      offerUndo(gone, false, undo, () => {
        for (const { id } of gone) void client.call('remove', { stage: id }).catch(report);
      });
    },
    /** The playground's model instead of a new one. @param {Uint8Array} checkpoint */
    async adopt(checkpoint) {
      if (!(await open(checkpoint))) return null;
      const trained = state.info.peek()?.parameters ?? 0;
      const stage = {
        id: nextStage++,
        plan: /** @type {const} */ ({ kind: 'own' }),
        trail: [],
        ms: 0,
        trained,
        unmerged: null,
        stopped: false,
        found: {},
      };
      state.stages.value = [stage];
      void ask();
      return stage;
    },
    /** Begins anew: no stages, and another worker as soon as the old ones cannot come back any more. */
    reset() {
      state.gone.peek()?.forget();
      const { info, stages, answers, pair, report, branch, decided, judged, question } = state;
      const all = [info, stages, answers, pair, report, branch, decided, judged, question];
      const [before, next] = [all.map((each) => each.peek()), nextStage];
      const gone = stages.peek();
      batch(() => {
        empty();
        state.running.value = null;
        state.measuring.value = null;
        question.value = '';
      });
      const undo = () => {
        const found = state.gone.peek()?.stages ?? gone;
        all.forEach((each, i) => {
          each.value = /** @type {any} */ (before[i]);
        });
        stages.value = found;
        nextStage = next;
      };
      offerUndo(gone, true, undo, () => {
        client.destroy();
        adopted = null;
        heard.clear();
        void keeping?.forget();
      });
    },
    /** Brings back the course of an earlier visit, and keeps what is made from here on. @param {Keeping} by */
    keep(by) {
      keeping = by;
    },
    /** A chapter is opened. */
    begin: () => keeping?.begin(),
  };
}

/** @typedef {ReturnType<typeof createTeaching>} Teaching */

/**
 * The two stages that are compared: chosen ones, or the learning one beside what it is made from, or the last of the line that
 * the chapters speak of beside its parent. `tuned`: the last that was fine-tuned, whatever was made from it.
 * @param {TeachingState} state @param {'last' | 'tuned'} [usual] @returns {[number | null, number | null]}
 */
export function pairOf(state, usual = 'last') {
  const [stages, running, pair] = [state.stages.value, state.running.value, state.pair.value];
  if (pair) return pair;
  if (running && 'from' in running.plan) return [running.plan.from, LEARNING];
  const base = mainBase(state);
  const fits = (/** @type {Stage} */ s) => usual === 'last' || s.plan.kind === 'tune' || s.plan.kind === 'adapters';
  const last = stages.findLast((s) => s !== base && fits(s) && lineOf(stages, s).some((above) => above === base));
  return last ? [parentOf(last), last.id] : [base?.id ?? null, null];
}

/** @type {Teaching | undefined} */
let shared;

/** One course for all chapters. */
export function teaching() {
  if (!shared) {
    const state = createTeachingState();
    const onRestart = (/** @type {import('../engine/protocol.js').EngineError} */ error) => {
      state.failure.value = { ...error, code: 'teacher-trap' };
    };
    shared = createTeaching(state, new TeacherClient({ onRestart }));
    shared.keep(keepCourse(shared, new CourseClient()));
  }
  return shared;
}
