/** The page's own worker and helpers in a browser without SIMD. */
import './patch-no-simd.js';
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

await host(loadEngine, '/tests/browser/workers/helper-scalar.js');
