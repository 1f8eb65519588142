/** The checkpoints of chapter 4: numbers to compute, a prediction, tasks seen done in the live state. */

import { t } from '../i18n/index.js';
import { exact, updated } from '../views/by-hand.js';
import { NumberView, numberOf } from '../views/checkpoints.js';
import { num } from '../views/format.js';
import { progressLine, question, task } from './checks.js';
import { paint } from './paint.js';
import { createProgress } from './progress.js';

/** The answers that are right. */
const RISES = 2;
const CHANCE = 1;
const DUPLICATES = 0;

/** @typedef {Pick<import('./pretraining-figures.js').Parts, 'state' | 'store'>} Parts */
/** @typedef {import('./progress.js').Progress} Progress */

/** A number to compute. @param {HTMLElement} root @param {string} name @param {Progress} progress @param {() => { right: number | null, within: number, question: string, why: string, hint: string }} read */
function number(root, name, progress, read) {
  const isRight = (/** @type {string} */ answer) => {
    const { right, within } = read();
    return right !== null && Math.abs(numberOf(answer.replace('−', '-')) - right) <= within;
  };
  const view = new NumberView(root, {
    type: (value) => progress.set(name, { answer: value.slice(0, 40), checked: false }),
    check: () => progress.set(name, { checked: true, met: isRight(progress.of(name).answer) || progress.of(name).met }),
  });
  paint(
    () => {
      const { answer, checked } = progress.of(name);
      const { question, why, hint } = read();
      const right = isRight(answer);
      return { question, typed: answer, checked, right, why: right ? why : hint };
    },
    (data) => view.update(data),
    root,
  );
}

/** The validation loss and the bytes of a token, as they are shown, and what follows from them. @param {import('./store.js').Store} store */
export function bitsPerByte({ evaluations, model }) {
  const nats = evaluations.value.at(-1)?.lossNats;
  const bits = evaluations.value.at(-1)?.bitsPerByte;
  if (nats === undefined || bits === undefined || !model.value) return null;
  const [shownNats, bytes] = [Number(nats.toFixed(2)), Number((nats / Math.LN2 / bits).toFixed(2))];
  return { nats: shownNats, bytes, bits: shownNats / Math.LN2 / bytes };
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function bits(root, { store }, progress) {
  number(root, 'bits', progress, () => {
    const known = bitsPerByte(store);
    const words = {
      nats: known ? known.nats.toFixed(2) : '…',
      bytes: known ? known.bytes.toFixed(2) : '…',
      bits: known ? known.bits.toFixed(3) : '…',
    };
    return {
      right: known?.bits ?? null,
      within: 0.02,
      question: t('question.bits', words),
      why: t('question.bits.why', words),
      hint: t('question.bits.hint'),
    };
  });
}

/** A number that stands nowhere on the page, but follows from those that do. @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function half(root, { state }, progress) {
  number(root, 'half', progress, () => {
    const found = state.byHand.value;
    const right = found && updated({ ...found, learningRate: found.learningRate / 2 }).weight;
    const words = {
      from: found ? exact(found.weight[0], 4) : '…',
      to: found ? exact(found.weight[1], 4) : '…',
      right: right === null ? '…' : exact(right, 4),
    };
    return {
      right,
      within: 0.0006,
      question: t('question.half'),
      why: t('question.half.why', words),
      hint: t('question.half.hint'),
    };
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function past(root, { state, store }, progress) {
  task(root, 'past', progress, () => {
    const steps = store.keptSteps.value;
    const at = store.atStep.value;
    return {
      task: t('task.past'),
      met: state.active.value && at !== null && at <= 100 && store.step.value >= 2 * Math.max(25, at),
      now: t('task.past.now', {
        step: num(store.step.value),
        n: steps.length,
        at: at === null ? t('task.past.today') : num(at),
      }),
    };
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function failures(root, { state }, progress) {
  task(root, 'failures', progress, () => {
    const seen = /** @type {const} */ (['rate', 'corpus']).filter((name) =>
      state.moments[name].value.some((m) => m.event !== null),
    );
    return {
      task: t('task.failures'),
      met: seen.length === 2,
      now: t('task.failures.now', { seen: seen.length }),
    };
  });
}

/** Checkpoints at the end of each part's prose. @param {Parts} parts @param {(part: number) => HTMLElement} place */
export function drawChecks(parts, place) {
  const progress = createProgress('ch4');
  /** @param {number} part @param {string} name @param {number} right */
  const ask = (part, name, right) =>
    question(place(part), name, progress, {
      right,
      answers: [`question.${name}.a`, `question.${name}.b`, `question.${name}.c`],
      question: () => t(`question.${name}`),
      why: () => t(`question.${name}.why`),
    });
  bits(place(0), parts, progress);
  ask(1, 'garbage', DUPLICATES);
  past(place(2), parts, progress);
  half(place(3), parts, progress);
  ask(4, 'overfit', RISES);
  failures(place(4), parts, progress);
  ask(5, 'copied', CHANCE);
  progressLine(place(5), progress);
}
