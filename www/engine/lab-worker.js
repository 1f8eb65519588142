/** The lab's worker: the only place where the bindings of the module for the later chapters are loaded for it. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { Answers } from './answers.js';
import { breathing } from './breathe.js';
import { createCalls } from './lab-calls.js';
import { serve } from './serve.js';
import { startModule } from './start-module.js';

/** @typedef {import('./lab-calls.js').Lab} Lab */
/** @typedef {import('./answers.js').Answer} Answer */

const WHAT = 'the module for chapter 3';

/** The largest buffer need not be copied. @param {any} result @returns {Transferable[]} */
const buffersOf = (result) => [result?.attention ?? result?.reading?.attention].flatMap((a) => (a ? [a.buffer] : []));

await serve(WHAT, async (post) => {
  const url = new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: WHAT });
  const open = (/** @type {Uint8Array} */ file) => /** @type {Lab} */ (/** @type {unknown} */ (new bindings.Lab(file)));
  const calls = createCalls({ open, breathe: breathing().breathe });
  const answers = Object.entries(calls).map(([name, call]) => [
    name,
    /** @type {Answer} */ ((args, _, signal) => /** @type {any} */ (call)(args, signal)),
  ]);
  return new Answers(Object.fromEntries(answers), post, buffersOf);
});
