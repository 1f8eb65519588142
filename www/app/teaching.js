/**
 * A model that is taught, for chapters 5 to 7: one course, its stages, the lesson that runs. Every stage is a snapshot;
 * going back is going on from an earlier one.
 */

import { TeacherClient } from '../engine/teacher-client.js';
import { lang } from '../i18n/index.js';
import { batch, computed, signal } from '../vendor/signals/signals-core.js';
import { failureOf, isCancelled } from './failures.js';

/** @typedef {import('../engine/teacher-protocol.js').Plan} Plan */
/** @typedef {import('../engine/teacher-protocol.js').Exam} Exam */
/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** @typedef {import('../engine/teacher-protocol.js').Question} Question */
/** @typedef {import('../engine/teacher-protocol.js').Findings} Findings */
/** @typedef {import('../engine/teacher-protocol.js').LessonProgress} LessonProgress */
/** @typedef {import('../engine/teacher-protocol.js').CourseInfo} CourseInfo */
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

/** The model that is learning. */
export const LEARNING = 0;
/** Questions of an examination, in a course and in a quick look. */
const QUESTIONS = { course: 120, quick: 20 };
const LIVE_MS = 1_200;
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
    stages,
    running: typed(/** @type {Running | null} */ (null)),
    measuring: typed(/** @type {Measuring | null} */ (null)),
    failure: typed(/** @type {Failure | null} */ (null)),
    /** what the whole chain is at */
    chain: typed(/** @type {{ step: string, share: number } | null} */ (null)),
    /** stages that the whole chain has made */
    report: typed(
      /** @type {{ base: number, tuned: number, polite: number | null, tools: number, ms: number } | null} */ (null),
    ),
    /** What is asked side by side. */
    question: typed(''),
    /** Answers to it by stage. */
    answers: typed(/** @type {ReadonlyMap<number, Spoken>} */ (new Map())),
    /** Stages that are compared; null: the last two. */
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

/** Whether a stage knows no dialogues. @param {Stage | undefined} stage */
export const isBase = (stage) => stage?.plan.kind === 'base' || stage?.plan.kind === 'own';

/** @param {Stage} stage @returns {number | null} */
export const parentOf = ({ plan }) => ('from' in plan ? plan.from : null);

/** How a text is put to a stage, without tools. @param {string} text @param {Stage | undefined} stage @returns {Question} */
export const plainly = (text, stage) => ({
  text,
  form: isBase(stage) ? 'document' : 'dialogue',
  temperature: 0,
  seed: 1,
  tokens: isBase(stage) ? 32 : 24,
  calls: 3,
  table: [],
  edits: [],
});

/** A trail with one point more, thinned out where it is long. @param {LessonProgress[]} trail @param {LessonProgress} point */
export function longer(trail, point) {
  if (trail.at(-1)?.step === point.step && point.step > 0) return trail;
  const all = [...trail, point];
  return all.length <= MOST_POINTS ? all : all.filter((_, i) => i % 2 === 0 || i === all.length - 1);
}

/**
 * @param {TeachingState} state
 * @param {Pick<Client, 'call' | 'destroy'>} client
 */
