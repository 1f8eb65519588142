/** The settings drawer: a draft of a run, what it would cost, what is wrong with it. */

import { lang } from '../i18n/index.js';
import { contradictions, defaultRun, expected, inRange, row, TABLE } from '../state.js';
import { batch, effect } from '../vendor/signals/signals-core.js';
import { size } from '../views/format.js';
import { plain } from '../views/settings-rows.js';

/** @typedef {import('../engine/protocol.js').RunSettings} RunSettings */
/** @typedef {{ key: string, params: Record<string, string | number> }} Problem */

/** Settings that change a model at work, not the next one. */
const LIVE = /** @type {const} */ (['learningRate', 'steps']);

/** Sizes that are offered, small to large: layers and width. */
const SIZES = /** @type {const} */ ([
  [1, 32],
  [2, 64],
  [3, 96],
  [4, 128],
  [6, 192],
  [8, 256],
]);
/** How long learners are willing to watch. */
const PATIENCE_MS = 180_000;

/**
 * The largest of the usual sizes whose steps this machine does in a few minutes. Rounded figures: 6 operations a weight and token,
 * 12 w² weights a layer, and one product with the vocabulary; what attention costs is small at these contexts.
 * @param {number} flopsPerSecond  measured
 * @param {Pick<RunSettings, 'batch' | 'context' | 'steps' | 'vocabSize'>} draft
 */
export function fittingSize(flopsPerSecond, { batch, context, steps, vocabSize }) {
  const cost = (/** @type {readonly [number, number]} */ [layers, width]) =>
    6 * (12 * layers * width ** 2 + vocabSize * width) * batch * context * steps;
  const fits = SIZES.filter((size) => (1000 * cost(size)) / flopsPerSecond <= PATIENCE_MS);
  const [layers, width] = fits.at(-1) ?? SIZES[0];
  return { layers, width, ms: (1000 * cost([layers, width])) / flopsPerSecond };
}

/** What a draft contradicts by itself. @param {RunSettings} draft @param {boolean} hasOwn @returns {Record<string, Problem>} */
export function problemsOf(draft, hasOwn) {
  /** @type {Record<string, Problem>} */
  const problems = {};
  for (const { name, fits } of contradictions(draft)) {
    problems[name] = { key: 'settings.wrong.fits', params: { found: draft[name], fits: fits.join(', ') } };
  }
  for (const r of TABLE) {
    const value = r.part === 'run' ? draft[/** @type {keyof RunSettings} */ (r.name)] : null;
    if (typeof value === 'number' && !inRange(r, value)) {
      problems[r.name] = {
        key: 'settings.wrong.range',
        params: { found: Number.isNaN(value) ? '–' : plain(value), expected: expected(r) },
      };
    }
  }
  if (draft.corpus === 'own' && !hasOwn) problems.corpus = { key: 'settings.wrong.own', params: {} };
  return problems;
}

/** A change and what follows from it. @param {RunSettings} draft @param {Partial<RunSettings>} patch @returns {RunSettings} */
export function changed(draft, patch) {
  const next = { ...draft, ...patch };
  // Every style has a recipe of its own; what the learner has set apart from the former one's is kept.
  if (patch.style && patch.style !== draft.style) {
    const [from, to] = [defaultRun('en', draft.style), defaultRun('en', patch.style)];
    if (draft.learningRate === from.learningRate) next.learningRate = to.learningRate;
    if (draft.schedule === from.schedule) next.schedule = to.schedule;
  }
  const shared = patch.kvHeads ?? draft.kvHeads;
  if (
    next.style === 'gpt2' ||
    (patch.kvHeads === undefined && (draft.kvHeads === draft.heads || next.heads % shared !== 0))
  ) {
    next.kvHeads = next.heads;
  }
  return next;
}

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./opening.js').Opening} parts.opening
 * @param {import('./training.js').Training} parts.training
 */
export function createDrafting({ store, notices, engine, opening, training }) {
  let asked = 0;

  /** @param {RunSettings} draft */
  async function estimate(draft) {
    const mine = ++asked;
    const problems = problemsOf(draft, store.own.peek() !== null);
    store.draftErrors.value = problems;
    if (Object.keys(problems).some((name) => name !== 'corpus')) {
      store.estimate.value = null;
      return;
    }
    const found = await engine.call('estimate', { settings: draft }).catch(() => null);
    if (mine !== asked) return;
    batch(() => {
      store.estimate.value = found;
      if (found?.error) store.draftErrors.value = { ...problems, ...problemOf(found.error) };
    });
  }

  effect(() => {
    store.own.value;
    if (store.draft.value) void estimate(store.draft.value);
  });

  async function measure() {
    if (store.flopsPerSecond.peek() !== null || store.running.peek()) return;
    const measured = await engine.call('measure', {}).catch(() => null);
    if (measured) store.flopsPerSecond.value = measured.flopsPerSecond;
  }

  /** @param {Partial<RunSettings>} [patch] */
  function open(patch = {}) {
    if (!store.draft.peek())
      store.draft.value = changed({ ...store.run.peek(), steps: store.steps.peek() || store.run.peek().steps }, patch);
    else change(patch);
    void measure();
  }

  /** @param {Partial<RunSettings>} patch */
  function change(patch) {
    const draft = store.draft.peek();
    if (!draft) return;
    const next = changed(draft, patch);
    store.draft.value = next;
    const live = LIVE.filter((name) => patch[name] !== undefined && inRange(row('run', name), next[name]));
    if (live.length > 0 && store.model.peek()) {
      training.tune(Object.fromEntries(live.map((name) => [name, next[name]]))).catch(opening.report);
    }
  }

  function close() {
    store.draft.value = null;
    for (const id of ['gb18030', 'lossy', 'too-large', 'unreadable', 'long-text']) notices.drop(id);
  }

  function start() {
    const draft = store.draft.peek();
    if (!draft || Object.keys(store.draftErrors.peek()).length > 0) return;
    close();
    notices.drop('saved-run');
    void opening.open(draft);
  }

  /** The stories of the page's language. */
  const stories = () => defaultRun(lang.peek()).corpus;

  return { open, change, close, start, measure, stories };
}

/** Where an error of the engine belongs. @param {import('../engine/protocol.js').EngineError} error @returns {Record<string, Problem>} */
function problemOf({ code, message, details }) {
  if (code === 'setting' && TABLE.some((r) => r.part === 'run' && r.name === details.name)) {
    return {
      [details.name]: {
        key: 'settings.wrong.range',
        params: { found: details.found ?? '', expected: details.expected ?? '' },
      },
    };
  }
  if (code === 'memory') {
    return {
      model: {
        key: 'error.memory',
        params: { foundBytes: size(Number(details.foundBytes)), expectedBytes: size(Number(details.expectedBytes)) },
      },
    };
  }
  return { model: { key: 'error.other', params: { message } } };
}

/** @typedef {ReturnType<typeof createDrafting>} Drafting */
