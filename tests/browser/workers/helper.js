/** A helper with a fault. */
import { assist } from '/engine/assist.js';
import { loadEngine } from '/engine/loader.js';

/** @param {(count: number, gradient: Float32Array) => void} fault  after each gradient, counted from 1 */
export const faulty = (fault) =>
  assist(async () => {
    const loaded = await loadEngine();
    const { Helper } = /** @type {any} */ (loaded.module);
    const { gradient } = Helper.prototype;
    let count = 0;
    Helper.prototype.gradient = function (/** @type {any[]} */ ...args) {
      const loss = gradient.apply(this, args);
      fault(++count, args[3]);
      return loss;
    };
    return loaded;
  });
