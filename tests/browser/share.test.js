/** Share: a certificate is written in one tab and lived through in another; a wrong hash is told; lessons, pictures, a sheet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOf, writeBirth } from '../../www/birth.js';
import { fetched, leave, NO_SERVICE_WORKER, press, says, text, whole } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

const SMALL = 'layers=1&heads=2&width=32&context=32&size=300&steps=50&batch=2&lr=0.002';
/** A text of the learner that a link can carry. */
const LEARN = 'Mia has a red ball. Tom has a blue kite. '.repeat(24);

/** @param {import('puppeteer-core').Page} page @param {RegExp} pattern */
const told = (page, pattern) =>
  until(
    page,
    `a notice says ${pattern}`,
    (/** @type {string} */ source) => new RegExp(source).test(document.getElementById('notices')?.textContent ?? ''),
    60_000,
    pattern.source,
  );

/** How light each canvas of the attention is: the median of its pixels, which most weights of nearly nothing decide. */
const lightness = () =>
  [...document.querySelectorAll('#attention canvas')].map((e) => {
    const canvas = /** @type {HTMLCanvasElement} */ (e);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    /** @type {number[]} */
    const light = [];
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] === 255) light.push((data[i] + data[i + 1] + data[i + 2]) / 3);
    light.sort((a, b) => a - b);
    return Math.round(light[light.length >> 1]);
  });
/** Both small pictures, and the matrix behind them. */
const drawnCanvas = () =>
  document.querySelectorAll('#attention .heads canvas').length === 2 &&
  document.querySelector('#attention .big canvas') !== null;

/** @param {import('puppeteer-core').Page} page */
async function train(page) {
  await page.waitForSelector('.model .primary:not([aria-disabled=true])', { timeout: 60_000 });
  await page.click('.model .primary');
}

/** @param {import('puppeteer-core').Page} page @param {number} kind */
async function link(page, kind) {
  await page.$$eval('#header .btn[aria-haspopup=dialog]', (all) => /** @type {HTMLElement} */ (all[0]).click());
  await page.waitForSelector('.share-dialog[open] [type=radio]');
  const plain = await until(
    page,
    'the plain link',
    () => /** @type {HTMLInputElement | null} */ (document.getElementById('share-link'))?.value,
  );
  await page.$$eval('.share-dialog [type=radio]', (all, i) => /** @type {HTMLElement} */ (all[i]).click(), kind);
  // The dialog opens with the first kind, and follows a frame or more later.
  return until(
    page,
    `a link of kind ${kind}`,
    (/** @type {string} */ other) => {
      const link = /** @type {HTMLInputElement | null} */ (document.getElementById('share-link'))?.value;
      return document.querySelector('.share-dialog .qr') && link && link !== other ? link : null;
    },
    30_000,
    kind === 0 ? '' : plain,
  );
}

