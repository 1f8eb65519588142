/** Starts a WebAssembly module with its bindings, and only if it is of the same sources as the page. */

import { failure } from './failure.js';

/**
 * @typedef {object} Bindings  what the generated scripts of every module export
 * @property {(from: { module_or_path: Response }) => Promise<{ memory: WebAssembly.Memory }>} default
 * @property {() => string} buildId
 */

/**
 * @param {Bindings} bindings
 * @param {object} of
 * @param {URL | string} of.url     of the module
 * @param {string} of.build         that the page is of
 * @param {string} of.what          in the sentence, say 'the engine'
 * @param {RequestCache} [of.cache]
 * @returns {Promise<WebAssembly.Memory>} that the module works in; rejects with code 'wasm-load' or 'build-mismatch', or what starting a module throws
 */
export async function startModule(bindings, { url, build, what, cache = 'default' }) {
  const response = await fetch(url, { cache });
  if (!response.ok)
    throw failure('wasm-load', `${what} could not be fetched (${response.status})`, { cause: response.status });
  const { memory } = await bindings.default({ module_or_path: response });
  const found = bindings.buildId();
  if (found === build) return memory;
  const message = `the page and ${what} are of different builds; reload the page`;
  throw failure('build-mismatch', message, { expected: build, found });
}
