/** A teacher's worker without a model: remembers stages, dies when it is asked to, hangs when it is told to. */

import { Answers } from '/engine/answers.js';
import { failure } from '/engine/failure.js';
import { serve } from '/engine/serve.js';

await serve('the fake teacher', (post) => {
  /** @type {Map<number, Float32Array>} */
  const stages = new Map();
  let courses = 0;
  /** @type {Record<string, import('../../../www/engine/answers.js').Answer>} */
  const calls = {
    open: ({ seed }) => ({ seed, courses: ++courses }),
    put: ({ stage, weights }) => void stages.set(stage, weights),
    remove: ({ stage }) => void stages.delete(stage),
    learn({ stage }) {
      stages.set(stage, Float32Array.of(stage));
      return { weights: stages.get(stage) };
    },
    weights({ stage }) {
      const weights = stages.get(stage);
      if (!weights) throw failure('setting', `stage must be one that was made, but is ${stage}`);
      return weights;
    },
    ask({ question }) {
      if (question === 'die') throw new WebAssembly.RuntimeError('unreachable');
      return new Promise(() => {});
    },
    draw: () => Promise.reject(failure('setting', 'number must be less, but is more')),
  };
  return new Answers(calls, post);
});