for (const name of browsers) {
  test(`a certified model is born again bit for bit, and a wrong hash is told (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&theme=dark&projector=1&${SMALL}&data=own&learn=${encodeURIComponent(LEARN)}`);
      await train(page);
      await until(
        page,
        'the end of training',
        () => /done/.test(document.querySelector('.model')?.textContent ?? ''),
        60_000,
      );
      const certified = await link(page, 2);
      assert.match(certified, /birth=1\.50\.[0-9a-f]{16}\./);
      assert.match(certified, /learn=Mia/);
      for (const part of ['seed=1', 'optimizer=adamw', 'style=modern', 'decay=0.1'])
        assert.ok(certified.includes(part), `${part}: ${certified}`);
      assert.doesNotMatch(certified, /theme=|projector=/);
      assert.deepEqual(await axe(page), []);
      await leave(page);
      await page.goto(certified);
      await told(page, /birth certificate\. Seed 1, 50 steps/);
      assert.match(await text(page, '.model'), /step 0|untrained|parameters/);
      await train(page);
      await told(page, /It is the same model\. After 50 steps/);
      const hash = /birth=1\.50\.([0-9a-f]{16})/.exec(certified)?.[1] ?? '';
      await leave(page);
      await page.goto(certified.replace(hash, '0'.repeat(16)));
      await told(page, /birth certificate/);
      await train(page);
      await told(
        page,
        new RegExp(`It is another model\\. After 50 steps your hash is ${hash}, the certificate says 0{16}`),
      );
    }));

  test(`a lesson opens prepared and starts nothing; a bad link opens the defaults and says what was left out (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=zh-Hans&${SMALL}&screen=ch2&token=2&text=${encodeURIComponent('你好吗')}`);
      await page.waitForSelector('#chapter .prediction .bar', { timeout: 60_000 });
      const lesson = await link(page, 1);
      for (const key of ['seed=1', 'optimizer=adamw', 'screen=ch2', 'token=2', 'lang=zh-Hans'])
        assert.ok(lesson.includes(key), key);
      await leave(page);
      await page.goto(lesson);
      await page.waitForSelector('#chapter .prediction .bar', { timeout: 60_000 });
      assert.equal(await page.$eval('.prefix .tok[aria-selected=true]', (e) => e.getAttribute('data-i')), '2');
      assert.match(await page.title(), /glassgpt/);
      await leave(page);
      await page.goto(`${url}#lang=en&${SMALL}&birth=1.50.zz&token=-4&width=33`);
      await told(page, /Left out: birth=1\.50\.zz.*token=-4.*width=33/);
    }));

  test(`a certificate whose check did not arrive says so, and is told after another try (${name})`, () => {
    let broken = true;
    const fault = (/** @type {string} */ path) =>
      broken && path === '/app/birth-check.js' ? { status: 503 } : NO_SERVICE_WORKER.fault?.(path);
    const allow = [/birth-check\.js|503|sw\.js|fetching the script|Failed to/i];
    return withBrowser(name, { fault, allow }, async ({ page, url }) => {
      const birth = writeBirth({ steps: 50, hash: '0'.repeat(16), curve: curveOf(Array(50).fill(5), 50) });
      await page.goto(`${url}#lang=en&${SMALL}&birth=${birth}`);
      await told(page, /The check of this birth certificate did not arrive/);
      broken = false;
      await fetched(page);
      await Promise.all([page.waitForNavigation(), page.click('#notices .btn')]);
      await told(page, /This link holds a birth certificate\. Seed 1, 50 steps/);
    });
  });

  test(`loss and attention are saved as pictures (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&${SMALL}`);
      await page.evaluate(() => {
        // What is handed to the learner.
        /** @type {Blob[]} */
        const files = [];
        Object.assign(globalThis, { files });
        const make = URL.createObjectURL;
        URL.createObjectURL = (/** @type {any} */ blob) => {
          files.push(blob);
          return make(blob);
        };
      });
      await train(page);
      await until(
        page,
        'the end of training',
        () => /done/.test(document.querySelector('.model')?.textContent ?? ''),
        60_000,
      );
      await link(page, 0);
      for (const i of [0, 1, 2, 3])
        await page.$$eval('.share-dialog .acts .sm', (all, i) => /** @type {HTMLElement} */ (all[i]).click(), i);
      await until(page, 'four files', () => /** @type {any} */ (globalThis).files.length === 4);
      const heads = await page.evaluate(async () => {
        const files = /** @type {Blob[]} */ (/** @type {any} */ (globalThis).files);
        const sorted = files.sort((a, b) => a.type.localeCompare(b.type));
        return Promise.all(sorted.map(async (f) => [f.type, f.size > 2_000, (await f.slice(0, 4).text()).slice(1, 4)]));
      });
      assert.deepEqual(heads, [
        ['image/png', true, 'PNG'],
        ['image/png', true, 'PNG'],
        ['image/svg+xml', true, 'svg'],
        ['image/svg+xml', true, 'svg'],
      ]);
    }));
  test(`a chapter is printed as a sheet: what it asks, unanswered, and the way to it (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.evaluateOnNewDocument(() => {
        // The browser's own dialog would wait for somebody.
        window.print = () => dispatchEvent(new Event('beforeprint'));
      });
      await page.goto(`${url}#lang=en&screen=ch3&${SMALL}`);
      await page.waitForSelector('#chapter .ask [type=radio]', { timeout: 60_000 });
      await whole(page);
      await page.$$eval('#chapter .ask [type=radio]', (all) => /** @type {HTMLElement} */ (all[2]).click());
      await press(page, '#chapter .ask fieldset + .btn:not([aria-disabled=true])');
      await says(page, '#chapter .ask .note', /./);
      const asked = await page.evaluate(() =>
        ['.ask', '.todo'].map((s) => document.querySelectorAll(`#chapter ${s}`).length),
      );
      assert.ok(Math.min(...asked) > 5, `${asked}`);
      const lesson = await link(page, 1);
      await press(page, '.share-dialog [aria-describedby=share-sheet]');
      await until(page, 'the sheet', () => document.querySelector('.sheet-head .qr') !== null);
      assert.equal(await page.$('dialog[open]'), null);
      assert.equal(await text(page, '.sheet-head .mono'), lesson);
      if (name === 'chromium') {
        await page.emulateMediaType('print');
        const visible = (/** @type {string} */ selector) =>
          page.$$eval(selector, (all) => all.filter((e) => e.checkVisibility()).length);
        assert.deepEqual([await visible('#chapter .ask'), await visible('#chapter .todo')], asked);
        for (const gone of ['.stage', '.note', '.goal .now', '.btn', '.live', '#header', '#model-bar'])
          assert.equal(await visible(gone), 0, gone);
        const [chosen, other] = await page.$$eval('#chapter .ask fieldset [type=radio]', (all) =>
          [all[2], all[1]].map((e) => getComputedStyle(e).cssText),
        );
        assert.equal(chosen, other, 'an answer does not show');
        const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1');
        assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1, 'pages');
        await page.emulateMediaType(undefined);
      }
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      assert.equal(await page.$('.sheet-head, .class-sheet'), null);
      await press(page, '.top nav a:first-child');
      await link(page, 0);
      assert.equal(await page.$eval('[aria-describedby=share-sheet]', (e) => e.matches(':disabled')), true);
      assert.match(await text(page, '#share-sheet'), /Open a chapter first/);
    }));

  test(`in the dark theme canvases are printed in the light colours, and shown dark again (${name})`, () =>
    withBrowser(name, { ...NO_SERVICE_WORKER, dark: true }, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&${SMALL}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      await until(page, 'the attention is drawn', drawnCanvas);
      const dark = await page.evaluate(lightness);
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      const paper = await page.evaluate(lightness);
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      assert.deepEqual(await page.evaluate(lightness), dark, 'the dark colours are back');
      assert.ok(dark.length > 0 && paper.length === dark.length, `${dark.length} canvases`);
      assert.ok(Math.max(...dark) < 110, `dark: ${dark}`);
      assert.ok(Math.min(...paper) > 145, `on paper: ${paper}`);
    }));
}
