/**
 * A learner's regular expression, tried on short texts in a worker of its own: some patterns take longer than the age of
 * the universe, and nothing but the end of their worker stops them.
 */

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
export function askRule(
  pattern,
  texts,
  { workerUrl = new URL('./rule-worker.js', import.meta.url), mostMs = MOST_MS } = {},
) {
  return new Promise((resolve, reject) => {
    if (pattern.trim() === '' || pattern.length > LONGEST_PATTERN) {
      reject(
        failure('pattern', `a pattern of 1 to ${LONGEST_PATTERN} characters was expected, but found ${pattern.length}`),
      );
      return;
    }
    try {
      new RegExp(pattern, 'iu');
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      reject(failure('pattern', cause, { found: cause }));
      return;
    }
    const worker = new Worker(workerUrl, { type: 'module', name: 'glassgpt rule' });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(timer);
      worker.terminate();
      settle();
    };
    worker.onmessage = ({ data }) => {
      // Ready: the time of the pattern begins, not that of loading.
      if (data === 'ready') {
        timer = setTimeout(
          () => end(() => reject(failure('pattern-slow', `the pattern took longer than ${mostMs} ms`, { ms: mostMs }))),
          mostMs,
        );
        worker.postMessage({ pattern, texts: texts.map((text) => text.slice(0, LONGEST_TEXT)) });
      } else end(() => resolve(data));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(() =>
        reject(
          failure('wasm-load', `the worker for rules could not be started (${event.message ?? ''}); reload the page`),
        ),
      );
    };
  });
}
