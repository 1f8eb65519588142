/**
 * A stage that learned from choices beside the one before it: what became of its content and its manners, who wins, and who
 * says so. The same for the report of the chain, chapter 6 and chapter 7.
 */

import { t } from '../i18n/index.js';
import { signal } from '../vendor/signals/signals-core.js';
import { winRate } from '../views/better.js';
import { liked, scoresOf } from './teaching-clicks.js';

/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('../engine/teacher-protocol.js').ChosenBy} ChosenBy */
/** @typedef {import('../engine/teacher-protocol.js').Compared} Compared */
/** @typedef {[number, number]} Pair  before and after */

/** Share of right answers that a model may lose and still count as one that kept its content. */
export const KEPT = 0.1;
/** Share of right answers whose loss is pointed out wherever something is built on the model. */
const GAMED = 0.25;

/** Shares of right and of polite answers; null where nothing was compared yet. @param {Pick<Stage, 'found'> | null | undefined} stage @returns {{ right: Pair, polite: Pair } | null} */
export function mannersOf(stage) {
  const rows = stage?.found.manners?.rows ?? [];
  if (rows.length === 0) return null;
  const pair = (/** @type {(row: Compared, i: 0 | 1) => boolean} */ is) =>
    /** @type {Pair} */ (
      /** @type {const} */ ([0, 1]).map((i) => rows.filter((row) => is(row, i)).length / rows.length)
    );
  return { right: pair((r, i) => r.right[i]), polite: pair((r, i) => r.tones[i] === 'polite') };
}

/** Whether far fewer answers are right than before. @param {Pick<Stage, 'found'> | null | undefined} stage */
export function isGamed(stage) {
  const manners = mannersOf(stage);
  return manners !== null && manners.right[0] - manners.right[1] >= GAMED;
}

/** Whether it is polite enough, and its content is still there. @param {Pick<Stage, 'found'>} stage @param {number} share  that is asked for */
export function isPolite(stage, share) {
  const manners = mannersOf(stage);
  return manners !== null && manners.polite[1] >= share && manners.right[0] - manners.right[1] <= KEPT;
}

/** Who made its choices; null: somebody, or nobody knows. @param {Pick<Stage, 'plan'>} stage @returns {ChosenBy} */
const chosenBy = ({ plan }) => ('by' in plan ? (plan.by ?? null) : null);

/** What own patterns say of answers, by the rows of a comparison. @type {WeakMap<Compared[], import('../vendor/signals/signals-core.js').Signal<Pair[] | null>>} */
const byPattern = new WeakMap();

/** Tried once in a worker; null until then, and where it cannot be told. @param {Compared[]} rows @param {NonNullable<ChosenBy>} rule */
function patternScores(rows, rule) {
  let found = byPattern.get(rows);
  if (!found) {
    const told = signal(/** @type {Pair[] | null} */ (null));
    byPattern.set(rows, told);
    found = told;
    const all = rows.flatMap(({ answers, tones }) => [0, 1].map((i) => ({ text: answers[i], tone: tones[i] })));
    scoresOf(rule, all).then(
      (scores) => (told.value = rows.map((_, i) => [scores[2 * i], scores[2 * i + 1]])),
      () => {},
    );
  }
  return found.value;
}

/**
 * Wins of a stage over the one before it: judged by the rule that made all its choices, otherwise by the reward model of the choices.
 * @param {Pick<Stage, 'plan' | 'found'>} stage
 */
export function winsOf(stage) {
  const rows = stage.found.manners?.rows ?? [];
  if (rows.length === 0) return null;
  const rule = chosenBy(stage);
  const { name } = rule ?? {};
  const byRule =
    rule === null
      ? null
      : name === 'pattern'
        ? patternScores(rows, rule)
        : rows.map(
            ({ tones }) => /** @type {Pair} */ (tones.map((tone) => liked(/** @type {'short'} */ (name), tone))),
          );
  const scores = byRule ?? rows.flatMap(({ rewards }) => (rewards ? [rewards] : []));
  if (scores.length === 0) return null;
  return {
    rate: winRate(scores),
    by: byRule ? t('better.by.rule', { rule: t(`ab.rule.${name}`) }) : t('better.by.reward'),
  };
}
