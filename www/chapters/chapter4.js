/** Chapter 4: pre-training. Its prose, and which figure stands where. */

import { failureOf, isCancelled, sentenceOf } from '../app/failures.js';
import { listenToKeys } from '../app/keys.js';
import { paint } from '../app/paint.js';
import { createPretraining, createPretrainingState } from '../app/pretraining.js';
import { drawChecks } from '../app/pretraining-checks.js';
import { drawPretraining, stepMs } from '../app/pretraining-figures.js';
import en from '../i18n/en/chapter4.js';
import { addWords, gap, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter4.js';
import { PARTS } from '../parts.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ChapterView } from '../views/chapter.js';
import { share } from '../views/copied.js';
import { num, size } from '../views/format.js';
import { asking, frame } from './frame.js';
import { chapterHeading, known, LATER, live, partHeading, tryIt } from './prose.js';

addWords(en, zh);

/** Most weights that are kept, and most memory that they take: those of `src/train/history.rs`. */
const KEPT = { steps: 32, bytes: 64 * 2 ** 20 };

/** @typedef {import('../app/pretraining.js').PretrainingState} PretrainingState */
/** @typedef {import('../app/store.js').Store} Store */

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const { store, notices, engine, reading, writing, training, drafting } = parts;
  const state = createPretrainingState(store);
  const report = (/** @type {unknown} */ error) => {
    if (isCancelled(error) || failureOf(error).code === 'no-model') return;
    const body = () => rich('notice.failed', { reason: sentenceOf(failureOf(error)) });
    const actions = [notices.closing('pretraining', () => t('notice.close'))];
    notices.show({ id: 'pretraining', place: 'engine', kind: 'bad', icon: 'warn', body, actions });
  };
  const pretraining = createPretraining({ state, store, engine, training, report });
  void drafting.measure();
  const view = frame(place, parts, 'ch4');
  const asks = PARTS.ch4.map((_, i) => drawProse(i, { state, store, view }));
  drawPretraining({ state, pretraining, store, reading, writing, training, drafting, view });
  drawChecks({ state, store }, asking(asks));
  effect(() => {
    if (!state.active.value) return undefined;
    return listenToKeys({
      ArrowLeft: () => reading.select(Math.max(0, store.cursor.peek() - 1)),
      ArrowRight: () => reading.select(store.cursor.peek() + 1),
      '[': () => moveStep(store, reading, -1),
      ']': () => moveStep(store, reading, 1),
      Escape: () => reading.showStep(null),
    });
  });
}

/** To the kept step before or after the one that is shown. @param {Store} store @param {import('../app/reading.js').Reading} reading @param {-1 | 1} by */
function moveStep(store, reading, by) {
  const shown = store.atStep.peek() ?? store.step.peek();
  const steps = store.keptSteps.peek();
  const next = by < 0 ? steps.findLast((s) => s < shown) : steps.find((s) => s > shown);
  if (next !== undefined || by > 0) reading.showStep(next ?? null);
}

/** The prose of a part; what is asked goes behind it. @param {number} part @param {{ state: PretrainingState, store: Store, view: ChapterView }} parts */
function drawProse(part, { state, store, view }) {
  const slot = view.slot(part, 'prose');
  const words = document.createElement('div');
  words.className = 'words';
  const asks = document.createElement('div');
  asks.className = 'words';
  slot.append(words, asks);
  const write = [loss, documents, past, hand, failing, copied][part];
  paint(
    () => write(state, store),
    (template) => render(template, words),
    slot.parentElement,
  );
  return asks;
}

/** The first evaluation below a level. @param {Store} store @param {number | undefined} nats */
const passedAt = ({ evaluations }, nats) =>
  nats === undefined ? undefined : evaluations.value.find((e) => e.lossNats < nats)?.step;

/** @param {PretrainingState} state @param {Store} store */
function loss(state, store) {
  const info = store.model.value;
  const last = store.evaluations.value.at(-1);
  const base = store.baselines.value;
  const [pairs, triples] = [passedAt(store, base?.bigram), passedAt(store, base?.trigram)];
  const ms = stepMs(store, state);
  const one = (/** @type {number | undefined} */ x, digits = 0) => live(known(x, digits));
  return html`${chapterHeading(4, 'part-loss', t('chapter.title.ch4'))}
    <p>${rich('loss.prose.1', { batch: live(info ? `${info.settings.batch} × ${info.settings.context}` : LATER), parameters: one(info?.parameters) })}</p>
    <p>${rich('loss.prose.2', { size: one(info?.vocabSize), uniform: one(base?.uniform, 2), nats: one(last?.lossNats, 2), bits: one(last?.bitsPerByte, 2) })}${gap()}${pairs === undefined ? t('loss.prose.not-yet') : rich(triples === undefined ? 'loss.prose.pairs' : 'loss.prose.triples', { pairs: one(pairs), triples: one(triples) })}</p>
    <p>${rich('loss.prose.3', { ms: live(ms === null ? LATER : num(ms, ms < 10 ? 1 : 0)) })}</p>
    ${tryIt(t('loss.todo'))}`;
}

/** @param {PretrainingState} state @param {Store} store */
function documents(state, store) {
  const info = store.model.value;
  const flagged = state.documents.value?.filter((d) => d.flags.length > 0).length;
  return html`${partHeading('part-documents', t('part.documents'))}
    <p>${rich('documents.prose.1', { size: live(info ? size(info.corpusBytes) : LATER), tokens: live(info ? num(info.trainTokens) : LATER) })}</p>
    <p>${rich('documents.prose.2', { flagged: live(flagged === undefined ? LATER : num(flagged)) })}</p>
    ${tryIt(t('documents.todo'))}`;
}

/** @param {PretrainingState} _state @param {Store} store */
function past(_state, store) {
  const kept = store.keptSteps.value;
  const bytes = 4 * (store.model.value?.parameters ?? 0);
  return html`${partHeading('part-past', t('part.past'))}
    <p>${rich('past.prose.1', { n: kept.length, count: live(num(kept.length)), size: live(size(kept.length * bytes)), most: KEPT.steps, limit: size(KEPT.bytes) })}</p>
    <p>${rich('past.prose.2')}</p>`;
}

/** @param {PretrainingState} state */
function hand(state) {
  const found = state.byHand.value;
  return html`${partHeading('part-hand', t('part.hand'))}
    <p>${rich('hand.prose.1', { n: live(found ? num(found.parameters) : LATER) })}</p>
    <p>${rich('hand.prose.2')}</p>
    <p>${rich('hand.prose.3', { rate: live(found ? num(found.learningRate, 1) : LATER) })}</p>
    ${tryIt(t('hand.todo'))}`;
}

function failing() {
  return html`${partHeading('part-failing', t('part.failing'))}
    <p>${rich('failing.prose.1')}</p>
    <p>${rich('failing.prose.2')}</p>`;
}

/** @param {PretrainingState} state */
function copied(state) {
  const last = state.samples.value.at(-1);
  const percent = (/** @type {number} */ x) => live(`${Math.round(100 * x)}%`);
  return html`${partHeading('part-copied', t('part.copied'))}
    <p>${rich('copied.prose.1')}</p>
    <p>${rich('copied.prose.2', { share: last ? percent(share(last.copied)) : live(LATER), unseen: last ? percent(share(last.unseen)) : live(LATER) })}</p>
    ${tryIt(t('copied.todo'))}`;
}
