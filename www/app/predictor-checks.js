/** The checkpoints of chapter 2: predict before it is revealed, compute a number, and two tasks seen done in the live state. */

import { rich, t } from '../i18n/index.js';
import { NumberView, numberOf } from '../views/checkpoints.js';
import { num, pct } from '../views/format.js';
import { costOf, shortly } from '../views/sampler.js';
import { progressLine, question, task } from './checks.js';
import { paint } from './paint.js';
import { chosenOf, rungs } from './predictor-figures.js';
import { createProgress } from './progress.js';

/** The answers that are right. */
const SHARPER = 0;
const BYTES = 2;
/** Temperature of the prediction to be made. */
const COLD = 0.5;
const CHOSEN = 5;
/** A logarithm is right to so many nats. */
const TOLERANCE = 0.02;

/** @typedef {Pick<import('./predictor-figures.js').Parts, 'state' | 'store'>} Parts */
/** @typedef {import('./progress.js').Progress} Progress */

/** Largest probability at temperature 1, and at a lower one. @param {Float32Array} probs @param {number} temperature */
export function sharpened(probs, temperature) {
  const most = probs.reduce((a, b) => Math.max(a, b), 0);
  const total = probs.reduce((sum, p) => sum + (p / most) ** (1 / temperature), 0);
  return { before: most, after: 1 / total };
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function temperature(root, { state }, progress) {
  question(root, 'temperature', progress, {
    right: SHARPER,
    answers: ['question.temperature.a', 'question.temperature.b', 'question.temperature.c'],
    question: () => t('question.temperature'),
    why() {
      const probs = state.next.value?.model;
      if (!probs) return t('question.temperature.why');
      const { before, after } = sharpened(probs, COLD);
      return `${t('question.temperature.live', { before: pct(before), after: pct(after) })} ${t('question.temperature.why')}`;
    },
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function uniform(root, { store }, progress) {
  const size = () => store.model.value?.vocabSize ?? 0;
  const isRight = (/** @type {string} */ answer) => Math.abs(numberOf(answer) - Math.log(size())) <= TOLERANCE;
  const view = new NumberView(root, {
    type: (value) => progress.set('uniform', { answer: value, checked: false }),
    check: () =>
      progress.set('uniform', {
        checked: true,
        met: isRight(progress.of('uniform').answer) || progress.of('uniform').met,
      }),
  });
  paint(
    () => {
      const { answer, checked } = progress.of('uniform');
      const inBits = Math.abs(numberOf(answer) - Math.log2(size())) <= TOLERANCE;
      const exact = { n: num(size()), nats: Math.log(size()).toFixed(3), bits: Math.log2(size()).toFixed(3) };
      return {
        question: t('question.uniform', exact),
        typed: answer,
        checked,
        right: isRight(answer),
        why: isRight(answer)
          ? t('question.uniform.why', exact)
          : t(inBits ? 'question.uniform.bits' : 'question.uniform.hint', exact),
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function choosing(root, { state, store }, progress) {
  task(root, 'sampler', progress, () => {
    const nats = store.evaluations.value.at(-1)?.lossNats;
    const limit = nats === undefined ? null : Math.exp(nats);
    const chosen = chosenOf(state);
    const { perplexity } = costOf(chosen);
    const known = state.trail.value.length >= chosen.length;
    return {
      task: rich('task.sampler', { n: CHOSEN, limit: limit === null ? '…' : shortly(limit) }),
      met: state.active.value && known && limit !== null && chosen.length >= CHOSEN && (perplexity ?? Infinity) < limit,
      now: t('task.sampler.now', { n: chosen.length, perplexity: perplexity === null ? '–' : shortly(perplexity) }),
    };
  });
}

/** @param {HTMLElement} root @param {Parts} parts @param {Progress} progress */
function training(root, { state, store }, progress) {
  task(root, 'train', progress, () => {
    const known = rungs(store);
    const bits = (/** @type {number} */ nats) => num(nats * (known?.bitsPerNat ?? 0), 2);
    return {
      task: t('task.train'),
      met: state.active.value && known !== null && known.nats.model < known.nats.trigram,
      calm: true,
      now: known ? t('task.train.now', { model: bits(known.nats.model), trigram: bits(known.nats.trigram) }) : '',
    };
  });
}

/** @param {HTMLElement} root @param {Parts} _parts @param {Progress} progress */
function perByte(root, _parts, progress) {
  question(root, 'surprise', progress, {
    right: BYTES,
    answers: ['question.surprise.a', 'question.surprise.b', 'question.surprise.c'],
    question: () => t('question.surprise'),
    why: () => t('question.surprise.why'),
  });
}

/** Checkpoints at the end of each part's prose. @param {Parts} parts @param {(part: number) => HTMLElement} place */
export function drawChecks(parts, place) {
  const progress = createProgress('ch2');
  temperature(place(0), parts, progress);
  choosing(place(1), parts, progress);
  uniform(place(2), parts, progress);
  training(place(2), parts, progress);
  perByte(place(3), parts, progress);
  progressLine(place(3), progress);
}
