/** Who asked the system for less motion sees none: nothing fades, pulses, glides or scrolls by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, TINY } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** What moved in a second while a model learns: animations that last, and how the matrix changed between two looks at the text. @param {Page} page */
const moving = (page) =>
  page.evaluate(async () => {
    const names = new Set();
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('#attention .big canvas'));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let [pictures, before] = [0, ''];
    for (const began = performance.now(); performance.now() - began < 1_500; ) {
      await new Promise((done) => requestAnimationFrame(done));
      for (const animation of document.getAnimations()) {
        const { duration } = animation.effect?.getComputedTiming() ?? {};
        if (animation.playState === 'running' && Number(duration) > 0)
          names.add(/** @type {any} */ (animation).animationName ?? /** @type {any} */ (animation).transitionProperty);
      }
      const now = context.getImageData(0, 0, canvas.width, canvas.height).data.join();
      if (now !== before) pictures++;
      before = now;
    }
    return { names: [...names], pictures };
  });

/** Where a heading of the chapter is from the frame after the click on its name on. @param {Page} page */
const scrolled = (page) =>
  page.evaluate(async () => {
    scrollTo({ top: 0, behavior: 'instant' });
    const links = [...document.querySelectorAll('#chapter .rail ol ol a')].filter((e) => e.checkVisibility());
    /** @type {HTMLElement} */ (links.at(-1)).click();
    const places = new Set();
    for (let frame = 0; frame < 30; frame++) {
      await new Promise((done) => requestAnimationFrame(done));
      places.add(Math.round(scrollY));
    }
    return places.size;
  });

for (const name of browsers)
  test(`with reduced motion nothing moves by itself; without, it does (${name})`, async () => {
    const seen = [];
    for (const reducedMotion of [true, false])
      await withBrowser(name, { ...NO_SERVICE_WORKER, reducedMotion }, async ({ page, url }) => {
        await page.goto(`${url}#lang=en&${TINY.replace('steps=60', 'steps=20000')}`);
        await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
        await page.click('.model .primary');
        await page.waitForSelector('.model .pulse');
        const { names, pictures } = await moving(page);
        await page.click('.model .primary');
        await until(page, 'a pause', () => document.querySelector('.model .pulse') === null);
        await press(page, 'a[href$="screen=ch1"]');
        await page.waitForSelector('#chapter .rail ol ol a', { timeout: 30_000 });
        await until(
          page,
          'a long chapter, drawn',
          () =>
            document.querySelector('#chapter > .opening') === null &&
            document.querySelector('.tree > :not(header)') !== null &&
            document.documentElement.scrollHeight > 3 * innerHeight,
        );
        seen.push({ names, pictures, places: await scrolled(page) });
      });
    const [still, lively] = seen;
    assert.deepEqual(still.names, []);
    assert.ok(lively.names.includes('pulse'), `${lively.names}`);
    // Three looks a second at most; a gliding matrix has another picture in every frame.
    assert.ok(still.pictures <= 8, `${still.pictures} pictures`);
    assert.ok(still.places <= 2, `${still.places} places on the way`);
    assert.ok(lively.places > 2, `${lively.places} places on the way`);
  });
