/** The folder to upload, whose scripts are bundled: every worker starts, every screen opens, nothing is missing. */

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, TINY, trained } from './chapter-page.js';
import { browsers, root, until, withBrowser } from './harness.js';

const folder = join(root, 'dist');
const WORKER = /^(\w+-)?worker\.js$/;

/** Screens, and what each shows once its scripts, styles and worker are there. */
const SIGNS = {
  ch1: '.merges .tok',
  ch2: '.sampler .bar',
  ch3: '.switches',
  ch4: '.by-hand table',
  ch5: '.course [data-act=base]',
  ch6: '.course [data-act=chain]',
  ch7: '.stage > .fig:not(:empty)',
  lab: '.lab .table tbody tr',
};

/**
 * Starts a worker and asks for what no worker does; gives what it says to that, or the first thing that it says by itself.
 * @param {string} url
 */
const greet = (url) =>
  new Promise((resolve) => {
    const worker = new Worker(url, { type: 'module' });
    const done = (/** @type {string} */ said) => {
      worker.terminate();
      resolve(said);
    };
    worker.onerror = (event) => done(`error: ${event.message}`);
    worker.onmessage = ({ data }) => {
      if (data.error) done(`${data.event ?? 'answer'}: ${data.error.code}`);
      else if (data.event !== 'ready') done(JSON.stringify(data));
    };
    worker.postMessage({ id: 1, call: 'no such call', args: {} });
  });

for (const name of browsers) {
  test(`every worker of dist starts with its module (${name})`, () =>
    withBrowser(name, { site: 'dist', ...NO_SERVICE_WORKER }, async ({ page, url }) => {
      const engine = await readdir(join(folder, 'engine'));
      const workers = engine.filter((file) => WORKER.test(file)).sort();
      const sources = await readdir(join(root, 'www/engine'));
      assert.deepEqual(workers, sources.filter((file) => WORKER.test(file)).sort());
      await page.goto(`${url}#lang=en&${TINY}`);
      for (const worker of workers)
        assert.equal(await page.evaluate(greet, `${url}engine/${worker}`), 'answer: unknown-call', worker);
    }));

  test(`every screen of dist opens, and its workers are found (${name})`, () =>
    withBrowser(name, { site: 'dist', ...NO_SERVICE_WORKER }, async ({ page, url, server }) => {
      const base = new URL(url).pathname;
      await page.goto(`${url}#lang=en&${TINY}`);
      await trained(page);
      for (const [screen, sign] of Object.entries(SIGNS)) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#lang=en&${TINY}&screen=${screen}`);
        await page.waitForSelector(`#chapter > :not([hidden]) ${sign}`, { timeout: 60_000 });
        // Workers that start only when something is asked for.
        if (screen === 'ch1') await press(page, '.learn [aria-pressed=false]');
        if (screen === 'ch5') {
          await press(page, '.course input[type=radio]', 1);
          await press(page, '.course [data-act=base]');
        }
      }
      await until(page, 'the end of a lesson', () => document.querySelector('.stages li') !== null, 90_000);
      for (const worker of ['', 'tokenizer-', 'lab-', 'pretraining-', 'teacher-', 'course-'])
        assert.ok(server.requests.includes(`${base}engine/${worker}worker.js`), `${worker}worker was not asked for`);
      assert.ok(server.requests.includes(`${base}engine/shard.js`), 'no helper was asked for');
    }));
}
