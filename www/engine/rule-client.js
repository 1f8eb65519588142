/**
 * A learner's regular expression, tried on short texts in a worker of its own: some patterns take longer than the age of
 * the universe, and nothing but the end of their worker stops them.
 */

import { Calls } from './calls.js';
import { failure } from './failure.js';

const MOST_MS = 500;
const LONGEST_PATTERN = 200;
const LONGEST_TEXT = 400;

/**
 * @param {string} pattern
 * @param {string[]} texts
 * @param {{ workerUrl?: string | URL, mostMs?: number }} [options]
 * @returns {Promise<boolean[]>} rejects with code 'pattern' (none) or 'pattern-slow'
 */
export async function askRule(
  pattern,
  texts,
  { workerUrl = new URL('./rule-worker.js', import.meta.url), mostMs = MOST_MS } = {},
) {
  if (pattern.trim() === '' || pattern.length > LONGEST_PATTERN)
    throw failure(
      'pattern',
      `a pattern of 1 to ${LONGEST_PATTERN} characters was expected, but found ${pattern.length}`,
    );
  try {
    new RegExp(pattern, 'iu');
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw failure('pattern', cause, { found: cause });
  }
  const calls = new Calls({ url: workerUrl, name: 'rule', what: 'the worker for rules' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    // The time of the pattern begins when the worker is there, not when it is loaded.
    await calls.send('ready', {});
    timer = setTimeout(
      () => calls.end(failure('pattern-slow', `the pattern took longer than ${mostMs} ms`, { ms: mostMs })),
      mostMs,
    );
    return await calls.send('test', { pattern, texts: texts.map((text) => text.slice(0, LONGEST_TEXT)) });
  } finally {
    clearTimeout(timer);
    calls.end();
  }
}
