/** The time machine: its scrubber, in chapters 3 and 4, sets prediction, attention, sample and map to what they were. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, put, says, TINY } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {{ [name: string]: string }} Seen */

/** What a chapter shows of the model, in one look: nothing moves between the parts. @param {string} screen */
function look(screen) {
  const place = [...document.querySelectorAll('#chapter > .chap')].find((e) => e.checkVisibility());
  const words = (/** @type {string} */ selector) =>
    (place?.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  // The weight of every token, as it is told.
  const weights = [...(place?.querySelectorAll('.attention .tok') ?? [])].map((e) => e.getAttribute('aria-label'));
  const attention = `${words('.big .lab')}: ${weights.join('; ')}`;
  if (screen === 'ch3')
    return { attention, map: `${words('.map .aside')} ${words('.map .near')}`, prediction: words('.lens tbody') };
  return { attention, prediction: words('.prediction .bars'), sample: words('.loss .pins li.on') };
}

/** @param {Page} page @param {'ch3' | 'ch4'} screen */
async function go(page, screen) {
  await press(page, `.rail a[href$="${screen}"]`);
  await until(
    page,
    `${screen} is shown`,
    (s) =>
      [...(document.getElementById('chapter')?.children ?? [])].some(
        (e) =>
          e.checkVisibility() &&
          e.querySelector(`.rail a[href$="${s}"][aria-current]`) &&
          e.querySelector('.big canvas') &&
          (s === 'ch4'
            ? e.querySelector('.prediction .bar')
            : e.querySelector('.map .near') && e.querySelector('.lens tbody tr')),
      ),
    30_000,
    screen,
  );
}

/** The same for a second, so that all of it has been drawn. @param {Page} page @param {string} screen @param {(seen: Seen) => boolean} [fits] @returns {Promise<Seen>} */
async function rested(page, screen, fits = () => true) {
  /** @type {Seen} */
  let before = {};
  for (let same = 0, looks = 0; ; looks++) {
    const now = /** @type {Seen} */ (await page.evaluate(look, screen));
    same = JSON.stringify(now) === JSON.stringify(before) && fits(now) ? same + 1 : 0;
    before = now;
    if (same >= 10) return now;
    assert.ok(looks < 300, `${screen} does not come to rest: ${JSON.stringify(now).slice(0, 4_000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Moves the scrubber of the chapter that is shown. @param {Page} page @param {number} value */
const scrub = (page, value) => put(page, '#chapter > :not([hidden]) .scrub input', value);

for (const name of browsers)
  test(`at an earlier step everything is as it was then, and afterwards as it is now (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=ch4&${TINY}`);
      await page.waitForSelector('#chapter .prediction .bar', { timeout: 60_000 });
      await page.waitForSelector('#chapter .big canvas', { timeout: 60_000 });
      const first = { ch4: await rested(page, 'ch4'), ch3: /** @type {Seen} */ ({}) };
      await go(page, 'ch3');
      first.ch3 = await rested(page, 'ch3');
      await page.click('.model .primary');
      await says(page, '.model', /done, best/, 90_000);
      const later = {
        ch3: await rested(page, 'ch3', (seen) => seen.map !== first.ch3.map),
        ch4: /** @type {Seen} */ ({}),
      };
      for (const part of ['attention', 'map', 'prediction']) assert.notEqual(later.ch3[part], first.ch3[part], part);
      // Chapter 3's scrubber.
      await scrub(page, 0);
      await says(page, '#chapter > :not([hidden]) .past', /0/);
      // Each figure follows at its own pace.
      const then = (/** @type {Seen} */ seen) => seen.map === first.ch3.map && seen.prediction === first.ch3.prediction;
      assert.deepEqual(await rested(page, 'ch3', then), first.ch3);
      // What one chapter was set to holds in the other; a sample is marked, which there was none of at first.
      await go(page, 'ch4');
      const back = await rested(page, 'ch4');
      assert.deepEqual([back.attention, back.prediction], [first.ch4.attention, first.ch4.prediction]);
      assert.match(back.sample, /^1 ?at step 0/i);
      await page.keyboard.press('Escape');
      await until(page, 'now', () => document.querySelector('#chapter > :not([hidden]) .past') === null);
      later.ch4 = await rested(page, 'ch4', (seen) => seen.prediction !== back.prediction);
      for (const part of ['attention', 'prediction', 'sample']) assert.notEqual(later.ch4[part], back[part], part);
      // Chapter 4's scrubber, and back to the right end.
      await scrub(page, 0);
      assert.deepEqual(await rested(page, 'ch4', (seen) => seen.prediction !== later.ch4.prediction), back);
      await scrub(page, 9_999);
      assert.deepEqual(await rested(page, 'ch4', (seen) => seen.prediction !== back.prediction), later.ch4);
    }));
