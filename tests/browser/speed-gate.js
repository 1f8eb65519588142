/**
 * Speed as ratios: what must hold on any machine, however busy. Part of `cargo xtask test`; nothing here is a time.
 *
 * Everything is WebAssembly in one node process: two ways take turns, and what counts is the median of the ratios of
 * neighbours. The limits are about half of what a quiet machine measures, so noise does not reach them; a kernel that lost
 * its vectors, an allocation or a bounds check in a hot loop does. A ratio that misses is measured anew with more rounds
 * before it counts.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, ROOT } from './bench-tables.js';

/** Least ratio of plain loops to a kernel. */
const KERNELS = {
  product: 8,
  'product with a transpose': 6,
  'transpose with a product': 10,
  gelu: 6,
  softmax: 2.5,
  'layer norm': 1.2,
  // The compiler gives the plain loop vectors as well.
  AdamW: 0.6,
};
/** Least share of the matrix product's rate that a whole step reaches. */
const SHARE = 0.4;
/** Least ratio of a step without SIMD to one with it. */
const SIMD = 2.5;

const ROUNDS = 7;
/** A ratio that misses is measured so often in all, each time with twice the rounds. */
const TRIES = 3;
/** Turns of a kernel are made as long as this, so that the clock is fine enough. */
const TURN_MS = 3;
const WARM_UP_MS = 60;
/** Style, layers, heads, width, context, batch, vocabulary: the reference, GPT-2 style. */
const REFERENCE = [0, 4, 4, 128, 64, 12, 65];

/** @param {string} folder @param {string} name */
async function load(folder, name) {
  const module = await import(pathToFileURL(join(ROOT, folder, `${name}.js`)).href);
  const { memory } = await module.default({ module_or_path: readFileSync(join(ROOT, folder, `${name}_bg.wasm`)) });
  return { module, memory };
}

/** @param {() => unknown} work */
function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** How many calls take {@link TURN_MS}, once it is compiled as well as it will be. @param {() => unknown} work */
function callsPerTurn(work) {
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) work();
  for (let calls = 1; ; calls *= 2) {
    const ms = time(() => {
      for (let i = 0; i < calls; i++) work();
    });
    if (ms >= TURN_MS) return calls;
  }
}

let failed = 0;

/**
 * @param {string} what
 * @param {number} least
 * @param {(rounds: number) => number[]} measure   a ratio for every round
 */
function gate(what, least, measure) {
  let found = 0;
  for (let tries = 0; tries < TRIES && found < least; tries++) found = median(measure(ROUNDS * 2 ** tries));
  const ok = found >= least;
  if (!ok) failed++;
  process.stdout.write(`${ok ? 'ok' : 'not ok'} ${what}: ${found.toFixed(2)}, at least ${least}\n`);
}

const { module: golden, memory } = await load('target/golden-web/simd', 'golden');
const kernels = new golden.Kernels();
for (const name of golden.Kernels.names()) {
  const least = /** @type {Record<string, number>} */ (KERNELS)[name];
  if (least === undefined) throw new Error(`there is no limit for ${name}`);
  const calls = [true, false].map((plain) => callsPerTurn(() => kernels.run(name, plain, 1)));
  const per = (/** @type {boolean} */ plain) => {
    const n = calls[plain ? 0 : 1];
    return time(() => kernels.run(name, plain, n)) / n;
  };
  gate(`${name}: plain loops / kernel`, least, (rounds) =>
    Array.from({ length: rounds }, () => {
      const plain = per(true);
      return plain / per(false);
    }),
  );
}

const [product] = golden.Kernels.names();
for (const modern of [false, true]) {
  const steps = new golden.Steps(modern);
  for (let i = 0; i < 3; i++) steps.step();
  const before = memory.buffer.byteLength;
  gate(`step of the reference, ${modern ? 'modern' : 'GPT-2'} style: share of the product's rate`, SHARE, (rounds) =>
    Array.from({ length: rounds }, () => {
      const rate = steps.flops() / time(() => steps.step());
      return rate / ((40 * golden.Kernels.productFlops()) / time(() => kernels.run(product, false, 40)));
    }),
  );
  if (memory.buffer.byteLength !== before) {
    failed++;
    process.stdout.write('not ok steps take new memory\n');
  }
  steps.free();
}

const [scalar, simd] = await Promise.all(['scalar', 'simd'].map((build) => load(`www/pkg/${build}`, 'glassgpt')));
const [slow, fast] = [scalar, simd].map(({ module }) => new module.BenchStep(...REFERENCE));
for (const bench of [slow, fast]) for (let i = 0; i < 2; i++) bench.step();
gate('step of the reference: without SIMD / with SIMD', SIMD, (rounds) =>
  Array.from({ length: rounds }, () => {
    const scalarMs = time(() => slow.step());
    return scalarMs / time(() => fast.step());
  }),
);

if (failed > 0) process.exitCode = 1;
