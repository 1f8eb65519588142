/** The tokenizer in its worker, as the page uses it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blank, browsers, root, withBrowser } from './harness.js';

const own = (/** @type {string} */ name) => readFileSync(join(root, 'tests/fixtures', name), 'utf8');
const published = own('tokens_public.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const trainings = JSON.parse(own('bpe_train_public.json')).cases;

/** Runs `body` in a blank page that has `tokenizer-page.js` as its argument. @param {import('puppeteer-core').Page} page @param {(tools: any, given: any) => unknown} body */
const pageOf = (page, body, given = {}) =>
  page.evaluate(
    async (code, value) => {
      const tools = await import(/** @type {string} */ ('/tests/browser/tokenizer-page.js'));
      return new Function(`return (${code})`)()(tools, value);
    },
    body.toString(),
    given,
  );

for (const name of browsers) {
  /** A test in a page of its own. */
  const check = (/** @type {string} */ title, /** @type {any} */ options, /** @type {any} */ body) =>
    test(`${title} (${name})`, () =>
      withBrowser(name, options, async (scene) => {
        await scene.page.goto(blank(scene.url));
        const inPage = (/** @type {any} */ code, /** @type {any} */ given) => pageOf(scene.page, code, given);
        await body({ ...scene, inPage });
      }));

  check('published vocabularies give the ids of tiktoken, with progress', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, covers }, cases) => {
      const client = connect();
      const wrong = [];
      const facts = [];
      for (const [vocabulary, column] of Object.entries({ gpt2: 'gpt2', cl100k: 'cl100k_base', o200k: 'o200k_base' })) {
        const seen = [];
        const { size, title, specials, split } = await client.call(
          'load',
          { vocabulary },
          { onProgress: (p) => seen.push(p) },
        );
        const rising = seen.every(
          (p, i) => p.total > 1e5 && p.done <= p.total && (i === 0 || p.done >= seen[i - 1].done),
        );
        facts.push([size, title, specials.length, split, rising && seen.at(-1).done === seen.at(-1).total]);
        for (const { text, ...ids } of cases) {
          const tokens = await client.call('encode', { vocabulary, text });
          if (tokens.ids.join() !== ids[column].join() || !covers(tokens, text)) wrong.push([vocabulary, text]);
        }
        const counts = await client.call('count', { vocabulary, texts: cases.map(({ text }) => text) });
        if (counts.join() !== cases.map((c) => c[column].length).join()) wrong.push([vocabulary, 'counts']);
      }
      return { facts, wrong };
    }, published);
    assert.deepEqual(told.wrong, []);
    assert.deepEqual(told.facts, [
      [50_257, 'gpt2 (r50k_base)', 1, 'gpt2', true],
      [100_277, 'cl100k_base', 5, 'cl100k', true],
      [200_019, 'o200k_base', 2, 'o200k', true],
    ]);
  });

  check('trainings come to the merges of the fixtures', {}, async ({ inPage }) => {
    const wrong = await inPage(async ({ connect, utf8 }, cases) => {
      const client = connect();
      const wrong = [];
      for (const { name, text, vocab_size: vocabSize, merges, probe, probe_ids: ids } of cases) {
        const made = await client.call('train', { text: utf8(text), vocabSize, split: 'gpt2' });
        const { left, right, count } = await client.call('mergesOf', {
          vocabulary: 'trained',
          from: 0,
          to: made.merges,
        });
        const found = [...left].map((id, i) => [id, right[i], 256 + i, count[i]]);
        if (JSON.stringify(found) !== JSON.stringify(merges)) wrong.push(name);
        if (made.size !== 256 + merges.length || made.reached !== made.size) wrong.push(`${name}: size`);
        if (probe && (await client.call('encode', { vocabulary: 'trained', text: probe })).ids.join() !== ids.join())
          wrong.push(`${name}: probe`);
      }
      return wrong;
    }, trainings);
    assert.deepEqual(wrong, []);
  });

  check('a training tells its progress, stops with what it has, and says why it is small', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, utf8, refused }) => {
      const client = connect();
      // So much to learn that a busy machine hears of the stop before the end.
      const text = Array.from({ length: 500_000 }, (_, i) => `word${(i * i) % 399_989}`).join(' ');
      const stop = new AbortController();
      const seen = [];
      const stopped = await client.call(
        'train',
        { text: utf8(text), vocabSize: 8192, split: 'gpt2' },
        { signal: stop.signal, onProgress: (p) => seen.push(p.done) > 2 && stop.abort() },
      );
      const again = await client.call('train', { text: utf8(text), vocabSize: stopped.size, split: 'gpt2' });
      const small = [];
      for (const [given, vocabSize] of [
        ['', 300],
        ['   ', 300],
        ['ab', 5000],
      ]) {
        const { reached, reason } = await client.call('train', { text: utf8(given), vocabSize, split: 'gpt2' });
        small.push([reached, reason]);
      }
      const bad = [];
      for (const args of [
        { text: utf8('a'), vocabSize: 3, split: 'gpt2' },
        { text: utf8('a'), vocabSize: 1.5, split: 'gpt2' },
        { text: utf8('a'), vocabSize: 300, split: 'words' },
        { text: Uint8Array.of(97, 255), vocabSize: 300, split: 'gpt2' },
      ])
        bad.push(await refused(client.call('train', args)));
      return { stopped: [stopped.reason, stopped.size], again: [again.reason, again.size], rising: seen, small, bad };
    });
    assert.deepEqual([told.stopped[0], told.again], ['stopped', [null, told.stopped[1]]]);
    assert.ok(told.stopped[1] > 256 && told.stopped[1] < 8192, `${told.stopped}`);
    assert.ok(
      told.rising.every((done, i) => i === 0 || done >= told.rising[i - 1]),
      `${told.rising}`,
    );
    assert.deepEqual(
      told.small.map(([, reason]) => reason),
      ['empty', 'too-few-pairs', 'too-few-pairs'],
    );
    assert.deepEqual([told.small[0][0], told.small[2][0]], [256, 257]);
    assert.match(told.bad[0], /^setting: vocabSize must be 256\.\.=/);
    assert.match(told.bad[1], /^setting: vocabSize must be a whole number/);
    assert.match(told.bad[2], /^setting: split must be one of gpt2, digits/);
    assert.match(told.bad[3], /^format: .*UTF-8.* at 1$/);
  });

  check('edits come to the counts and tokens of the new text from scratch', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, covers, refused }) => {
      const client = connect();
      await client.call('load', { vocabulary: 'o200k' });
      const vocabularies = ['o200k', 'bytes'];
      await client.call('watch', { vocabularies });
      const parts = [
        'a',
        ' ',
        '  ',
        '\n',
        "'s",
        'word',
        ' the',
        '12',
        '世界',
        '👋',
        '\ud83d',
        '\udc4b',
        '\u0301',
        'ABC',
        '.',
      ];
      let seed = 7;
      const random = (/** @type {number} */ n) => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return Math.floor((seed / 2 ** 32) * n);
      };
      let text = 'One day, 👋 Zuri lost the red ball. 世界';
      await client.call('setText', { text });
      const wrong = [];
      for (let i = 0; i < 150; i++) {
        const start = random(text.length + 1);
        const end = Math.min(text.length, start + random(4));
        const insert = Array.from({ length: random(3) }, () => parts[random(parts.length)]).join('');
        text = text.slice(0, start) + insert + text.slice(end);
        const counts = await client.call('edit', { start, end, insert });
        const tokens = await client.call('tokens', { vocabulary: 'o200k', start: 0, end: text.length });
        const fresh = await client.call('encode', { vocabulary: 'o200k', text });
        const expected = [[...text.toWellFormed()].length, new TextEncoder().encode(text).length, fresh.ids.length];
        const found = [counts.characters, counts.bytes, counts.tokens.o200k];
        if (found.join() !== expected.join() || counts.tokens.bytes !== counts.bytes)
          wrong.push([text, found, expected]);
        if (tokens.ids.join() !== fresh.ids.join() || !covers(tokens, text)) wrong.push([text, 'tokens']);
      }
      const range = await client.call('tokens', { vocabulary: 'o200k', start: 5, end: 9 });
      const all = await client.call('tokens', { vocabulary: 'o200k', start: 0, end: text.length });
      const same = all.ids.slice(range.first, range.first + range.ids.length).join() === range.ids.join();
      const touches = range.utf16Start.every((start, i) => start < 9 && range.utf16End[i] > 5);
      const outside = await refused(client.call('edit', { start: 3, end: 1e6, insert: '' }));
      const kept = await client.call('edit', { start: 0, end: 0, insert: '' });
      return { wrong, same, touches, outside, kept: kept.bytes === new TextEncoder().encode(text).length };
    });
    assert.deepEqual(told.wrong, []);
    assert.deepEqual([told.same, told.touches, told.kept], [true, true, true]);
    assert.match(told.outside, /^setting: start and end must be a range within 0\.\.=/);
  });

  check('a long text is set in slices that can be given up', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, refused }) => {
      const client = connect();
      await client.call('load', { vocabulary: 'gpt2' });
      await client.call('setText', { text: 'short' });
      await client.call('watch', { vocabularies: ['gpt2', 'bytes'] });
      const text = 'The quick brown fox, 世界 👋 jumps. '.repeat(50_000);
      const stop = new AbortController();
      const given = await refused(
        client.call('setText', { text }, { signal: stop.signal, onProgress: ({ done }) => done > 5e5 && stop.abort() }),
      );
      const before = await client.call('edit', { start: 5, end: 5, insert: 'er' });
      const seen = [];
      const counts = await client.call('setText', { text }, { onProgress: (p) => seen.push(p) });
      const { ids } = await client.call('encode', { vocabulary: 'gpt2', text });
      const again = await client.call('count', { vocabulary: 'gpt2', texts: [text] });
      return {
        given,
        before: before.bytes,
        counts,
        ids: ids.length,
        again: again[0],
        slices: seen.length,
        total: seen[0].total,
      };
    });
    assert.match(told.given, /^cancelled:/);
    assert.equal(told.before, 7);
    assert.deepEqual([told.counts.tokens.gpt2, told.again], [told.ids, told.ids]);
    assert.equal(told.counts.tokens.bytes, told.counts.bytes);
    assert.ok(told.slices >= 10 && told.total === 2 * 50_000 * 34, JSON.stringify(told));
  });

  check('merges can be watched: segments, curve, list and tree', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, utf8, covers, refused }) => {
      const client = connect();
      const text = 'the cat and the hat and the bat sat on the mat. 世界世界';
      const { merges } = await client.call('train', { text: utf8(text), vocabSize: 290, split: 'gpt2' });
      const vocabulary = 'trained';
      const curve = await client.call('curve', { vocabulary, text });
      let fine = curve.length === merges + 1 && curve[0] === utf8(text).length;
      for (let n = 0; n <= merges; n++) {
        const tokens = await client.call('segment', { vocabulary, text, merges: n });
        fine &&= tokens.ids.length === curve[n] && covers(tokens, text) && tokens.ids.every((id) => id < 256 + n);
      }
      const list = await client.call('mergesOf', { vocabulary, from: 0, to: 4 });
      const show = (/** @type {any} */ tokens, /** @type {number} */ i) =>
        new TextDecoder().decode(tokens.bytes.slice(tokens.byteStart[i], tokens.byteStart[i + 1]));
      const shown = [0, 1, 2, 3].map((i) => [
        show(list.leftTokens, i),
        show(list.rightTokens, i),
        show(list.tokens, i),
        list.count[i],
      ]);
      await client.call('load', { vocabulary: 'cl100k' });
      const flat = (/** @type {any} */ node) =>
        node.left ? [flat(node.left), flat(node.right)] : new TextDecoder().decode(node.bytes);
      const { ids } = await client.call('encode', { vocabulary: 'cl100k', text: ' hello' });
      const tree = await client.call('tree', { vocabulary: 'cl100k', id: ids[0] });
      const special = await client.call('tree', { vocabulary: 'cl100k', id: 100_257 });
      return {
        fine,
        shown,
        tree: [tree.rank, tree.count, flat(tree)],
        special: [special.rank, flat(special)],
        bad: [
          await refused(client.call('tree', { vocabulary: 'cl100k', id: 100_256 })),
          await refused(client.call('tree', { vocabulary: 'cl100k', id: 1e6 })),
          await refused(client.call('segment', { vocabulary: 'gpt2', text: '', merges: 1 })),
          await refused(client.call('mergesOf', { vocabulary, from: -1, to: 2 })),
        ],
      };
    });
    assert.ok(told.fine);
    assert.deepEqual(told.shown[0], ['a', 't', 'at', 5]);
    assert.equal(told.tree[0] + 256, 24_748);
    assert.deepEqual(told.tree[2].flat(9).join(''), ' hello');
    assert.deepEqual([told.tree[1], told.special], [null, [null, '<|endoftext|>']]);
    assert.match(told.bad[0], /^format: .*100256, which it leaves out/);
    assert.match(told.bad[1], /^token-id: /);
    assert.match(told.bad[2], /^no-vocabulary: the vocabulary gpt2 is not there; load, train or open it first/);
    assert.match(told.bad[3], /^setting: from must be a whole number/);
  });

  check('a vocabulary can be looked through', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, refused }) => {
      const client = connect();
      await client.call('load', { vocabulary: 'gpt2' });
      const look = async (/** @type {object} */ args) => {
        const query = { vocabulary: 'gpt2', search: '', kind: 'all', order: 'rank', from: 0, count: 3, ...args };
        const { total, tokens } = await client.call('browse', query);
        return [total, [...tokens.ids], [...tokens.special]];
      };
      return {
        all: await look({}),
        page: await look({ from: 50_255, count: 9 }),
        text: await look({ search: ' hello' }),
        bytes: await look({ search: 'E4·BD' }),
        special: await look({ kind: 'special' }),
        partial: await look({ kind: 'partial', from: 0 }),
        longest: await look({ order: 'length', count: 1 }),
        bad: await refused(look({ kind: 'verbs' })),
      };
    });
    assert.deepEqual(told.all, [50_257, [0, 1, 2], [0, 0, 0]]);
    assert.deepEqual(told.page, [50_257, [50_255, 50_256], [0, 1]]);
    assert.deepEqual(told.text, [1, [23_748], [0]]);
    assert.ok(told.bytes[1].includes(19_526), `${told.bytes}`);
    assert.deepEqual(told.special, [1, [50_256], [1]]);
    assert.ok(told.partial[0] > 128 && told.partial[0] < 1_000, `${told.partial}`);
    assert.equal(told.longest[1].length, 1);
    assert.match(told.bad, /^setting: kind must be all, special, partial, word or space/);
  });

  check('files of other programs open with their ids and are written again', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, bytesOf, utf8 }) => {
      const client = connect();
      const wrong = [];
      for (const kind of ['gpt2', 'qwen3']) {
        const folder = `/fixtures/golden/hf_${kind}_tiny`;
        const file = await bytesOf(`${folder}/tokenizer.json`);
        const { texts } = await (await fetch(`${folder}/expected.json`)).json();
        const opened = await client.call('openFile', { name: 'mine.json', file }, { transfer: [file.buffer] });
        if (opened.title !== 'mine.json' || opened.size !== 300 || opened.merges !== 43) wrong.push(opened);
        for (let round = 0; round < 2; round++) {
          for (const { text, ids } of texts) {
            // Names of special tokens in a text are text here.
            if (ids.includes(299)) continue;
            const tokens = await client.call('encode', { vocabulary: 'file', text });
            if (tokens.ids.join() !== ids.join()) wrong.push([kind, round, text]);
          }
          const saved = await client.call('saveFile', { vocabulary: 'file' });
          await client.call('openFile', { name: 'again.json', file: saved });
        }
      }
      await client.call('load', { vocabulary: 'gpt2' });
      const saved = await client.call('saveFile', { vocabulary: 'gpt2' });
      const { size } = await client.call('openFile', { name: 'gpt2.json', file: saved });
      const text = "Hello 世界! it's  <|endoftext|>\n";
      const ids = await Promise.all(['gpt2', 'file'].map((vocabulary) => client.call('encode', { vocabulary, text })));
      if (size !== 50_257 || ids[0].ids.join() !== ids[1].ids.join()) wrong.push('gpt2');
      const ranks = await bytesOf('/ranks/cl100k.tiktoken');
      const cl100k = await client.call('openFile', { name: 'cl100k.tiktoken', file: ranks });
      if (cl100k.split !== 'cl100k' || cl100k.specials.length !== 5) wrong.push(cl100k);
      const said = (await client.call('encode', { vocabulary: 'file', text: ' AI Education' })).ids.join();
      const qwen = JSON.parse(new TextDecoder().decode(await bytesOf('/fixtures/golden/hf_gpt2_tiny/tokenizer.json')));
      qwen.normalizer = { type: 'NFC' };
      const { nfc } = await client.call('openFile', { name: 'qwen', file: utf8(JSON.stringify(qwen)) });
      const [one, two] = await Promise.all(
        ['e\u0301', '\u00e9'].map((text) => client.call('encode', { vocabulary: 'file', text })),
      );
      if (!nfc || one.ids.join() !== two.ids.join()) wrong.push('NFC');
      if (one.utf16End.at(-1) !== 2 || two.utf16End.at(-1) !== 1) wrong.push('places of what was typed');
      return { wrong, said };
    });
    assert.deepEqual(told, { wrong: [], said: '15592,11930' });
  });

  check(
    'a text that is edited is brought into form C for Qwen, and its tokens stand where they were typed',
    {},
    async ({ inPage }) => {
      const wrong = await inPage(async ({ connect, bytesOf, utf8 }) => {
        const client = connect();
        const file = JSON.parse(
          new TextDecoder().decode(await bytesOf('/fixtures/golden/hf_gpt2_tiny/tokenizer.json')),
        );
        file.normalizer = { type: 'NFC' };
        await client.call('openFile', { name: 'qwen', file: utf8(JSON.stringify(file)) });
        await client.call('watch', { vocabularies: ['file', 'bytes'] });
        const wrong = [];
        let text = '';
        // A caf\u00e9, a Korean word, taken apart, and a text that is longer than a slice.
        const typed = [
          [0, 0, 'cafe\u0301 \u1112\u1161\u11ab\u1100\u116e\u11a8 x'],
          [4, 5, ''],
          [4, 4, '\u0301\u0323'],
          [9, 9, '\u11ab'],
          [0, 1, '\u212bC'],
          [2, 2, 'e\u0301'.repeat(140_000)],
          [1, 2, ''],
        ];
        for (const [start, end, insert] of typed) {
          text = text.slice(0, start) + insert + text.slice(end);
          const counts = await client.call('edit', { start, end, insert });
          const range = { vocabulary: 'file', start: 0, end: text.length };
          const { first: _, ...tokens } = await client.call('tokens', range);
          const expected = await client.call('encode', { vocabulary: 'file', text: text.normalize('NFC') });
          if (tokens.ids.join() !== expected.ids.join()) wrong.push(`other ids after ${insert.slice(0, 9)}`);
          if (counts.tokens.file !== tokens.ids.length || counts.bytes !== utf8(text).length) wrong.push(counts);
          let reached = 0;
          for (const [i, from] of tokens.utf16Start.entries()) {
            if (from > reached || tokens.utf16End[i] < reached)
              wrong.push(`token ${i} stands at ${from}, not ${reached}`);
            reached = tokens.utf16End[i];
          }
          if (reached !== text.length) wrong.push(`${reached} of ${text.length}`);
          // What a token says stands where it says it does.
          const at = text.indexOf(' ');
          const some = await client.call('tokens', { vocabulary: 'file', start: at, end: at + 1 });
          const said = new TextDecoder().decode(some.bytes);
          const shown = text.slice(some.utf16Start[0], some.utf16End.at(-1)).normalize('NFC');
          if (!shown.startsWith(said) && !said.startsWith(shown) && !said.includes('\ufffd')) wrong.push([said, shown]);
        }
        // Set at once, it is the same.
        const { ids } = await client.call('tokens', { vocabulary: 'file', start: 0, end: 40 });
        await client.call('setText', { text });
        const again = await client.call('tokens', { vocabulary: 'file', start: 0, end: 40 });
        if (again.ids.join() !== ids.join()) wrong.push('other ids when it is set at once');
        return wrong.slice(0, 5);
      });
      assert.deepEqual(wrong, []);
    },
  );

  check('files that are torn, wrong or of an unsupported kind are refused with a sentence', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, bytesOf, utf8, refused }) => {
      const client = connect();
      const good = await bytesOf('/fixtures/golden/hf_gpt2_tiny/tokenizer.json');
      const json = () => JSON.parse(new TextDecoder().decode(good));
      const changed = (/** @type {(file: any) => void} */ change) => {
        const file = json();
        change(file);
        return utf8(JSON.stringify(file));
      };
      const open = (/** @type {Uint8Array} */ file) => refused(client.call('openFile', { name: 'x', file }));
      const bad = {
        torn: good.slice(0, 4000),
        empty: new Uint8Array(),
        zip: Uint8Array.of(80, 75, 3, 4),
        other: utf8('{"name": "x"}'),
        wordpiece: changed((f) => (f.model.type = 'WordPiece')),
        unigram: utf8('{"model": {"type": "Unigram", "vocab": [["a", 0.5]]}}'),
        fallback: changed((f) => (f.model.byte_fallback = true)),
        normalizer: changed((f) => (f.normalizer = { type: 'Lowercase' })),
        regex: changed((f) => {
          const split = { type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated', invert: false };
          f.pre_tokenizer = { type: 'Sequence', pretokenizers: [split, { type: 'ByteLevel', use_regex: false }] };
        }),
        byte: changed((f) => delete f.model.vocab['!']),
        merge: changed((f) => f.model.merges.push(['q', 'q'])),
        ranks: utf8('IQ== 0\nIg== zero\n'),
      };
      const out = {};
      for (const [name, file] of Object.entries(bad)) out[name] = await open(file);
      out.still = (await client.call('encode', { vocabulary: 'bytes', text: 'ok' })).ids.length;
      return out;
    });
    const expected = {
      torn: /^format: this is not a usable tokenizer\.json: .*EOF/,
      empty: /^format: .*an empty file/,
      zip: /^format: .*expected a tokenizer\.json or a \.tiktoken file, found something else/,
      other: /^format: .*missing field `model`/,
      wordpiece: /^unsupported: .*a model of the kind WordPiece; byte-level BPE/,
      unigram: /^unsupported: .*Unigram \(SentencePiece\)/,
      fallback: /^unsupported: .*byte_fallback/,
      normalizer: /^unsupported: .*the normalizer Lowercase/,
      regex: /^unsupported: .*the regular expression \\w\+/,
      byte: /^format: .*none for the byte 33/,
      merge: /^format: .*qq/,
      ranks: /^format: .*in line 2/,
    };
    for (const [kind, pattern] of Object.entries(expected)) assert.match(told[kind], pattern);
    assert.equal(told.still, 2);
  });

  check('a worker that dies is replaced by one with the same vocabularies and text', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, utf8, bytesOf, refused }) => {
      const client = connect('tokenizer-trap');
      await client.call('load', { vocabulary: 'gpt2' });
      await client.call('train', { text: utf8('the cat the hat '.repeat(9)), vocabSize: 270, split: 'gpt2' });
      await client.call('openFile', { name: 'x', file: await bytesOf('/fixtures/golden/hf_gpt2_tiny/tokenizer.json') });
      const vocabularies = ['gpt2', 'trained', 'file'];
      await client.call('setText', { text: 'the cat' });
      await client.call('watch', { vocabularies });
      await client.call('edit', { start: 7, end: 7, insert: ' the hat 👋' });
      const lost = await refused(client.call('segment', { vocabulary: 'gpt2', text: 'trap', merges: 1 }));
      const counts = await client.call('edit', { start: 0, end: 0, insert: '' });
      const fresh = await Promise.all(
        vocabularies.map((vocabulary) => client.call('encode', { vocabulary, text: 'the cat the hat 👋' })),
      );
      return { lost, counts: vocabularies.map((v) => counts.tokens[v]), fresh: fresh.map((t) => t.ids.length) };
    });
    assert.match(told.lost, /^trap: /);
    assert.deepEqual(told.counts, told.fresh);
  });

  const network = /** @type {{ fault: any, allow: RegExp[], mode: string }} */ ({
    mode: 'down',
    allow: [/503/, /request failed/, /ERR_/, /Failed to load/i],
    fault: (/** @type {string} */ path) => {
      if (!path.endsWith('.vocabulary')) return undefined;
      if (network.mode === 'down') return { status: 503, body: '' };
      return network.mode === 'torn' ? { body: Buffer.from('78da', 'hex') } : undefined;
    },
  });
  check(
    'a vocabulary that can not be fetched says so, can be asked for again, and is kept',
    network,
    async ({ inPage, server }) => {
      const load = () =>
        inPage(async ({ connect, refused }) => {
          const client = connect();
          const first = await refused(client.call('load', { vocabulary: 'gpt2' }));
          const ids =
            first === 'no error' ? (await client.call('encode', { vocabulary: 'gpt2', text: 'AI Education' })).ids : [];
          client.destroy();
          return [first, [...ids].join()];
        });
      network.mode = 'down';
      const down = await load();
      network.mode = 'torn';
      const torn = await load();
      network.mode = 'up';
      const up = await load();
      const asked = server.requests.filter((/** @type {string} */ path) => path.endsWith('.vocabulary')).length;
      network.mode = 'down';
      const kept = await load();
      const later = server.requests.filter((/** @type {string} */ path) => path.endsWith('.vocabulary')).length;
      assert.match(
        down[0],
        /^vocabulary-fetch: the vocabulary gpt2 could not be fetched \(the server answered 503\); check/,
      );
      assert.match(torn[0], /^vocabulary-fetch: .*2 of \d+ bytes came/);
      assert.deepEqual([up, kept, later - asked], [['no error', '20185,7868'], ['no error', '20185,7868'], 0]);
    },
  );
}
