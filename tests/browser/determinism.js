/**
 * One digest of the weights, whoever trains: `cargo xtask determinism`.
 *
 *     node tests/browser/determinism.js SETTINGS STEPS RELOADS CHECKPOINT…
 *
 * The checkpoints are those of native runs with the same settings and steps. In each browser the page's engine trains
 * with and without SIMD, with 1, 2 and 3 workers, and once more with RELOADS reloads of the page on the way, each with
 * another number of workers.
 */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pageOf } from './in-page.js';
import { launch } from './launch.js';
import { startServer } from './server.js';
import { weightsOf } from './weights.js';

const WORKERS = [1, 2, 3];
const BUILDS = { simd128: undefined, scalar: 'crew-scalar' };
const [settings, steps, reloads] = process.argv.slice(2, 5).map((argument) => JSON.parse(argument));
const root = join(import.meta.dirname, '../..');
/** Digests, and who came to them. @type {Map<string, string[]>} */
const found = new Map();

/** @param {string} who @param {string} digest */
function tell(who, digest) {
  process.stdout.write(`${digest.slice(0, 16)}  ${who}\n`);
  found.set(digest, [...(found.get(digest) ?? []), who]);
}

/** One way to the last step, in the page: all workers there from the first step on. */
const train = async (
  /** @type {any} */ { connect, hired, weightsOf },
  /** @type {{ settings: any, steps: number, worker?: string, workers: number }} */ {
    settings,
    steps,
    worker,
    workers,
  },
) => {
  const engine = connect(worker);
  const { variant } = await engine.event('ready');
  if ((variant === 'simd') !== (worker === undefined)) throw new Error(`the ${variant} build was loaded`);
  await engine.client.call('open', { settings });
  await hired(engine, workers);
  await engine.client.call('reset', {});
  await engine.train(steps, workers);
  const digest = await weightsOf(await engine.client.call('save', {}));
  engine.client.destroy();
  return digest;
};

/** One leg of a way with reloads, in the page: goes on with what the leg before left. */
const leg = async (
  /** @type {any} */ { connect, weightsOf },
  /** @type {{ settings: any, first: boolean, end: number, workers: number }} */ { settings, first, end, workers },
) => {
  const { client, train, event } = connect();
  const { step } = first ? await client.call('open', { settings }) : await client.call('resume', {});
  await train(end, workers);
  await event('saved', (/** @type {any} */ n) => n.step === end);
  const digest = await weightsOf(await client.call('save', {}));
  client.destroy();
  return { step, digest };
};

/** @param {import('puppeteer-core').Page} page @param {string} address */
async function withReloads(page, address) {
  let digest = '';
  for (let i = 0; i <= reloads; i++) {
    const [begin, end] = [i, i + 1].map((n) => Math.floor((steps * n) / (reloads + 1)));
    await page.goto(address);
    const workers = WORKERS[i % WORKERS.length];
    const done = /** @type {Awaited<ReturnType<typeof leg>>} */ (
      await pageOf(page, leg, { settings, first: i === 0, end, workers })
    );
    if (done.step !== begin) throw new Error(`the page went on from step ${done.step}, not from ${begin}`);
    digest = done.digest;
  }
  return digest;
}

/** @param {'chromium' | 'firefox'} name @param {string} address */
async function inBrowser(name, address) {
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    for (const [build, worker] of Object.entries(BUILDS)) {
      for (const workers of WORKERS) {
        await page.goto(address);
        const digest = /** @type {string} */ (await pageOf(page, train, { settings, steps, worker, workers }));
        tell(`${name}, ${build}, workers: ${workers}`, digest);
      }
    }
    tell(`${name}, simd128, reloads: ${reloads}`, await withReloads(page, address));
  } finally {
    await browser.close();
  }
}

for (const file of process.argv.slice(5)) tell(basename(file, '.safetensors'), await weightsOf(await readFile(file)));
const server = await startServer({ '/': join(root, 'www'), '/tests/': join(root, 'tests') });
try {
  const names = (process.env.GLASSGPT_BROWSERS ?? 'chromium,firefox').split(',').map((name) => name.trim());
  for (const name of names)
    await inBrowser(/** @type {'chromium' | 'firefox'} */ (name), `${server.origin}/tests/browser/blank.html`);
} finally {
  await server.close();
}
const runs = [...found.values()].flat().length;
if (found.size !== 1) {
  process.stderr.write(`${runs} runs of ${steps} steps gave ${found.size} different results\n`);
  process.exit(1);
}
process.stdout.write(`${runs} runs of ${steps} steps, one result: sha256 ${[...found.keys()][0]}\n`);
