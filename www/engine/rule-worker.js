/** Tries a pattern on texts; the page ends this worker when that takes too long. */

import { Answers } from './answers.js';
import { serve } from './serve.js';

await serve('the worker for rules', (post) => {
  /** @type {Record<string, import('./answers.js').Answer>} */
  const calls = {
    ready: () => null,
    test({ pattern, texts }) {
      const rule = new RegExp(pattern, 'iu');
      return texts.map((/** @type {string} */ text) => rule.test(text));
    },
  };
  return new Answers(calls, post);
});
