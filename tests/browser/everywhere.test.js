/**
 * Every screen in one visit, a model trained and one taught: no violation that axe-core knows in any theme and language, and
 * nothing beside the page from a small phone to a wall. One visit, because styles of chapters meet in it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, TINY, trained, whole } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const SCREENS = /** @type {const} */ (['play', 'ch1', 'ch2', 'ch3', 'ch4', 'ch5', 'ch6', 'ch7', 'lab']);
/** The smallest phone, 200 % zoom at 1280, a tablet, a wall; phones and laptops are in the tests of chapters. */
const WIDTHS = [320, 640, 768, 3840];
/** Where columns stand side by side first, and each has least room. */
const NARROWEST = 1101;

/** @param {Page} page @param {string} screen */
async function go(page, screen) {
  if (screen !== 'play' && !(await page.$(`a[href$="screen=${screen}"]`))) await press(page, 'a[href$="screen=ch1"]');
  await until(
    page,
    `a link to ${screen}`,
    (s) => document.querySelector(`a[href$="screen=${s}"]`) !== null,
    20_000,
    screen,
  );
  await press(page, `a[href$="screen=${screen}"]`);
  await until(
    page,
    `${screen} is shown`,
    (s) =>
      s === 'play'
        ? document.getElementById('main')?.hidden === false
        : [...(document.getElementById('chapter')?.children ?? [])].some(
            (e) =>
              e.checkVisibility() &&
              e.querySelector(s === 'lab' ? '.lab h2' : `.rail a[href$="${s}"][aria-current]`) !== null &&
              (s === 'lab' || e.querySelector('.stage > .fig:not(:empty)') !== null),
          ),
    30_000,
    screen,
  );
  await whole(page);
}

/** A trained model, its text, and the whole chain at the size of a quick look. @param {Page} page @param {string} url */
async function prepare(page, url) {
  await page.goto(`${url}#lang=en&${TINY}`);
  await trained(page);
  await go(page, 'ch5');
  await page.waitForSelector('.course [data-act=chain]');
  await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
  await press(page, '.course [data-act=chain]');
  await until(
    page,
    'stages, at rest',
    () =>
      document.querySelectorAll('.stages li').length >= 3 &&
      document.querySelector('.course [data-act=reset]') !== null,
    90_000,
  );
}

/** Ids that more than one element has: a label or a title is then another's. @param {Page} page */
const doubled = (page) =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
  });

/** What sticks out of a page, or is cut off in it. @param {Page} page @param {number} width */
async function tooWide(page, width) {
  await page.setViewport({ width, height: 800 });
  return page.evaluate(async (width) => {
    for (let frames = 0; frames < 3; frames++) await new Promise((done) => requestAnimationFrame(done));
    const inScroll = (/** @type {Element} */ e) => {
      for (let up = e.parentElement; up && up !== document.body; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible') return true;
      return false;
    };
    const out = [...document.querySelectorAll('body *')].filter((e) => {
      const { left, right, width: wide } = e.getBoundingClientRect();
      return wide > 0 && (right > width + 0.5 || left < -0.5) && e.checkVisibility() && !inScroll(e);
    });
    const found = out.map((e) => `${width}: ${e.tagName} ${e.getAttribute('class')}`);
    if (document.documentElement.scrollWidth > width)
      found.push(`${width}: scrolls to ${document.documentElement.scrollWidth}`);
    return found.slice(0, 4);
  }, width);
}

for (const name of browsers) {
  test(`every screen fits 320 to 3840 px${name === 'firefox' ? '' : ', and passes axe in both themes and languages'} (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await prepare(page, url);
      // Colours are a matter of the theme, words of the language: each of both once. Light and English is in the tests of
      // chapters, and the playground in all four in `axe.test.js`.
      const looks =
        name === 'firefox'
          ? []
          : [
              ['light', 1],
              ['dark', 0],
            ];
      const language = (/** @type {number} */ i) =>
        page.$$eval('.top .seg.wide button', (all, i) => /** @type {HTMLElement} */ (all[i]).click(), i);
      for (const screen of SCREENS) {
        await go(page, screen);
        for (const width of name === 'firefox' ? [320, 768, NARROWEST] : [...WIDTHS, NARROWEST])
          assert.deepEqual(await tooWide(page, width), [], screen);
        assert.deepEqual(await doubled(page), [], screen);
        await page.setViewport({ width: 1280, height: 800 });
        for (const [theme, lang] of screen === 'play' ? [] : looks) {
          await language(/** @type {number} */ (lang));
          while ((await page.evaluate(() => document.documentElement.dataset.theme)) !== theme) {
            const before = await page.evaluate(() => document.documentElement.dataset.theme ?? '');
            await press(page, '.top .end > .btn.wide[title]');
            await until(
              page,
              'another theme',
              (was) => (document.documentElement.dataset.theme ?? '') !== was,
              5_000,
              before,
            );
          }
          await until(page, 'the language', (i) => document.documentElement.lang === ['en', 'zh-Hans'][i], 5_000, lang);
          await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
          assert.deepEqual(await axe(page), [], `${screen}, ${theme}, ${lang}`);
        }
      }
    }));
}
