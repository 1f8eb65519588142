/** Chapter 2 from end to end: prediction, sampling by hand, the ladder, surprise, checkpoints, both languages, the phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  leave,
  NO_SERVICE_WORKER,
  press,
  put,
  reload,
  says,
  TINY,
  targets,
  text,
  texts,
  whole,
} from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** Opens the chapter and waits for its figures. @param {Page} page @param {string} url @param {string} [more] @param {string} [lang] */
async function open(page, url, more = '', lang = 'en') {
  await page.goto(`${url}#lang=${lang}&screen=ch2&${TINY}${more}`);
  await page.waitForSelector('#chapter .prediction .bar', { timeout: 60_000 });
  await page.waitForSelector('.sampler[aria-busy=false] .bar', { timeout: 60_000 });
  await page.waitForSelector('.surprise .tok', { timeout: 60_000 });
  await whole(page);
}

for (const name of browsers) {
  test(`the knobs act on the bars, and a taken token joins the text (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url, server }) => {
      await page.goto(`${url}#lang=en&${TINY}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      assert.deepEqual(server.requests.filter((path) => /chapter|predictor|sampler|surprise/.test(path)).sort(), [
        '/chapters/list.js',
        '/chapters/styles.js',
      ]);
      await open(page, url);
      assert.match(await page.title(), /next-token predictor/);
      assert.equal(await page.$eval('.top nav [aria-current]', (e) => e.textContent), 'Chapters');
      const share = () => text(page, '#chapter .prediction .bar .v');
      const before = Number.parseFloat(await share());
      await put(page, '#chapter-prediction-temperature', 0.1);
      await until(
        page,
        'a longer first bar',
        (/** @type {number} */ before) =>
          Number.parseFloat(document.querySelector('#chapter .prediction .bar .v')?.textContent ?? '') > 1.5 * before,
        10_000,
        before,
      );
      await put(page, '#chapter-prediction-top-k', 3);
      await until(
        page,
        'seven rows cut',
        () => document.querySelectorAll('#chapter .prediction .bar.cut').length === 7,
      );
      const all = await text(page, '.words .live');
      assert.equal(all, '400');
      const length = await page.$eval('#prefix-source', (e) => /** @type {HTMLTextAreaElement} */ (e).value.length);
      const count = (await page.$$('.prefix .tok')).length;
      await page.keyboard.press('ArrowLeft');
      await until(
        page,
        'the token before',
        (/** @type {number} */ i) =>
          document.querySelector('.prefix .tok[aria-selected=true]')?.getAttribute('data-i') === String(i),
        10_000,
        count - 2,
      );
      await put(page, '#prefix-source', 'Mia has a red ball. Mia');
      await until(page, 'its tokens', () => document.querySelector('.prefix .toks')?.textContent?.includes('ball'));
      assert.ok(length > 0);
      await until(page, 'the surprise of the same text', () =>
        /** @type {HTMLTextAreaElement} */ (document.querySelector('#surprise-source')).value.startsWith('Mia has'),
      );
    }));

  test(`tokens chosen by hand add up, are taken back, and begin again with another text (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      const sums = () => texts(page, '.sampler .sums dd');
      assert.deepEqual(await sums(), ['0', '100%', '–']);
      let nats = 0;
      for (let n = 1; n <= 3; n++) {
        const share = Number.parseFloat(await text(page, '.sampler .bar .v'));
        await press(page, '.sampler .bar');
        nats -= Math.log(share / 100);
        await says(page, '.sampler .aside', new RegExp(`^${n} token`));
        await page.waitForSelector('.sampler[aria-busy=false]');
      }
      const [log, , perplexity] = await sums();
      assert.ok(Math.abs(Number(log.replace('−', '')) - nats) < 0.6, `${log}, about ${nats}`);
      const e = Math.exp(Number(log.replace('−', '')) / 3);
      assert.ok(Math.abs(Number(perplexity.replace(',', '')) / e - 1) < 0.02, `${perplexity}, ${e}`);
      assert.match(
        await text(page, '[data-part="1"] .prose'),
        new RegExp(`cost ${log.replace('−', '').replace('.', '\\.')} nats`),
      );
      await press(page, '.sampler .acts button', 1);
      await says(page, '.sampler .aside', /^2 tokens/);
      await page.waitForSelector('.sampler[aria-busy=false]');
      await press(page, '.sampler .acts button', 0);
      await says(page, '.sampler .aside', /^3 tokens/);
      await put(page, '#prefix-source', 'Another text');
      await says(page, '.sampler .aside', /^0 tokens/);
    }));

  test(`the ladder moves as the model learns, and four predictors write (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await page.waitForSelector('.ladder li .value', { timeout: 30_000 });
      const bits = async () => (await texts(page, '.ladder li:not(.axis) .value')).map(Number);
      const [uniform, bigram, trigram, model] = await bits();
      assert.ok(uniform > bigram && bigram > trigram, `${uniform} ${bigram} ${trigram}`);
      assert.ok(Math.abs(model - uniform) < 0.4, `untrained: ${model}`);
      await until(page, 'four samples', () => document.querySelectorAll('.rivals .sample').length === 4);
      const first = await texts(page, '.rivals .sample');
      await page.click('.model .primary');
      await says(page, '.ladder .aside', /step 60/, 90_000);
      assert.ok((await bits())[3] < 0.9 * model, String(await bits()));
      await says(page, '.surprise .aside', /step 60/);
      await press(page, '.rivals .tools button');
      await until(
        page,
        'other samples',
        (/** @type {string} */ old) =>
          document.querySelector('.rivals section:nth-child(2) .sample')?.textContent?.replace(/\s+/g, ' ').trim() !==
          old,
        20_000,
        first[1],
      );
    }));

  test(`surprise is told as numbers, table and sentence, and they agree (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url, '&text=Mia+has+a+red+ball.');
      await says(page, '.surprise .cap', /tokens, \d+ bytes/);
      const under = await page.$$eval('.surprise .tok', (all) => all.map((e) => e.getAttribute('data-id')));
      assert.equal(under[0], '');
      await press(page, '.surprise summary');
      await page.waitForSelector('.surprise tbody tr');
      const rows = await page.$$eval('.surprise tbody tr', (all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? '')),
      );
      assert.equal(rows.length, under.length);
      assert.equal(rows[0][3], '–');
      rows.slice(1).forEach((row, i) => {
        assert.ok(Math.abs(Number(row[3]) - Number(under[i + 1])) < 0.06, `${row}: ${under[i + 1]}`);
        assert.equal(row[2], String(i + 1));
        assert.equal(row[6], Math.log(400).toFixed(2));
      });
      const nats = rows.slice(1).reduce((sum, row) => sum + Number(row[3]), 0);
      const [perByte, , , total] = (await texts(page, '.surprise .sums dd')).map(Number);
      assert.ok(Math.abs(total - nats / Math.LN2) < 1, `${total}, ${nats}`);
      const bytes = Number(/(\d+) bytes/.exec(await text(page, '.surprise .cap'))?.[1]);
      assert.ok(Math.abs(perByte - nats / Math.LN2 / bytes) < 0.02, `${perByte}`);
      await press(page, '.surprise .seg button', 2);
      await until(
        page,
        'the bigram table',
        (/** @type {string} */ cell) =>
          document.querySelectorAll('.surprise .tok')[1].getAttribute('data-id') === Number(cell).toFixed(1),
        10_000,
        rows[1][5],
      );
      await says(page, '.surprise', /counted in the training text/);
      await put(page, '#surprise-source', '');
      await says(page, '.surprise', /at least two tokens/);
      await until(
        page,
        'nothing spoken about no text',
        () => document.querySelector('#chapter .prediction [aria-live]')?.textContent === '',
      );
      // A long text is offered for training, and nothing covers the chapter unasked.
      await put(page, '#surprise-source', 'a long text. '.repeat(1_600));
      await says(page, '#notices', /That is a long text.*Train on it/);
      assert.equal(await page.$('dialog[open]'), null);
      await put(page, '#surprise-source', 'Mia has a red ball.');
      await until(page, 'the notice is gone', () => !document.querySelector('#notices .note'));
      await until(page, 'a sentence that says what the bars show', () => {
        const share = document.querySelector('#chapter .prediction .bar .v')?.textContent?.trim() ?? '?';
        return document.querySelector('#chapter .prediction [aria-live]')?.textContent?.endsWith(share);
      });
    }));

  test(`checkpoints are judged by the live model, remembered and reset (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      const part = (/** @type {number} */ i) => `[data-part="${i}"]`;
      await press(page, `${part(0)} .ask input`, 1);
      await page.waitForSelector(`${part(0)} .ask .btn[aria-disabled=false]`);
      await press(page, `${part(0)} .ask .btn`);
      await says(page, `${part(0)} .ask .note`, /Not quite\. In the text above it goes from/);
      await press(page, `${part(0)} .ask input`, 0);
      await page.waitForSelector(`${part(0)} .ask .btn[aria-disabled=false]`);
      await press(page, `${part(0)} .ask .btn`);
      await says(page, `${part(0)} .ask .note`, /Right\. In the text above it goes from/);
      const field = `${part(2)} .ask .field`;
      for (const [answer, words] of /** @type {[string, RegExp][]} */ ([
        ['1', /minus its natural logarithm/],
        [Math.log2(400).toFixed(2), /answer in bits/],
        [Math.log(400).toFixed(2), /Right\. ln 400/],
      ])) {
        await put(page, field, answer);
        await page.waitForSelector(`${part(2)} .ask .btn[aria-disabled=false]`);
        await press(page, `${part(2)} .ask .btn`);
        await says(page, `${part(2)} .ask .note`, words);
      }
      // Untrained, the likeliest tokens are a little likelier than an even choice: five of them meet the task.
      for (let n = 1; n <= 5; n++) {
        await page.waitForSelector('.sampler[aria-busy=false]');
        await press(page, '.sampler .bar');
        await says(page, '.sampler .aside', new RegExp(`^${n} token`));
        await page.waitForSelector('.sampler[aria-busy=false]');
      }
      await page.waitForSelector(`${part(1)} .goal.met`);
      await says(page, '.progress-line', /3 of 5/);
      await reload(page);
      await page.waitForSelector('.progress-line', { timeout: 60_000 });
      await says(page, '.progress-line', /3 of 5/);
      await says(page, `${part(2)} .ask .note`, /Right/);
      await press(page, '.progress-line button');
      await says(page, '.progress-line', /0 of 5/);
      await page.waitForSelector(`${part(2)} .ask .note`, { hidden: true });
    }));

  test(`chapters follow each other, and both stay as they were (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      assert.equal(await text(page, '.rail a[aria-current]'), '2The next-token predictor');
      await press(page, '#chapter .pn a');
      await page.waitForSelector('.merges .tok', { timeout: 30_000 });
      assert.match(page.url(), /screen=ch1/);
      assert.equal(await page.$eval('.prefix', (e) => e.checkVisibility()), false);
      await until(page, 'bits per byte of the model', () =>
        /needs \d+\.\d\d bits per byte/.test(document.querySelector('.compare .bits')?.textContent ?? ''),
      );
      await page.$$eval('#chapter .pn .nx', (all) =>
        /** @type {HTMLElement} */ (all.find((e) => e.checkVisibility())).click(),
      );
      await until(page, 'chapter 2', () => document.querySelector('.prefix')?.checkVisibility());
      assert.equal(await page.$eval('.merges', (e) => e.checkVisibility()), false);
      await page.click('.top .seg.wide button:last-child');
      await until(page, 'Chinese', () =>
        [...document.querySelectorAll('.prose h1')].some((e) => e.textContent === '预测下一个词元'),
      );
      await says(page, '.ladder h3', /没学过的文本/);
    }));

  test(`hostile text is text, and no text leaves every figure with a sentence (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await put(page, '#prefix-source', '<img src=x onerror=alert(1)>\u202e\u200b 个👋');
      await until(page, 'its tokens', () => document.querySelector('.surprise .scroll')?.textContent?.includes('AE'));
      assert.equal(await page.$('#chapter img'), null);
      await put(page, '#prefix-source', '');
      for (const figure of ['#chapter .prediction .cap', '.sampler .cap', '.rivals .cap'])
        await says(page, figure, /Type something/);
      await says(page, '.surprise', /at least two tokens/);
    }));

  test(`on a phone targets are large and nothing is wider than the screen (${name})`, () =>
    withBrowser(name, { viewport: { width: 390, height: 844 } }, async ({ page, url }) => {
      await open(page, url);
      await page.waitForSelector('.rivals .sample');
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
      const small = (await targets(page)).filter(([html, height]) => height < (html.includes('class="bar') ? 40 : 44));
      assert.deepEqual(small, []);
      await leave(page);
      await open(page, url, '', 'zh-Hans');
      const [bottom, last] = await page.$eval('.surprise .scroll', (box) =>
        [box, [...box.querySelectorAll('.tok')].at(-1)].map((e) => e?.getBoundingClientRect().bottom ?? Infinity),
      );
      assert.ok(last <= bottom, `the last token ends at ${last}, its box at ${bottom}`);
    }));

  for (const dark of name === 'firefox' ? [false] : [false, true]) {
    test(`axe finds nothing in the chapter: ${dark ? 'dark' : 'light'} (${name})`, () =>
      withBrowser(name, { dark }, async ({ page, url }) => {
        for (const [width, lang] of /** @type {const} */ ([
          [1280, 'en'],
          [390, 'zh-Hans'],
        ])) {
          await page.setViewport({ width, height: 844 });
          await leave(page);
          await open(page, url, '', lang);
          await page.waitForSelector('.rivals .sample');
          await press(page, '.surprise summary');
          await page.waitForSelector('.surprise tbody tr');
          await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
          assert.deepEqual(await axe(page), [], `${width}, ${lang}`);
        }
      }));
  }
}
