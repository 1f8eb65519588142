/** Segmenting the text "trap" traps (a real one), "hang" never comes back. */
import { Tokenizer } from '/pkg/tokenizer/tokenizer.js';

/** One exported function, `f`, that is unreachable. */
const TRAP = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
]);

const { segment } = Tokenizer.prototype;
Tokenizer.prototype.segment = function (/** @type {string} */ text, /** @type {number} */ merges) {
  if (text === 'trap') /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(TRAP)).exports).f();
  while (text === 'hang');
  return segment.call(this, text, merges);
};