export function createTeaching(state, client) {
  let nextStage = 1;
  let asked = 0;
  let askedAt = 0;

  /** @param {unknown} error */
  function report(error) {
    if (!isCancelled(error)) state.failure.value = failureOf(error);
  }

  /** @param {number} id */
  const stageOf = (id) => state.stages.peek().find((s) => s.id === id);

  /** @param {number} id @param {(stage: Stage) => Stage} change */
  const change = (id, change) => {
    state.stages.value = state.stages.peek().map((s) => (s.id === id ? change(s) : s));
  };

  /** Makes the course where there is none. @param {Uint8Array} [checkpoint] */
  async function open(checkpoint) {
    if (state.info.peek() && !checkpoint) return true;
    batch(() => {
      state.failure.value = null;
      state.opening.value = 0;
      state.info.value = null;
      state.stages.value = [];
      state.answers.value = new Map();
      state.pair.value = null;
    });
    nextStage = 1;
    try {
      const wish = {
        lang: lang.peek(),
        quick: state.wish.peek().quick,
        seed: 1,
        ...(checkpoint ? { checkpoint } : {}),
      };
      const onProgress = (/** @type {any} */ { share }) => {
        state.opening.value = share;
      };
      state.info.value = await client.call('open', wish, { onProgress });
      if (!state.question.peek()) await another();
      return true;
    } catch (error) {
      report(error);
      return false;
    } finally {
      state.opening.value = null;
    }
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
    const onProgress = (/** @type {any} */ { lesson }) => {
      const running = state.running.peek();
      if (running) state.running.value = { ...running, trail: longer(running.trail, lesson) };
      live();
    };
    try {
      const { progress, ms, trained, unmerged, stopped } = await client.call(
        'learn',
        { stage: id, plan },
        { onProgress },
      );
      const trail = longer(state.running.peek()?.trail ?? [], progress);
      const stage = { id, plan, trail, ms, trained, unmerged, stopped, found: {} };
      batch(() => {
        state.stages.value = [...state.stages.peek(), stage];
        state.running.value = null;
      });
      void ask();
      return stage;
    } catch (error) {
      state.running.value = null;
      report(error);
      return null;
    }
  }

  /** The answer of the learning model, now and then. */
  function live() {
    if (performance.now() - askedAt > LIVE_MS && state.running.peek()?.plan.kind !== 'base') void ask([LEARNING]);
  }

  /** Puts the question to stages. @param {number[]} [ids]  all that are compared */
  async function ask(ids = compared()) {
    const text = state.question.peek().trim();
    if (!text || ids.length === 0) return;
    const mine = ++asked;
    askedAt = performance.now();
    for (const id of ids) {
      if (id === LEARNING && !state.running.peek()) continue;
      try {
        const spoken = await client.call('ask', { stage: id, question: plainly(text, stageOf(id)) });
        if (mine !== asked) return;
        state.answers.value = new Map(state.answers.peek()).set(id, spoken);
      } catch (error) {
        // A lesson may have ended meanwhile.
        if (id !== LEARNING) report(error);
      }
    }
  }

  /** Stages whose answers are shown. */
  function compared() {
    const ids = pairOf(state);
    return ids.filter((id) => id !== null);
  }

  let drawn = 0;
  /** Another question, one that was never trained on. */
  async function another() {
    const [user] = await client.call('draw', { number: drawn++, task: false });
    state.question.value = user;
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

  /** Examines a stage. @param {Measure} name @param {number} of @param {Exam} [exam] @returns {Promise<Findings | null>} */
  async function measure(name, of, exam = examOf(name, of)) {
    const known = stageOf(of)?.found[name];
    if (known) return known;
    state.measuring.value = { name, of, share: 0 };
    try {
      const onProgress = (/** @type {any} */ { asked, all }) => {
        state.measuring.value = { name, of, share: asked / all };
      };
      const findings = await client.call('examine', { exam }, { onProgress });
      change(of, (stage) => ({ ...stage, found: { ...stage.found, [name]: findings } }));
      return findings;
    } catch (error) {
      report(error);
      return null;
    } finally {
      state.measuring.value = null;
    }
  }

  /** Manners and content of a stage beside what it was made from, question by question. @param {number} of */
  async function compareManners(of) {
    const stage = stageOf(of);
    if (!stage || !('clicks' in stage.plan)) return null;
    const { from: before, clicks } = stage.plan;
    const count = state.wish.peek().quick ? QUESTIONS.quick : QUESTIONS.course;
    return measure('manners', of, { kind: 'manners', of, before, count, clicks });
  }

  return {
    state,
    client,
    compareManners,
    open,
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
    /** Removes a stage and what was made from it. @param {number} id */
    remove(id) {
      const gone = new Set([id]);
      for (const stage of state.stages.peek()) if (gone.has(parentOf(stage) ?? -1)) gone.add(stage.id);
      if (state.running.peek()) return;
      batch(() => {
        state.stages.value = state.stages.peek().filter((s) => !gone.has(s.id));
        if (state.pair.peek()?.some((s) => gone.has(s))) state.pair.value = null;
      });
      for (const stage of gone) void client.call('remove', { stage }).catch(report);
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
    /** Begins anew: another worker, no stages. */
    reset() {
      client.destroy();
      batch(() => {
        state.info.value = null;
        state.stages.value = [];
        state.answers.value = new Map();
        state.pair.value = null;
        state.running.value = null;
        state.failure.value = null;
        state.question.value = '';
      });
    },
  };
}

/** @typedef {ReturnType<typeof createTeaching>} Teaching */

/** The two stages that are compared: chosen ones, or the learning one beside what it is made from, or the last beside its parent. @param {TeachingState} state @returns {[number | null, number | null]} */
export function pairOf(state) {
  const [stages, running, pair] = [state.stages.value, state.running.value, state.pair.value];
  if (pair) return pair;
  if (running && 'from' in running.plan) return [running.plan.from, LEARNING];
  const last = stages.at(-1);
  if (!last) return [null, null];
  const parent = parentOf(last);
  return parent === null ? [last.id, null] : [parent, last.id];
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
  }
  return shared;
}
