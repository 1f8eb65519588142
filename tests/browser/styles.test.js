/** Styles of one screen reach no other: what is fetched for a chapter or the lab leaves the playground as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, TINY, trained, whole } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** How everything in the playground looks, by its place in the page. @param {import('puppeteer-core').Page} page */
const looks = (page) =>
  page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
    const place = (/** @type {Element} */ e) => {
      const names = [];
      for (let up = /** @type {Element | null} */ (e); up && up.id !== 'main'; up = up.parentElement)
        names.unshift(`${up.tagName}.${up.className} ${[...(up.parentElement?.children ?? [])].indexOf(up)}`);
      return names.join(' > ');
    };
    const OF = /** @type {const} */ ([
      'display',
      'position',
      'margin',
      'padding',
      'border',
      'font',
      'color',
      'backgroundColor',
      'gridTemplateColumns',
      'gap',
      'maxWidth',
      'minHeight',
      'overflow',
    ]);
    return Object.fromEntries(
      [...document.querySelectorAll('#main *')]
        .filter((e) => e.checkVisibility() && !e.closest('.loss .plot, .generated'))
        .map((e) => {
          const style = getComputedStyle(e);
          return [place(e), OF.map((name) => `${name}: ${style[name]}`).join('; ')];
        }),
    );
  });

for (const name of browsers)
  test(`the playground looks as before when all other screens were there (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&${TINY}`);
      await trained(page);
      await until(page, 'the label on the matrix', () => document.querySelector('.big .lab') !== null);
      const before = await looks(page);
      assert.ok(Object.keys(before).length > 200, `${Object.keys(before).length} elements`);
      for (const screen of ['ch1', 'ch2', 'ch3', 'ch4', 'ch5', 'lab']) {
        if (screen === 'lab' || screen === 'ch1') await press(page, `.top nav a[href$="screen=${screen}"]`);
        else await press(page, `#chapter .rail a[href$="screen=${screen}"]`);
        await until(
          page,
          screen,
          (/** @type {string} */ s) =>
            [...document.querySelectorAll('#chapter > div')].some(
              (e) =>
                e.checkVisibility() &&
                e.querySelector(s === 'lab' ? '.lab h2' : `.rail a[href$="screen=${s}"][aria-current]`) !== null,
            ),
          30_000,
          screen,
        );
        await whole(page);
      }
      await press(page, '.top nav a:first-child');
      await until(
        page,
        'the playground',
        () => document.querySelector('#main .big canvas')?.checkVisibility() ?? false,
      );
      const after = await looks(page);
      const other = Object.keys(before).filter((e) => e in after && before[e] !== after[e]);
      assert.deepEqual(
        other.map((e) => [e, before[e], after[e]]),
        [],
      );
      assert.ok(
        Object.keys(before).filter((e) => e in after).length > 0.9 * Object.keys(before).length,
        'the same elements',
      );
    }));
