/**
 * Kernels, training steps and generation in headless Chromium, by every build: `cargo xtask bench engine`.
 *
 * The reference configuration is the one that other programs were measured with: 4 layers, 4 heads, 128 wide, context 64,
 * batch 12, vocabulary 65. Steps are compared with the matrix product of the same build in the same run: what a machine
 * does at that moment, it does to both.
 */

import { join } from 'node:path';
import { median, ROOT, Tables } from './bench-tables.js';
import { launch } from './launch.js';
import { startServer } from './server.js';

/** style (0 = GPT-2, 1 = modern), layers, heads, width, context, batch, vocabulary */
const MODELS = {
  'small, GPT-2 style': [0, 2, 2, 64, 32, 8, 65],
  'default, modern style': [1, 3, 3, 96, 96, 8, 800],
  'reference, GPT-2 style': [0, 4, 4, 128, 64, 12, 65],
  'reference, modern style': [1, 4, 4, 128, 64, 12, 65],
  'large, GPT-2 style': [0, 6, 6, 192, 128, 8, 65],
};
const BUILDS = /** @type {const} */ (['simd', 'relaxed', 'scalar']);
const KERNELS = ['matmul', 'gelu', 'gelu backward', 'softmax', 'layer norm', 'RMS norm', 'cross-entropy'];
const ROUNDS = 15;
/**
 * The rate of a whole step, as a share of its product's, that element-wise passes leave at their best: a hand-tuned
 * prototype of the reference step took 115 ms where the product made 42 GFLOP/s (simd128), and 93 ms where it made 52
 * (relaxed), both for 3.96 GFLOP.
 */
const LIMIT = 0.82;
/** Steps before the clock starts: the browser compiles hot loops better while they run. */
const WARM_UP = 5;

/**
 * Runs in the page: milliseconds of steps, and of the matrix product between them.
 * @param {{ url: string, model: number[], warmUp: number, rounds: number }} order
 */
async function steps({ url, model, warmUp, rounds }) {
  const engine = await import(url);
  await engine.default();
  const bench = new engine.BenchStep(...model);
  const time = (/** @type {() => unknown} */ work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const [times, products] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  let flops = 0;
  for (let i = 0; i < warmUp + rounds; i++) {
    const [step, product] = [time(() => bench.step()), time(() => (flops = engine.benchKernel('matmul', 40)))];
    if (i < warmUp) continue;
    times.push(step);
    products.push(product);
  }
  return { times, flops: bench.flops(), productRates: products.map((ms) => (40 * flops) / ms / 1e6) };
}

/** Runs in the page: milliseconds of many rounds of each kernel. @param {{ url: string, names: string[] }} order */
async function kernels({ url, names }) {
  const engine = await import(url);
  await engine.default();
  const rounds = 60;
  return names.map((name) => {
    engine.benchKernel(name, rounds);
    let size = 0;
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      size = engine.benchKernel(name, rounds);
      return (performance.now() - start) / rounds;
    });
    return { name, times, size };
  });
}

/** Runs in the page: milliseconds for `count` tokens, some times. @param {{ url: string, model: number[], count: number }} order */
async function generation({ url, model, count }) {
  const engine = await import(url);
  await engine.default();
  const bench = new engine.BenchStep(...model);
  engine.benchGenerate(bench, count);
  return Array.from({ length: 7 }, () => {
    const start = performance.now();
    engine.benchGenerate(bench, count);
    return performance.now() - start;
  });
}

const mounts = { '/': join(ROOT, 'www'), '/tests/': join(ROOT, 'tests'), '/bench/': join(ROOT, 'target/bench-web') };
const server = await startServer(mounts);
const browser = await launch('chromium');
const tables = new Tables('engine', await browser.version());
const fixed = (/** @type {number} */ value, digits = 1) => value.toFixed(digits);

try {
  const page = await browser.newPage();
  const fresh = () => page.goto(`${server.origin}/tests/browser/blank.html`);
  const url = (/** @type {string} */ build) => `/bench/${build}/bench.js`;

  const steppedRows = [];
  for (const build of BUILDS) {
    for (const [name, model] of Object.entries(MODELS)) {
      await fresh();
      const order = { url: url(build), model, warmUp: WARM_UP, rounds: ROUNDS };
      const { times, flops, productRates } = await page.evaluate(steps, order);
      const [ms, tokens, productRate] = [median(times), model[4] * model[5], median(productRates)];
      const rate = flops / ms / 1e6;
      const speed = [
        fixed((tokens / ms) * 1000, 0),
        fixed(rate),
        fixed(productRate),
        `${fixed((100 * rate) / productRate, 0)} %`,
        build === 'scalar' ? '' : `${fixed((100 * rate) / productRate / LIMIT, 0)} %`,
      ];
      steppedRows.push([build, name, fixed(ms), fixed(Math.min(...times)), ...speed]);
    }
  }
  tables.add({
    title: 'Training steps, one worker',
    about:
      'Forward, backward, clipping and AdamW. GFLOP/s count the products alone; beside them those of the matrix product ' +
      '(768 × 128) · (128 × 512) of the same build, measured in turns with the steps. With SIMD, passes over single ' +
      `values leave ${LIMIT} of that rate at best; of this limit, at least 80 % is wanted for the reference model, and ` +
      '77 % for the default one.',
    columns: ['build', 'model', 'ms', 'fastest', 'tokens/s', 'GFLOP/s', 'product', 'of product', 'of limit'],
    rows: steppedRows,
  });

  const found = [];
  for (const build of BUILDS) {
    await fresh();
    found.push(await page.evaluate(kernels, { url: url(build), names: KERNELS }));
  }
  const rateOf = (/** @type {{ times: number[], size: number }} */ { times, size }) =>
    fixed(size / median(times) / 1e6, 2);
  tables.add({
    title: 'Kernels',
    about: 'Billions of values a second (of operations for the product), on the rows of the reference step.',
    columns: ['kernel', ...BUILDS],
    rows: KERNELS.map((name, i) => [name, ...found.map((kernelsOfBuild) => rateOf(kernelsOfBuild[i]))]),
  });

  const written = [];
  for (const [name, model] of Object.entries(MODELS)) {
    const row = [name];
    for (const build of BUILDS) {
      await fresh();
      const count = 400;
      const times = await page.evaluate(generation, { url: url(build), model, count });
      row.push(fixed((1000 * count) / median(times), 0));
    }
    written.push(row);
  }
  tables.add({
    title: 'Generation, one worker',
    about: 'Tokens a second, 400 of them, through the cache; the window slides by half a context whenever it is full.',
    columns: ['model', ...BUILDS],
    rows: written,
  });
  tables.save();
} finally {
  await browser.close();
  await server.close();
}
