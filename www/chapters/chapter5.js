/** Chapter 5: fine-tuning. Its prose, and which figure stands where. */

import { teaching } from '../app/teaching.js';
import { drawTuningChecks } from '../app/teaching-checks.js';
import { drawCourse, drawDuel, figure } from '../app/teaching-figures.js';
import { mainBase, mainTuned } from '../app/teaching-line.js';
import { shareOf } from '../app/teaching-shares.js';
import { drawTuning } from '../app/teaching-tuning.js';
import en from '../i18n/en/chapter5.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapter5.js';
import { html } from '../vendor/lit-html/lit-html.js';
import { pct } from '../views/format.js';
import { chapterHeading, known, LATER, live, partHeading, tryIt } from './prose.js';
import { openTeaching } from './teaching.js';

addWords(en, zh);

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function open(place, parts) {
  const own = teaching();
  const { state } = own;
  const base = () => mainBase(state);
  const tuned = () => mainTuned(state);
  const share = (/** @type {ReturnType<typeof shareOf>} */ found) => live(found ? pct(found.share) : LATER);
  const score = (/** @type {import('../app/teaching.js').Stage | undefined} */ stage) => {
    const found = stage?.found.lookBack?.score;
    return live(found === undefined ? LATER : pct(found));
  };
  const startedFrom = (/** @type {'look-back' | 'random'} */ start) =>
    state.stages.value.findLast(({ plan }) => plan.kind === 'base' && plan.start === start);
  /** What is said of a base's score, by its first weights. @param {import('../app/teaching.js').Stage | undefined} stage */
  const startOf = (stage) => {
    if (stage?.plan.kind === 'own') return 'assistant.score.own';
    return stage?.plan.kind === 'base' && stage.plan.start === 'random' ? 'assistant.score.random' : 'assistant.score';
  };
  const { view, ask } = await openTeaching(place, parts, 'ch5', [
    () => html`${chapterHeading(5, 'part-assistant', t('chapter.title.ch5'))}
      <p>${rich('assistant.prose.1')}</p>
      <p>${rich('assistant.prose.2', { exact: share(shareOf(base()?.found.plain)) })}</p>
      <p>${rich('assistant.prose.3', { score: rich(startOf(base()), { score: score(base()) }) })}</p>
      ${tryIt(t('assistant.todo'))}`,
    () => html`${partHeading('part-counted', t('part.counted'))}
      <p>${rich('counted.prose.1')}</p>
      <p>${rich('counted.prose.2')}</p>
      <p>${rich('counted.prose.3', { steps: live(known(tuned()?.trail.at(-1)?.step)), exact: share(shareOf(tuned()?.found.exact)) })}</p>
      <p>${rich('counted.prose.4')}</p>`,
    () => html`${partHeading('part-forgotten', t('part.forgotten'))}
      <p>${rich('forgotten.prose.1')}</p>
      <p>${rich('forgotten.prose.2')}</p>
      ${tryIt(t('forgotten.todo'))}`,
    () => html`${partHeading('part-adapters', t('part.adapters'))}
      <p>${rich('adapters.prose.1')}</p>
      <p>${rich('adapters.prose.2')}</p>`,
    () => html`${partHeading('part-circuit', t('part.circuit'))}
      <p>${rich('circuit.prose.1')}</p>
      <p>${rich('circuit.prose.2')}</p>
      <p>${rich('circuit.prose.3', { score: score(startedFrom('look-back')), random: score(startedFrom('random')) })}</p>
      ${tryIt(t('circuit.todo'))}`,
    () => html`${partHeading('part-honest', t('part.honest'))}
      <p>${rich('honest.prose.1')}</p>
      <p>${rich('honest.prose.2')}</p>
      <p>${rich('honest.prose.3')}</p>`,
  ]);
  drawCourse(figure(view, 0), 'course-ch5', own, parts);
  drawDuel(figure(view, 0), own, 'tuned');
  drawTuning(own, (part, name) => figure(view, part, name));
  drawTuningChecks(own, ask);
}
