/** The page's own worker in a browser without SIMD. */
import './patch-no-simd.js';
import '/engine/worker.js';
