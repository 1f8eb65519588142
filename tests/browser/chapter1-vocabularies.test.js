/** Chapter 1 with the tokenizer's worker: published vocabularies, a vocabulary learned from the text, files, the card. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { put, says, TINY, text, whole } from './chapter-page.js';
import { axe, browsers, root, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const PUBLISHED = /** @type {const} */ ([
  ['gpt2', 'gpt2'],
  ['cl100k', 'cl100k_base'],
  ['o200k', 'o200k_base'],
]);
/** Appended to the bindings: a training that takes many seconds whatever the machine, in slices of 30 ms. */
const SLOW_TRAINING = `
const { advance } = Training.prototype;
Training.prototype.advance = function (merges) {
  for (const end = performance.now() + 30; performance.now() < end; );
  return advance.call(this, Math.min(merges, 16));
};`;
/** Texts with their ids, made with tiktoken. */
const known = readFileSync(join(root, 'tests/fixtures/tokens_public.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** @param {Page} page @param {string} url @param {string} [more] */
async function open(page, url, more = '') {
  await page.goto(`${url}#lang=en&screen=ch1&${TINY}${more}`);
  await page.waitForSelector('.merges .tok, .merges input:not(:disabled)', { timeout: 60_000 });
  await whole(page);
}

/** Clicks the first button of a place whose words match, as soon as there is one. @param {Page} page @param {string} where @param {string} words */
const press = (page, where, words) =>
  until(
    page,
    `a button “${words}”`,
    (/** @type {string} */ where, /** @type {string} */ words) => {
      const button = [...document.querySelectorAll(`${where} button`)].find((b) => b.textContent?.includes(words));
      /** @type {HTMLElement | undefined} */ (button)?.click();
      return button !== undefined;
    },
    10_000,
    where,
    words,
  );
/** Ids that a vocabulary's column shows. @param {Page} page @param {string} name */
const idsOf = (page, name) =>
  page.$$eval(`.compare [data-of=${name}] .tok`, (all) =>
    all.map((e) => Number(/** @type {HTMLElement} */ (e).dataset.id)),
  );
/** @param {Page} page */
async function loadAll(page) {
  await press(page, '.tax .acts', 'Load the published');
  await until(
    page,
    'three vocabularies',
    () =>
      document.querySelectorAll('.compare section .btn, .compare progress').length === 0 &&
      document.querySelectorAll('.compare .lines').length === 4 &&
      [...document.querySelectorAll('.compare .lines')].every((e) => e.querySelector('.tok')),
    60_000,
  );
}

for (const name of browsers) {
  test(`published vocabularies load when asked and give the published ids, with their names (${name})`, () =>
    withBrowser(name, async ({ page, url, server }) => {
      await open(page, url, '&lesson=AI+Education');
      assert.ok(
        !server.requests.some((path) => path.includes('.vocabulary')) ||
          (await page.evaluate(() => !!navigator.serviceWorker.controller)),
      );
      assert.match(await text(page, '.lesson-text .note'), /Load a vocabulary/);
      await loadAll(page);
      await says(page, '.lesson-text .note', /GPT-2 \[20185, 7868\], cl100k \[15836, 11930\], o200k \[17527, 13626\]/);
      for (const { text: sample, ...ids } of known
        .filter((k) => k.text.length > 0 && k.text.length < 200 && !k.text.includes('\r'))
        .filter((_, i) => i % 12 === 0)) {
        await put(page, '#lesson-source', sample);
        for (const [column, key] of PUBLISHED) {
          await until(
            page,
            `${key} of ${JSON.stringify(sample)}`,
            (/** @type {string} */ column, /** @type {string} */ ids) =>
              [...document.querySelectorAll(`.compare [data-of=${column}] .tok`)]
                .map((e) => /** @type {HTMLElement} */ (e).dataset.id)
                .join() === ids,
            10_000,
            column,
            ids[key].join(),
          );
        }
      }
      const names = await page.$$eval('.compare h4', (all) =>
        all.map((e) => e.textContent?.replace(/\s+/g, ' ').trim()),
      );
      assert.deepEqual(names, ['yours, 400 400 ids', 'GPT-2 50,257 ids', 'cl100k 100,277 ids', 'o200k 200,019 ids']);
    }));

  test(`the sentence pair is counted in all four, priced, edited and drawn as a card (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await loadAll(page);
      const counts = () => page.$$eval('.tax .bar .v', (all) => all.map((e) => Number(e.textContent)));
      await until(page, 'eight counts', () => {
        const all = [...document.querySelectorAll('.tax .bar .v')];
        return all.length === 8 && all.every((e) => Number(e.textContent) > 0);
      });
      const [, gpt2, , , , gpt2Zh] = await counts();
      assert.equal(gpt2, 8);
      assert.ok(gpt2Zh > 4 * gpt2, `${gpt2Zh}`);
      assert.match(
        await text(page, '.tax .cap'),
        new RegExp(`${(gpt2Zh / gpt2).toFixed(1)} × the tokens of the English one in GPT-2`),
      );
      await put(page, '.compare [aria-label="GPT-2"] input', '2.5');
      const tokens = (await idsOf(page, 'gpt2')).length;
      await until(
        page,
        'the cost',
        (cost) => document.querySelector('.compare [aria-label="GPT-2"] dl div:last-child dd')?.textContent === cost,
        5_000,
        String(Number(((tokens * 2.5) / 1e6).toPrecision(2))),
      );
      await press(page, '.tax .acts', 'Your own pair');
      await page.waitForSelector('.tax textarea');
      await put(page, '.tax textarea', 'x');
      await until(page, 'the count of x', () => document.querySelectorAll('.tax .bar .v')[1].textContent === '1');
      await until(page, 'the link', () => location.hash.includes('pair-en=x'));
      const card = await page.evaluate(async () => {
        const { cardFile } = await import(/** @type {any} */ ('/views/tax-card.js'));
        const file = await cardFile({ pair: ['One', '一'], rows: [{ title: 'GPT-2', counts: [1, 3] }] });
        const image = await createImageBitmap(file);
        return [file.type, image.width, image.height];
      });
      assert.deepEqual(card, ['image/png', 1200, 630]);
    }));

  test(`a vocabulary is learned from the text, step by step as the tokenizer itself would (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url, '&lesson=the+cat+and+the+hat+and+the+bat+的的的+👋👋');
      await put(page, '.learn select', '320', 'change');
      await press(page, '.learn', 'this text');
      await until(page, 'its history', () =>
        /trained on this text/.test(document.querySelector('.merges .aside')?.textContent ?? ''),
      );
      await until(page, 'the reason', () =>
        /ran out of pairs.* \d+ merges were learned: \d+ tokens instead of 320/.test(
          document.querySelector('.lesson-text .note')?.textContent ?? '',
        ),
      );
      await until(page, 'its last merge', () => document.querySelector('.merge-table tr.on .n')?.textContent === '1');
      const differences = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(/** @type {any} */ (path));
        const { TokenizerClient } = await load('/engine/tokenizer-client.js');
        const { after, fall } = await load('/views/merge-steps.js');
        const { learnedByTraining } = await load('/app/own-vocabulary.js');
        const client = new TokenizerClient();
        const sample = 'the cat and the hat and the bat 的的的 👋👋 aaaa aaaaa';
        const info = await client.call('train', {
          text: new TextEncoder().encode(sample),
          vocabSize: 300,
          split: 'gpt2',
        });
        const learned = learnedByTraining(
          await client.call('mergesOf', { vocabulary: 'trained', from: 0, to: info.merges }),
        );
        const tokens = await client.call('encode', { vocabulary: 'trained', text: sample });
        const wrong = [];
        for (let n = 0; n <= info.merges; n++) {
          const twin = await client.call('segment', { vocabulary: 'trained', text: sample, merges: n });
          const found = after(tokens, learned, n);
          for (const part of ['ids', 'byteStart', 'utf16Start', 'utf16End'])
            if (found[part].join() !== twin[part].join())
              wrong.push(`${part} after ${n}: ${found[part]} | ${twin[part]}`);
        }
        const curve = await client.call('curve', { vocabulary: 'trained', text: sample });
        if (fall(tokens, learned).join() !== curve.join()) wrong.push('curve');
        client.destroy();
        return wrong;
      });
      assert.deepEqual(differences, []);
      await press(page, '.learn', 'the model’s text');
      await until(page, 'the model again', () =>
        /trained on Stories/.test(document.querySelector('.merges .aside')?.textContent ?? ''),
      );
    }));

  test(`learning from nothing, blanks or one letter stops early and says what was reached (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      for (const [sample, sentence] of /** @type {const} */ ([
        ['', 'There is nothing to learn from. The text is empty, so the vocabulary is the 256 bytes.'],
        ['   ', '2 merges were learned: 258 tokens instead of 512.'],
        ['a', '0 merges were learned: 256 tokens instead of 512.'],
        ['ab', '1 merge was learned: 257 tokens instead of 512.'],
      ])) {
        await put(page, '#lesson-source', sample);
        await press(page, '.learn', 'this text');
        await until(
          page,
          `the sentence for ${JSON.stringify(sample)}`,
          (sentence) => document.querySelector('.lesson-text .note')?.textContent?.includes(sentence),
          10_000,
          sentence,
        );
      }
    }));

  test(`a long training shows how far it is and stops with what it has (${name})`, async () => {
    const bindings = readFileSync(join(root, 'www/pkg/tokenizer/tokenizer.js'), 'utf8');
    const fault = (/** @type {string} */ path) =>
      path.endsWith('/pkg/tokenizer/tokenizer.js') ? { body: bindings + SLOW_TRAINING } : undefined;
    await withBrowser(name, { fault }, async ({ page, url }) => {
      await open(page, url);
      await page.evaluate(() => {
        const syllables = ['ka', 'to', 'mi', 'ru', 'ne', 'so', 'ly', 'be', 'zu', 'wi', 'xa', 'po', 'du'];
        let [state, text] = [1, ''];
        for (let i = 0; i < 400_000; i++) {
          state = (state * 48271) % 2147483647;
          text += syllables[state % 13] + (state % 5 === 0 ? ' ' : '');
        }
        const data = new DataTransfer();
        data.setData('text/plain', text);
        const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
        Object.defineProperty(paste, 'clipboardData', { value: data });
        document.querySelector('#lesson-source')?.dispatchEvent(paste);
      });
      await page.waitForSelector('.lesson-text .long');
      await put(page, '.learn select', '8192', 'change');
      await page.evaluate(
        () =>
          new Promise((/** @type {(seen: unknown) => void} */ stopped) => {
            new MutationObserver((_, observer) => {
              const bar = document.querySelector('.learn progress');
              if (!bar || Number(/** @type {HTMLProgressElement} */ (bar).value) === 0) return;
              observer.disconnect();
              /** @type {HTMLElement} */ (document.querySelector('.learn button')).click();
              stopped(null);
            }).observe(/** @type {Element} */ (document.querySelector('.lesson-text')), {
              subtree: true,
              childList: true,
              attributes: true,
            });
            [...document.querySelectorAll('.learn button')]
              .find((b) => b.textContent === 'this text')
              ?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
          }),
      );
      await until(
        page,
        'the sentence',
        () =>
          /Stopped\. \d+ merges? w\w+ learned: \d+ tokens instead of 8192/.test(
            document.querySelector('.lesson-text .note')?.textContent ?? '',
          ),
        30_000,
      );
      await page.waitForSelector('.merges .tok');
    });
  });

  test(`a published vocabulary is searched and its tokens are taken apart (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await press(page, '.vocabulary .seg', 'cl100k');
      await until(
        page,
        'all of it',
        () => /of 100,2\d\d/.test(document.querySelector('.vocabulary .pages')?.textContent ?? ''),
        60_000,
      );
      await put(page, '.vocabulary input', 'E4.BD');
      await until(page, 'the found', () => document.querySelector('.vocabulary .found .q')?.textContent === 'E4·BD');
      const button = await page.$$('.vocabulary .found button');
      await button[1].click();
      await until(page, 'its tree', () => document.querySelectorAll('.tree li').length === 5);
      assert.match(await text(page, '.tree .cap'), /rank [\d,]+/);
      await put(page, '.vocabulary input', '');
      await put(page, '.vocabulary select', 'special', 'change');
      await until(page, 'special tokens', () =>
        document.querySelector('.vocabulary .found')?.textContent?.includes('<|endoftext|>'),
      );
      await put(page, '.vocabulary select', 'partial', 'change');
      await until(page, 'parts of characters', () =>
        [...document.querySelectorAll('.vocabulary .found li')].every((li) => li.querySelector('.hex')),
      );
      assert.ok(!(await text(page, '.vocabulary .found')).includes('\ufffd'));
      await page.hover('.merges .tok');
      await page.waitForSelector('.tip:not([hidden])');
      assert.match(await text(page, '#chapter .tip'), /^token \d+ · \d+ byte/);
      assert.deepEqual(await axe(page), []);
    }));

  test(`a tokenizer file of another program joins the others, and a wrong file is refused in words (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await open(page, url);
      await page.waitForSelector('.compare button');
      const pick = (/** @type {string} */ path) =>
        page.evaluate(
          (path, content) => {
            // The learner's choice in the browser's own dialog.
            HTMLInputElement.prototype.click = function () {
              const data = new DataTransfer();
              data.items.add(new File([content], path));
              this.files = data.files;
              this.dispatchEvent(new Event('change'));
            };
            [...document.querySelectorAll('.compare button')]
              .find((b) => b.textContent?.includes('Open a tokenizer file'))
              ?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
          },
          path,
          readFileSync(join(root, path), 'utf8'),
        );
      await pick('package.json');
      await until(
        page,
        'the refusal',
        () => /could not be opened\. \S/.test(document.querySelector('.compare .wrong')?.textContent ?? ''),
        30_000,
      );
      await pick('tests/fixtures/golden/hf_gpt2_tiny/tokenizer.json');
      await page.waitForSelector('.compare [data-of=file] .tok');
      assert.equal(await page.$('.compare .wrong'), null);
      const on = await page.$$eval(
        '.compare .tools input',
        (all) => all.filter((e) => /** @type {HTMLInputElement} */ (e).checked).length,
      );
      assert.equal(on, 4);
      assert.ok(await page.$('.compare .tools input:disabled'), 'a fifth cannot join');
    }));

  test(`a vocabulary that does not arrive is said, and asking again works (${name})`, () => {
    let broken = true;
    return withBrowser(
      name,
      {
        fault: (path) => (broken && path.includes('gpt2.vocabulary') ? { status: 503 } : undefined),
        allow: [/gpt2\.vocabulary|503/],
      },
      async ({ page, url }) => {
        await open(page, url);
        await press(page, '.compare', 'Load GPT-2');
        await until(
          page,
          'the way to ask again',
          () => document.querySelector('.compare')?.textContent?.includes('Load GPT-2 again'),
          60_000,
        );
        broken = false;
        await press(page, '.compare', 'Load GPT-2 again');
        await page.waitForSelector('.compare [data-of=gpt2] .tok', { timeout: 60_000 });
      },
    );
  });
}
