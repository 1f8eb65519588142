/**
 * Speed of the tokenizer in headless Chromium beside npm's tiktoken and gpt-tokenizer, in one run: `cargo xtask bench
 * tokenizer`. Prints a table with a mark at every limit; ends with an error when one is missed.
 *
 * All three keep what they learned from a text for the next one, as in a page that counts tokens while somebody writes:
 * glassgpt and gpt-tokenizer have a table of pieces. The last column is glassgpt on a text that it meets for the first time.
 *
 * Texts: Moby-Dick, this project's source, generated Chinese stories, and lines of all three with emoji in turn.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, ROOT as root, say, Tables } from './bench-tables.js';
import { launch } from './launch.js';
import { startServer } from './server.js';

const ROUNDS = 7;
const TEXT_BYTES = 400_000;

/** At least so many times as fast as the others; at most so long. `keyMs`: 99 of 100 keystrokes in 100 kB. */
const LIMITS = {
  tiktoken: 6,
  gptTokenizer: 3,
  shortUs: 4,
  keyMs: 2,
  doubling: 2.3,
  hostileMs: 2000,
  train1Ms: 60,
  train10Ms: 600,
};

const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const cut = (/** @type {string} */ text, bytes = TEXT_BYTES) => {
  const buffer = Buffer.from(text).subarray(0, bytes);
  return new TextDecoder().decode(buffer).replace(/\ufffd+$/, '');
};

/** The project's own source. */
function source() {
  const files = ['src', 'www/engine', 'www/views', 'www/app'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(rs|js)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files
    .sort()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function texts() {
  const english = read('www/vendor/corpora/moby-dick.txt');
  const [code, chinese] = [source(), read('target/vocabularies/stories-zh.txt')];
  const lines = [english, code, chinese].map((text) => text.split(/(?<=[\n。.])/));
  const mixed = Array.from({ length: 6000 }, (_, i) => lines.map((list) => list[i % list.length]).join(' 👋🏽 '));
  const all = { English: english, code, Chinese: chinese, mixed: mixed.join('') };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, cut(text)]));
}

/** 100,000 letters in no order: one piece. */
function letters() {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 0x7fffffff;
    return 97 + (state % 26);
  };
  return Array.from({ length: 100_000 }, () => String.fromCharCode(next())).join('');
}

/** Runs in the page: encoders of one vocabulary. */
async function setUp(/** @type {{ vocabulary: string, theirs: string }} */ { vocabulary, theirs }) {
  const page = /** @type {any} */ (globalThis);
  const own = await import(/** @type {string} */ ('/pkg/tokenizer/tokenizer.js'));
  const { VOCABULARIES } = await import(/** @type {string} */ ('/pkg/vocabularies.js'));
  await own.default();
  const { path } = VOCABULARIES[vocabulary];
  const packed = (await fetch(new URL(path, `${location.origin}/pkg/`))).body?.pipeThrough(
    new DecompressionStream('deflate'),
  );
  const file = new Uint8Array(await new Response(packed).arrayBuffer());
  page.fresh = () => own.Tokenizer.published(vocabulary, file);
  const start = performance.now();
  const tokenizer = page.fresh();
  const unpackMs = performance.now() - start;
  const tiktoken = await import(/** @type {string} */ ('/node_modules/tiktoken/lite/tiktoken_bg.js'));
  const module = fetch('/node_modules/tiktoken/lite/tiktoken_bg.wasm');
  const { instance } = await WebAssembly.instantiateStreaming(module, { './tiktoken_bg.js': tiktoken });
  tiktoken.__wbg_set_wasm(instance.exports);
  const ranks = await (
    await fetch(`/node_modules/tiktoken/encoders/${theirs === 'r50k_base' ? 'gpt2' : theirs}.json`)
  ).json();
  const encoding = new tiktoken.Tiktoken(ranks.bpe_ranks, ranks.special_tokens, ranks.pat_str);
  const gpt = await import(/** @type {string} */ (`/node_modules/gpt-tokenizer/esm/encoding/${theirs}.js`));
  const plain = { disallowedSpecial: new Set() };
  page.own = own;
  page.tokenizer = tokenizer;
  page.encoders = {
    own: (/** @type {string} */ text) => tokenizer.encode(text),
    tiktoken: (/** @type {string} */ text) => encoding.encode_ordinary(text),
    gptTokenizer: (/** @type {string} */ text) => gpt.encode(text, plain),
  };
  return unpackMs;
}

/**
 * Runs in the page: milliseconds of each encoder, in turn and in rounds. Before its turn the page rests, so that nobody
 * pays for the garbage of another, and the encoder goes over the text once unmeasured.
 */
