/** A screen reader hears of a move at once, and nothing of what the model learns meanwhile. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

for (const name of browsers) {
  test(`training is silent, a move is told, and so is the end (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(
        `${url}#lang=en&layers=2&heads=2&width=64&context=64&size=400&steps=600&batch=8&text=Mia+has+a+red+ball.`,
      );
      await page.waitForSelector('#prediction .bar', { timeout: 60_000 });
      await page.waitForSelector('#attention .large [aria-live]');
      await press(page, '.model .primary');
      const drawn = (/** @type {number} */ n) =>
        until(
          page,
          `${n} other figures`,
          (/** @type {number} */ n) => {
            const w = /** @type {any} */ (window);
            w.figures ??= new Set();
            const share = document.querySelector('#prediction .bar .v')?.textContent ?? '';
            w.figures.add(`${share} ${document.querySelector('#attention .lab b')?.textContent}`);
            return w.figures.size >= n;
          },
          60_000,
          n,
        );
      // What was told of a moment before holds for a second.
      await drawn(8);
      await page.evaluate(() => {
        const w = /** @type {any} */ (window);
        w.figures = new Set();
        w.told = [];
        for (const live of document.querySelectorAll('#prediction [aria-live], #attention [aria-live]'))
          new MutationObserver(() => w.told.push(live.textContent)).observe(live, {
            characterData: true,
            childList: true,
            subtree: true,
          });
      });
      await drawn(5);
      const silent = await page.evaluate(() => ({
        told: /** @type {any} */ (window).told,
        running: document.querySelector('.model .pulse') !== null,
      }));
      assert.deepEqual(silent, { told: [], running: true });
      // A move is told of, with the tokens moved to.
      await press(page, '#attention .tok', 2);
      await until(page, 'the move is told', () => {
        const told = /** @type {string[]} */ (/** @type {any} */ (window).told);
        return told.some((s) => /^After (?!\. )/.test(s)) && told.some((s) => /^(?!\. ).* looks at/.test(s));
      });
      const running = await page.$eval('.model', (e) => e.querySelector('.pulse') !== null);
      assert.equal(running, true);
      await press(page, '.model .primary');
      await until(page, 'in the end, what the figures show', () => {
        const share = document.querySelector('#prediction .bar .v')?.textContent?.trim() ?? '?';
        const weight = document.querySelector('#attention .lab b')?.textContent?.trim() ?? '?';
        return (
          document.querySelector('.model .pulse') === null &&
          document.querySelector('#prediction [aria-live]')?.textContent?.endsWith(share) &&
          document.querySelector('#attention [aria-live]')?.textContent?.endsWith(weight)
        );
      });
    }));
}
