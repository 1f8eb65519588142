/** The figures of chapter 4: what each shows, what its events do. */

import { ByHandView } from '../views/by-hand.js';
import { CopiedView } from '../views/copied.js';
import { DocumentsView } from '../views/documents.js';
import { FailingView } from '../views/failing.js';
import { LossView } from '../views/loss.js';
import { NormsView } from '../views/norms.js';
import { PaceView } from '../views/pace.js';
import { figurePlace } from './figure.js';
import { paint } from './paint.js';
import { showAttention, showPrediction } from './predicting.js';
import { promisedOf } from './shown.js';

/** Steps of the tiny model that can be looked at: those of `src/studio/pretraining/by_hand.rs`. */
const MOST_STEPS = 200;

/**
 * @typedef {object} Parts
 * @property {import('./pretraining.js').PretrainingState} state
 * @property {import('./pretraining.js').Pretraining} pretraining
 * @property {import('./store.js').Store} store
 * @property {import('./reading.js').Reading} reading
 * @property {import('./writing.js').Writing} writing
 * @property {import('./training.js').Training} training
 * @property {import('./drafting.js').Drafting} drafting
 * @property {import('../views/chapter.js').ChapterView} view
 */

/** What a step took, measured while training or by a trial; null: neither yet. @param {import('./store.js').Store} store @param {import('./pretraining.js').PretrainingState} state */
export function stepMs({ model, running, tokensPerSecond, flopsPerSecond }, { spent }) {
  const info = model.value;
  if (!info) return null;
  if (running.value && tokensPerSecond.value > 0)
    return (1000 * info.settings.batch * info.settings.context) / tokensPerSecond.value;
  if (spent.value.steps > 0) return spent.value.ms / spent.value.steps;
  return flopsPerSecond.value ? (1000 * info.flopsPerStep) / flopsPerSecond.value : null;
}

/** Prints the step by hand, and nothing else of the page. */
function printAlone() {
  const { classList } = document.documentElement;
  classList.add('step-alone');
  addEventListener('afterprint', () => classList.remove('step-alone'), { once: true });
  window.print();
}

/** @param {Parts} parts */
function learning(parts) {
  const { state, store, reading, training } = parts;
  const lossPlace = figurePlace(parts.view, 0, 'measured');
  const loss = new LossView(lossPlace, { pin: reading.showStep });
  paint(
    () => ({
      trainLoss: store.trainLoss.value,
      evaluations: store.evaluations.value,
      baselines: store.baselines.value,
      steps: store.steps.value || store.run.value.steps,
      step: store.step.value,
      samples: store.samples.value,
      vocabSize: store.model.value?.vocabSize ?? 0,
      atStep: store.atStep.value,
      theme: store.theme.value,
      promised: promisedOf(store),
      screen: store.screen.value,
    }),
    (data) => loss.update(data),
    lossPlace,
  );
  const pacePlace = figurePlace(parts.view, 0, 'measured');
  const pace = new PaceView(pacePlace, {
    watch: (on) => (state.watching.value = on),
    train: () => void training.train(),
  });
  paint(
    () => ({
      step: store.step.value,
      steps: store.steps.value || store.run.value.steps,
      running: store.running.value,
      watching: state.watching.value,
      spent: state.spent.value,
      stepMs: stepMs(store, state),
      lastLoss: store.trainLoss.value.at(-1) ?? Number.NaN,
      tokensPerStep: (store.model.value?.settings.batch ?? 0) * (store.model.value?.settings.context ?? 0),
    }),
    (data) => pace.update(data),
    pacePlace,
  );
}

/** @param {Parts} parts */
function documents(parts) {
  const { state, store, drafting } = parts;
  const place = figurePlace(parts.view, 1, 'derived');
  const view = new DocumentsView(place, {
    corpus: (name) => (state.corpus.value = name),
    learn: (corpus) => drafting.open({ corpus }),
  });
  paint(
    () => {
      const model = store.model.value?.settings.corpus ?? store.run.value.corpus;
      const corpus = state.corpus.value ?? model;
      return { corpus, model, hasOwn: store.own.value !== null, documents: state.documents.value };
    },
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function past(parts) {
  showAttention(figurePlace(parts.view, 2, 'measured'), parts, 'past-attention');
  showPrediction(figurePlace(parts.view, 2, 'measured'), parts, 'past-prediction');
}

/** @param {Parts} parts */
function byHand(parts) {
  const { state, store, pretraining } = parts;
  const place = figurePlace(parts.view, 3, 'measured');
  const view = new ByHandView(place, {
    choose: (patch) => (state.hand.value = { ...state.hand.peek(), ...patch }),
    print: printAlone,
  });
  paint(
    () => ({ found: state.byHand.value, most: MOST_STEPS }),
    (data) => view.update(data),
    place,
  );
  const normsPlace = figurePlace(parts.view, 3, 'measured');
  const norms = new NormsView(normsPlace, { look: () => void pretraining.look() });
  paint(
    () => ({ norms: state.norms.value, looking: state.looking.value, ready: store.model.value !== null }),
    (data) => norms.update(data),
    normsPlace,
  );
}

/** @param {Parts} parts */
function failing(parts) {
  const { state, store, pretraining } = parts;
  for (const failure of /** @type {const} */ (['rate', 'corpus'])) {
    const place = figurePlace(parts.view, 4, 'measured');
    const view = new FailingView(place, failure, {
      start: () => void pretraining.fail(failure),
    });
    paint(
      () => ({
        moments: state.moments[failure].value,
        running: state.failing.value === failure,
        theme: store.theme.value,
        screen: store.screen.value,
      }),
      (data) => view.update(data),
      place,
    );
  }
}

/** @param {Parts} parts */
function copied(parts) {
  const { state, store, pretraining } = parts;
  const place = figurePlace(parts.view, 5, 'measured');
  const view = new CopiedView(place, { look: () => void pretraining.look() });
  paint(
    () => ({ samples: state.samples.value, looking: state.looking.value, count: store.samples.value.length }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
export function drawPretraining(parts) {
  for (const draw of [learning, documents, past, byHand, failing, copied]) draw(parts);
}
