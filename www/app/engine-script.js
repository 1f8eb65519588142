/** Address of the engine's worker for each build that a learner can choose. */

import { RELAXED } from '../engine/loader.js';

/** @param {'' | 'relaxed'} build  '' = the one that gives the same bits everywhere */
export const engineScript = (build) => new URL(`../engine/worker.js${build && RELAXED}`, import.meta.url);
