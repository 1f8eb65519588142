/** Attention, the prediction and what was generated: the same figures in the playground and in chapters. */

import { row } from '../state.js';
import { AttentionView } from '../views/attention.js';
import { GeneratedView } from '../views/generated.js';
import { PredictionView } from '../views/prediction.js';
import { paint } from './paint.js';
import { headOf, isUntrained } from './shown.js';

/**
 * @typedef {object} Parts
 * @property {import('./store.js').Store} store
 * @property {import('./reading.js').Reading} reading
 * @property {import('./writing.js').Writing} writing
 */

/** @param {HTMLElement} place @param {Parts} parts @param {string} [id]  of the figure's parts */
export function showAttention(place, { store, reading }, id) {
  const on = {
    select: reading.select,
    hover: (/** @type {number} */ i) => (store.hovered.value = i),
    head(/** @type {number} */ layer, /** @type {number} */ head) {
      store.layer.value = layer;
      store.head.value = head;
    },
    atStep: reading.showStep,
  };
  const view = new AttentionView(place, on, { id });
  paint(
    () => ({
      tokens: store.tokens.value,
      inspection: store.inspection.value,
      selected: store.cursor.value,
      hovered: store.hovered.value,
      ...headOf(store),
      step: store.step.value,
      atStep: store.atStep.value,
      learning: store.running.value,
      keptSteps: store.keptSteps.value,
      theme: store.theme.value,
      screen: store.screen.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {HTMLElement} place @param {Parts} parts @param {string} [id]  of the figure's parts */
export function showPrediction(place, { store, reading, writing }, id) {
  const on = {
    sampling: reading.setSampling,
    samples: (/** @type {number} */ count) => (store.samplesAtOnce.value = count),
    take: writing.take,
    generate: writing.generate,
    stop: writing.stop,
  };
  const view = new PredictionView(place, on, id);
  paint(
    () => ({
      tokens: store.tokens.value,
      inspection: store.inspection.value,
      selected: store.hovered.value >= 0 ? store.hovered.value : store.cursor.value,
      vocabulary: store.vocabulary.value,
      vocabSize: store.model.value?.vocabSize ?? row('run', 'vocabSize').min ?? 0,
      sampling: store.sampling.value,
      samples: store.samplesAtOnce.value,
      generating: store.generating.value,
      atStep: store.atStep.value,
      learning: store.running.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {HTMLElement} place @param {Parts} parts @param {string} [id]  of the figure's parts */
export function showGenerated(place, { store, writing }, id) {
  const on = {
    select: (/** @type {number} */ sample, /** @type {number} */ token) =>
      (store.generatedSelected.value = { sample, token }),
    append: writing.append,
    clear: writing.clear,
  };
  const view = new GeneratedView(place, on, id);
  paint(
    () => ({
      prompt: store.prompt.value,
      samples: store.generated.value,
      vocabulary: store.vocabulary.value,
      selected: store.generatedSelected.value,
      running: store.generating.value,
      perSecond: store.generatedPerSecond.value,
      untrained: isUntrained(store),
    }),
    (data) => view.update(data),
    place,
  );
}
