/** The worker that helps the engine's worker: gradients of shards, see `crew.js`. */

import { assist } from './assist.js';
import { loadEngine } from './loader.js';

assist(loadEngine);
