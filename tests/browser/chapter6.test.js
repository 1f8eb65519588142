/** Chapters 6 and 7 from end to end, at the size of a quick look: choices, preferences, tools, the whole chain, the chat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, put, TINY, texts } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @param {import('puppeteer-core').Page} page @param {string} selector */
const press = (page, selector) => page.$eval(selector, (e) => /** @type {HTMLElement} */ (e).click());
/** @param {import('puppeteer-core').Page} page @param {string} screen */
const go = (page, screen) => page.$eval(`.rail a[href$="${screen}"]`, (e) => /** @type {HTMLElement} */ (e).click());
for (const name of browsers) {
  test(`the whole chain by one button, then choices by key, a rule, pairs, tools and the chat (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=ch6&${TINY}`);
      await page.waitForSelector('.course [data-act=chain]');
      await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await press(page, '.course [data-act=chain]');
      await until(
        page,
        'three stages, at rest (nothing to prefer: a model this small knows no manners)',
        () =>
          document.querySelectorAll('.stages li').length >= 3 &&
          document.querySelector('.course [data-act=reset]') !== null,
        90_000,
      );
      await page.waitForSelector('.card:not([disabled])');
      await page.keyboard.press('1');
      await until(page, 'one choice', () => document.querySelector('.ab .aside')?.textContent?.startsWith('1 of'));
      await page.waitForSelector('.card:not([disabled])');
      await page.keyboard.press('3');
      await page.keyboard.press('z');
      await page.waitForSelector('.card:not([disabled])');
      await page.keyboard.press('2');
      await until(page, 'two choices', () => document.querySelector('.ab .aside')?.textContent?.startsWith('2 of'));
      // A pattern that would never end is stopped, one that is none is refused.
      await put(page, '.judge select', 'pattern', 'change');
      await page.waitForSelector('.judge input');
      await put(page, '.judge input', '^(.+)+#$');
      await press(page, '[data-act=judge]');
      await until(page, 'it is stopped', () => document.querySelector('.ab .wrong')?.textContent?.includes('too long'));
      await put(page, '.judge input', '(');
      await press(page, '[data-act=judge]');
      await until(page, 'it is refused', () =>
        document.querySelector('.ab .wrong')?.textContent?.includes('no regular'),
      );
      await put(page, '[data-set=method]', 'prefer', 'change');
      await press(page, '[data-act=prefer]');
      await until(
        page,
        'where the loss of pairs begins',
        () => [...document.querySelectorAll('.lessons .cap')].some((e) => e.textContent?.includes('coin toss')),
        60_000,
      );
      await until(page, 'before and after', () => document.querySelector('.better .wins') !== null, 60_000);
      assert.deepEqual(await axe(page), []);

      await go(page, 'ch7');
      await page.waitForSelector('.skills [data-act=tools]:not([disabled])', { timeout: 60_000 });
      if (!(await page.$('.trace'))) await press(page, '.skills [data-act=tools]');
      await page.waitForSelector('.trace li.model', { timeout: 60_000 });
      const rows = await texts(page, '.skills tbody th');
      assert.ok(rows.includes('two steps'), rows.join());
      await page.type('.chat input', 'Hello');
      await page.keyboard.press('Enter');
      await until(page, 'an answer', () => document.querySelectorAll('.chat li').length === 2);
      assert.deepEqual(await axe(page), []);
    }));
}
