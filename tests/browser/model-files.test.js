/** Models out of the page and into it: Hugging Face folders, as .zip and as files. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blankTests } from './blank-tests.js';
import { axe, browsers, root, until, withBrowser } from './harness.js';

const SMALL = 'lang=en&layers=1&heads=2&width=32&context=32&size=300&steps=300&batch=4&seed=3';
const TINY = join(root, 'tests/fixtures/golden/hf_gpt2_tiny');
const MODEL = ['config.json', 'model.safetensors', 'tokenizer.json'];

/** A folder of the golden data, as plain data for a page. */
const tinyFiles = () =>
  MODEL.map((name) => ({ name: `hf_gpt2_tiny/${name}`, base64: readFileSync(join(TINY, name)).toString('base64') }));

for (const name of browsers) {
  const check = blankTests(name);

  check(
    'a trained run goes out as a .zip and comes back with the same greedy text',
    async (/** @type {any} */ inPage) => {
      const told = await inPage(async ({ connect, tiny, tinyText, codeOf, sampling }) => {
        const { callFiles } = await import(/** @type {string} */ ('/engine/files-client.js'));
        const greedy = { ...sampling, temperature: 0 };
        const write = async (/** @type {any} */ client) => {
          const ids = [];
          const request = { text: 'the cat', count: 24, sampling: greedy };
          await client.call('generate', request, { onProgress: (t) => ids.push(t.id) });
          return ids.join();
        };
        const out = [];
        for (const style of ['modern', 'gpt2', 'nanochat']) {
          const { client, openTiny, train } = connect();
          await openTiny({ style, kvHeads: style === 'gpt2' ? 2 : 1, vocabulary: 'bpe', vocabSize: 280 });
          await train(20);
          const said = await write(client);
          const checkpoint = await client.call('save', {});
          const zip = await callFiles('exportZip', { checkpoint });
          const files = await callFiles('exportFiles', { checkpoint });
          const phases = new Set();
          const bring = (/** @type {any} */ source, /** @type {any} */ settings = tiny) =>
            callFiles(
              'importModel',
              { source, settings, text: tinyText() },
              { onProgress: (/** @type {any} */ p) => phases.add(p.phase) },
            );
          const whole = await bring({ zip: new Blob([zip]) });
          const single = await bring({
            files: files.map(({ name, bytes }) => ({ name: `my/${name}`, blob: new Blob([bytes]) })),
          });
          const same = whole.every((byte, i) => byte === single[i]);
          const damaged = zip.slice();
          damaged[zip.length >> 1] ^= 1;
          const refused = await codeOf(bring({ zip: new Blob([damaged]) }));
          const cut = await codeOf(bring({ zip: new Blob([zip.slice(0, 5_000)]) }));
          const empty = await codeOf(bring({ files: [] }));
          const other = await codeOf(bring({ files: [{ name: 'config.json', blob: new Blob(['{}']) }] }));
          const again = connect();
          const info = await again.client.call('load', { file: whole });
          const saidAgain = await write(again.client);
          const stopped = await again.train(5);
          out.push({
            style,
            same,
            codes: [refused, cut, empty, other],
            phases: [...phases],
            style2: info.settings.style,
            step: info.step,
            equal: said === saidAgain,
            said,
            learned: stopped.step,
          });
        }
        return out;
      });
      for (const { style, same, codes, phases, style2, step, equal, said, learned } of told) {
        assert.ok(same && equal && said.split(',').length === 24, `${style}: ${said}`);
        assert.deepEqual(codes, ['checksum', 'format', 'format', 'format'], style);
        assert.deepEqual(phases, ['reading', 'corpus', 'tokens']);
        assert.deepEqual([style2, step, learned], [style, 0, 5]);
      }
    },
  );

  check(
    'a folder that transformers has written opens with its own vocabulary and learns',
    async (/** @type {any} */ inPage) => {
      const told = await inPage(
        async ({ connect, small, sampling }, { files }) => {
          const { callFiles } = await import(/** @type {string} */ ('/engine/files-client.js'));
          const blobs = files.map(({ name, base64 }) => ({
            name,
            blob: new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]),
          }));
          const file = await callFiles('importModel', { source: { files: blobs }, settings: small, text: null });
          const { client, train } = connect();
          const info = await client.call('load', { file });
          let text = '';
          const request = { text: 'The little', count: 20, sampling: { ...sampling, temperature: 0 } };
          await client.call('generate', request, { onProgress: (t) => (text += t.text) });
          const tokens = await client.call('tokenize', { text: 'The little' });
          const seen = await client.call('inspect', { text: 'The little', sampling });
          const stopped = await train(3);
          return {
            info: [info.vocabSize, info.settings.context],
            text,
            count: tokens.ids.length,
            seen: seen.time,
            learned: stopped.step,
          };
        },
        { files: tinyFiles() },
      );
      // As in the golden data's expected.json.
      assert.deepEqual(told, {
        info: [300, 32],
        text: ' fox runs over the green hill and l',
        count: 7,
        seen: 7,
        learned: 3,
      });
    },
  );

  test(`the page saves a folder, refuses a damaged one in words, and opens the good one (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.evaluateOnNewDocument(() => {
        /** @type {any} */ (globalThis).saved = [];
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
          /** @type {any} */ (globalThis).saved.push(blob);
          return make(blob);
        };
        HTMLAnchorElement.prototype.click = () => {};
      });
      await page.goto(`${url}#${SMALL}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      const bars = () => page.$$eval('.prediction .bar', (all) => all.map((b) => b.textContent?.replace(/\s+/g, ' ')));
      const step = () => page.$eval('.model [role=progressbar]', (e) => Number(e.getAttribute('aria-valuenow')));
      await page.click('.model .primary');
      await page.waitForFunction(
        () => Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) >= 30,
        { timeout: 60_000 },
      );
      await page.click('.model .primary');
      await page.waitForFunction(() => !document.querySelector('.model .pulse'));
      await new Promise((done) => setTimeout(done, 1_000));
      const [before, reached] = [await bars(), await step()];

      await page.evaluate(() =>
        [...document.querySelectorAll('#header button')]
          .find((b) => b.textContent?.trim() === 'Save')
          ?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      );
      await until(
        page,
        'the lines of Python',
        () => document.querySelector('.files-dialog[open] pre') !== null,
        30_000,
      );
      assert.match(await page.$eval('.files-dialog pre', (e) => e.textContent ?? ''), /from_pretrained/);
      assert.deepEqual(await axe(page), []);
      await page.click('.files-dialog [data-save=zip]');
      await until(page, 'the archive', () => /** @type {any} */ (globalThis).saved.length === 1, 60_000);
      await until(page, 'what was saved', () => document.querySelector('.files-dialog .note.ok') !== null, 10_000);

      const drop = (/** @type {boolean} */ damaged) =>
        page.evaluate(async (damaged) => {
          const bytes = new Uint8Array(await /** @type {any} */ (globalThis).saved[0].arrayBuffer());
          if (damaged) bytes[bytes.length >> 1] ^= 1;
          const data = new DataTransfer();
          data.items.add(new File([bytes], 'model.zip'));
          document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }, damaged);
      await drop(true);
      await until(page, 'the refusal', () => document.querySelector('.files-dialog .note.bad') !== null, 30_000);
      const refusal = await page.$eval('.files-dialog .note.bad', (e) => e.textContent ?? '');
      assert.match(refusal, /present one is kept.*damaged/s);
      assert.deepEqual([await bars(), await step()], [before, reached]);

      await drop(false);
      await page.waitForFunction(
        () =>
          !document.querySelector('.files-dialog[open]') &&
          document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow') === '0',
        { timeout: 60_000 },
      );
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      await until(
        page,
        'the same prediction',
        (/** @type {string[]} */ before) =>
          [...document.querySelectorAll('.prediction .bar')].map((b) => b.textContent?.replace(/\s+/g, ' ')).join() ===
          before.join(),
        20_000,
        before,
      );
    }));

  test(`a folder that is dropped opens, in Chinese; a cancelled one leaves everything as it was (${name})`, () =>
    withBrowser(name, { lang: 'zh-CN' }, async ({ page, url }) => {
      await page.goto(`${url}#${SMALL.replace('lang=en', 'lang=zh-Hans&data=stories-en')}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      const seen = () =>
        page.evaluate(() => ({
          bars: [...document.querySelectorAll('.prediction .bar')].map((b) => b.textContent?.replace(/\s+/g, ' ')),
          facts: document.querySelector('.model .what')?.textContent?.replace(/\s+/g, ' '),
        }));
      const before = await seen();

      await page.$$eval('#header button', (all) =>
        all.find((b) => b.textContent?.trim() === '保存')?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      );
      await until(page, 'the dialog', () => document.querySelector('.files-dialog[open] pre') !== null);
      const words = await page.$eval('.files-dialog', (e) => e.textContent ?? '');
      for (const said of ['模型文件', '把模型带走', '打开文件夹']) assert.ok(words.includes(said), said);

      await page.evaluate(() => {
        // As a browser hands over a folder: an entry with a reader that gives its files in two portions, then none.
        const page = /** @type {any} */ (globalThis);
        page.dropFolder = (/** @type {{ name: string, base64: string }[]} */ files, /** @type {boolean} */ slow) => {
          const entries = files.map(({ name, base64 }) => ({
            isFile: true,
            isDirectory: false,
            fullPath: `/${name}`,
            file: (/** @type {(file: File) => void} */ give) => {
              const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
              if (!slow) give(new File([bytes], name.split('/').at(-1) ?? ''));
            },
          }));
          const portions = [entries.slice(0, 1), entries.slice(1), []];
          const folder = {
            isFile: false,
            isDirectory: true,
            fullPath: '/hf_gpt2_tiny',
            createReader: () => ({
              readEntries: (/** @type {(some: unknown[]) => void} */ give) => give(portions.shift() ?? []),
            }),
          };
          const event = new Event('drop', { bubbles: true, cancelable: true });
          const items = [{ webkitGetAsEntry: () => folder }];
          Object.defineProperty(event, 'dataTransfer', { value: { files: [new File([], 'hf_gpt2_tiny')], items } });
          document.dispatchEvent(event);
        };
      });
      await page.evaluate((files) => /** @type {any} */ (globalThis).dropFolder(files, true), tinyFiles());
      await until(page, 'the work', () => document.querySelector('.files-dialog[open] [data-cancel]') !== null);
      const during = await page.$eval('.files-dialog', (e) => ({
        said: e.querySelector('[role=status]')?.textContent ?? '',
        free: e.querySelectorAll('[data-save]:not(:disabled)').length,
      }));
      assert.match(during.said, /正在读取文件.*取消/s);
      assert.equal(during.free, 0);
      await page.click('.files-dialog [data-cancel]');
      await until(
        page,
        'an idle dialog without complaint',
        () =>
          document.querySelector('.files-dialog[open] [data-cancel]') === null &&
          document.querySelector('.files-dialog .note') === null &&
          document.querySelector('.files-dialog [data-save=zip]:not(:disabled)') !== null,
      );
      assert.deepEqual(await seen(), before);

      await page.evaluate((files) => /** @type {any} */ (globalThis).dropFolder(files.slice(1), false), tinyFiles());
      const refusal = await until(
        page,
        'the refusal',
        () => document.querySelector('.files-dialog .note.bad')?.textContent,
      );
      assert.match(refusal, /这个模型打不开，当前的模型保持不变.*config\.json/s);
      assert.deepEqual(await seen(), before);

      await page.evaluate((files) => /** @type {any} */ (globalThis).dropFolder(files, false), tinyFiles());
      await until(
        page,
        'the model of the folder',
        (old) => {
          const facts = document.querySelector('.model .what')?.textContent?.replace(/\s+/g, ' ');
          return (
            !document.querySelector('.files-dialog[open]') &&
            facts !== old &&
            document.querySelector('.prediction .bar') !== null
          );
        },
        60_000,
        before.facts,
      );
    }));
}
