/** The page's own worker with helpers that say their memory is huge. */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

await host(loadEngine, '/tests/browser/workers/helper-huge.js');
