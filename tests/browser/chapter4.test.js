/** Chapter 4 walked: learning watched, documents, the past, one step by hand, failures, copies, both languages, the phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, put, says as saysWithin, TINY, text, texts, whole } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** @param {Page} page @param {string} url @param {string} [lang] */
async function open(page, url, lang = 'en') {
  await page.goto(`${url}#lang=${lang}&screen=ch4&${TINY}`);
  await page.waitForSelector('#chapter .by-hand table', { timeout: 60_000 });
  await page.waitForSelector('#chapter .docs li', { timeout: 60_000 });
  await page.waitForSelector('#chapter .attention canvas', { timeout: 60_000 });
  await whole(page);
}

/** A chapter with trainings of its own. @param {Page} page @param {string} selector @param {RegExp} pattern @param {number} [timeout] */
const says = (page, selector, pattern, timeout = 30_000) => saysWithin(page, selector, pattern, timeout);

for (const name of browsers) {
  test(`the chapter from end to end: pace, past, by hand, failures, copies (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await open(page, url);
      // A single step, watched.
      await press(page, '.pace button');
      await says(page, '.pace dd', /^1$/);
      await press(page, '.pace button', 1);
      await says(page, '.pace dd', /^60$/, 90_000);
      await says(page, '.pace .cap', /all 60 steps would take/);
      // The time machine moves attention, prediction and samples together, and meets the task.
      await put(page, '#chapter .scrub input', 0);
      await says(page, '#chapter .past', /0/);
      await page.waitForSelector('[data-part="2"] .goal.met');
      await page.keyboard.press('Escape');
      await page.waitForSelector('#chapter .past', { hidden: true });
      // By hand: the gradient is that of the difference; what half the rate makes of a weight is to be computed, not read off.
      const [sum] = await texts(page, '.by-hand .sum b');
      assert.match(sum, /^1\.\d{5}$/);
      const [, gradient, difference] = await texts(page, '.by-hand .sum b');
      assert.ok(Math.abs(Number(gradient.replace('−', '-')) - Number(difference.replace('−', '-'))) < 2e-3);
      const [from, to] = await page.$$eval('.by-hand .sum', (all) =>
        (/from (\S+) to (\S+)\./.exec((all.at(-1)?.textContent ?? '').replaceAll('−', '-')) ?? []).slice(1).map(Number),
      );
      for (const [typed, verdict] of /** @type {const} */ ([
        [to, /Not quite/],
        [(from + to) / 2, /Right/],
      ])) {
        await put(page, '[data-part="3"] .ask .field', String(typed));
        await page.waitForSelector('[data-part="3"] .ask .btn[aria-disabled=false]');
        await press(page, '[data-part="3"] .ask .btn');
        await says(page, '[data-part="3"] .ask .note', verdict);
      }
      await press(page, '.by-hand .weights button', 3);
      await until(
        page,
        'another gradient',
        (/** @type {string} */ old) => document.querySelectorAll('.by-hand .sum b')[1].textContent !== old,
        10_000,
        gradient,
      );
      await press(page, '.by-hand > .tools button', 1);
      await says(page, '.by-hand h3', /Step 2/);
      // Failures.
      for (const i of [0, 1]) {
        await press(page, '.failing .tools button', i);
        await says(page, `[data-part="4"] .failing:nth-child(${2 * i + 1}) .events li:last-child`, /Done/, 60_000);
      }
      assert.deepEqual(
        (await texts(page, '.failing .events li')).map((line) => /noticed|rolled back|turns up|Done/.exec(line)?.[0]),
        ['noticed', 'rolled back', 'Done', 'turns up', 'Done'],
      );
      await page.waitForSelector('[data-part="4"] .goal.met');
      // Copies and norms, of a copy: the model stays where it is.
      await press(page, '.copied .tools button');
      await says(page, '.copied li', /Step 0: \d+% in one piece\. \d+ of \d+ bytes/, 60_000);
      await says(page, '.norms .aside', /step 61/);
      assert.equal(await text(page, '.pace dd'), '60');
      await says(page, '.progress-line', /3 of 7/);
    }));

  test(`raw documents of every text, marked ones alone; a text can be laid out for a new model (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await open(page, url);
      await press(page, '.documents .seg:first-of-type button', 2);
      await says(page, '.docs li:first-child .tx', /^[A-Z][a-z]+$/);
      await press(page, '.documents .seg:first-of-type button', 3);
      await says(page, '.docs', /Ishmael|CHAPTER|LOOMINGS|whale/i);
      await press(page, '.documents .tools .seg button', 1);
      await until(page, 'marked ones only', () =>
        [...document.querySelectorAll('.docs li')].every((e) => e.querySelector('.meta b')),
      );
      await press(page, '.documents > .tools button', -1);
      await page.waitForSelector('dialog[open] .own, dialog[open] select, dialog[open] input');
    }));

  const LOOKS = /** @type {const} */ ([
    [390, 'zh-Hans', false],
    [1280, 'en', true],
  ]);
  for (const [width, lang, dark] of name === 'firefox' ? LOOKS.slice(0, 1) : LOOKS)
    test(`axe finds nothing, and nothing is wider than the screen: ${width}, ${lang} (${name})`, () =>
      withBrowser(name, { dark, viewport: { width, height: 844 } }, async ({ page, url }) => {
        await open(page, url, lang);
        await press(page, '.failing .tools button');
        await until(
          page,
          'the end of a failure',
          () => document.querySelectorAll('.failing .events li').length === 3,
          60_000,
        );
        await press(page, '.copied .tools button');
        await page.waitForSelector('.norms table', { timeout: 60_000 });
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
        await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
        assert.deepEqual(await axe(page), []);
      }));
}
