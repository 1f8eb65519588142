/** Words of the glossary: explained on hover, focus and tap, in both languages, with this model's own numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, TINY, text } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

for (const name of browsers)
  test(`a marked word is explained on hover, focus and tap, and Escape ends it (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url, server }) => {
      await page.goto(`${url}#lang=en&screen=ch2&${TINY}`);
      await page.waitForSelector('#chapter .prediction .bar', { timeout: 60_000 });
      assert.deepEqual(
        server.requests.filter((path) => /glossary|term-tip/.test(path)),
        [],
      );
      const tip = '#term-tip:not([hidden])';
      await page.hover('[data-term=vocabulary]');
      await page.waitForSelector(tip);
      assert.match(await text(page, tip), /^vocabulary All tokens that a model knows\..* Here: 400 tokens\.$/);
      await page.hover('#chapter .prose h1');
      await page.waitForSelector(tip, { hidden: true });
      await page.focus('[data-term=bigram]');
      await until(page, 'the number of this model', () =>
        /Here: \d\.\d\d nats/.test(document.getElementById('term-tip')?.textContent ?? ''),
      );
      assert.equal(await page.$eval('[data-term=bigram]', (e) => e.getAttribute('aria-describedby')), 'term-tip');
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
      await page.waitForSelector(tip, { hidden: true });
      await page.click('.top .seg.wide button:last-child');
      await until(page, 'Chinese', () => document.querySelector('[data-term=vocabulary]')?.textContent === '词表');
      await page.$eval('[data-term=vocabulary]', (e) => /** @type {HTMLElement} */ (e).click());
      await page.waitForSelector(tip);
      assert.match(await text(page, tip), /^词表 .*这里有 400 个词元。$/);
    }));
