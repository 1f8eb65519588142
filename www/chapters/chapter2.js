/** Chapter 2: the next-token predictor. Its prose, and which figure stands where. */

import { failureOf, isCancelled, sentenceOf } from '../app/failures.js';
import { listenToKeys } from '../app/keys.js';
import { paint } from '../app/paint.js';
import { createPredictorState, followPredictors } from '../app/predictor.js';
import { drawChecks } from '../app/predictor-checks.js';
import { chosenOf, drawPredictors, rungs } from '../app/predictor-figures.js';
import en from '../i18n/en/chapter2.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter2.js';
import { PARTS } from '../parts.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ChapterView } from '../views/chapter.js';
import { bytesOf, num, pct, shown } from '../views/format.js';
import { rowsAfter } from '../views/prediction.js';
import { costOf, shortly } from '../views/sampler.js';
import { summed } from '../views/surprise.js';
import { asking, frame } from './frame.js';
import { chapterHeading, LATER, live, partHeading, tryIt } from './prose.js';

addWords(en, zh);

/** @typedef {import('../app/predictor.js').PredictorState} PredictorState */
/** @typedef {import('../app/store.js').Store} Store */

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const { store, notices, engine, reading, writing, typed } = parts;
  const state = createPredictorState(store);
  followPredictors({
    state,
    store,
    engine,
    report(error) {
      if (isCancelled(error) || ['trap', 'no-model'].includes(failureOf(error).code)) return;
      const body = () => rich('notice.failed', { reason: sentenceOf(failureOf(error)) });
      notices.show({ id: 'predictor', place: 'engine', kind: 'bad', icon: 'warn', body });
    },
  });
  const view = frame(place, parts, 'ch2');
  const asks = PARTS.ch2.map((_, i) => drawProse(i, { state, store, view }));
  drawPredictors({ state, store, reading, writing, typed, view });
  drawChecks({ state, store }, asking(asks));
  effect(() => {
    if (!state.active.value) return undefined;
    // The chapter speaks of the model as it is now.
    reading.showStep(null);
    return listenToKeys({
      ArrowLeft: () => reading.select(Math.max(0, store.cursor.peek() - 1)),
      ArrowRight: () => reading.select(store.cursor.peek() + 1),
      t: () => writing.takeFirst(),
      g: () => writing.toggle(),
    });
  });
}

/** The prose of a part; what is asked goes behind it. @param {number} part @param {{ state: PredictorState, store: Store, view: ChapterView }} parts */
function drawProse(part, { state, store, view }) {
  const slot = view.slot(part, 'prose');
  const words = document.createElement('div');
  words.className = 'words';
  const asks = document.createElement('div');
  asks.className = 'words';
  slot.append(words, asks);
  const write = [next, sampler, ladder, surprise][part];
  paint(
    () => write(state, store),
    (template) => render(template, words),
    slot.parentElement,
  );
  return asks;
}

/** Number of ids. @param {Store} store */
const sizeOf = (store) => num(store.model.value?.vocabSize ?? 0);

/** A token in the prose. @param {Uint8Array | null} bytes */
const token = (bytes) => html`<span class="q">${bytes ? shown(bytes) : LATER}</span>`;

/** @param {PredictorState} _state @param {Store} store */
function next(_state, store) {
  const { inspection, tokens, cursor, vocabulary } = store;
  const row = inspection.value && rowsAfter(inspection.value, cursor.value)?.rows[0];
  const after = tokens.value && cursor.value >= 0 ? bytesOf(tokens.value, cursor.value) : null;
  const first = row && vocabulary.value ? bytesOf(vocabulary.value, row.id) : null;
  return html`${chapterHeading(2, 'part-next', t('chapter.title.ch2'))}
    <p>${rich('next.prose.1', { size: live(sizeOf(store)) })}</p>
    <p>${rich('next.prose.2', { after: token(after), first: token(first), share: live(row ? pct(row.raw) : LATER) })}</p>
    <p>${rich('next.prose.3')}</p>
    ${tryIt(t('next.todo'))}`;
}

/** @param {PredictorState} state */
function sampler(state) {
  const chosen = chosenOf(state);
  const { nats, perplexity } = costOf(chosen);
  return html`${partHeading('part-sampler', t('part.sampler'))}
    <p>${rich('sampler.prose.1')}</p>
    <p>${rich('sampler.prose.2', { n: chosen.length, count: live(num(chosen.length)), nats: live(num(nats, 2)), perplexity: live(perplexity === null ? LATER : shortly(perplexity)) })}</p>`;
}

/** @param {PredictorState} _state @param {Store} store */
function ladder(_state, store) {
  const known = rungs(store);
  const bits = (/** @type {import('../views/ladder.js').Predictor} */ name) =>
    live(known ? num(known.nats[name] * known.bitsPerNat, 2) : LATER);
  return html`${partHeading('part-ladder', t('part.ladder'))}
    <p>${rich('ladder.prose.1', { size: live(sizeOf(store)), uniform: bits('uniform') })}</p>
    <p>${rich('ladder.prose.2', { pairs: live(`${sizeOf(store)} × ${sizeOf(store)}`), bigram: bits('bigram'), trigram: bits('trigram') })}</p>
    <p>${rich('ladder.prose.3', { context: live(num(store.model.value?.settings.context ?? 0)), model: bits('model') })}</p>`;
}

/** @param {PredictorState} state */
function surprise(state) {
  const scores = state.scores.value;
  const found = scores ? summed(scores, 'model') : null;
  const each = found?.bitsPerByte == null ? LATER : num(found.bitsPerByte, 2);
  const most = scores && found?.count ? bytesOf(scores.tokens, found.most) : null;
  return html`${partHeading('part-surprise', t('part.surprise'))}
    <p>${rich('surprise.prose.1')}</p>
    <p>${rich('surprise.prose.2', { token: token(most), bits: live(each) })}</p>
    ${tryIt(t('surprise.todo'))}`;
}
