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
import { html, render } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ChapterView } from '../views/chapter.js';
import { num } from '../views/format.js';
import { frame } from './frame.js';
import { chapterHeading, live, machine, partHeading, quoted, tryIt } from './prose.js';
import { style } from './styles.js';

addWords(en, zh);

const STYLES = ['merges', 'lesson-text', 'tax', 'layers', 'compare', 'letters', 'tree', 'vocabulary'];
/** Places of the chapter that the rail names. */
const PARTS = /** @type {const} */ (['merges', 'layers', 'compare', 'letters', 'vocabulary']);

/** @typedef {import('../app/lesson.js').LessonState} LessonState */

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  await Promise.all(STYLES.map((name) => style(`views/${name}.css`)));
  const { store, engine, address } = parts;
  const state = createLessonState(store);
  const vocabularies = createVocabularies();
  const report = (/** @type {unknown} */ error) => told(state, error);
  const work = createLearning({ state, store, vocabularies, report });
  followLesson({ state, store, engine, asking: createAsking({ state, engine, vocabularies }), vocabularies, report });
  const texts = createChapterText({ state, store });
  const view = frame(place, parts, 'ch1', PARTS);
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
    () => ({ bytes: state.own.value?.tokens.bytes.length ?? 0, at: state.at.value, tokens: state.ownNow.value }),
    (numbers) => render(firstPart(numbers), words),
  );
  paint(
    () => ({
      word: state.word.value ?? t('letters.sample'),
      ids: Array.from(state.wordTokens.value?.tokens.ids ?? []),
    }),
    ({ word, ids }) => {
      render(plainPart('layers', rich('layers.prose.1'), rich('layers.prose.2')), view.slot(1, 'prose'));
      render(plainPart('compare', rich('compare.prose.1'), rich('compare.prose.2')), view.slot(2, 'prose'));
      render(
        plainPart(
          'letters',
          rich('letters.prose.1', { word: quoted(word) }),
          rich('letters.prose.2', { n: ids.length, count: live(num(ids.length)), ids: machine(ids.join(' ')) }),
        ),
        view.slot(3, 'prose'),
      );
      render(plainPart('vocabulary', rich('vocabulary.prose.1'), rich('vocabulary.prose.2')), view.slot(4, 'prose'));
    },
  );
}

/** @param {{ bytes: number, at: number, tokens: number }} numbers */
function firstPart({ bytes, at, tokens }) {
  const each = tokens > 0 ? (bytes / tokens).toFixed(2) : '–';
  return html`${chapterHeading(1, 'part-merges', t('chapter.title.ch1'))}
    <p>${rich('merges.prose.1', { one: quoted('a'), two: quoted('é'), three: quoted('你'), hex: machine('E4·BD·A0'), bytes: live(num(bytes)) })}</p>
    <p>${rich('merges.prose.2', { n: at, merges: live(num(at)), tokens: live(num(tokens)), each: live(each) })}</p>
    <p>${rich('merges.prose.3')}</p>
    ${tryIt(t('merges.todo'))}`;
}

/** @param {(typeof PARTS)[number]} name @param {unknown[]} paragraphs */
const plainPart = (name, ...paragraphs) =>
  html`${partHeading(`part-${name}`, t(`part.${name}`))}${paragraphs.map((words) => html`<p>${words}</p>`)}`;
