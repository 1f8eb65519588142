/** The page's own worker with helpers whose gradients are wrong. */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

await host(loadEngine, '/tests/browser/workers/helper-wrong.js');
