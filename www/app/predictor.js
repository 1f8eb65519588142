/** The state of chapter 2, and what follows from the text and the model: asked anew when either changes. */

import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { paced } from './paced.js';

/** @typedef {import('../engine/protocol.js').Scores & { tokens: import('../engine/protocol.js').TokenList }} Scored */
/** @typedef {import('../views/ladder.js').Predictor} Predictor */

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

const SAMPLE_TOKENS = 24;
/** Sampling of the samples: the predictors as they are. */
const PLAIN = { temperature: 1, topK: 0, topP: 1, minP: 0 };

/** @param {import('./store.js').Store} store */
export function createPredictorState(store) {
  const { tokens } = store;
  /** @type {number[]} */
  let prefix = [];
  return {
    active: computed(() => store.screen.value === 'ch2'),
    /** Ids of the text up to the selected token. */
    prefix: computed(() => {
      const ids = Array.from(tokens.value?.ids.subarray(0, store.cursor.value + 1) ?? []);
      // The same list as long as it is the same text: while training it is read again and again.
      if (ids.length !== prefix.length || ids.some((id, i) => id !== prefix[i])) prefix = ids;
      return prefix;
    }),
    /** The same as text. */
    prefixText: computed(() => store.text.value.slice(0, tokens.value?.utf16End[store.cursor.value] ?? 0)),
    chosen: typed(/** @type {number[]} */ ([])),
    /** What the model expected at each place of the chosen tokens, and after them. */
    trail: typed(/** @type {Float32Array[]} */ ([])),
    next: typed(/** @type {Record<Exclude<Predictor, 'uniform'>, Float32Array> | null} */ (null)),
    written: typed(/** @type {Partial<Record<Predictor, number[]>>} */ ({})),
    draw: typed(1),
    scores: typed(/** @type {Scored | null} */ (null)),
    by: typed(/** @type {import('../views/surprise.js').Scorer} */ ('model')),
  };
}

/** @typedef {ReturnType<typeof createPredictorState>} PredictorState */

/**
 * @typedef {object} Parts
 * @property {PredictorState} state
 * @property {import('./store.js').Store} store
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {(error: unknown) => void} report
 */

/** A prime: the generator's state is never 0. */
const PRIME = 2 ** 31 - 1;

/** Numbers between 0 and 1 from a seed: the generator of Park and Miller (1988). @param {number} seed  from 0 */
export function seeded(seed) {
  let state = 1 + (seed % (PRIME - 1));
  const next = () => {
    state = (state * 48_271) % PRIME;
    return (state - 1) / (PRIME - 1);
  };
  // The first numbers of neighbouring seeds lie near each other.
  next();
  next();
  return next;
}

/** The id on which a number between 0 and 1 falls. @param {Float32Array} probs @param {number} unit */
export function drawn(probs, unit) {
  let left = unit * probs.reduce((a, b) => a + b, 0);
  for (let id = 0; id < probs.length; id++) {
    left -= probs[id];
    if (left < 0) return id;
  }
  return probs.indexOf(probs.reduce((a, b) => Math.max(a, b), 0));
}

/** What the tables and the model expect after the prefix. @param {Parts} parts */
function followNext({ state, store, engine, report }) {
  paced(() => {
    const [prefix, model] = [state.prefix.value, store.model.value];
    store.step.value;
    if (!state.active.value || !model) return null;
    return {
      key: [prefix, model],
      task: async (signal) => {
        if (prefix.length === 0) {
          state.next.value = null;
          return;
        }
        const ids = Uint32Array.from(prefix);
        const [byModel, bigram, trigram] = await Promise.all(
          /** @type {const} */ ([0, 2, 3]).map((n) => engine.call('next', { ids, n })),
        );
        if (!signal.aborted) state.next.value = { model: byModel, bigram, trigram };
      },
    };
  }, report);
}

/** The distributions along the tokens that the learner has chosen. @param {Parts} parts */
function followTrail({ state, store, engine, report }) {
  let readAt = -1;
  paced(() => {
    const [prefix, chosen, model] = [state.prefix.value, state.chosen.value, store.model.value];
    const step = store.step.value;
    if (!state.active.value || !model || prefix.length === 0) return null;
    return {
      key: [prefix, chosen, model],
      task: async (signal) => {
        const trail = readAt === step ? state.trail.peek().slice(0, chosen.length + 1) : [];
        while (trail.length <= chosen.length) {
          const ids = Uint32Array.from([...prefix, ...chosen.slice(0, trail.length)]);
          trail.push(await engine.call('next', { ids, n: 0 }));
          if (signal.aborted) return;
        }
        readAt = step;
        state.trail.value = trail;
      },
    };
  }, report);
  // Another text or model: the learner begins again.
  effect(() => {
    state.prefix.value;
    store.model.value;
    batch(() => {
      state.chosen.value = [];
      state.trail.value = [];
    });
  });
}

/** What each predictor writes after the prefix. @param {Parts} parts */
function followWritten({ state, store, engine, report }) {
  /** @param {0 | 2 | 3} n @param {number[]} prefix @param {() => number} random @param {AbortSignal} signal */
  async function byCounting(n, prefix, random, signal) {
    const made = [...prefix];
    while (made.length < prefix.length + SAMPLE_TOKENS && !signal.aborted)
      made.push(drawn(await engine.call('next', { ids: Uint32Array.from(made), n }), random()));
    return made.slice(prefix.length);
  }

  /** @param {string} text @param {number} seed @param {AbortSignal} signal */
  async function byModel(text, seed, signal) {
    /** @type {number[]} */
    const made = [];
    const onProgress = (/** @type {import('../engine/protocol.js').ProgressValue} */ token) => {
      if ('topIds' in token) made.push(token.id);
    };
    const args = { text, count: SAMPLE_TOKENS, sampling: { ...PLAIN, seed } };
    await engine.call('generate', args, { signal, onProgress });
    return made;
  }

  paced(() => {
    const [prefix, text, seed, vocabulary] = [
      state.prefix.value,
      state.prefixText.value,
      state.draw.value,
      store.vocabulary.value,
    ];
    store.step.value;
    if (!state.active.value || !vocabulary || !store.model.value || prefix.length === 0) return null;
    return {
      key: [prefix, seed, vocabulary],
      task: async (signal) => {
        const random = seeded(seed);
        const size = vocabulary.ids.length;
        const uniform = Array.from({ length: SAMPLE_TOKENS }, () => Math.floor(random() * size));
        const [bigram, trigram, model] = await Promise.all([
          byCounting(2, prefix, seeded(seed + 1), signal),
          byCounting(3, prefix, seeded(seed + 2), signal),
          byModel(text, seed, signal),
        ]);
        if (!signal.aborted) state.written.value = { uniform, bigram, trigram, model };
      },
    };
  }, report);
}

/** The surprise of every token of the text. @param {Parts} parts */
function followScores({ state, store, engine, report }) {
  paced(() => {
    const [text, model] = [store.text.value, store.model.value];
    store.step.value;
    if (!state.active.value || !model) return null;
    return {
      key: [text, model],
      task: async (signal) => {
        const scores = await engine.call('score', { text }, { signal });
        if (!signal.aborted) state.scores.value = scores;
      },
    };
  }, report);
}

/** @param {Parts} parts */
export function followPredictors(parts) {
  for (const follow of [followNext, followTrail, followWritten, followScores]) follow(parts);
}
