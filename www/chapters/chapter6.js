/** Chapter 6: human feedback. Its prose, and which figure stands where. */

import { listenToKeys } from '../app/keys.js';
import { teaching } from '../app/teaching.js';
import { drawFeedbackChecks } from '../app/teaching-checks.js';
import { createFeedback, drawFeedback } from '../app/teaching-feedback.js';
import { drawCourse, drawDuel, figure } from '../app/teaching-figures.js';
import en from '../i18n/en/chapter6.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter6.js';
import { html } from '../vendor/lit-html/lit-html.js';
import { effect } from '../vendor/signals/signals-core.js';
import { chapterHeading, live, partHeading, tryIt } from './prose.js';
import { openTeaching } from './teaching.js';

addWords(en, zh);

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const own = teaching();
  const feedback = createFeedback(own);
  const { view, ask } = await openTeaching(place, parts, 'ch6', [
    () => html`${chapterHeading(6, 'part-choose', t('chapter.title.ch6'))}
      <p>${rich('choose.prose.1')}</p>
      <p>${rich('choose.prose.2', { n: feedback.chosen.value.length, count: live(feedback.chosen.value.length) })}</p>
      <p>${rich('choose.prose.3')}</p>
      ${tryIt(t('choose.todo'))}`,
    () => html`${partHeading('part-prefer', t('part.prefer'))}
      <p>${rich('prefer.prose.1')}</p>
      <p>${rich('prefer.prose.2')}</p>
      <p>${rich('prefer.prose.3')}</p>`,
    () => html`${partHeading('part-better', t('part.better'))}
      <p>${rich('better.prose.1')}</p>
      <p>${rich('better.prose.2')}</p>`,
    () => html`${partHeading('part-hacking', t('part.hacking'))}
      <p>${rich('hacking.prose.1')}</p>
      <p>${rich('hacking.prose.2')}</p>
      ${tryIt(t('hacking.todo'))}`,
  ]);
  drawCourse(figure(view, 0), 'course-ch6', own, parts);
  drawFeedback(own, feedback, (part, name) => figure(view, part, name));
  drawDuel(figure(view, 3), own);
  drawFeedbackChecks(own, ask);
  effect(() =>
    parts.store.screen.value === 'ch6'
      ? listenToKeys({
          1: () => feedback.choose(0),
          2: () => feedback.choose(1),
          3: feedback.pass,
          0: feedback.pass,
          '=': feedback.pass,
          9: feedback.pass,
          z: feedback.undo,
        })
      : undefined,
  );
}
