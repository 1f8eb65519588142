/** The views of the page: what each shows, and what its events do. */

import { t } from '../i18n/index.js';
import { FooterView } from '../views/footer.js';
import { HeaderView } from '../views/header.js';
import { KeysView } from '../views/keys.js';
import { ModelBarView } from '../views/model-bar.js';
import { SettingsView } from '../views/settings.js';
import { TextView } from '../views/text.js';
import { fittingSize } from './drafting.js';
import { late } from './late.js';
import { paint } from './paint.js';
import { showAttention, showGenerated, showPrediction } from './predicting.js';
import { barData, headerData, mergeOf, noticesAt, openingSentence, promisedOf, vocabularyOf } from './shown.js';

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @typedef {object} Parts
 * @property {import('./store.js').Store} store
 * @property {import('./training.js').Training} training
 * @property {import('./reading.js').Reading} reading
 * @property {import('./writing.js').Writing} writing
 * @property {import('./drafting.js').Drafting} drafting
 * @property {import('./files.js').Files} files
 * @property {(text: string) => void} typed   a text box of the playground's text was changed
 * @property {() => void} share
 * @property {(error: unknown) => void} report
 * @property {import('./address.js').Address} address
 */

/** @param {Parts} parts */
function frame({ store, training, drafting, files, address, share }) {
  const settings = () => drafting.open();
  const header = new HeaderView(at('header'), {
    go: address.go,
    copyLink: () => void address.copyLink(),
    share,
    open: files.choose,
    save: files.ways,
    language: address.setLanguage,
    theme: address.nextTheme,
    step: () => void training.step(),
    reset: () => void training.reset(),
    undo: () => void training.undo(),
    settings,
  });
  const bar = new ModelBarView(at('model-bar'), {
    train: () => void training.train(),
    step: () => void training.step(),
    reset: () => void training.reset(),
    undo: () => void training.undo(),
    settings,
  });
  const keys = new KeysView(document.body);
  const footer = new FooterView(at('footer'), { keys: () => keys.open() });
  paint(
    () => headerData(store),
    (data) => header.update(data),
  );
  paint(
    () => barData(store),
    (data) => bar.update(data),
  );
  paint(
    () => store.screen.value,
    (screen) => footer.update(screen === 'play'),
  );
  return { keys };
}

/** @param {Parts} parts */
function drawer({ store, training, drafting, files }) {
  const view = new SettingsView(document.body, {
    change: drafting.change,
    start: drafting.start,
    close: drafting.close,
    choose: files.choose,
    encoding: files.encoding,
    share: training.share,
    projector: (on) => (store.projector.value = on),
    rebuild: (build) => void training.rebuild(build),
  });
  paint(
    () => {
      const draft = store.draft.value;
      const estimate = store.estimate.value;
      const speed = store.flopsPerSecond.value;
      const errors = Object.entries(store.draftErrors.value).map(([name, { key, params }]) => [name, t(key, params)]);
      return {
        draft,
        own: store.own.value,
        estimate,
        stepMs: estimate && !estimate.error && speed ? (1000 * estimate.flopsPerStep) / speed : null,
        errors: /** @type {Record<string, string>} */ (Object.fromEntries(errors)),
        hasModel: store.model.value !== null,
        projector: store.projector.value,
        fitting: speed && draft ? fittingSize(speed, draft) : null,
        workers: store.workers.value,
        engine: store.engine.value,
        variant: store.variant.value,
        workersNow: store.running.value ? store.workersNow.value : 0,
        peak: store.peak.value,
        notice: noticesAt(store, 'data'),
      };
    },
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function text({ store, reading, writing, typed }) {
  const view = new TextView(at('text'), {
    text: typed,
    select: reading.select,
    hover: (i) => (store.hovered.value = i),
    toggle: (name, on) => ((name === 'ids' ? store.showIds : store.showBytes).value = on),
    preset(name) {
      writing.clear();
      reading.setText(t(`sample.${name}`));
      reading.select(Number.POSITIVE_INFINITY);
    },
  });
  paint(
    () => ({
      text: store.text.value,
      tokens: store.tokens.value,
      selected: store.cursor.value,
      hovered: store.hovered.value,
      showIds: store.showIds.value,
      showBytes: store.showBytes.value,
      vocabulary: vocabularyOf(store),
      notice: noticesAt(store, 'text'),
      progress: openingSentence(store) ?? undefined,
      mergeOf: mergeOf(store),
    }),
    (data) => view.update(data),
    at('text'),
  );
}

/** @param {Parts} parts */
function looking(parts) {
  showAttention(at('attention'), parts);
  showPrediction(at('prediction'), parts);
}

/** @param {Parts} parts */
function learning(parts) {
  const { store, reading } = parts;
  // Charts are a third of the page's scripts: they come when the curve is drawn first.
  const loss = late(at('loss'), async () => {
    const { LossView } = await import('../views/loss.js');
    return new LossView(at('loss'), { pin: reading.showStep });
  });
  paint(
    () => ({
      view: loss.view.value,
      failures: loss.failures.value,
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
    }),
    ({ view, failures, ...data }) => (view ? view.update(data) : loss.wait()),
    at('loss'),
  );
  showGenerated(at('generated'), parts);
}

/** @param {Parts} parts */
export function createScreen(parts) {
  const { keys } = frame(parts);
  for (const area of [drawer, text, looking, learning]) area(parts);
  return { keys };
}
