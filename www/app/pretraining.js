/** The state of chapter 4, and what its worker is asked. */

import { PretrainingClient } from '../engine/pretraining-client.js';
import { lang } from '../i18n/index.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { bytesOf } from '../views/format.js';
import { isMade, pageText } from './corpora.js';
import { documentsOf, judged, MOST_DOCUMENTS } from './documents.js';

/** @typedef {import('../engine/pretraining-protocol.js').ByHand} ByHand */
/** @typedef {import('../engine/pretraining-protocol.js').Failure} Failure */
/** @typedef {import('../engine/pretraining-protocol.js').Moment} Moment */
/** @typedef {import('../engine/pretraining-protocol.js').Norms} Norms */
/** @typedef {import('../engine/pretraining-protocol.js').Copied} Copied */
/** @typedef {import('../engine/protocol.js').CorpusName} CorpusName */
/** @typedef {{ step: number, bytes: Uint8Array, copied: Copied, unseen: Copied }} CopiedSample */

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

/** Stories that are looked at. */
const STORIES = 400;
/** Samples that are looked up: the first, and the newest of the others. */
const LOOKED_UP = 5;
/** A watchable pace: a step a second. */
const WATCH_MS = 1_000;

/** @param {import('./store.js').Store} store */
export function createPretrainingState(store) {
  return {
    active: computed(() => store.screen.value === 'ch4'),
    corpus: typed(/** @type {CorpusName | null} */ (null)),
    documents: typed(/** @type {import('./documents.js').Document[] | null} */ (null)),
    hand: typed({ step: 1, tensor: -1, index: 0 }),
    byHand: typed(/** @type {ByHand | null} */ (null)),
    moments: { rate: typed(/** @type {Moment[]} */ ([])), corpus: typed(/** @type {Moment[]} */ ([])) },
    failing: typed(/** @type {Failure | null} */ (null)),
    samples: typed(/** @type {CopiedSample[]} */ ([])),
    norms: typed(/** @type {Norms | null} */ (null)),
    looking: typed(false),
    watching: typed(false),
    /** Time that this page has trained for, and the steps done in it. */
    spent: typed({ ms: 0, steps: 0 }),
  };
}

/** @typedef {ReturnType<typeof createPretrainingState>} PretrainingState */
/**
 * @typedef {object} Parts
 * @property {PretrainingState} state
 * @property {import('./store.js').Store} store
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {import('./training.js').Training} training
 * @property {(error: unknown) => void} report
 */

