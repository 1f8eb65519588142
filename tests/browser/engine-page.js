/** What the engine's tests do inside the page: a client, its notifications, and settings of small runs. */

import { EngineClient } from '/engine/client.js';

export { weightsOf } from './weights.js';

/** Attention over 48 tokens, two layers: learns stories in a few seconds. */
export const small = {
  corpus: 'stories-en',
  style: 'modern',
  layers: 2,
  heads: 2,
  kvHeads: 1,
  width: 48,
  context: 48,
  vocabulary: 'bpe',
  vocabSize: 512,
  split: 'digits',
  steps: 300,
  batch: 8,
  optimizer: 'adamw',
  schedule: 'isqrt',
  learningRate: 4e-3,
  warmup: 20,
  weightDecay: 0.1,
  seed: 1,
};

/** A run that takes milliseconds: a text of its own, bytes, one layer. */
export const tiny = { ...small, corpus: 'own', vocabulary: 'bytes', layers: 1, width: 16, context: 16, batch: 4 };

export const tinyText = () => new TextEncoder().encode('the cat and the hat and the bat sat. '.repeat(60));

export const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1 };

/** @param {string} [worker] name of a file in tests/browser/workers/ */
export function connect(worker) {
  /** @type {any[]} */
  const events = [];
  /** @type {any[]} */
  const restarts = [];
  /** @type {Set<() => void>} */
  const waiting = new Set();
  const told = (/** @type {any[]} */ list, /** @type {any} */ entry) => {
    list.push(entry);
    for (const look of [...waiting]) look();
  };
  const client = new EngineClient({
    ...(worker ? { workerUrl: `/tests/browser/workers/${worker}.js` } : {}),
    onNotification: (n) => told(events, n),
    onRestart: (r) => told(restarts, r),
  });
  /** The first entry for which `is` holds, now or later. */
  const first = (/** @type {any[]} */ list, /** @type {(entry: any) => boolean} */ is) =>
    new Promise((/** @type {(entry: any) => void} */ resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not told within 60 s: ${is}`)), 60_000);
      const look = () => {
        const found = list.find(is);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    client,
    events,
    restarts,
    /** A notification, now or later. */
    event: (/** @type {string} */ name, /** @type {(n: any) => boolean} */ is = () => true) =>
      first(events, (n) => n.event === name && is(n)),
    restart: () => first(restarts, () => true),
    openTiny: (/** @type {object} */ changes = {}) => {
      const text = tinyText();
      return client.call('open', /** @type {any} */ ({ settings: { ...tiny, ...changes }, text }), {
        transfer: [text.buffer],
      });
    },
    /** Trains to a step, by itself or by so many workers, and waits until that is done. */
    train: async (/** @type {number} */ untilStep, workers = 0) => {
      const from = events.length;
      await client.call('train', { untilStep, workers });
      return first(events, (n) => events.indexOf(n) >= from && n.event === 'stopped');
    },
  };
}

/** Trains by so many workers until all of them take part. @param {ReturnType<typeof connect>} engine @param {number} workers */
export async function hired({ client, event }, workers) {
  await client.call('train', { untilStep: 100_000, workers });
  await event('tick', (n) => n.workers === workers);
  await client.call('pause', {});
}

/** The code with which a call is refused. @param {Promise<unknown>} call */
export const codeOf = (call) =>
  call.then(
    () => 'no error',
    (error) => error.code,
  );
