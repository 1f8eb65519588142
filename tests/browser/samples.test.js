/** Several samples of one text at once: each from a seed of its own, under each other, stopped together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leave } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const MODEL = 'layers=2&heads=2&width=64&context=64&size=400&text=One%20day';

/** A fresh page whose model is ready to write. @param {Page} page @param {string} address */
async function open(page, address) {
  await leave(page);
  await page.goto(address);
  await page.waitForSelector('.loss table tbody tr', { timeout: 60_000 });
}

/** Presses G and waits for the end: what every sample holds, and what is said below. @param {Page} page @param {number} count */
async function drawn(page, count) {
  await page.keyboard.press('g');
  return until(
    page,
    `${count} samples`,
    (count) => {
      const lines = [...document.querySelectorAll('#generated [data-line], .generated [data-line]')];
      const texts = lines.map((line) => [...line.querySelectorAll('.tok.made')].map((e) => e.textContent ?? ''));
      const over = document.querySelector('.generated .caret') === null && document.querySelector('.generated .acts');
      const said = [...document.querySelectorAll('.generated .cap')].map((e) => e.textContent ?? '').join('\n');
      return over && texts.length === count && texts.every((t) => t.length > 24) ? { texts, said } : null;
    },
    60_000,
    count,
  );
}

for (const name of browsers) {
  test(`four samples are drawn at once, the first is the single one, a link repeats them all (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#lang=en&samples=4&draw=8&${MODEL}`);
      const { texts, said } = await drawn(page, 4);
      assert.equal(new Set(texts.map((t) => t.join(' '))).size, 4, 'two samples are alike');
      const total = texts.flat().length;
      assert.match(said, new RegExp(`${total} tokens, [\\d,]+ a second`));
      await open(page, `${url}#lang=zh-Hans&samples=4&draw=8&data=stories-en&size=400&${MODEL}`);
      const again = await drawn(page, 4);
      assert.deepEqual(again.texts, texts);
      assert.match(again.said, new RegExp(`共 ${total} 个词元`));
      await open(page, `${url}#lang=en&draw=8&${MODEL}`);
      const single = await drawn(page, 1);
      assert.deepEqual(single.texts, texts.slice(0, 1));
      assert.ok(!single.said.includes('a second'));
    }));

  test(`their number is set by keys and stays in the address; one of them goes into the text (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#lang=en&${MODEL}`);
      await page.focus('#prediction-samples');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('End');
      await until(page, 'the address', () => location.hash.includes('samples=4'));
      await page.keyboard.press('ArrowLeft');
      await until(page, 'the address', () => location.hash.includes('samples=3'));
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
      const { texts } = await drawn(page, 3);
      // Alternatives of a token of the second sample, chosen by keys.
      await page.focus('.generated [data-line="1"] .tok');
      await page.keyboard.press('End');
      await until(page, 'alternatives', () => document.querySelector('.generated .alts .bar') !== null);
      const marked = await page.$$eval('.generated [aria-selected=true]', (all) =>
        all.map((e) => e.closest('[data-line]')?.getAttribute('data-line')),
      );
      assert.deepEqual(marked, ['1']);
      const before = await page.$$eval('.text .tok', (all) => all.length);
      await page.$$eval('.generated .sample button', (all) => /** @type {HTMLElement} */ (all[2]).click());
      await until(page, 'a longer text', (n) => document.querySelectorAll('.text .tok').length > n, 30_000, before + 3);
      await until(page, 'no samples', () => document.querySelector('.generated .sample') === null);
      assert.ok(texts[2].length > 3);
    }));

  test(`all samples stop together (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#lang=en&samples=4&layers=4&heads=4&width=256&context=128&size=400&text=One%20day`);
      // The first may begin before the engine has heard of the last: from when all have begun, they go on side by side.
      await page.evaluate(() => {
        const place = /** @type {Element} */ (document.querySelector('.generated'));
        const made = () => [...place.querySelectorAll('.sample')].map((e) => e.querySelectorAll('.tok.made').length);
        /** @type {number[] | undefined} */
        let begun;
        const watch = new MutationObserver(() => {
          const counts = made();
          if (counts.length < 4 || Math.min(...counts) === 0) return;
          begun ??= counts;
          const since = counts.map((n, i) => n - /** @type {number[]} */ (begun)[i]);
          if (Math.min(...since) < 2) return;
          watch.disconnect();
          document.body.dataset.begun = begun.join();
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'g', bubbles: true }));
        });
        watch.observe(place, { childList: true, subtree: true });
      });
      await page.keyboard.press('g');
      const counts = await until(page, 'the end', () => {
        const lines = [...document.querySelectorAll('.generated .sample')];
        const over = document.querySelector('.generated .caret') === null && lines.length === 4;
        return over && lines.map((line) => line.querySelectorAll('.tok.made').length);
      });
      assert.ok(
        counts.every((/** @type {number} */ n) => n >= 1 && n < 64),
        String(counts),
      );
      const begun = (await page.$eval('body', (e) => e.dataset.begun ?? '')).split(',').map(Number);
      const since = counts.map((/** @type {number} */ n, /** @type {number} */ i) => n - begun[i]);
      assert.ok(Math.max(...since) - Math.min(...since) <= 1, `not side by side: ${counts} since ${begun}`);
    }));
}
