/** An engine that traps at step 12. The trap is a real one: an unreachable instruction. */
import { broken } from './broken.js';

/** One exported function, `f`, that is unreachable. */
const TRAP = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
]);

await broken((step) => {
  if (step < 12) return;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP));
  /** @type {() => void} */ (exports.f)();
});
