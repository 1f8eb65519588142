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

/** As in the golden data's expected.json, greedily after "The little". */
const GOES_ON = ' fox runs over the green hill and l';

/** The same folder with room for 16,384 positions: a step over them would need gigabytes, reading needs hardly more. */
function longFiles() {
  const positions = 16_384;
  const file = readFileSync(join(TINY, 'model.safetensors'));
  const length = Number(file.readBigUInt64LE());
  const { __metadata__, ...tensors } = JSON.parse(file.subarray(8, 8 + length).toString());
  const at = 8 + length;
  const parts = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const [from, to] = tensor.data_offsets;
    const values = [file.subarray(at + from, at + to)];
    if (name.endsWith('wpe.weight')) {
      const [before, width] = tensor.shape;
      tensor.shape = [positions, width];
      values.push(Buffer.alloc(4 * width * (positions - before)));
    }
    const bytes = Buffer.concat(values);
    tensor.data_offsets = [offset, offset + bytes.length];
    offset += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(tensors));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(json.length));
  const config = JSON.parse(readFileSync(join(TINY, 'config.json'), 'utf8'));
  const contents = {
    'config.json': Buffer.from(JSON.stringify({ ...config, n_positions: positions })),
    'model.safetensors': Buffer.concat([head, json, ...parts]),
    'tokenizer.json': readFileSync(join(TINY, 'tokenizer.json')),
  };
  return Object.entries(contents).map(([name, bytes]) => ({ name, base64: bytes.toString('base64') }));
}

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
      assert.deepEqual(told, {
        info: [300, 32],
        text: GOES_ON,
        count: 7,
        seen: 7,
        learned: 3,
      });
    },
  );

  check('a model is read with from its opening to its end', async (/** @type {any} */ inPage) => {
    const told = await inPage(
      async ({ sampling, codeOf }, { files }) => {
        const { ReaderClient } = await import(/** @type {string} */ ('/engine/files-client.js'));
        const blobs = files.map(({ name, base64 }) => ({
          name,
          blob: new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]),
        }));
        const reader = new ReaderClient();
        const ask = (/** @type {any} */ args, /** @type {any} */ options) =>
          reader.call(
            'generate',
            { text: 'The little', count: 20, sampling: { ...sampling, temperature: 0 }, ...args },
            options,
          );
        const early = await codeOf(ask({}));
        const { vocabulary, ...facts } = await reader.call('openReader', { source: { files: blobs } });
        let text = '';
        const { reason } = await ask({}, { onProgress: (/** @type {any} */ token) => (text += token.text) });
        const looked = await reader.call('look', { text: 'The little '.repeat(40) });
        const sums = Array.from({ length: looked.time }, (_, row) =>
          looked.attention.subarray(row * looked.time, (row + 1) * looked.time).reduce((a, b) => a + b, 0),
        );
        const control = new AbortController();
        let tokens = 0;
        const endless = ask(
          { count: 1_000_000 },
          { signal: control.signal, onProgress: () => ++tokens === 5 && control.abort() },
        );
        const stopped = await codeOf(endless);
        const wrong = await codeOf(ask({ sampling: { ...sampling, temperature: -1 } }));
        const nothing = await reader.call('look', { text: '' });
        const again = await ask({ count: 1 });
        reader.close();
        return {
          codes: [early, stopped, wrong],
          facts,
          tokens: vocabulary.ids.length,
          text,
          reason,
          looked: [looked.time, looked.layers, looked.heads, looked.tokens.ids.length],
          sums: sums.every((sum) => Math.abs(sum - 1) < 1e-4),
          nothing: nothing.time,
          again: again.reason,
        };
      },
      { files: longFiles() },
    );
    assert.deepEqual(told, {
      codes: ['no-model', 'cancelled', 'setting'],
      facts: {
        className: 'GPT2LMHeadModel',
        parameters: 36_096 + 32 * (16_384 - 32),
        layers: 2,
        heads: 2,
        width: 32,
        context: 16_384,
        vocabSize: 300,
        normal: false,
      },
      tokens: 300,
      text: GOES_ON,
      reason: 'count',
      looked: [64, 2, 2, 64],
      sums: true,
      nothing: 0,
      again: 'count',
    });
  });

  test(`a folder too large to be trained is refused with both numbers, and can be read with (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(`${url}#${SMALL}`);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      const bars = () => page.$$eval('.prediction .bar', (all) => all.map((b) => b.textContent?.replace(/\s+/g, ' ')));
      const before = await bars();
      await page.evaluate(() =>
        [...document.querySelectorAll('#header button')]
          .find((b) => b.textContent?.trim() === 'Save')
          ?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      );
      await page.waitForSelector('.files-dialog[open] [data-open=folder]', { timeout: 30_000 });
      await page.evaluate((files) => {
        const data = new DataTransfer();
        for (const { name, base64 } of files)
          data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
        const input = /** @type {HTMLInputElement} */ (document.querySelector('.files-dialog [data-open=folder]'));
        input.files = data.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }, longFiles());
      await page.waitForSelector('.files-dialog [data-act=read]', { timeout: 30_000 });
      const refusal = await page.$eval('.files-dialog .note.bad', (e) => e.textContent ?? '');
      assert.match(refusal, /present one is kept.*Training it needs 4,453 MB of memory, but at most 1,611 MB/s);
      await page.click('.files-dialog [data-act=read]');
      await page.waitForSelector('.reader:not([hidden]) textarea', { timeout: 30_000 });
      assert.match(await page.$eval('.reader', (e) => e.textContent ?? ''), /GPT2LMHeadModel.*16,384 tokens/s);
      await page.evaluate(() => {
        const set = (/** @type {string} */ selector, /** @type {string} */ value) => {
          const box = /** @type {HTMLInputElement} */ (document.querySelector(selector));
          box.value = value;
          box.dispatchEvent(new Event('input', { bubbles: true }));
        };
        set('.reader textarea', 'The little');
        set('.reader input[type=range]', '0');
      });
      await page.click('.reader [data-act=continue]');
      await until(
        page,
        'the text that goes on',
        (/** @type {string} */ text) =>
          document
            .querySelector('.reader .generated [data-line]')
            ?.textContent?.replace(/\s/g, '')
            .replace(/·/g, ' ')
            .startsWith(text),
        30_000,
        GOES_ON,
      );
      await page.waitForSelector('.reader .attention canvas', { timeout: 30_000 });
      assert.deepEqual(await axe(page), []);
      await page.click('.reader [data-act=close-reader]');
      await page.waitForSelector('.files-dialog .reader[hidden]');
      assert.deepEqual(await bars(), before);
    }));

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
      await until(page, 'the word of what was opened', () =>
        /model\.zip is open\. Style [\w-]+, [\d,]+ parameters, step \d/.test(
          document.getElementById('notices')?.textContent?.replace(/\s+/g, ' ') ?? '',
        ),
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
