/** Chapter 1: text becomes tokens. Its prose, and which figure stands where. */

import { failureOf, isCancelled } from '../app/failures.js';
import { listenToKeys } from '../app/keys.js';
import { createLessonState } from '../app/lesson.js';
import { createAsking } from '../app/lesson-asking.js';
import { lessonSentence } from '../app/lesson-failures.js';
import { createLearning } from '../app/lesson-learning.js';
import { drawMerges } from '../app/lesson-merges.js';
import { followLesson } from '../app/lesson-reading.js';
import { createChapterText } from '../app/lesson-text.js';
import { drawVocabularies } from '../app/lesson-vocabularies.js';
import { paint } from '../app/paint.js';
import { createVocabularies } from '../app/vocabularies.js';
import en from '../i18n/en/chapter1.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter1.js';
import { PARTS } from '../parts.js';
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ChapterView } from '../views/chapter.js';
import { num } from '../views/format.js';
import { frame } from './frame.js';
import { chapterHeading, LATER, live, machine, partHeading, quoted, tryIt } from './prose.js';

addWords(en, zh);

/** @typedef {import('../app/lesson.js').LessonState} LessonState */

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const { store, engine, address } = parts;
  const state = createLessonState(store);
  const vocabularies = createVocabularies();
  const report = (/** @type {unknown} */ error) => told(state, error);
  const work = createLearning({ state, store, vocabularies, report });
  followLesson({ state, store, engine, asking: createAsking({ state, engine, vocabularies }), vocabularies, report });
  const texts = createChapterText({ state, store });
  const view = frame(place, parts, 'ch1');
  const ask = document.createElement('section');
  drawProse(state, view, ask);
  const figures = { state, store, work, texts, vocabularies, address, view, ask };
  drawMerges(figures);
  drawVocabularies(figures);
  effect(() =>
    state.active.value
      ? listenToKeys({
          '[': () => (state.wanted.value = Math.max(0, state.at.peek() - 1)),
          ']': () => (state.wanted.value = state.at.peek() + 1),
        })
      : undefined,
  );
}

/** Says what went wrong, unless it is said elsewhere already. @param {LessonState} state @param {unknown} error */
function told(state, error) {
  if (isCancelled(error) || ['trap', 'no-model'].includes(failureOf(error).code)) return;
  state.told.value = { kind: 'bad', key: 'notice.failed', params: { reason: lessonSentence(error) } };
}

/** @param {LessonState} state @param {ChapterView} view @param {HTMLElement} ask */
function drawProse(state, view, ask) {
  const first = view.slot(0, 'prose');
  const words = document.createElement('div');
  words.className = 'words';
  first.append(words, ask);
  paint(
    () => ({ bytes: state.own.value?.tokens.bytes.length ?? null, at: state.at.value, tokens: state.ownNow.value }),
    (numbers) => render(firstPart(numbers), words),
    first.parentElement,
  );
  const later = {
    layers: () => [rich('layers.prose.1'), rich('layers.prose.2')],
    compare: () => [rich('compare.prose.1'), rich('compare.prose.2')],
    letters: () => {
      const ids = Array.from(state.wordTokens.value?.tokens.ids ?? []);
      return [
        rich('letters.prose.1', { word: quoted(state.word.value ?? t('letters.sample')) }),
        rich('letters.prose.2', { n: ids.length, count: live(num(ids.length)), ids: machine(ids.join(' ')) }),
      ];
    },
    vocabulary: () => [rich('vocabulary.prose.1'), rich('vocabulary.prose.2')],
  };
  for (const [name, write] of /** @type {[keyof typeof later, () => unknown[][]][]} */ (Object.entries(later))) {
    const slot = view.slot(PARTS.ch1.indexOf(name), 'prose');
    paint(write, (paragraphs) => render(plainPart(name, ...paragraphs), slot), slot.parentElement);
  }
}

/** @param {{ bytes: number | null, at: number, tokens: number }} numbers   `bytes`: null before anything is known */
function firstPart({ bytes, at, tokens }) {
  // Numbers that are not known yet have room for those that come, so that no line is broken anew.
  const known = (/** @type {number} */ n) => live(bytes === null ? LATER.slice(0, 2) : num(n));
  const each = bytes !== null && tokens > 0 ? (bytes / tokens).toFixed(2) : LATER;
  return html`${chapterHeading(1, 'part-merges', t('chapter.title.ch1'))}
    <p>${rich('merges.prose.1', { one: quoted('a'), two: quoted('é'), three: quoted('你'), hex: machine('E4·BD·A0'), bytes: known(bytes ?? 0) })}</p>
    <p>${rich('merges.prose.2', { n: at, merges: known(at), tokens: known(tokens), each: live(each) })}</p>
    <p>${rich('merges.prose.3')}</p>
    ${tryIt(t('merges.todo'))}`;
}

/** @param {(typeof PARTS.ch1)[number]} name @param {unknown[]} paragraphs */
const plainPart = (name, ...paragraphs) =>
  html`${partHeading(`part-${name}`, t(`part.${name}`))}${paragraphs.map((words) => html`<p>${words}</p>`)}`;
