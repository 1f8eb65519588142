/** The checkpoints of chapter 3: predictions, numbers to compute, and tasks seen done in the live state. */

import { t } from '../i18n/index.js';
import { mean } from '../views/ablation.js';
import { NumberView, numberOf } from '../views/checkpoints.js';
import { bytesOf, num, pct, say } from '../views/format.js';
import { signed } from '../views/numbers.js';
import { progressLine, question, task } from './checks.js';
import { isChanged, strongest } from './inside.js';
import { paint } from './paint.js';
import { createProgress } from './progress.js';
import { headOf } from './shown.js';

/** @typedef {Pick<import('./inside-figures.js').Parts, 'state' | 'store'>} Parts */
/** @typedef {import('./progress.js').Progress} Progress */

const TOLERANCE = 0.02;
/** Of the loss that a task asks for. */
const RISE = 0.05;
/** Index of "previous" among the habits. */
const PREVIOUS = 1;

/** Row and column that the question is about. @param {Parts} parts */
function strongestCell({ state, store }) {
  const reading = state.reading.value;
  const row = state.row.value;
  if (!reading || row < 0) return { row: '…', column: '…' };
  const { layer, head } = headOf(store);
  const token = (/** @type {number} */ i) => say(bytesOf(reading.tokens, reading.first + i));
  return { row: token(row), column: token(strongest(reading, layer, head, row)) };
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function looking(root, parts, progress) {
  const view = { right: 1, answers: ['question.looking.a', 'question.looking.b', 'question.looking.c'] };
  question(root, 'looking', progress, {
    ...view,
    question: () => t('question.looking', strongestCell(parts)),
    why: () => t('question.looking.why'),
  });
}

/** Score of the cell that is open: q·k is given, the learner divides. @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function scaling(root, { state }, progress) {
  const truth = () => {
    const d = state.facts.value?.headDim ?? 16;
    return { d, want: 12 / Math.sqrt(d) };
  };
  const isRight = (/** @type {string} */ answer) => Math.abs(numberOf(answer) - truth().want) <= TOLERANCE;
  const view = new NumberView(root, {
    type: (value) => progress.set('scaling', { answer: value, checked: false }),
    check: () =>
      progress.set('scaling', {
        checked: true,
        met: isRight(progress.of('scaling').answer) || progress.of('scaling').met,
      }),
  });
  paint(
    () => {
      const { answer, checked } = progress.of('scaling');
      const { d, want } = truth();
      const words = { n: d, root: num(Math.sqrt(d), 2), want: num(want, 2) };
      const right = isRight(answer);
      return {
        question: t('question.scaling', words),
        typed: answer,
        checked,
        right,
        why: t(right ? 'question.scaling.why' : 'question.scaling.hint', words),
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** The selected head is one that looks at the token before. @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function habit(root, { state, store }, progress) {
  task(root, 'habit', progress, () => {
    const reading = state.reading.value;
    const { layer, head } = headOf(store);
    const share = reading ? (reading.allShares[(layer * reading.heads + head) * 5 + PREVIOUS - 1] ?? 0) : 0;
    const most = reading
      ? Array.from({ length: reading.layers * reading.heads }, (_, i) => reading.allShares[i * 5]).reduce(
          (a, b) => Math.max(a, b),
          0,
        )
      : 1;
    return {
      task: t('task.habit'),
      met: state.active.value && reading !== null && reading.step > 0 && reading.time > 3 && share === most,
      now: t('task.habit.now', { layer: layer + 1, head: head + 1, share: pct(share) }),
    };
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function ablated(root, { state }, progress) {
  task(root, 'ablation', progress, () => {
    const reading = state.reading.value;
    const rise = reading ? mean(reading.losses) - mean(reading.plainLosses) : 0;
    const off = state.changes.value.heads.length + state.changes.value.mlps.length;
    return {
      task: t('task.ablation', { rise: num(RISE, 2) }),
      met: state.active.value && off > 0 && state.changes.value.edits.length === 0 && rise >= RISE,
      now: t('task.ablation.now', { rise: signed(rise) }),
    };
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function undone(root, { state }, progress) {
  task(root, 'edit', progress, () => ({
    task: t('task.edit'),
    met: state.active.value && !isChanged(state.changes.value) && state.undo.value.some((c) => c.edits.length > 0),
    now: t(isChanged(state.changes.value) ? 'task.edit.now' : 'task.edit.not'),
  }));
}

/** Checkpoints at the end of parts' prose. @param {Parts} parts @param {(part: number) => HTMLElement} place */
export function drawChecks(parts, place) {
  const progress = createProgress('ch3');
  looking(place(0), parts, progress);
  scaling(place(1), parts, progress);
  habit(place(2), parts, progress);
  ablated(place(3), parts, progress);
  question(place(4), 'stream', progress, {
    right: 2,
    answers: ['question.stream.a', 'question.stream.b', 'question.stream.c'],
    question: () => t('question.stream'),
    why: () => t('question.stream.why'),
  });
  undone(place(6), parts, progress);
  question(place(7), 'reach', progress, {
    right: 1,
    answers: ['question.reach.a', 'question.reach.b', 'question.reach.c'],
    question: () => t('question.reach', { context: num(parts.state.facts.value?.config.context ?? 0) }),
    why: () => t('question.reach.why'),
  });
  question(place(8), 'parallel', progress, {
    right: 0,
    answers: ['question.parallel.a', 'question.parallel.b', 'question.parallel.c'],
    question: () => t('question.parallel'),
    why: () => t('question.parallel.why'),
  });
  progressLine(place(8), progress);
}
