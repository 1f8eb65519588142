/**
 * Time of one training step in headless Chromium, in the page's own engine: `cargo xtask bench`.
 *
 * The reference configuration is the one that other programs were measured with: 4 layers, 4 heads, 128 wide, context 64,
 * batch 12, vocabulary 65, GPT-2 style.
 */

import { join } from 'node:path';
import { launch } from './launch.js';
import { startServer } from './server.js';

/** style (0 = GPT-2, 1 = modern), layers, heads, width, context, batch, vocabulary */
const CONFIGURATIONS = {
  'reference, GPT-2 style': [0, 4, 4, 128, 64, 12, 65],
  'reference, modern style': [1, 4, 4, 128, 64, 12, 65],
};
const STEPS = 30;
/** Steps before the clock starts: the browser compiles hot loops better while they run. */
const WARM_UP = 5;

/**
 * Runs in the page.
 * @param {string} module @param {number[]} configuration @param {number} warmUp @param {number} steps
 * @returns {Promise<{ times: number[], flops: number }>} milliseconds of each step
 */
async function measure(module, configuration, warmUp, steps) {
  const engine = await import(module);
  await engine.default();
  const bench = new engine.BenchStep(...configuration);
  const times = [];
  for (let i = 0; i < warmUp + steps; i++) {
    const start = performance.now();
    bench.step();
    if (i >= warmUp) times.push(performance.now() - start);
  }
  return { times, flops: bench.flops() };
}

const root = join(import.meta.dirname, '../..');
const server = await startServer({ '/': join(root, 'www'), '/tests/': join(root, 'tests') });
const browser = await launch('chromium');
try {
  const page = await browser.newPage();
  for (const variant of ['simd', 'relaxed', 'scalar']) {
    for (const [name, configuration] of Object.entries(CONFIGURATIONS)) {
      await page.goto(`${server.origin}/tests/browser/blank.html`);
      const module = `/pkg/${variant}/glassgpt.js`;
      const { times, flops } = await page.evaluate(measure, module, configuration, WARM_UP, STEPS);
      report(variant, name, times, flops, configuration[4] * configuration[5]);
    }
  }
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} variant @param {string} name @param {number[]} times @param {number} flops @param {number} tokens */
function report(variant, name, times, flops, tokens) {
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  process.stdout.write(
    `${variant.padEnd(7)} ${name.padEnd(24)} ${median.toFixed(1)} ms/step (fastest ${times[0].toFixed(1)}), ` +
      `${((tokens / median) * 1000).toFixed(0)} tokens/s, ${(flops / median / 1e6).toFixed(1)} GFLOP/s\n`,
  );
}