/** Bytes of what a model wrote, without special tokens. @param {import('../engine/protocol.js').TokenList} tokens */
export function written(tokens) {
  const parts = Array.from(tokens.ids, (_, i) => (tokens.special[i] ? new Uint8Array() : bytesOf(tokens, i)));
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Which of the samples are looked up. @template T @param {readonly T[]} samples */
export const lookedUp = (samples) =>
  samples.length <= LOOKED_UP ? [...samples] : [samples[0], ...samples.slice(1 - LOOKED_UP)];

/** @param {Parts} parts */
export function createPretraining(parts) {
  const { state, store, engine, report } = parts;
  const quick = new PretrainingClient();
  const slow = new PretrainingClient();
  let failing = new AbortController();

  /** Documents of the chosen text. @param {CorpusName} corpus @param {AbortSignal} signal */
  async function documents(corpus, signal) {
    if (isMade(corpus)) {
      const chinese = corpus === 'stories-zh';
      return judged(await quick.call('stories', { chinese, seed: store.run.peek().seed % 2 ** 31, count: STORIES }));
    }
    const own = store.own.peek();
    if (corpus === 'own' && !own) return [];
    const bytes =
      corpus === 'own'
        ? await own?.blob.slice(0, 2e6).arrayBuffer()
        : await pageText(corpus === 'names' ? 'names' : 'moby-dick', signal);
    const list = corpus === 'names';
    return judged(documentsOf(new TextDecoder().decode(bytes), list ? 'lines' : 'paragraphs'), list);
  }

  effect(() => {
    const corpus = state.corpus.value ?? store.model.value?.settings.corpus;
    if (!state.active.value || !corpus) return undefined;
    store.own.value;
    const controller = new AbortController();
    state.documents.value = null;
    documents(corpus, controller.signal).then(
      (found) => {
        if (!controller.signal.aborted) state.documents.value = found.slice(0, MOST_DOCUMENTS);
      },
      (error) => !controller.signal.aborted && report(error),
    );
    return () => controller.abort();
  });

  let asked = 0;
  effect(() => {
    const { step, tensor, index } = state.hand.value;
    if (!state.active.value) return;
    const mine = ++asked;
    // The head, whose sum can be written out, is the last tensor: how many there are is known with the first answer.
    const last = state.byHand.peek()?.tensors.length ?? 0;
    const chosen = tensor < 0 ? Math.max(0, last - 1) : tensor;
    quick.call('byHand', { step, tensor: chosen, index }).then((found) => {
      if (mine !== asked) return;
      state.byHand.value = found;
      if (tensor < 0) state.hand.value = { step, tensor: found.tensors.length - 1, index };
    }, report);
  });

  /** @param {Failure} failure */
  async function fail(failure) {
    failing.abort();
    failing = new AbortController();
    const moments = state.moments[failure];
    batch(() => {
      moments.value = [];
      state.failing.value = failure;
    });
    /** @type {Moment[]} */
    const found = [];
    let shown = 0;
    const onProgress = (/** @type {Moment} */ moment) => {
      found.push(moment);
      if (!moment.done && performance.now() - shown < 100) return;
      shown = performance.now();
      moments.value = [...found];
    };
    try {
      await slow.call('fail', { failure, chinese: lang.peek() !== 'en' }, { signal: failing.signal, onProgress });
    } catch (error) {
      report(error);
    }
    if (state.failing.peek() === failure) state.failing.value = null;
  }

  /** Looks up the samples and measures the next step, on a copy of the model. */
  async function look() {
    if (state.looking.peek() || !store.model.peek()) return;
    state.looking.value = true;
    const client = new PretrainingClient();
    const samples = lookedUp(store.samples.peek()).map(({ step, tokens }) => ({ step, bytes: written(tokens) }));
    try {
      const checkpoint = await engine.call('save', {});
      const texts = samples.map(({ bytes }) => bytes);
      const found = await client.call('look', { checkpoint, texts }, { transfer: [checkpoint.buffer] });
      batch(() => {
        state.norms.value = found.norms;
        state.samples.value = samples.map((s, i) => ({ ...s, copied: found.copied[i], unseen: found.unseen[i] }));
      });
    } catch (error) {
      report(error);
    } finally {
      client.close();
      state.looking.value = false;
    }
  }

  watch(parts);
  // What was looked up belongs to one model.
  effect(() => {
    store.model.value;
    batch(() => {
      state.samples.value = [];
      state.norms.value = null;
      state.spent.value = { ms: 0, steps: 0 };
    });
  });
  return { fail, look };
}

/** A step a second while that is wanted, and how long training has taken. @param {Parts} parts */
function watch({ state, store, training }) {
  effect(() => {
    if (!state.watching.value || !state.active.value) return undefined;
    const timer = setInterval(() => {
      if (store.running.peek() || store.opening.peek()) return;
      void training.step();
    }, WATCH_MS);
    return () => clearInterval(timer);
  });
  effect(() => {
    // Training at full speed ends the other pace.
    if (store.running.value) state.watching.value = false;
  });
  effect(() => {
    if (!store.running.value) return undefined;
    const [from, at] = [store.step.peek(), performance.now()];
    return () => {
      const { ms, steps } = state.spent.peek();
      const done = store.step.peek() - from;
      if (done > 0) state.spent.value = { ms: ms + performance.now() - at, steps: steps + done };
    };
  });
}

/** @typedef {ReturnType<typeof createPretraining>} Pretraining */
