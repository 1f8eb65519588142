/** The page's own worker with helpers that never come back. */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

await host(loadEngine, '/tests/browser/workers/helper-hang.js');
