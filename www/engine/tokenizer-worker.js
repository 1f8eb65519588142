/** The tokenizer's worker: the only place where its bindings are loaded. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/tokenizer/tokenizer.js';
import { VOCABULARIES } from '../pkg/vocabularies.js';
import { breathing } from './breathe.js';
import { failure } from './failure.js';
import { serve } from './serve.js';
import { startModule } from './start-module.js';
import { vocabularyFile } from './tokenizer-files.js';
import { TokenizerService } from './tokenizer-service.js';

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

/** @typedef {import('./tokenizer-service.js').TokenizerModule} TokenizerModule */

await serve('the tokenizer', async (post) => {
  const url = new URL('../pkg/tokenizer/tokenizer_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: 'the tokenizer' });
  const module = /** @type {TokenizerModule} */ (/** @type {unknown} */ (bindings));
  return new TokenizerService({ module, post, breathe: breathing().breathe, fetcher });
});
