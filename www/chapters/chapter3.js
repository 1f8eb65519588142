/** Chapter 3: inside the Transformer. Its prose, and which figure stands where. */

import { failureOf, isCancelled, sentenceOf } from '../app/failures.js';
import { createInsideState, createLab, followInside } from '../app/inside.js';
import { drawChecks } from '../app/inside-checks.js';
import { chooseHead, chooseWeight, drawInside, stagesOf } from '../app/inside-figures.js';
import { followRecall } from '../app/inside-recall.js';
import { listenToKeys } from '../app/keys.js';
import { paint } from '../app/paint.js';
import { headOf } from '../app/shown.js';
import en from '../i18n/en/chapter3.js';
import { addWords, rich } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter3.js';
import { PARTS } from '../parts.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { paragraphs } from './chapter3-prose.js';
import { asking, frame } from './frame.js';

addWords(en, zh);

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const { store, notices, engine, reading, typed } = parts;
  const state = createInsideState(store);
  const lab = createLab();
  const report = (/** @type {unknown} */ error) => {
    if (isCancelled(error) || ['trap', 'no-model'].includes(failureOf(error).code)) return;
    const body = () => rich('notice.failed', { reason: sentenceOf(failureOf(error)) });
    notices.show({ id: 'inside', place: 'engine', kind: 'bad', icon: 'warn', body });
  };
  const view = frame(place, parts, 'ch3');
  const figures = { state, store, reading, lab, typed, report, view };
  const following = { state, store, engine, lab, report, head: () => headOf(store), stages: () => stagesOf(figures) };
  followInside(following);
  followRecall(following);
  const asks = PARTS.ch3.map((name, i) => drawProse(view.slot(i, 'prose'), () => paragraphs(name, { state, store })));
  drawInside(figures);
  drawChecks({ state, store }, asking(asks));
  // Another model: what was changed in the one before has no place in it, and its first weight is chosen.
  let of = store.model.peek();
  effect(() => {
    const model = store.model.value;
    if (model === of) return;
    of = model;
    state.changes.value = { heads: [], mlps: [], edits: [] };
    state.undo.value = [];
    state.path.value = [];
    state.asked.value = -1;
    state.mapped.value = -1;
    state.weight.value = null;
    state.picked.value = null;
    state.race.value = null;
    state.beyond.value = null;
    state.recall.value = null;
  });
  effect(() => {
    // Which step the copy was taken at.
    place.dataset.step = `${state.facts.value?.step ?? ''}`;
  });
  effect(() => {
    if (state.facts.value && !state.weight.value)
      void chooseWeight(figures, 0, state.reading.peek()?.tokens.ids[0] ?? 0, 0);
  });
  effect(() => {
    if (!state.active.value) return undefined;
    const turn = (/** @type {number} */ by) => () => {
      const read = state.reading.peek();
      if (!read) return;
      const { layer, head } = headOf(store);
      const to = (layer * read.heads + head + by + read.layers * read.heads) % (read.layers * read.heads);
      chooseHead(figures, Math.floor(to / read.heads), to % read.heads);
    };
    return listenToKeys({
      ArrowLeft: () => reading.select(Math.max(0, store.cursor.peek() - 1)),
      ArrowRight: () => reading.select(store.cursor.peek() + 1),
      ArrowUp: turn(-1),
      ArrowDown: turn(1),
      Escape: () => reading.showStep(null),
    });
  });
}

/** The prose of a part; what is asked goes behind it. @param {HTMLElement} slot @param {() => unknown} read */
function drawProse(slot, read) {
  const words = document.createElement('div');
  words.className = 'words';
  const asks = document.createElement('div');
  asks.className = 'words';
  slot.append(words, asks);
  paint(read, (template) => render(html`${template}`, words), slot.parentElement);
  return asks;
}
