/**
 * The course on this device: every stage that was made is kept with what is needed to go on from it, and is there again on
 * the next visit. The lesson that runs is not: it is begun once more.
 */

import { effect } from '../vendor/signals/signals-core.js';
import { failureOf, isCancelled } from './failures.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('../engine/course-protocol.js').KeptCourse} KeptCourse */
/** @typedef {import('../engine/course-client.js').CourseClient} Client */

/** Several changes are often one. */
const WAIT_MS = 100;

/** What a model must have in common with weights that were kept. @param {any} info */
const shapeOf = ({ recipe, vocabSize, parameters, trainTokens }) => {
  const { lang, corpusBytes, context, layers, heads, width } = recipe;
  return JSON.stringify([lang, corpusBytes, context, layers, heads, width, vocabSize, parameters, trainTokens]);
};

/** Whether this is a table that this page writes, or none. @param {any} table */
const isTable = (table) =>
  table == null ||
  (Array.isArray(table) &&
    table.every((row) => row?.length === 2 && row.every((/** @type {any} */ c) => typeof c === 'string')));

/** Whether this is what this page writes, as far as it matters for not failing later. @param {any} state */
export const isState = (state) =>
  typeof state?.wish?.quick === 'boolean' &&
  typeof state.shape === 'string' &&
  [state.stages, state.decided, state.own?.dialogues, state.own?.preferences].every(Array.isArray) &&
  isTable(state.table) &&
  state.stages.every(
    (/** @type {any} */ s) =>
      typeof s?.id === 'number' && typeof s.plan?.kind === 'string' && Array.isArray(s.trail) && s.found,
  );

/**
 * @param {Teaching} teaching
 * @param {Pick<Client, 'call'>} client
 */
export function keepCourse(teaching, client) {
  const { state } = teaching;
  /** Stages whose weights are on the device. @type {Set<number>} */
  let written = new Set();
  /** Whether something of this course is. */
  let kept = false;
  /** Counts courses: what was on its way for one of them is nothing to the next. */
  let course = 0;
  let begun = false;
  let writing = false;
  let again = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** What a later visit needs beside the weights. */
  const stateOf = () => ({
    wish: { ...state.wish.value, lang: state.info.value?.recipe.lang },
    shape: state.info.value ? shapeOf(state.info.value) : '',
    stages: state.stages.value,
    decided: state.decided.value,
    judged: state.judged.value,
    rule: state.rule.value,
    own: state.own.value,
    table: state.table.value,
    question: state.question.peek(),
    pair: state.pair.value,
    branch: state.branch.value,
    report: state.report.value,
  });

  async function write() {
    if (writing) {
      again = true;
      return;
    }
    writing = true;
    try {
      do {
        again = false;
        await writeOnce();
      } while (again);
    } catch (error) {
      if (!isCancelled(error)) told(0, failureOf(error));
    } finally {
      writing = false;
    }
  }

  async function writeOnce() {
    const [info, mine] = [state.info.peek(), course];
    const ids = state.stages.peek().map(({ id }) => id);
    if (!info || (ids.length === 0 && !kept)) return;
    if (ids.length === 0) return clear();
    /** @type {[number, Float32Array][]} */
    const added = [];
    for (const id of ids) if (!written.has(id)) added.push([id, await teaching.client.call('weights', { stage: id })]);
    // Begun anew meanwhile: nothing is to be kept.
    if (mine !== course || state.info.peek() !== info) return;
    const begin = kept ? {} : { checkpoint: teaching.checkpoint() };
    const { bytes } = await client.call('write', { state: stateOf(), stages: ids, added, ...begin });
    if (mine !== course) return;
    kept = true;
    // Of a stage that comes back the weights were deleted.
    written = new Set(ids);
    told(bytes);
  }

  /** @param {number} bytes @param {import('./failures.js').Failure | null} [failure] */
  function told(bytes, failure = null) {
    state.kept.value = { mode: state.kept.peek()?.mode ?? 'memory', bytes, failure };
  }

  async function clear() {
    course++;
    [written, kept] = [new Set(), false];
    await client.call('clear', {});
    told(0);
  }

  /** Brings back what an earlier visit left; then everything is kept. */
  async function begin() {
    if (begun) return;
    begun = true;
    try {
      const { mode, course } = await client.call('read', {});
      state.kept.value = { mode, bytes: course?.bytes ?? 0, failure: null };
      if (course) await restore(course);
    } catch (error) {
      told(0, failureOf(error));
    }
    effect(() => {
      stateOf();
      timer ??= setTimeout(() => {
        timer = undefined;
        void write();
      }, WAIT_MS);
    });
  }

  /** @param {KeptCourse} course */
  async function restore(course) {
    if (!isState(course.state)) return;
    if (await teaching.restore(course.state, course.stages, course.checkpoint, shapeOf)) {
      written = new Set(course.stages.map(([id]) => id));
      kept = true;
      if (course.lost > 0) state.failure.value = { code: 'course-lost', message: '', details: { n: course.lost } };
    }
  }

  return {
    begin,
    /** What was kept is deleted: another course begins. */
    async forget() {
      clearTimeout(timer);
      timer = undefined;
      await clear().catch(teaching.report);
    },
  };
}
