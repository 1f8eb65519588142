/** The page's own worker with an engine that never comes back from step 5 of a run that was opened (not loaded). */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

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
    while (opened && this.step() >= 5);
    return advance.call(this);
  };
  return loaded;
});
