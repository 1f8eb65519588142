/** Chapter 5 from end to end, at the size of a quick look: a base, fine-tuning, side by side, forgetting, adapters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, TINY, text, texts } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @param {import('puppeteer-core').Page} page @param {string} selector */
const press = (page, selector) => page.$eval(selector, (e) => /** @type {HTMLElement} */ (e).click());
/** @param {import('puppeteer-core').Page} page @param {number} n */
const stages = (page, n) =>
  until(
    page,
    `${n} stages, at rest`,
    (/** @type {number} */ n) =>
      document.querySelectorAll('.stages li').length === n &&
      !document.querySelector('.lesson, .course > p.cap[role=status]'),
    60_000,
    n,
  );

for (const name of browsers) {
  test(`a base is trained, fine-tuned, asked side by side, and what is forgotten is shown (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url, server }) => {
      await page.goto(`${url}#lang=en&screen=ch5&${TINY}`);
      await page.waitForSelector('.course [data-act=base]');
      assert.equal(
        server.requests.filter((path) => path.includes('pkg/lessons')).length,
        0,
        'nothing before it is asked for',
      );
      await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await press(page, '.course [data-act=base]');
      await stages(page, 1);
      await until(page, 'the base continues', () => document.querySelectorAll('.duel .said .tk').length > 10);
      assert.match(await text(page, '.duel .sides .cap'), /continues the document/);
      // First answer token and end count, the question does not.
      await page.waitForSelector('.counted .pill');
      const marks = await page.$$eval('.counted .seq > *', (all) =>
        all.map((e) => [e.textContent, e.classList.contains('model')]),
      );
      const at = marks.findIndex(([words]) => words === 'assistant');
      assert.ok(at > 2 && marks.slice(0, at + 1).every(([, counts]) => !counts), JSON.stringify(marks));
      assert.ok(
        marks.slice(at + 1).every(([, counts]) => counts),
        JSON.stringify(marks),
      );

      await press(page, '[data-part="2"] [data-act=tune]');
      await stages(page, 2);
      await until(page, 'both have answered', () => document.querySelectorAll('.duel .said .seq').length === 2);
      await page.$eval('.duel form', (form) => /** @type {HTMLFormElement} */ (form).requestSubmit());
      await press(page, '[data-part="2"] [data-act=tune-bare]');
      await stages(page, 3);
      await page.$eval('[data-part="3"] select', (e) => {
        /** @type {HTMLSelectElement} */ (e).value = '2';
        e.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await press(page, '[data-part="3"] [data-act=adapters]');
      await stages(page, 4);
      const cells = await texts(page, '[data-part="3"] tbody tr:nth-last-child(2) td');
      assert.match(cells[1], /^3,648 4\.7%$/, cells.join('|'));
      assert.match(await text(page, '[data-part="3"] tbody tr:last-child td'), /at most 0\.0000/);
      assert.deepEqual(await axe(page), []);
    }));
}
