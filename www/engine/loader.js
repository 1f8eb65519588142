/**
 * Loads the engine: the SIMD build where the browser can run it, and only if it is of the same sources as the page.
 *
 * A third build has relaxed SIMD: faster, but not the same bits on every machine. It is loaded only where the address of
 * the worker's script asks for it.
 */

import { BUILD_ID } from '../pkg/build.js';
import { failure } from './failure.js';
import { startModule } from './start-module.js';

/** @typedef {import('./module.js').EngineModule} EngineModule */
/** @typedef {import('./module.js').LoadedEngine} LoadedEngine */
/** @typedef {EngineModule & import('./start-module.js').Bindings} Bindings */

/** The smallest module that needs SIMD: one function that returns `i8x16.splat(0)`. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

/** The smallest one that needs relaxed SIMD: `i8x16.relaxed_swizzle` of two splats. */
const RELAXED_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
]);

/** What a script's address asks for. @param {string} address */
export const asksForRelaxed = (address) => new URL(address).search === RELAXED;

/** Added to the address of a worker's script, asks for the build with relaxed SIMD. */
export const RELAXED = '?relaxed';

/**
 * @param {boolean} [relaxed]  the build with relaxed SIMD, where the browser can run it
 * @returns {Promise<LoadedEngine>} rejects with code 'wasm-load' or 'build-mismatch'
 */
export async function loadEngine(relaxed = false) {
  if (typeof WebAssembly !== 'object') {
    throw failure('wasm-load', 'this browser runs no WebAssembly; use a current one', { cause: 'unsupported' });
  }
  const simd = WebAssembly.validate(SIMD);
  const variant = simd && relaxed && WebAssembly.validate(RELAXED_SIMD) ? 'relaxed' : simd ? 'simd' : 'scalar';
  const folder = new URL(`../pkg/${variant}/`, import.meta.url);
  const first = await attempt(folder, 'default').catch((error) => error);
  // A stale copy in some cache is the usual reason: ask the server once.
  const { module, memory } = first instanceof Error ? await attempt(folder, 'reload') : first;
  return { module, build: BUILD_ID, variant, memory };
}

/** @param {URL} folder @param {RequestCache} cache @returns {Promise<{ module: Bindings, memory: WebAssembly.Memory }>} */
async function attempt(folder, cache) {
  try {
    const again = cache === 'reload' ? `?build=${BUILD_ID}` : '';
    const bindings = /** @type {Bindings} */ (await import(`${folder}glassgpt.js${again}`));
    const url = `${folder}glassgpt_bg.wasm${again}`;
    const memory = await startModule(bindings, { url, build: BUILD_ID, what: 'the engine', cache });
    return { module: bindings, memory };
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // Bindings that do not fit the module are of another build, too.
    const code = error instanceof WebAssembly.LinkError ? 'build-mismatch' : 'wasm-load';
    throw failure(code, `the engine could not be loaded (${cause}); reload the page`, { cause, found: BUILD_ID });
  }
}
