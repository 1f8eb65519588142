/** Work that follows the learner at once, and a model in training at a pace that leaves it most of the machine. */

import { effect } from '../vendor/signals/signals-core.js';

const TYPING_MS = 60;
const PACE_MS = 1_500;
/** While training, of so many parts of the time one is spent. */
const SHARE = 8;

/**
 * Runs a task when what it reads has changed. A change of `key` cancels a task that runs; any other change, such as a
 * step of the model, waits for it and for its turn.
 * @param {() => { key: readonly unknown[], task: (signal: AbortSignal) => Promise<void> } | null} read   reads signals
 * @param {(error: unknown) => void} report
 */
export function paced(read, report) {
  let timer = 0;
  let controller = new AbortController();
  let busy = false;
  let again = false;
  let [startedAt, tookMs] = [Number.NEGATIVE_INFINITY, 0];
  /** @type {ReturnType<typeof read>} */
  let wish = null;

  async function run() {
    if (!wish) return;
    if (busy || document.hidden) {
      again = true;
      if (!busy) timer = window.setTimeout(run, PACE_MS);
      return;
    }
    const mine = controller;
    busy = true;
    again = false;
    startedAt = performance.now();
    try {
      await wish.task(mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) report(error);
    }
    if (mine !== controller) return;
    busy = false;
    tookMs = performance.now() - startedAt;
    if (again) later();
  }

  function later() {
    clearTimeout(timer);
    const pace = Math.max(PACE_MS, SHARE * tookMs);
    timer = window.setTimeout(run, Math.max(TYPING_MS, startedAt + pace - performance.now()));
  }

  return effect(() => {
    const before = wish;
    wish = read();
    const same = wish && before && wish.key.every((value, i) => value === before.key[i]);
    if (same) return later();
    clearTimeout(timer);
    controller.abort();
    controller = new AbortController();
    busy = false;
    if (wish) timer = window.setTimeout(run, TYPING_MS);
  });
}
