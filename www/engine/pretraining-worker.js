/** The worker of the chapter on pre-training: one call after the other, over the module of the later chapters. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { refusal } from './failure.js';
import { startModule } from './start-module.js';

/** @typedef {import('./pretraining-protocol.js').CallName} CallName */

/** @param {import('./pretraining-protocol.js').FromWorker} message */
const post = (message) => self.postMessage(message);

const ready = startModule(bindings, {
  url: new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url),
  build: BUILD_ID,
  what: 'the module of the chapters',
});
// Told with the first call.
ready.catch(() => {});

/** @param {import('./pretraining-protocol.js').Args<'look'>} args */
function look({ checkpoint, texts }) {
  const learned = new bindings.Learned(checkpoint);
  const copied = texts.map((text) => learned.copied(text));
  const unseen = texts.map((text) => learned.copied(learned.unseen(text.length)));
  const norms = learned.norms();
  learned.free();
  return { copied, unseen, norms };
}

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

/** @type {Record<CallName, (args: any, id: number) => unknown>} */
const CALLS = {
  stories: ({ chinese, seed, count }) => bindings.stories(chinese, seed, count),
  byHand: ({ step, tensor, index }) => bindings.byHand(step, tensor, index),
  look,
  fail,
};

self.onmessage = async ({ data }) => {
  const { id, call, args } = /** @type {import('./pretraining-protocol.js').Request} */ (data);
  try {
    await ready;
    post({ id, result: CALLS[call](args, id) });
  } catch (thrown) {
    const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    const message = `the module of the chapters stopped unexpectedly (${cause})`;
    post({ id, error: refusal(thrown) ?? { code: 'trap', message, details: { cause } } });
  }
};