async function race(/** @type {string[]} */ parts, /** @type {number} */ rounds) {
  const { encoders, fresh } = /** @type {any} */ (globalThis);
  const over = (/** @type {(text: string) => unknown} */ encode) => {
    const start = performance.now();
    for (const part of parts) encode(part);
    return performance.now() - start;
  };
  const rest = () => new Promise((resolve) => setTimeout(resolve, 100));
  /** @type {Record<string, number[]>} */
  const times = {};
  const ids = Object.values(encoders).map((encode) => parts.map((part) => [...encode(part)].join()).join());
  for (let round = 0; round < rounds; round++) {
    for (const [name, encode] of Object.entries(encoders)) {
      await rest();
      over(encode);
      times[name] ??= [];
      times[name].push(over(encode), over(encode), over(encode));
    }
  }
  await rest();
  const first = Array.from({ length: rounds }, () => {
    const tokenizer = fresh();
    const ms = over((text) => tokenizer.encode(text));
    tokenizer.free();
    return ms;
  });
  return { times, first, same: ids.every((list) => list === ids[0]) };
}

/** Runs in the page: milliseconds of keystrokes at three places of a text, ascending. */
function typing(/** @type {string} */ text) {
  const { own, tokenizer } = /** @type {any} */ (globalThis);
  const document = new own.Document(tokenizer, text);
  const times = [0, text.length >> 1, text.length].flatMap((place) =>
    Array.from({ length: 100 }, (_, i) => {
      // Sixty letters, then forty of them are taken back.
      const at = place + (i < 60 ? i : 119 - i);
      const start = performance.now();
      if (i < 60) document.edit(tokenizer, at, at, 'one more word '[i % 14]);
      else document.edit(tokenizer, at, at + 1, '');
      return performance.now() - start;
    }),
  );
  document.free();
  return times.sort((a, b) => a - b);
}

/** Runs in the page: milliseconds for hostile texts of 2 n UTF-16 units, and how much more that is than for n: both as
 * the median of rounds in which one follows the other. */
function hostile(/** @type {number} */ units, /** @type {number} */ rounds) {
  const { own } = /** @type {any} */ (globalThis).encoders;
  const kinds = {
    'one character': 'x',
    'one word': 'abcdefghijklmnopqrstuvwxyz',
    spaces: ' ',
    newlines: '\n',
    digits: '0123456789',
    emoji: '👨‍👩‍👧',
    'alternating scripts': 'a世б1',
    sentences: 'The quick brown fox jumps over the lazy dog. ',
    capitals: 'ABC\u0301',
  };
  return Object.entries(kinds).map(([kind, part]) => {
    const texts = [1, 2].map((times) => part.repeat(Math.ceil((times * units) / part.length)).slice(0, times * units));
    const time = (/** @type {string} */ text) => {
      const start = performance.now();
      own(text);
      return performance.now() - start;
    };
    texts.forEach(time);
    const pairs = Array.from({ length: rounds }, () => texts.map(time));
    const middle = (/** @type {number[]} */ list) => list.sort((a, b) => a - b)[rounds >> 1];
    return { kind, whole: middle(pairs.map((pair) => pair[1])), ratio: middle(pairs.map(([a, b]) => b / a)) };
  });
}

/** Runs in the page: milliseconds to learn a vocabulary. */
async function train(/** @type {{ bytes: number, vocabSize: number, rounds: number }} */ { bytes, vocabSize, rounds }) {
  const { own } = /** @type {any} */ (globalThis);
  const parts = ['/vendor/corpora/moby-dick.txt', '/ranks/stories-en.txt', '/ranks/stories-zh.txt'];
  const buffers = await Promise.all(parts.map(async (part) => new Uint8Array(await (await fetch(part)).arrayBuffer())));
  const all = new Uint8Array(await new Blob(buffers).arrayBuffer()).slice(0, bytes);
  // Whole characters only.
  const text = new TextEncoder().encode(new TextDecoder().decode(all));
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const training = new own.Training(text, vocabSize, 'gpt2');
    while (training.advance(1000));
    training.finish().tokenizer.free();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[rounds >> 1];
}

let missed = 0;
const mark = (/** @type {boolean} */ ok) => {
  if (!ok) missed++;
  return ok ? '✓' : '✗ MISSED';
};

