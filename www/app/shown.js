/** What views show, out of the store: pure reading, one function a view. */
import { readBirth, spanEnds } from '../birth.js';
import { lang, rich, t } from '../i18n/index.js';
import { num } from '../views/format.js';
import { noticeTemplate } from '../views/notice.js';

/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('../views/notice.js').Notice} Notice */

const SPECIALS_FROM = 256;

/** What is being prepared, as a sentence. @param {Store} store */
export function openingSentence({ opening }) {
  if (!opening.value) return null;
  const { phase, share } = opening.value;
  return t(`opening.${phase}`, { share: `${Math.round(100 * share)}%` });
}

/** @param {Store} store @returns {import('../views/header.js').HeaderData} */
export const headerData = (store) => ({
  lang: lang.value,
  screen: store.screen.value,
  theme: store.theme.value,
  copied: store.copied.value,
  undo: store.canUndo.value,
  busy: !store.model.value,
});

/** Milliseconds to the last step: as fast as training goes now, or as was measured. @param {Store} store */
function leftMs({ model, step, steps, running, tokensPerSecond, flopsPerSecond }) {
  const info = model.value;
  if (!info) return null;
  const { batch, context } = info.settings;
  const left = Math.max(0, steps.value - step.value);
  if (running.value && tokensPerSecond.value > 0) return (1000 * left * batch * context) / tokensPerSecond.value;
  return flopsPerSecond.value ? (1000 * left * info.flopsPerStep) / flopsPerSecond.value : null;
}

/** @param {Store} store @returns {import('../views/model-bar.js').ModelBarData} */
export const barData = (store) => ({
  model: store.model.value,
  step: store.step.value,
  steps: store.steps.value || store.run.value.steps,
  untrained: isUntrained(store),
  running: store.running.value,
  hidden: store.hidden.value,
  opening: openingSentence(store),
  blocked: store.blocked.value === null ? null : t(store.blocked.value),
  evaluation: store.evaluations.value.at(-1) ?? null,
  best: store.best.value,
  tokensPerSecond: store.tokensPerSecond.value,
  workers: store.workersNow.value,
  leftMs: leftMs(store),
  more: store.more.value,
  undo: store.canUndo.value,
  // Chapters 5 to 7 teach a model of their own.
  elsewhere: /^ch[567]$/.test(store.screen.value),
});

/** Whether the weights are as they were drawn: those of a file may know something at step 0. @param {Pick<Store, 'step' | 'pure'>} store */
export const isUntrained = ({ step, pure }) => step.value === 0 && pure.value !== 'no';

/** A model that knows nothing yet is a state worth a word, unless there is other news. @param {Store} store @returns {Notice[]} */
function untrained(store) {
  const info = store.model.value;
  if (store.screen.value !== 'play') return [];
  if (!info || !isUntrained(store) || store.running.value || store.notices.value.some((n) => n.place === 'engine'))
    return [];
  const body = () => rich('notice.untrained', { parameters: num(info.parameters) });
  return [{ id: 'untrained', place: 'engine', kind: 'ok', icon: 'info', body }];
}

/** Notices of a place as a template, or null. @param {Store} store @param {Notice['place']} place */
export function noticesAt(store, place) {
  const here = store.notices.value.filter((n) => n.place === place);
  if (place === 'engine') here.push(...untrained(store));
  return here.length > 0 ? here.map(noticeTemplate) : null;
}

/** @param {Store} store @returns {import('../views/text.js').TextData['vocabulary']} */
export function vocabularyOf({ model, run }) {
  const settings = model.value?.settings ?? run.value;
  return {
    kind: settings.vocabulary,
    size: model.value?.vocabSize ?? settings.vocabSize,
    trained: settings.corpus === 'own' ? 'own' : 'corpus',
  };
}

/** How a token was made, by its id. @param {Store} store */
export function mergeOf({ merges }) {
  const all = merges.value;
  return (/** @type {number} */ id) =>
    all && id >= SPECIALS_FROM && all.left[id] >= 0
      ? { left: all.left[id], right: all.right[id], count: all.count[id] }
      : null;
}

/** The chosen head, within the model at hand. @param {Store} store */
export function headOf({ layer, head, model }) {
  const { layers, heads } = model.value?.settings ?? { layers: 1, heads: 1 };
  return { layer: Math.min(layer.value, layers - 1), head: Math.min(head.value, heads - 1) };
}

/** The curve of the certificate that the link brought: mean losses, each at the end of its span. @param {Store} store */
export function promisedOf({ birth }) {
  const found = readBirth(birth.value);
  if (!found) return [];
  const ends = spanEnds(found.steps, found.curve.length);
  return found.curve.map((lossNats, i) => ({ step: ends[i], lossNats }));
}
