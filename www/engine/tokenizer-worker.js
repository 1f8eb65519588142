/** The tokenizer's worker: the only place where its bindings are loaded. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/tokenizer/tokenizer.js';
import { VOCABULARIES } from '../pkg/vocabularies.js';
import { breathing } from './breathe.js';
import { failure, refusal, trapped } from './failure.js';
import { startModule } from './start-module.js';
import { vocabularyFile } from './tokenizer-files.js';
import { TokenizerService } from './tokenizer-service.js';

/** @param {import('./tokenizer-protocol.js').FromWorker} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** @type {import('./tokenizer-service.js').Fetcher} */
const fetcher = (name, options) => {
  if (!Object.hasOwn(VOCABULARIES, name)) {
    const [expected, found] = [Object.keys(VOCABULARIES).join(', '), String(name)];
    throw failure('setting', `vocabulary must be one of ${expected}, but is ${found}`, {
      name: 'vocabulary',
      expected,
      found,
    });
  }
  const { path, bytes } = VOCABULARIES[name];
  return vocabularyFile(name, { url: new URL(path, new URL('../pkg/', import.meta.url)).href, bytes }, options);
};

/** @type {import('./tokenizer-protocol.js').Request[] | null} */
let early = [];
/** @type {TokenizerService | null} */
let service = null;
self.onmessage = ({ data }) => {
  if (early) early.push(data);
  else void service?.handle(data);
};
const crashed = (/** @type {unknown} */ error) =>
  service ? service.crashed(error) : post({ event: 'trap', error: trapped(error) });
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crashed(event.reason);
});
try {
  const url = new URL('../pkg/tokenizer/tokenizer_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: 'the tokenizer' });
  const { breathe } = breathing();
  const module = /** @type {import('./tokenizer-service.js').TokenizerModule} */ (/** @type {unknown} */ (bindings));
  service = new TokenizerService({ module, post, breathe, fetcher });
} catch (thrown) {
  const { code, message, details } =
    refusal(thrown) ?? failure('wasm-load', `the tokenizer could not be loaded (${thrown}); reload the page`);
  post({ event: 'failed', error: { code, message, details } });
}
const waiting = early;
early = null;
for (const request of waiting) void service?.handle(request);
