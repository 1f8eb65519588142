/**
 * The page's own worker with an engine that traps at step 12 of a run that was opened (not loaded). The trap is a real
 * one: an unreachable instruction.
 */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

/** One exported function, `f`, that is unreachable. */
const TRAP = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
]);

await host(async () => {
  const loaded = await loadEngine();
  const { Engine, Opening } = /** @type {any} */ (loaded.module);
  let opened = false;
  const { fresh } = Opening;
  Opening.fresh = (/** @type {unknown[]} */ ...args) => {
    opened = true;
    return fresh(...args);
  };
  const { advance } = Engine.prototype;
  Engine.prototype.advance = function () {
    if (opened && this.step() >= 12) {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP));
      /** @type {() => void} */ (exports.f)();
    }
    return advance.call(this);
  };
  return loaded;
});
