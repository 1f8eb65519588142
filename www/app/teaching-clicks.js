/** Choices between answers: the learner's, or those of a rule. A rule's own pattern runs in a worker that can be ended. */

import { askRule } from '../engine/rule-client.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('../engine/teacher-protocol.js').Click} Click */
/** @typedef {import('../engine/teacher-protocol.js').Tone} Tone */
/** @typedef {import('../views/ab.js').Rule} Rule */

/** How much a tone is liked, as in the engine's tastes. @type {Record<Exclude<Rule['name'], 'pattern'>, (tone: Tone) => number>} */
const LIKED = {
  polite: (tone) => (tone === 'polite' ? 3 : tone === 'rude' ? 0 : 1),
  short: (tone) => Number(tone === 'short'),
  'not-rude': (tone) => Number(tone !== 'rude'),
};

/** @param {keyof typeof LIKED} rule @param {Tone} tone */
export const liked = (rule, tone) => LIKED[rule](tone);

/** What a rule says of answers; the larger, the better. @param {Rule} rule @param {{ tone: Tone, text: string }[]} answers @returns {Promise<number[]>} rejects with code 'pattern' or 'pattern-slow' */
export async function scoresOf(rule, answers) {
  if (rule.name !== 'pattern') return answers.map(({ tone }) => liked(/** @type {'short'} */ (rule.name), tone));
  const found = await askRule(
    rule.pattern,
    answers.map(({ text }) => text),
  );
  return found.map(Number);
}

/** The best of some answers against the others; null where all are alike. @param {string} user @param {string[]} texts @param {number[]} scores @returns {Click | null} */
export function clickOf(user, texts, scores) {
  const best = Math.max(...scores);
  const at = scores.indexOf(best);
  const rejected = texts.filter((text, i) => scores[i] < best && text !== texts[at]);
  return rejected.length > 0 ? { user, chosen: texts[at], rejected } : null;
}

/** A model of one tone gives nothing to choose: it is asked a bounded number of times. */
const TRIES = 6;

/**
 * Choices of a rule.
 * @param {Teaching} teaching @param {number} stage @param {Rule} rule @param {number} count
 * @param {{ made?: Click[], signal?: AbortSignal }} [options]  `made`: choices that are there already; their questions are passed over
 */
export async function chooseByRule(teaching, stage, rule, count, { made = [], signal } = {}) {
  /** @type {Click[]} */
  const clicks = [];
  const known = new Set(made.map(({ user }) => user));
  for (let i = 0; i < TRIES * count && clicks.length < count; i++) {
    signal?.throwIfAborted();
    const number = made.length + i;
    const { user, answers } = await teaching.client.call('cards', { stage, seed: 1, number }, { signal });
    if (known.has(user)) continue;
    const click = clickOf(
      user,
      answers.map(({ text }) => text),
      await scoresOf(rule, answers),
    );
    if (click) clicks.push(click);
  }
  return clicks;
}
