/** Parts of a chapter: a link opens one, the rail leads to it, the address names it; and where the focus is then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, put, says, TINY, whole } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** Waits until a part's heading stands below the model bar, and has the focus. @param {Page} page @param {string} part */
const at = (page, part) =>
  until(
    page,
    `${part} below the bar`,
    (/** @type {string} */ part) => {
      const heading = document.getElementById(`part-${part}`);
      const bar = /** @type {Element} */ (document.querySelector('.model')).getBoundingClientRect().bottom;
      const top = heading?.getBoundingClientRect().top ?? Number.NaN;
      return document.activeElement === heading && top >= bar && top < bar + 60;
    },
    20_000,
    part,
  );

/** Waits until the address names a part; null: none. @param {Page} page @param {string | null} part */
const named = (page, part) =>
  until(
    page,
    `${part} in the address`,
    (/** @type {string | null} */ part) => new URLSearchParams(location.hash.slice(1)).get('part') === part,
    10_000,
    part,
  );

for (const name of browsers)
  test(`a link opens a part, the rail leads to others, and the way back is there (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=ch4&part=failing&${TINY}`);
      await whole(page);
      await page.waitForSelector('#chapter .by-hand table', { timeout: 60_000 });
      await at(page, 'failing');
      await named(page, 'failing');
      await press(page, '#chapter .rail a[href$="part=documents"]');
      await at(page, 'documents');
      await named(page, 'documents');
      await page.goBack();
      await at(page, 'failing');
      await named(page, 'failing');
      // Who scrolls up to hand it on still hands on that part; the chapter's own entry leads to its beginning.
      await page.mouse.wheel({ deltaY: -50 });
      await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
      await press(page, '#header .btn[aria-haspopup=dialog]');
      await until(page, 'a link to the part', () =>
        /screen=ch4&part=failing/.test(
          /** @type {HTMLInputElement | null} */ (document.getElementById('share-link'))?.value ?? '',
        ),
      );
      await page.keyboard.press('Escape');
      await press(page, '#chapter .rail a[aria-current]');
      await named(page, null);
      assert.match(page.url(), /screen=ch4/);
      // Who goes on by keyboard is at the title of the next chapter, not at the beginning of the page.
      await page.$eval('#chapter .pn .nx', (e) => /** @type {HTMLElement} */ (e).focus());
      await page.keyboard.press('Enter');
      await until(page, 'the next title', () => document.activeElement?.id === 'part-assistant');
      await press(page, '#chapter > div:not([hidden]) .rail a[href$="screen=ch4"]');
      await until(page, 'the title', () => document.activeElement?.id === 'part-loss');
      await press(page, '.top nav a:first-child');
      await until(page, 'the playground', () => !document.getElementById('main')?.hidden);
      await put(page, '#source', 'Mia has a red ball.');
      await page.goBack();
      await until(page, 'the chapter', () => !document.getElementById('chapter')?.hidden);
      await page.goForward();
      await until(page, 'the playground', () => !document.getElementById('main')?.hidden);
      assert.equal(
        await page.$eval('#source', (e) => /** @type {HTMLTextAreaElement} */ (e).value),
        'Mia has a red ball.',
      );
      await page.goto(`${url}#lang=en&screen=ch6&part=hand&${TINY}`);
      await says(page, '#notices', /part.*hand.*choose \| prefer \| better \| hacking/);
    }));
