/** The page from end to end, as a visitor uses it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetched, NO_SERVICE_WORKER, press, reload } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** A model that learns in seconds. */
const SMALL = 'lang=en&layers=1&heads=2&width=32&context=32&size=400&steps=300&batch=8&lr=0.006';

/** Opens the page and waits for the first prediction. @param {Page} page @param {string} url */
async function open(page, url) {
  await page.goto(url);
  await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector('.loss table tbody tr') !== null, { timeout: 60_000 });
}

/** @param {Page} page @param {string} selector */
const text = (page, selector) => page.$eval(selector, (e) => e.textContent ?? '');
/** @param {Page} page */
const step = (page) => page.$eval('.model [role=progressbar]', (e) => Number(e.getAttribute('aria-valuenow')));
/** Validation losses of the table behind the chart, by step. @param {Page} page */
const losses = (page) =>
  page.$$eval('.loss table tbody tr', (rows) =>
    rows.map((r) => [...r.children].map((c) => c.textContent?.trim() ?? '')),
  );
/** @param {Page} page @param {string} value */
async function type(page, value) {
  await page.$eval(
    '#source',
    (box, value) => {
      /** @type {HTMLTextAreaElement} */ (box).value = value;
      box.dispatchEvent(new Event('input', { bubbles: true }));
    },
    value,
  );
}
/** @param {Page} page */
const tokens = (page) => page.$$eval('.text .tok', (all) => all.map((t) => t.textContent?.replace(/\s+/g, '') ?? ''));

