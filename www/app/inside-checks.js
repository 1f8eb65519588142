/** The checkpoints of chapter 3: predictions, numbers to compute, and tasks seen done in the live state. */

import { t } from '../i18n/index.js';
import { mean } from '../views/ablation.js';
import { NumberView, numberOf } from '../views/checkpoints.js';
import { bytesOf, num, pct, say } from '../views/format.js';
import { faster } from '../views/measure.js';
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
/** What the answers of the last question say. */
const RACE = /** @type {const} */ (['pass', 'step', 'same']);
/** Tokens of a text that are too few to tell heads apart. */
const FEW_ROWS = 3;

/** The row of the selected token and the earlier one that it looks at most, by place and name: the same word may stand at both. @param {Parts} parts */
function strongestCell({ state, store }) {
  const reading = state.reading.value;
  const row = state.row.value;
  if (!reading || row < 1) return { row: '…', i: '…', column: '…', j: '…' };
  const { layer, head } = headOf(store);
  const token = (/** @type {number} */ i) => say(bytesOf(reading.tokens, reading.first + i));
  const j = strongest(reading, layer, head, row, row - 1);
  return { row: token(row), i: row + 1, column: token(j), j: j + 1 };
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

/** Share of every head's attention that goes to the token before. @param {import('../engine/lab-protocol.js').LabReading} reading */
export const previousShares = ({ allShares, layers, heads }) =>
  Array.from({ length: layers * heads }, (_, i) => allShares[i * 5 + PREVIOUS - 1] ?? 0);

/** A head that the learner has picked, judged by the figures that were shown then: while the model learns, others take the lead. @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function habit(root, { state }, progress) {
  task(root, 'habit', progress, () => {
    const picked = state.picked.value;
    const known = picked !== null && picked.reading.step > 0 && picked.reading.time > FEW_ROWS;
    if (!known) {
      const met = progress.of('habit').met;
      return { task: t('task.habit'), met: false, now: met ? '' : t(picked ? 'task.habit.early' : 'task.habit.none') };
    }
    const { layer, head, reading } = picked;
    const shares = previousShares(reading);
    const most = shares.reduce((a, b) => Math.max(a, b), 0);
    const [mine, first] = [shares[layer * reading.heads + head], shares.indexOf(most)];
    const leads = mine === most;
    const now = t('task.habit.now', { step: num(reading.step), layer: layer + 1, head: head + 1, share: pct(mine) });
    const other = {
      layer: Math.floor(first / reading.heads) + 1,
      head: (first % reading.heads) + 1,
      share: pct(most),
    };
    const verdict = t(leads ? 'task.habit.leads' : 'task.habit.other', other);
    return { task: t('task.habit'), met: state.active.value && leads && most > 0, now: `${now} ${verdict}` };
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
    right: () => (parts.state.race.value ? RACE.indexOf(faster(parts.state.race.value)) : null),
    answers: ['question.parallel.a', 'question.parallel.b', 'question.parallel.c'],
    question: () => t('question.parallel'),
    why: () => t(`question.parallel.why.${parts.state.race.value ? faster(parts.state.race.value) : 'later'}`),
  });
  progressLine(place(8), progress);
}
