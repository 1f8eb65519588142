/** The lab's worker: the only place where the bindings of the module for the later chapters are loaded for it. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { breathing } from './breathe.js';
import { failure, refusal } from './failure.js';
import { createCalls } from './lab-calls.js';
import { startModule } from './start-module.js';

/** @param {import('./lab-protocol.js').FromWorker} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** The largest buffer need not be copied. @param {any} result @returns {Transferable[]} */
const buffersOf = (result) => [result?.attention ?? result?.reading?.attention].flatMap((a) => (a ? [a.buffer] : []));

/** Calls that are running, by id. @type {Map<number, AbortController>} */
const running = new Map();

/** After a trap nothing of the module may be called again. @param {unknown} thrown */
function failed(thrown) {
  const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const message = `the module for chapter 3 stopped unexpectedly (${cause})`;
  post({ failed: refusal(thrown) ?? { code: 'trap', message, details: { cause } } });
}

const started = (async () => {
  const url = new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: 'the module for chapter 3' });
  const { breathe } = breathing();
  const open = (/** @type {Uint8Array} */ file) =>
    /** @type {import('./lab-calls.js').Lab} */ (/** @type {unknown} */ (new bindings.Lab(file)));
  return createCalls({ open, breathe });
})();
started.catch((thrown) => {
  const reason = refusal(thrown) ?? failure('wasm-load', `the module for chapter 3 could not be loaded (${thrown})`);
  post({ failed: { code: reason.code, message: reason.message, details: reason.details } });
});

self.onmessage = async ({ data }) => {
  const request = /** @type {import('./lab-protocol.js').Request} */ (data);
  if ('cancel' in request) return running.get(request.cancel)?.abort();
  const { id, call, args } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const calls = await started.catch(() => null);
    if (!calls || controller.signal.aborted) return;
    const run = /** @type {(args: any, signal: AbortSignal) => unknown} */ (calls[call]);
    const result = await run(args, controller.signal);
    post({ id, result }, buffersOf(result));
  } catch (thrown) {
    const error = refusal(thrown);
    if (error) post({ id, error });
    else failed(thrown);
  } finally {
    running.delete(id);
  }
};
