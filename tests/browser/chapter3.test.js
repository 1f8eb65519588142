/** Chapter 3 from end to end: the lab beside a model that trains, arithmetic, changes and undo, measurements, both languages, the phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, NO_SERVICE_WORKER, press, put, says, TINY, targets, text } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const TEXT = '&text=Mia+has+a+red+ball.+Tom+has+a+red+kite.+Mia+has';

/** Opens the chapter and waits for its figures. @param {Page} page @param {string} url @param {string} [more] @param {string} [lang] @param {string} [model] */
async function open(page, url, more = TEXT, lang = 'en', model = TINY) {
  await page.goto(`${url}#lang=${lang}&screen=ch3&${model}${more}`);
  for (const selector of [
    '#chapter .attention canvas',
    '.lens tbody tr',
    '.cell .steps',
    '.recall .told',
    '.map .near',
  ])
    await page.waitForSelector(selector, { timeout: 60_000 });
  await until(page, 'all effects', () => !document.querySelector('.switches')?.textContent?.includes('…'), 30_000);
}

for (const name of browsers) {
  test(`the lab shows the model that trains, and every number opens its sum (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url, server }) => {
      await page.goto(`${url}#lang=en&${TINY}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      assert.deepEqual(
        server.requests.filter((path) => /lessons|lab-|inside|chapter3/.test(path)),
        [],
      );
      await open(page, url);
      assert.match(await page.title(), /Inside the Transformer/);
      const untrained = await text(page, '.lens tbody');
      const whole = () => !document.querySelector('.switches')?.textContent?.includes('…');
      await until(page, 'effects of the untrained model', whole);
      const idle = await text(page, '.switches');
      await page.click('.model .primary');
      await says(page, '.model', /done, best/, 90_000);
      await until(page, 'the trained copy', () => document.querySelector('#chapter [data-step="60"]') !== null, 30_000);
      // What the lab predicts is what the page predicts: the guess after the last layer is the playground's first bar.
      await until(
        page,
        'the task of the habit may be met',
        () => document.querySelectorAll('.habits tbody tr').length === 2,
      );
      // What belongs together is looked at at once, and again: figures of a newer copy come one after the other.
      await until(page, 'one guess after the last layer and in the prediction', () => {
        const of = (/** @type {string} */ selector) => document.querySelector(selector)?.textContent?.trim();
        const guess = of('.lens tbody tr:last-child td:nth-child(2)');
        return guess !== undefined && of('.ablation .guesses li .q') === guess;
      });
      await changed(page, '.lens tbody', untrained);
      // What parts do belongs to the step that is shown: back from the past, no loss of now stands beside effects of then.
      await changed(page, '.switches', idle);
      await until(page, 'effects of now', whole);
      const now = await text(page, '.switches');
      await put(page, '#chapter .scrub input', 0);
      await says(page, '#chapter .past', /step 0/);
      await changed(page, '.switches', now);
      await until(page, 'effects of the past', whole);
      await page.evaluate(() => {
        const of = (/** @type {string} */ selector) => document.querySelector(selector)?.textContent;
        const [loss, effects] = [of('.ablation .cap'), of('.switches')];
        const mixed = () => {
          if (of('.ablation .cap') !== loss && of('.switches') === effects) document.body.dataset.mixed = 'yes';
        };
        new MutationObserver(mixed).observe(document.querySelector('.ablation') ?? document.body, {
          subtree: true,
          childList: true,
          characterData: true,
        });
      });
      const past = await text(page, '.switches');
      await page.keyboard.press('Escape');
      await changed(page, '.switches', past);
      await until(page, 'effects of now', whole);
      assert.equal(await page.$eval('body', (e) => e.dataset.mixed), undefined);
      // The score of the cell, recomputed from the q and k that are shown.
      for (const i of [0, 1]) await press(page, `.cell .steps li:nth-child(${i + 1}) summary`);
      await until(page, 'q · k / √16 is the score', () => {
        const [q, k, score] = [0, 1, 3].map((i) =>
          [...(document.querySelectorAll('.cell .steps li')[i]?.querySelectorAll('.num') ?? [])].map((e) =>
            Number((e.textContent ?? '').trim().replace('−', '-')),
          ),
        );
        const want = q.reduce((sum, x, i) => sum + x * k[i], 0) / Math.sqrt(q.length);
        return q.length === 16 && Math.abs((score.at(-1) ?? 0) - want) < 0.02;
      });
      await press(page, '.cell .steps li:nth-child(4) .num');
      await says(page, '.sum', /16 terms add up to/);
      await press(page, '.sum tbody .num');
      await says(page, '.sum .result', /q, k, v, layer 1/);
      await press(page, '.sum tbody .num');
      await until(page, 'three crumbs', () => document.querySelectorAll('.crumbs button').length === 3);
      await press(page, '.crumbs button');
      await says(page, '.sum', /16 terms add up to/);
      await press(page, '.walk .stages li:last-child .num');
      await says(page, '.sum', /400 of them/);
    }));

  test(`parts are switched off, a weight is edited, and all is put back (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      const untrained = await text(page, '.edit p b');
      assert.ok(
        await page.evaluate(() => {
          const side = document.querySelector('#chapter .attention .side')?.getBoundingClientRect().left ?? 0;
          return [...document.querySelectorAll('#chapter .big .names span')].every(
            (e) => e.getBoundingClientRect().right <= side,
          );
        }),
        'names of columns end before the small pictures',
      );
      await page.click('.model .primary');
      await says(page, '.model', /done, best/, 90_000);
      // The weight is told as it is after training; no head was chosen, so none is right.
      await until(page, 'the trained copy', () => document.querySelector('#chapter [data-step="60"]') !== null, 30_000);
      await changed(page, '.edit p b', untrained);
      await says(page, '[data-part="2"] .goal', /No head chosen yet/);
      await put(page, '.edit .pick input', 0, 'change');
      await says(page, '.edit', /There are 400 of “row”: type a whole number/);
      assert.notEqual(await page.$eval('.edit .pick input', (e) => /** @type {HTMLInputElement} */ (e).value), '0');
      await press(page, '.habits tbody .link', 0);
      await says(page, '[data-part="2"] .goal', /Chosen at step 60: layer 1 head 1/);
      await press(page, '.habits tbody .link', 1);
      await says(page, '[data-part="2"] .goal.met', /Chosen at step 60: layer 1 head 2/);
      await until(
        page,
        'effects of the trained model',
        () =>
          /\+[1-9]/.test(document.querySelector('.switches')?.textContent ?? '') ||
          /\+0\.[1-9]/.test(document.querySelector('.switches')?.textContent ?? ''),
      );
      await says(page, '.ablation', /Everything is on/);
      await press(page, '.switches button', -1); // the last MLP
      await says(page, '.ablation .cap', /→/);
      await page.waitForSelector('[data-part="3"] .goal.met');
      assert.equal(await page.$$eval('.switches button[aria-checked=false]', (all) => all.length), 1);
      await says(page, '.edit', /positions moved/);
      await press(page, '.ablation .cap button');
      await says(page, '.ablation', /Everything is on/);
      await press(page, '.switches button');
      await page.waitForSelector('.heads button.off');
      await until(page, 'an undo', () => document.querySelectorAll('.ablation .cap button').length === 2);
      await press(page, '.ablation .cap button', 1);
      await says(page, '.ablation', /Everything is on/);
      const before = await text(page, '.ablation .cap');
      await press(page, '.edit .acts button', 6); // +10
      await says(page, '.edit', /positions moved behind the last layer/);
      await changed(page, '.ablation .cap', before);
      await press(page, '.edit .acts button', 3); // as it was
      await says(page, '.edit', /Nothing is changed/);
      await page.waitForSelector('[data-part="6"] .goal.met');
      await press(page, '[data-part="0"] .ask input', 1);
      await page.waitForSelector('[data-part="0"] .ask .btn[aria-disabled=false]');
      await press(page, '[data-part="0"] .ask .btn');
      await says(page, '[data-part="0"] .ask .note', /Right/);
      await put(page, '[data-part="1"] .ask .field', '3');
      await page.waitForSelector('[data-part="1"] .ask .btn[aria-disabled=false]');
      await press(page, '[data-part="1"] .ask .btn');
      await says(page, '[data-part="1"] .ask .note', /12 \/ √16/);
      await says(page, '.progress-line', /5 of 8/);
    }));

  test(`long range and speed are measured; no text and long texts have sentences (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url, TEXT, 'en', `${TINY}&style=gpt2&heads=1&vocab=bytes`);
      await says(page, '.recall', /only the last \d+ fit into the context of 32/);
      await put(page, '.recall input', 0);
      await says(page, '.recall output', /0 sentences/);
      await says(page, '.recall', /of all 9 that are named here.*11%/);
      await press(page, '[data-part="8"] .ask input', 0);
      await page.waitForSelector('[data-part="8"] .ask .btn[aria-disabled=false]');
      await press(page, '[data-part="8"] .ask .btn');
      await says(page, '[data-part="8"] .ask .note', /Now measure/);
      await press(page, '.race button');
      await says(page, '.race', /tokens\/s.*tokens\/s.*times/);
      await until(page, 'a verdict that fits the figure', () => {
        const words = document.querySelector('[data-part="8"] .ask .note')?.textContent ?? '';
        const ratio = Number(/([\d.]+) times/.exec(document.querySelector('.race')?.textContent ?? '')?.[1]);
        return (
          /your measurement/.test(words) && (ratio > 1.15 ? /Right/ : ratio < 1.05 ? /Not quite/ : /./).test(words)
        );
      });
      await press(page, '.beyond button');
      await says(page, '.beyond', /a learned row for each of 32 positions/);
      await says(page, '#chapter .attention', /looks back|looks at|to guess/i);
      await put(page, '#prefix-source', '<img src=x onerror=alert(1)>\u202e');
      await says(page, '.map', /Nearest/);
      // Tokens of the text are to be chosen from at first, all of them once somebody chooses.
      const choices = () => page.$$eval('.map option', (all) => all.length);
      const few = await choices();
      await page.focus('.map select');
      await until(page, 'all tokens', () => document.querySelectorAll('.map option').length >= 256);
      assert.ok(few < 200, `${few} at once`);
      assert.equal(await page.$('#chapter img'), null);
      await put(page, '#prefix-source', '');
      await says(page, '.ablation', /at least two tokens/);
      for (const figure of ['.cell', '.habits', '.lens']) await says(page, figure, /taken apart/);
      await put(page, '#prefix-source', 'One more time, a text that is longer than the context. '.repeat(4));
      await says(page, '.lens', /If it had to answer/);
      await until(page, 'the end of the text', () => document.querySelectorAll('.lens tbody tr').length === 2);
    }));

  test(`on a phone and in Chinese: large targets, nothing wider than the screen, nothing for axe (${name})`, () =>
    withBrowser(name, { viewport: { width: 390, height: 844 }, dark: name === 'chromium' }, async ({ page, url }) => {
      await open(
        page,
        url,
        '',
        'zh-Hans',
        'layers=2&heads=2&kv=1&width=32&context=32&size=400&steps=60&batch=4&style=nanochat',
      );
      await says(page, '.prose h1', /Transformer 里面/);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
      const small = (await targets(page)).filter(([, height]) => height < 43.5);
      assert.deepEqual(small, []);
      await press(page, '.cell .steps li:nth-child(4) .num');
      await page.waitForSelector('.sum tbody tr');
      await press(page, '.switches button');
      await page.waitForSelector('.edit .ripple');
      await press(page, '.edit summary');
      await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
      assert.deepEqual(await axe(page), []);
      await page.setViewport({ width: 1280, height: 800 });
      await page.$$eval('.top .seg.wide button', (all) => /** @type {HTMLElement} */ (all[0]).click());
      await says(page, '.prose h1', /Inside the Transformer/);
      assert.deepEqual(await axe(page), []);
    }));
}