for (const name of browsers) {
  test(`typing shows tokens, bytes and broken characters as hex (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#lang=en&vocab=bytes`);
      await type(page, '个 <b>\u202e');
      await page.waitForFunction(() => document.querySelectorAll('.text .tok').length === 10);
      const shown = await tokens(page);
      assert.deepEqual(shown.slice(0, 4), ['E4', 'B8', 'AA', '·']);
      assert.equal(shown[4], '<');
      assert.ok(!shown.join('').includes('\ufffd'));
      await type(page, '');
      await page.waitForFunction(() => document.querySelectorAll('.text .tok').length === 0);
    }));

  test(`a figure whose script did not arrive says so, and comes when it is asked for again (${name})`, () => {
    let broken = true;
    const fault = (/** @type {string} */ path) =>
      broken && path === '/views/chart.js' ? { status: 503 } : NO_SERVICE_WORKER.fault?.(path);
    const allow = [/chart\.js|503|sw\.js|fetching the script|loading (dynamically|failed)|Failed to/i];
    return withBrowser(name, { fault, allow }, async ({ page, url, server }) => {
      await page.goto(`${url}#${SMALL}`);
      await until(page, 'a word about it', () =>
        /did not arrive.*Try again/s.test(document.querySelector('#loss .note')?.textContent ?? ''),
      );
      broken = false;
      await press(page, '#loss .note .btn');
      // Firefox remembers for as long as the page is open that a module did not arrive.
      const reload = await until(page, 'the figure, or a way to it', () =>
        document.querySelector('#loss canvas')
          ? 'none'
          : document.querySelector('#loss .note .btn:nth-child(2)')?.textContent,
      );
      assert.equal(reload, name === 'firefox' ? 'Reload' : 'none');
      if (reload !== 'none') {
        await fetched(page);
        await press(page, '#loss .note .btn', 1);
      }
      await page.waitForSelector('#loss canvas');
      assert.equal(await page.$('#loss .note'), null);
      assert.ok(server.requests.filter((path) => path === '/views/chart.js').length >= 2);
    });
  });

  test(`a model learns: below the bigram table, other samples, pause, reload, resume (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      // More steps than are waited for: a pause must come before the end, however late it comes.
      await open(page, `${url}#${SMALL.replace('steps=300', 'steps=3000')}`);
      await page.waitForSelector('.loss .pins li:first-child .tx', { timeout: 30_000 });
      const before = await text(page, '.loss .pins li:first-child .tx');
      await page.click('.model .primary');
      await page.waitForFunction(
        () => Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) >= 20,
        { timeout: 60_000 },
      );
      await page.click('.model .primary');
      await page.waitForFunction(() => !document.querySelector('.model .pulse'));
      const paused = await step(page);
      await new Promise((r) => setTimeout(r, 500));
      assert.equal(await step(page), paused, 'steps go on after a pause');
      await page.click('.model button.what');
      const peak = await until(page, 'the peak', () => document.querySelector('.drawer .peak')?.textContent);
      assert.match(peak, /so far: [\d.]+ MB, the WebAssembly memory of \d+ worker/);
      await page.keyboard.press('Escape');
      await until(page, 'a closed drawer', () => document.querySelector('dialog[open]') === null);
      await page.click('.model .primary');
      await page.waitForFunction(
        () => Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) >= 300,
        { timeout: 120_000 },
      );
      await page.waitForFunction(
        () =>
          [...document.querySelectorAll('.loss table td:first-child')].some((td) => td.textContent?.trim() === '300'),
        { timeout: 30_000 },
      );
      const table = await losses(page);
      await page.click('.model .primary');
      await page.waitForFunction(() => !document.querySelector('.model .pulse'));
      const stopped = await step(page);
      const last = Number(table.find(([s]) => s === '300')?.[1]);
      const bigram = Number(table.find(([s]) => s.includes('bigram'))?.[1]);
      assert.ok(last < bigram, `validation ${last}, bigram ${bigram}`);
      const samples = await page.$$eval('.loss .pins .tx', (all) => all.map((e) => e.textContent));
      assert.ok(samples.length >= 3 && samples.at(-1) !== before);

      await new Promise((r) => setTimeout(r, 1_500));
      await reload(page);
      await page.waitForSelector('[data-notice=resume] button, [data-notice=saved] button, .note button', {
        timeout: 60_000,
      });
      await page.click('.note button');
      await page.waitForFunction(
        (stopped) =>
          Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) === stopped,
        { timeout: 60_000 },
        stopped,
      );
    }));

  test(`one cursor: keys move it in text, matrix and prediction; a head is chosen; the past is shown (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      const after = () => text(page, '.prediction .aside');
      const first = await after();
      await page.focus('.text .tok[tabindex="0"]');
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction((old) => document.querySelector('.prediction .aside')?.textContent !== old, {}, first);
      // Views follow over several frames; the token before the last one is another word.
      await until(page, 'one cursor in text and attention', () => {
        const [text, attention] = ['.text', '.attention'].map((area) =>
          [...document.querySelectorAll(`${area} .tok`)].findIndex((e) => e.getAttribute('aria-selected') === 'true'),
        );
        return text === attention && text === document.querySelectorAll('.text .tok').length - 2;
      });
      await page.focus('.heads [aria-checked=true]');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(
        () => document.querySelector('.heads [aria-checked=true]')?.getAttribute('data-head') === '0,1',
      );
      const count = (await tokens(page)).length;
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
      await page.click('.prediction .bar');
      await page.waitForFunction((n) => document.querySelectorAll('.text .tok').length === n + 1, {}, count);
    }));

  test(`text is generated and each token tells its alternatives (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#${SMALL}`);
      await page.evaluate(() =>
        [...document.querySelectorAll('.prediction .acts button')]
          .at(-1)
          ?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      );
      await page.waitForFunction(() => document.querySelectorAll('.generated .tok.made').length > 3, {
        timeout: 30_000,
      });
      await page.waitForSelector('.generated .acts');
      // The preview may be written anew while the model settles: click what stands there.
      await page.waitForFunction(() => {
        /** @type {HTMLElement | null} */ (document.querySelector('.generated .tok.made'))?.click();
        return document.querySelector('.generated .alts .bar.top') !== null;
      });
    }));

  test(`the language changes, the text and the model stay (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#${SMALL}`);
      await type(page, 'Mia has a red ball.');
      await page.waitForFunction(() => document.querySelectorAll('.text .tok').length > 3);
      await page.click('.top .wide button[lang=zh-Hans], .top .seg.wide button:last-child');
      await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans');
      // Views follow over several frames.
      await until(page, 'the areas in Chinese', () =>
        ['.prediction h2', '.text h2', '.attention h2', '.loss h2'].every((s) =>
          /\p{Script=Han}/u.test(document.querySelector(s)?.textContent ?? ''),
        ),
      );
      assert.match(await text(page, '.prediction h2'), /预测/);
      assert.equal(
        await page.$eval('#source', (e) => /** @type {HTMLTextAreaElement} */ (e).value),
        'Mia has a red ball.',
      );
      assert.match(await text(page, '.model'), /32/);
    }));

  test(`a hostile address starts nothing and is named (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#layers=999&evil=%3Cimg%20src%3Dx%3E&train=1`);
      assert.equal(await step(page), 0);
      assert.match(await text(page, '#main'), /layers|evil/);
      assert.equal(await page.$('#main img'), null);
    }));

  test(`a link put into the address bar is followed, though the page writes its own address at that moment (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await page.evaluate((link) => {
        const own = location.href;
        location.href = link;
        // What the page's timer does, in the gap before the event.
        history.replaceState('glassgpt', '', own);
      }, `${url}#lang=en&screen=ch2&text=To+be`);
      await page.waitForSelector('#chapter:not([hidden]) .prefix', { timeout: 30_000 });
      await until(page, 'the address says what is shown', () => location.hash.includes('screen=ch2'));
    }));

  test(`dist works under a sub-path (${name})`, () =>
    withBrowser(name, { site: 'dist' }, async ({ page, url }) => {
      await open(page, url);
      assert.ok((await tokens(page)).length > 5);
    }));

  test(`shares above the tokens never cover each other, however narrow the tokens (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#lang=zh-Hans`);
      let pairs = 0;
      for (let i = 0; i < 12; i++) {
        const middles = await page.$$eval('.attention .tok[data-pc]', (all) =>
          all.map((e) => e.getBoundingClientRect()).map((r) => ({ x: (r.left + r.right) / 2, y: r.top })),
        );
        for (const [n, a] of middles.entries()) {
          for (const b of middles.slice(n + 1)) {
            if (Math.abs(a.y - b.y) > 2) continue;
            pairs++;
            assert.ok(Math.abs(a.x - b.x) >= 26, `two shares ${Math.abs(a.x - b.x)} px apart`);
          }
        }
        await page.keyboard.press('ArrowLeft');
        await new Promise((r) => setTimeout(r, 60));
      }
      assert.ok(pairs > 3, `only ${pairs} pairs seen`);
    }));

  test(`a text that is too short is said in numbers, and the stories are one click away (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, `${url}#${SMALL}`);
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13)], 'picture.png'));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      });
      await page.waitForFunction(() =>
        /picture\.png is not a text\. A text in UTF-8 .* found: zero bytes/.test(
          document.querySelector('.drawer')?.textContent ?? '',
        ),
      );
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(['too short a text'], 'tiny.txt', { type: 'text/plain' }));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      });
      await page.waitForFunction(() => {
        const said = document.querySelector('.drawer')?.textContent ?? '';
        return said.includes('tiny.txt') && said.includes('16 B') && !said.includes('picture.png');
      });
      await page.click('.drawer .primary');
      await page.waitForSelector('.text .note button');
      assert.match(await text(page, '.text .note'), /It has \d+ tokens; training needs at least \d+ \(context 32\)/);
      await page.waitForSelector('.model .primary[aria-disabled=true]');
      const buttons = await page.$$('.text .note button');
      await /** @type {NonNullable<typeof buttons[0]>} */ (buttons.at(-1)).click();
      await page.waitForFunction(() => !document.querySelector('.text .note'), { timeout: 60_000 });
      await page.waitForSelector('.model .primary[aria-disabled=false]', { timeout: 60_000 });
    }));

  test(`a language whose words do not arrive leaves the page as it was, and is said (${name})`, () =>
    withBrowser(
      name,
      {
        fault: (path) => (path.endsWith('zh-hans/shell.js') ? { status: 503 } : undefined),
        allow: [/503|zh-hans|import/i],
      },
      async ({ page, url }) => {
        await open(page, `${url}#${SMALL}`);
        const before = await text(page, '.model .primary');
        await page.$$eval('.top button', (all) => all.find((b) => b.textContent?.includes('中文'))?.click());
        await page.waitForFunction(() => document.body.textContent?.includes('words of that language did not arrive'));
        assert.equal(await text(page, '.model .primary'), before);
        assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
      },
    ));
}
