/** The page's own worker with an engine that breaks in a run that was opened; a run that was loaded works. */
import { host } from '/engine/host.js';
import { loadEngine } from '/engine/loader.js';

/** @param {(step: number) => void} breaks  called before each slice of training of an opened run */
export const broken = (breaks) =>
  host(async () => {
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
      if (opened) breaks(this.step());
      return advance.call(this);
    };
    return loaded;
  });
