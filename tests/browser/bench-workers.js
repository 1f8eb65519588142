/**
 * Time of a training step by one worker and by two, in headless Chromium: `cargo xtask bench workers`.
 *
 * The two take turns within one run, so that whatever else the machine does meets both; what counts is the ratio.
 * The reference model is the one of `bench-engine.js` with the smallest vocabulary of the page, 261 instead of 65.
 */

import { join } from 'node:path';
import { median, ROOT, Tables } from './bench-tables.js';
import { launch } from './launch.js';
import { startServer } from './server.js';

const common = {
  corpus: 'own',
  vocabulary: 'bytes',
  vocabSize: 261,
  split: 'digits',
  steps: 700,
  optimizer: 'adamw',
  schedule: 'constant',
  learningRate: 1e-3,
  warmup: 20,
  weightDecay: 0.1,
  seed: 1,
};
const MODELS = {
  small: { style: 'gpt2', layers: 2, heads: 2, kvHeads: 2, width: 64, context: 32, batch: 8 },
  default: { style: 'modern', layers: 3, heads: 3, kvHeads: 3, width: 96, context: 96, batch: 8 },
  reference: { style: 'gpt2', layers: 4, heads: 4, kvHeads: 4, width: 128, context: 64, batch: 12 },
  large: { style: 'gpt2', layers: 6, heads: 6, kvHeads: 6, width: 192, context: 128, batch: 8 },
};
const COUNTS = [1, 2];
const TURNS = 8;
/** Steps of one turn: about a second. */
const STEPS = { small: 60, default: 16, reference: 10, large: 4 };

/** Runs in the page. @param {object} order @returns {Promise<{ times: number[][], parameters: number, flopsPerStep: number, shards: number }>} */
const measure = async (order) => {
  const { Hired } = await import(/** @type {string} */ ('/engine/hired.js'));
  const hired = new Hired();
  return new Promise((resolve, reject) => {
    const words = 'It was the best of times, it was the worst of times, it was the age of wisdom.\n';
    const text = new TextEncoder().encode(words.repeat(500));
    const worker = new Worker('/tests/browser/workers/bench-crew.js', { type: 'module' });
    worker.onmessage = ({ data }) => {
      if ('event' in data) return hired.tell(data);
      worker.terminate();
      hired.clear();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ ...order, text });
  });
};

const server = await startServer({ '/': join(ROOT, 'www'), '/tests/': join(ROOT, 'tests') });
const browser = await launch('chromium');
const tables = new Tables('workers', await browser.version());
try {
  const page = await browser.newPage();
  const rows = [];
  for (const [name, model] of Object.entries(MODELS)) {
    await page.goto(`${server.origin}/tests/browser/blank.html`);
    const steps = STEPS[/** @type {keyof typeof STEPS} */ (name)];
    const order = { settings: { ...common, ...model }, counts: COUNTS, turns: TURNS, steps };
    const { times, parameters, flopsPerStep, shards } = await page.evaluate(measure, order);
    const [one, two] = times.map(median);
    const [best, bestOfTwo] = times.map((ms) => Math.min(...ms));
    const cells = [parameters.toLocaleString('en'), (flopsPerStep / 1e9).toFixed(2), `${shards}`];
    const ratios = [one / two, best / bestOfTwo].map((ratio) => ratio.toFixed(2));
    rows.push([name, ...cells, one.toFixed(1), two.toFixed(1), ...ratios]);
  }
  tables.add({
    title: 'Workers',
    about: 'Training steps of the page by one worker and by two, in turns.',
    columns: ['model', 'parameters', 'GFLOP', 'shards', 'ms by 1', 'ms by 2', 'ratio', 'ratio of the fastest'],
    rows,
  });
  tables.save();
} finally {
  await browser.close();
  await server.close();
}
