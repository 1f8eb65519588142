/** The tokenizer's own worker, with a module that breaks. */
import './patch-tokenizer.js';
import '/engine/tokenizer-worker.js';
