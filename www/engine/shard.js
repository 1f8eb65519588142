/** The worker that helps the engine's worker: gradients of shards, see `crew.js`. */

import { assist } from './assist.js';
import { asksForRelaxed, loadEngine } from './loader.js';

const relaxed = asksForRelaxed(import.meta.url);
assist(() => loadEngine(relaxed));
