/** The worker of the chapter on pre-training: one call after the other, over the module of the later chapters. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { Answers } from './answers.js';
import { serve } from './serve.js';
import { startModule } from './start-module.js';

/** @typedef {import('./pretraining-protocol.js').CallName} CallName */
/** @typedef {import('./answers.js').Answer} Answer */

const WHAT = 'the module of the chapters';

/** @param {import('./pretraining-protocol.js').Args<'look'>} args */
function look({ checkpoint, texts }) {
  const learned = new bindings.Learned(checkpoint);
  const copied = texts.map((text) => learned.copied(text));
  const unseen = texts.map((text) => learned.copied(learned.unseen(text.length)));
  const norms = learned.norms();
  learned.free();
  return { copied, unseen, norms };
}

await serve(WHAT, async (post) => {
  const url = new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: WHAT });
  /** @param {import('./pretraining-protocol.js').Args<'fail'>} args @param {number} id */
  function fail({ failure, chinese }, id) {
    const run = new bindings.Failing(failure, chinese);
    for (let done = false; !done; ) {
      const progress = run.advance();
      post({ id, progress });
      done = progress.done;
    }
    run.free();
    return null;
  }
  /** @type {Record<CallName, Answer>} */
  const calls = {
    stories: ({ chinese, seed, count }) => bindings.stories(chinese, seed, count),
    byHand: ({ step, tensor, index }) => bindings.byHand(step, tensor, index),
    look,
    fail,
  };
  return new Answers(calls, post);
});
