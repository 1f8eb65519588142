/** The figures of chapter 2: what each shows, what its events do. */

import { batch } from '../vendor/signals/signals-core.js';
import { LadderView } from '../views/ladder.js';
import { PrefixView } from '../views/prefix.js';
import { RivalsView } from '../views/rivals.js';
import { SamplerView } from '../views/sampler.js';
import { SurpriseView } from '../views/surprise.js';
import { figurePlace } from './figure.js';
import { paint } from './paint.js';
import { showGenerated, showPrediction } from './predicting.js';
import { drawn, seeded } from './predictor.js';
import { noticesAt } from './shown.js';

/**
 * @typedef {object} Parts
 * @property {import('./predictor.js').PredictorState} state
 * @property {import('./store.js').Store} store
 * @property {import('./reading.js').Reading} reading
 * @property {import('./writing.js').Writing} writing
 * @property {(text: string) => void} typed
 * @property {import('../views/chapter.js').ChapterView} view
 */

/** @param {Parts} parts */
function prefix(parts) {
  const { store, reading } = parts;
  const place = figurePlace(parts.view, 0, 'measured');
  const view = new PrefixView(place, {
    text: parts.typed,
    select: reading.select,
    hover: (i) => (store.hovered.value = i),
  });
  paint(
    () => ({
      text: store.text.value,
      tokens: store.tokens.value,
      selected: store.cursor.value,
      hovered: store.hovered.value,
      notice: noticesAt(store, 'text'),
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function prediction(parts) {
  showPrediction(figurePlace(parts.view, 0, 'measured'), parts, 'chapter-prediction');
  showGenerated(figurePlace(parts.view, 0, 'measured'), parts, 'chapter-generated');
}

/** Tokens chosen by hand with the probability that each had, as far as that is known. @param {import('./predictor.js').PredictorState} state */
export function chosenOf({ chosen, trail }) {
  const known = trail.value;
  return chosen.value.map((id, i) => ({ id, p: known[i]?.[id] ?? 1 }));
}

/** @param {Parts} parts */
function sampler(parts) {
  const { state, store } = parts;
  const atEnd = () => state.trail.peek()[state.chosen.peek().length] ?? null;
  /** @param {number[]} chosen */
  const set = (chosen) =>
    batch(() => {
      // What was expected behind a token that is taken back is of no use any more.
      state.trail.value = state.trail
        .peek()
        .slice(0, chosen.length + (chosen.length > state.chosen.peek().length ? 0 : 1));
      state.chosen.value = chosen;
    });
  let random = seeded(1);
  const choose = (/** @type {number} */ id) => atEnd() && set([...state.chosen.peek(), id]);
  const place = figurePlace(parts.view, 1, 'derived');
  const view = new SamplerView(place, {
    choose,
    draw() {
      const next = atEnd();
      if (next) choose(drawn(next, random()));
    },
    undo: () => set(state.chosen.peek().slice(0, -1)),
    restart() {
      random = seeded(1);
      set([]);
    },
  });
  /** What was shown last: the bars stay while the next ones are on their way. @type {Float32Array | null} */
  let last = null;
  paint(
    () => {
      const next = state.trail.value[state.chosen.value.length] ?? null;
      last = next ?? (state.prefix.value.length > 0 && last?.length === store.model.value?.vocabSize ? last : null);
      return {
        vocabulary: store.vocabulary.value,
        given: state.prefix.value,
        chosen: chosenOf(state),
        next: last,
        ready: next !== null,
      };
    },
    (data) => view.update(data),
    place,
  );
}

/** Nats per token of validation text by predictor, and what a nat is in bits per byte; null before both are measured. @param {import('./store.js').Store} store */
export function rungs({ baselines, evaluations }) {
  const evaluation = evaluations.value.at(-1);
  if (!baselines.value || !evaluation) return null;
  const { uniform, bigram, trigram } = baselines.value;
  return {
    nats: { uniform, bigram, trigram, model: evaluation.lossNats },
    bitsPerNat: evaluation.bitsPerByte / evaluation.lossNats,
  };
}

/** @param {Parts} parts */
function ladder(parts) {
  const { state, store } = parts;
  const place = figurePlace(parts.view, 2, 'measured');
  const view = new LadderView(place);
  paint(
    () => {
      const known = rungs(store);
      const step = store.evaluations.value.at(-1)?.step ?? 0;
      return { nats: known?.nats ?? null, bitsPerNat: known?.bitsPerNat ?? 0, step };
    },
    (data) => view.update(data),
    place,
  );
  const rivalsPlace = figurePlace(parts.view, 2, 'measured');
  const rivals = new RivalsView(rivalsPlace, { write: () => state.draw.value++ });
  paint(
    () => ({
      vocabulary: store.vocabulary.value,
      prefix: state.prefix.value,
      next: state.next.value,
      written: state.written.value,
      context: store.model.value?.settings.context ?? 0,
    }),
    (data) => rivals.update(data),
    rivalsPlace,
  );
}

/** @param {Parts} parts */
function surprise(parts) {
  const { state, store, reading } = parts;
  const place = figurePlace(parts.view, 3, 'measured');
  const view = new SurpriseView(place, {
    text: parts.typed,
    select: reading.select,
    by: (name) => (state.by.value = name),
  });
  paint(
    () => ({
      text: store.text.value,
      scores: state.scores.value,
      vocabSize: store.model.value?.vocabSize ?? 2,
      by: state.by.value,
      selected: store.cursor.value,
      learning: store.running.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
export function drawPredictors(parts) {
  for (const draw of [prefix, prediction, sampler, ladder, surprise]) draw(parts);
}
