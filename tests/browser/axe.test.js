/** No violation that axe-core knows, on any screen, in both themes, both languages, wide and narrow. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, browsers, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const TINY = 'layers=1&heads=2&width=32&context=32&size=400&steps=60&batch=4&samples=2';
const SIZES = /** @type {const} */ ([
  [1280, 800],
  [390, 844],
]);

/** Colours are mixed while something moves in. @param {Page} page @param {string} where */
async function clean(page, where) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
  assert.deepEqual(await axe(page), [], where);
}

/** @param {Page} page */
const close = async (page) => {
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
};

/** @param {Page} page @param {boolean} narrow */
async function openSettings(page, narrow) {
  if (!narrow) await page.click('.model button.what');
  else {
    await page.click('.top .narrow');
    await page.waitForSelector('dialog.menu[open]');
    await page.$$eval('dialog.menu[open] button', (all) =>
      // Third: step, reset, settings.
      all[2].dispatchEvent(new MouseEvent('click', { bubbles: true })),
    );
  }
  await page.waitForSelector('.drawer fieldset');
}

/** Each screen in turn, from a page that was just opened. @param {Page} page @param {string} where @param {boolean} narrow */
async function screens(page, where, narrow) {
  await clean(page, `${where}: untrained`);
  await openSettings(page, narrow);
  await clean(page, `${where}: settings`);
  await close(page);
  await page.click('.model .primary');
  await page.waitForFunction(
    () => document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow') === '60',
    { timeout: 60_000 },
  );
  await page.keyboard.press('g');
  await page.waitForFunction(() => document.querySelectorAll('.generated .tok').length > 3, { timeout: 30_000 });
  await clean(page, `${where}: trained, with generated text`);
  if (narrow) {
    await page.click('.top .narrow');
    await page.waitForSelector('dialog.menu[open]');
    await clean(page, `${where}: menu`);
  } else {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await clean(page, `${where}: keys`);
  }
  await close(page);
}

// What axe judges is the same in both browsers but for colours that a browser draws by itself: one pass is enough in Firefox.
for (const name of browsers) {
  for (const dark of name === 'firefox' ? [true] : [false, true]) {
    for (const lang of name === 'firefox' ? ['zh-Hans'] : ['en', 'zh-Hans']) {
      test(`axe finds nothing: ${dark ? 'dark' : 'light'}, ${lang} (${name})`, () =>
        withBrowser(name, { dark }, async ({ newPage, url }) => {
          for (const [width, height] of SIZES) {
            const page = await newPage();
            await page.setViewport({ width, height });
            // A name the address does not know: a notice is part of the screen.
            await page.goto(`${url}#lang=${lang}&${TINY}&nonsense=1`);
            await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
            await page.waitForSelector('.note');
            await screens(page, `${width} wide`, width < 720);
            await page.close();
          }
        }));
    }
  }
}
