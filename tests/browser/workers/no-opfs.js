/** The page's own worker in a browser without a private file system. */
import './patch-no-opfs.js';
import '/engine/worker.js';
