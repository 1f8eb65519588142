/** The checkpoints of chapters 5 to 7. */

import { t } from '../i18n/index.js';
import { num, pct } from '../views/format.js';
import { progressLine, question, task } from './checks.js';
import { createProgress } from './progress.js';
import { isPolite, KEPT, mannersOf } from './teaching-judged.js';
import { parentOf } from './teaching-line.js';
import { shareOf } from './teaching-shares.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {(part: number) => HTMLElement} Place */

/** Exact answers that the task asks for. */
const WANTED = 0.8;
/** Nats of forgetting that are seen as forgetting. */
const FORGOTTEN = 0.5;

/** @param {string} name @param {HTMLElement} root @param {import('./progress.js').Progress} progress @param {number} right */
function choice(name, root, progress, right) {
  question(root, name, progress, {
    right,
    answers: ['a', 'b', 'c'].map((letter) => `question.${name}.${letter}`),
    question: () => t(`question.${name}`),
    why: () => t(`question.${name}.why`),
  });
}

/** The best of some shares, and how it is written: a dash where nothing was examined yet. @param {({ share: number } | null | undefined)[]} shares */
function bestOf(shares) {
  const found = shares.flatMap((share) => (share ? [share.share] : []));
  const best = Math.max(0, ...found);
  return { best, written: found.length > 0 ? pct(best) : '–' };
}

/** @param {Teaching} teaching @param {Place} place */
export function drawTuningChecks({ state }, place) {
  const progress = createProgress('ch5');
  choice('mask', place(1), progress, 1);
  task(place(2), 'tune', progress, () => {
    const { best, written } = bestOf(state.stages.value.map(({ found }) => shareOf(found.exact)));
    return {
      task: t('task.tune', { share: pct(WANTED) }),
      met: best >= WANTED,
      now: t('task.tune.now', { share: written }),
    };
  });
  task(place(2), 'forget', progress, () => {
    const stages = state.stages.value;
    const nats = (/** @type {number | null} */ id) => stages.find((s) => s.id === id)?.found.validation?.lossNats;
    const lost = stages
      .filter(({ plan }) => plan.kind === 'tune' && !plan.replay)
      .map((s) => (nats(s.id) ?? Number.NaN) - (nats(parentOf(s)) ?? Number.NaN))
      .filter((more) => !Number.isNaN(more));
    const most = Math.max(0, ...lost);
    return {
      task: t('task.forget', { nats: FORGOTTEN }),
      met: most >= FORGOTTEN,
      now: t('task.forget.now', { nats: lost.length > 0 ? num(most, 2) : '–' }),
    };
  });
  progressLine(place(5), progress);
}

/** @param {Teaching} teaching @param {Place} place */
export function drawFeedbackChecks({ state }, place) {
  const progress = createProgress('ch6');
  choice('ln2', place(1), progress, 2);
  task(place(2), 'prefer', progress, () => {
    const compared = state.stages.value.filter((stage) => mannersOf(stage));
    const done = compared.findLast((stage) => isPolite(stage, WANTED));
    const { polite, right } = mannersOf(done ?? compared.at(-1)) ?? { polite: [], right: [] };
    const written = (/** @type {number | undefined} */ x) => (x === undefined ? '–' : pct(x));
    // What was done stays done; the figures of another model would deny it.
    const gone = !done && progress.of('prefer').met;
    return {
      task: t('task.prefer', { share: pct(WANTED), points: num(100 * KEPT) }),
      met: done !== undefined,
      now: gone
        ? t('task.prefer.gone')
        : t('task.prefer.now', {
            before: written(polite[0]),
            after: written(polite[1]),
            right: written(right[0]),
            kept: written(right[1]),
          }),
    };
  });
  choice('hack', place(3), progress, 0);
  progressLine(place(3), progress);
}

/** @param {Teaching} teaching @param {import('./teaching-tools.js').Tools} tools @param {Place} place */
export function drawToolChecks({ state }, tools, place) {
  const progress = createProgress('ch7');
  choice('author', place(0), progress, 1);
  task(place(1), 'edit', progress, () => {
    const calls = tools.spoken.value?.calls ?? [];
    const met = calls.some(({ written, reply }) => written !== null && written !== reply);
    return {
      task: t('task.result'),
      met,
      now: met ? t('task.result.now', { answer: tools.spoken.value?.answer ?? '' }) : '',
    };
  });
  task(place(2), 'tool', progress, () => {
    const { best, written } = bestOf(state.stages.value.map(({ found }) => shareOf(found.tasks)));
    return {
      task: t('task.tool', { share: pct(WANTED) }),
      met: best >= WANTED,
      now: t('task.tool.now', { share: written }),
    };
  });
  progressLine(place(3), progress);
}
