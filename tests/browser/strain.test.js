/** The page when it is treated roughly: double clicks, ten megabytes pasted, no room left, a tab in the background. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standstill } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const TINY = 'lang=en&layers=1&heads=2&width=32&context=32&size=400&steps=20000&batch=4';

/** Opens the page and waits for the first prediction. @param {Page} page @param {string} url */
async function open(page, url) {
  await page.goto(`${url}#${TINY}`);
  await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
}

const stepNow = () => Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow'));
/** @param {Page} page @param {number} least */
const reaches = (page, least) =>
  until(
    page,
    `step ${least}`,
    (/** @type {number} */ n) =>
      Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) >= n,
    60_000,
    least,
  );
const running = () => document.querySelector('.model .pulse') !== null;
/** @param {Page} page @param {string} words */
const says = (page, words) =>
  until(
    page,
    `the sentence "${words}"`,
    (/** @type {string} */ sought) => document.body.textContent?.includes(sought),
    30_000,
    words,
  );

for (const name of browsers) {
  test(`a double click starts, and a double click stops (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await page.click('.model .primary', { count: 2 });
      await reaches(page, 5);
      assert.ok(await page.evaluate(running), 'the second click of the first pair stopped the training');
      await page.click('.model .primary', { count: 2 });
      await until(page, 'the pause', () => document.querySelector('.model .pulse') === null);
      const paused = await page.evaluate(stepNow);
      await new Promise((r) => setTimeout(r, 400));
      assert.equal(await page.evaluate(stepNow), paused, 'the second click of the second pair started it again');
    }));

  test(`ten pasted megabytes become training text, and the page answers meanwhile (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      const before = await page.$eval('#source', (e) => /** @type {HTMLTextAreaElement} */ (e).value);
      const line = 'Ten megabytes of a text that somebody wrote, with 中文 and 😀 in it.\n';
      const times = Math.floor(9_900_000 / new TextEncoder().encode(line).length);
      const worst = await standstill(page, '#source', line, times, 2_500);
      // No benchmark: a page that lays out ten megabytes stands still for many seconds.
      assert.ok(worst < 2_000, `the page stood still for ${worst.toFixed(0)} ms`);
      process.stdout.write(`${name}: longest standstill ${worst.toFixed(0)} ms\n`);
      await says(page, 'That is a long text (9.9 MB)');
      assert.equal(await page.$eval('#source', (e) => /** @type {HTMLTextAreaElement} */ (e).value), before);
    }));

  test(`a full storage is said, and the training goes on (${name})`, () => {
    const full = { body: "import '/tests/browser/workers/patch-full.js';\nimport '/engine/full-worker.js';" };
    const real = {
      body: "import { host } from './host.js';\nimport { loadEngine } from './loader.js';\nawait host(loadEngine);",
    };
    return withBrowser(
      name,
      {
        fault: (path) =>
          path === '/engine/worker.js'
            ? full
            : path === '/engine/full-worker.js'
              ? { status: 200, type: 'text/javascript', ...real }
              : undefined,
      },
      async ({ page, url }) => {
        await open(page, url);
        await page.click('.model .primary');
        await says(page, 'Browser storage is full.');
        const then = await page.evaluate(stepNow);
        await reaches(page, then + 5);
        assert.ok(await page.evaluate(running));
      },
    );
  });

  test(`a hidden tab goes on training, and says why it is slow (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await page.click('.model .primary');
      await reaches(page, 5);
      const hide = (/** @type {boolean} */ hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      await page.evaluate(hide, true);
      const then = await page.evaluate(stepNow);
      await reaches(page, then + 5);
      await says(page, 'slowed by the browser');
      await page.evaluate(hide, false);
      await until(page, 'the sentence to go', () => !document.body.textContent?.includes('slowed by the browser'));
      assert.ok(await page.evaluate(running));
    }));
}
