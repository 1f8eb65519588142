/** Chapter 7: tools. Its prose, and which figure stands where. */

import { teaching } from '../app/teaching.js';
import { drawToolChecks } from '../app/teaching-checks.js';
import { drawCourse, figure } from '../app/teaching-figures.js';
import { createTools, drawTools } from '../app/teaching-tools.js';
import en from '../i18n/en/chapter7.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter7.js';
import { html } from '../vendor/lit-html/lit-html.js';
import { chapterHeading, known, live, partHeading, tryIt } from './prose.js';
import { openTeaching } from './teaching.js';

addWords(en, zh);

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const own = teaching();
  const tools = createTools(own);
  const { view, ask } = await openTeaching(place, parts, 'ch7', [
    () => html`${chapterHeading(7, 'part-trace', t('chapter.title.ch7'))}
      <p>${rich('trace.prose.1', { parameters: live(known(own.state.info.value?.parameters)) })}</p>
      <p>${rich('trace.prose.2')}</p>
      <p>${rich('trace.prose.3')}</p>
      <p>${rich('trace.prose.4')}</p>
      ${tryIt(t('trace.todo'))}`,
    () => html`${partHeading('part-table', t('part.table'))}
      <p>${rich('table.prose.1')}</p>
      <p>${rich('table.prose.2')}</p>
      ${tryIt(t('table.todo'))}`,
    () => html`${partHeading('part-skills', t('part.skills'))}
      <p>${rich('skills.prose.1')}</p>
      <p>${rich('skills.prose.2')}</p>`,
    () => html`${partHeading('part-chat', t('part.chat'))}
      <p>${rich('chat.prose.1')}</p>
      <p>${rich('chat.prose.2')}</p>`,
  ]);
  drawCourse(figure(view, 0), 'course-ch7', own, parts);
  drawTools(own, tools, (part, name) => figure(view, part, name));
  drawToolChecks(own, tools, ask);
}
