/** The page's own worker with helpers whose gradients are at some time no numbers. */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

await host(loadEngine, '/tests/browser/workers/helper-nan.js');
