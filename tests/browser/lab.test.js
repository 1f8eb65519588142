/** The lab: two runs from one seed beside each other, renamed, deleted, remembered, written out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leave, NO_SERVICE_WORKER, press, put, reload, says, TINY, text, texts } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @param {import('puppeteer-core').Page} page @param {number} count */
async function trained(page, count) {
  await page.waitForSelector('.model .primary:not([aria-disabled=true])', { timeout: 60_000 });
  await page.click('.model .primary');
  await until(
    page,
    `${count} runs`,
    (/** @type {number} */ n) => document.querySelectorAll('.lab .table tbody tr').length === n,
    60_000,
    count,
  );
  await until(
    page,
    'the end of training',
    () => /done/.test(document.querySelector('.model')?.textContent ?? ''),
    60_000,
  );
}

for (const name of browsers)
  test(`runs are listed, compared, renamed, deleted and remembered (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=lab&${TINY}`);
      await page.waitForSelector('.lab', { timeout: 60_000 });
      assert.equal(await page.$eval('.top nav [aria-current]', (e) => e.textContent), 'Lab');
      await trained(page, 1);
      // Its last evaluation comes a moment later, and nothing of it disturbs what is kept.
      const last = await until(page, 'the evaluation of step 60', () =>
        JSON.parse(localStorage.getItem('glassgpt.runs') ?? '[]')
          .at(-1)
          ?.evaluations.find((/** @type {any} */ e) => e.step === 60)
          ?.lossNats.toFixed(2),
      );
      await until(page, 'its weights', () => document.querySelectorAll('.lab td.kept button').length === 2);
      assert.ok(!/restarted/.test(await text(page, '#notices')), await text(page, '#notices'));
      await page.$$eval('.lab td.last button', (all) => /** @type {HTMLElement} */ (all[0]).click());
      await page.waitForSelector('dialog[open]');
      await page.keyboard.press('Escape');
      await leave(page);
      await page.goto(`${url}#lang=en&screen=lab&${TINY.replace('width=32', 'width=48')}`);
      await page.waitForSelector('.lab .table tbody tr', { timeout: 60_000 });
      await trained(page, 2);
      assert.deepEqual((await texts(page, '.lab .table tbody tr td:first-child')).sort(), ['A', 'B']);
      assert.match(await text(page, '.lab .table tbody'), /width: (32|48)/);
      const heads = await texts(page, '.lab .vh th[scope=col]');
      assert.deepEqual(
        heads.map((head) => head.trim()).filter((head) => /^[AB]$/.test(head)),
        ['A', 'B'],
      );
      assert.match(await text(page, '.lab .vh tbody tr:last-child'), /\d+\s*\d\.\d{3}\s*\d\.\d{3}/);
      assert.match(await text(page, '.lab .table tbody tr'), /\d\.\d\d/);
      await put(page, '.lab .table tbody .field', 'my run', 'change');
      await until(page, 'weights of both runs', () => document.querySelectorAll('.lab td.kept button').length === 4);
      assert.deepEqual(await axe(page), []);
      await reload(page);
      await page.waitForSelector('.lab .table tbody tr', { timeout: 60_000 });
      assert.equal(
        await page.$eval('.lab .table tbody .field', (e) => /** @type {HTMLInputElement} */ (e).value),
        'my run',
      );
      // The model of the first run comes back, whole; the second one's is there as before.
      await until(page, 'weights of both runs', () => document.querySelectorAll('.lab td.kept button').length === 4);
      await page.$eval('.lab .table tbody tr:last-child td.kept button', (e) => /** @type {HTMLElement} */ (e).click());
      await until(
        page,
        'the model of 32 numbers a token, after 60 steps, with its last loss',
        (/** @type {string} */ last) =>
          new RegExp(`32 wide.*step 60.*${last}`).test(
            (document.querySelector('.model')?.textContent ?? '').replace(/\s+/g, ' '),
          ),
        30_000,
        last,
      );
      // What is deleted can come back, with its weights.
      await page.$$eval('.lab td.last button', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await says(page, '.lab .gone', /^ ?Deleted, with its weights: my run\./);
      await until(
        page,
        'the other run alone',
        () =>
          document.querySelectorAll('.lab .table tbody tr').length === 1 &&
          document.querySelectorAll('.lab td.kept button').length === 2,
      );
      await press(page, '.lab [data-act=undo-gone]');
      await until(page, 'both, with weights', () => document.querySelectorAll('.lab td.kept button').length === 4);
      assert.equal(
        await page.$eval('.lab .table tbody .field', (e) => /** @type {HTMLInputElement} */ (e).value),
        'my run',
      );
      assert.equal((await text(page, '.lab .gone')).length, 0);
      await press(page, '.lab dl + p button');
      await until(page, 'no weights', () => document.querySelectorAll('.lab td.kept button').length === 0);
      await press(page, '.lab [data-act=undo-gone]');
      await until(page, 'the weights of both', () => document.querySelectorAll('.lab td.kept button').length === 4);
      await page.$$eval('.lab td.last button', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await press(page, '.lab [data-act=forget-gone]');
      await until(page, 'no way back', () => document.querySelector('.lab .gone')?.textContent?.trim() === '');
      await until(page, 'one run', () => document.querySelectorAll('.lab .table tbody tr').length === 1);
      await until(
        page,
        'its weights are gone with it',
        () => document.querySelectorAll('.lab td.kept button').length === 2,
      );
      await page.setViewport({ width: 390, height: 844 });
      await until(page, 'nothing wider than the screen', () => document.documentElement.scrollWidth <= 390);
    }));