const mounts = {
  '/': join(root, 'www'),
  '/tests/': join(root, 'tests'),
  '/node_modules/': join(root, 'node_modules'),
  '/ranks/': join(root, 'target/vocabularies'),
};
const server = await startServer(mounts);
const browser = await launch('chromium');
const tables = new Tables('tokenizer', await browser.version());
const one = (/** @type {number} */ value) => value.toFixed(1);
try {
  const page = await browser.newPage();
  const given = texts();
  const [speeds, keys, doubled] = [0, 0, 0].map(() => /** @type {string[][]} */ ([]));
  for (const [vocabulary, theirs] of Object.entries({
    gpt2: 'r50k_base',
    cl100k: 'cl100k_base',
    o200k: 'o200k_base',
  })) {
    await page.goto(`${server.origin}/tests/browser/blank.html`);
    const unpackMs = await page.evaluate(setUp, { vocabulary, theirs });
    for (const [name, text] of Object.entries(given)) {
      const { times, first, same } = await page.evaluate(race, [text], ROUNDS);
      const bytes = Buffer.byteLength(text);
      const speed = Object.fromEntries(Object.entries(times).map(([who, ms]) => [who, bytes / median(ms) / 1000]));
      const factors = [speed.own / speed.tiktoken, speed.own / speed.gptTokenizer];
      const ok = same && factors[0] >= LIMITS.tiktoken && factors[1] >= LIMITS.gptTokenizer;
      const columns = [speed.own, speed.tiktoken, speed.gptTokenizer, ...factors, bytes / median(first) / 1000].map(
        one,
      );
      speeds.push([`${vocabulary}, ${name}`, ...columns, `${same ? '' : 'OTHER IDS '}${mark(ok)}`]);
    }
    const short = Array.from({ length: 1000 }, (_, i) => given.English.slice(i * 200, i * 200 + 200));
    const { times } = await page.evaluate(race, short, ROUNDS);
    const us = Object.fromEntries(Object.entries(times).map(([who, ms]) => [who, median(ms)]));
    const columns = [us.own, us.tiktoken, us.gptTokenizer, us.tiktoken / us.own, us.gptTokenizer / us.own].map(one);
    speeds.push([`${vocabulary}, 200 characters (µs)`, ...columns, '', mark(us.own <= LIMITS.shortUs)]);
    const kinds = {
      English: given.English.slice(0, 100_000),
      Chinese: given.Chinese.slice(0, 100_000),
      'one piece': letters(),
    };
    for (const [kind, text] of Object.entries(kinds)) {
      const ms = await page.evaluate(typing, text);
      const [middle, most, worst] = [0.5, 0.99, 1].map((share) => ms[Math.ceil(ms.length * share) - 1]);
      keys.push([`${vocabulary}, ${kind}`, ...[middle, most, worst].map(one), mark(most <= LIMITS.keyMs)]);
    }
    for (const { kind, whole, ratio } of await page.evaluate(hostile, 500_000, 9)) {
      const ok = whole <= LIMITS.hostileMs && ratio <= LIMITS.doubling;
      doubled.push([`${vocabulary}, ${kind}`, whole.toFixed(0), ratio.toFixed(2), mark(ok)]);
    }
    keys.push([`${vocabulary}, file unpacked`, one(unpackMs), '', '', '']);
  }
  tables.add({
    title: 'Tokenizer: speed',
    about:
      `MB/s beside npm's tiktoken and gpt-tokenizer, the same ids; at least ${LIMITS.tiktoken} × and ${LIMITS.gptTokenizer} × are wanted, ` +
      `and ${LIMITS.shortUs} µs for 200 characters. All three have met the text before; "first" is glassgpt when it has not.`,
    columns: [
      'vocabulary, text',
      'glassgpt',
      'tiktoken',
      'gpt-tokenizer',
      '× tiktoken',
      '× gpt-tokenizer',
      'first',
      '',
    ],
    rows: speeds,
  });
  tables.add({
    title: 'Tokenizer: a keystroke in 100 kB',
    about: 'Milliseconds, at the beginning, in the middle and at the end of the text.',
    columns: ['vocabulary, text', 'median', '99 %', 'worst', ''],
    rows: keys,
  });
  tables.add({
    title: 'Tokenizer: hostile texts',
    about: `A million UTF-16 units of one kind, and how much more that takes than half of them (at most ${LIMITS.doubling} ×).`,
    columns: ['vocabulary, text', 'ms', '× half', ''],
    rows: doubled,
  });
  const small = await page.evaluate(train, { bytes: 1e6, vocabSize: 4096, rounds: 7 });
  const large = await page.evaluate(train, { bytes: 1e7, vocabSize: 4096, rounds: 3 });
  tables.add({
    title: 'Tokenizer: a vocabulary of 4,096 learned',
    columns: ['text', 'ms', ''],
    rows: [
      ['1 MB', small.toFixed(0), mark(small <= LIMITS.train1Ms)],
      ['10 MB', large.toFixed(0), mark(large <= LIMITS.train10Ms)],
    ],
  });
  tables.save();
} finally {
  await browser.close();
  await server.close();
}
if (missed > 0) {
  say(`${missed} limits missed`);
  process.exitCode = 1;
}
