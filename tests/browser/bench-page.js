/**
 * Starting the engine, what asking it costs, and how fluid the page is meanwhile, in headless Chromium: `cargo xtask bench page`. The default run on the
 * built-in stories, in the page's own worker.
 */

import { join } from 'node:path';
import { measurePage } from './bench-live.js';
import { median, ROOT, Tables } from './bench-tables.js';
import { launch } from './launch.js';
import { startServer } from './server.js';

/** Runs in the page: milliseconds of each kind of call. @param {number} rounds */
async function calls(rounds) {
  const { connect, sampling } = await import(/** @type {string} */ ('/tests/browser/engine-page.js'));
  const { defaultRun } = await import(/** @type {string} */ ('/state.js'));
  const text = 'One day Zuri lost the red ball. She looked for it in the garden.';
  const started = performance.now();
  const { client } = connect();
  await client.call('estimate', { settings: defaultRun('en') });
  const startMs = performance.now() - started;
  const opening = performance.now();
  await client.call('open', { settings: defaultRun('en') });
  const openMs = performance.now() - opening;
  const time = async (/** @type {() => Promise<unknown>} */ work) => {
    await work();
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    return times;
  };
  const asked = {
    'a question without work (estimate)': await time(() => client.call('estimate', { settings: defaultRun('en') })),
    'a text looked into: tokens, attention, predictions (inspect)': await time(() =>
      client.call('inspect', { text, sampling }),
    ),
    'the run as a file (save)': await time(() => client.call('save', {})),
  };
  client.destroy();
  return { startMs, openMs, asked };
}

const server = await startServer({ '/': join(ROOT, 'www'), '/tests/': join(ROOT, 'tests') });
const browser = await launch('chromium');
const tables = new Tables('page', await browser.version());
try {
  const page = await browser.newPage();
  const runs = [];
  for (let round = 0; round < 5; round++) {
    await page.goto(`${server.origin}/tests/browser/blank.html`);
    runs.push(await page.evaluate(calls, 15));
  }
  const ms = (/** @type {number[]} */ times) => median(times).toFixed(1);
  const kinds = Object.keys(runs[0].asked);
  tables.add({
    title: 'Starting and asking the engine',
    about: 'From the page to the worker and back, medians of five visits.',
    columns: ['what', 'ms'],
    rows: [
      ['a worker started, its module compiled, a first answer', ms(runs.map(({ startMs }) => startMs))],
      ['the default run opened: 1.5 MB of text, a vocabulary learned', ms(runs.map(({ openMs }) => openMs))],
      ...kinds.map((kind) => [kind, ms(runs.flatMap(({ asked }) => asked[/** @type {keyof typeof asked} */ (kind)]))]),
    ],
  });
  await page.close();
  await measurePage(browser, server.origin, tables);
  tables.save();
} finally {
  await browser.close();
  await server.close();
}
