/** The worker that the page starts: the only place where the generated bindings are loaded. */

import { host } from './host.js';
import { loadEngine } from './loader.js';

await host(loadEngine);
