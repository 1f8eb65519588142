/** Chapter 1: what its figures compute, against naive twins and published examples. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { after, fall, FIRST, treeOf } = await import('../../www/views/merge-steps.js');
const { clusters } = await import('../../www/views/layers.js');
const { cost } = await import('../../www/views/compare.js');
const { wrapped } = await import('../../www/views/tax-card.js');
const { letters } = await import('../../www/views/letters.js');
const { taken, windowOf } = await import('../../www/app/lesson.js');
const { foundIn, hexOf, isOfKind, learnedByModel, learnedByTraining, listOf } = await import(
  '../../www/app/own-vocabulary.js'
);

const fixture = resolve(import.meta.dirname, '../fixtures/bpe_train_public.json');
/** @type {{ name: string, text: string, merges: number[][], ids: number[], probe: string, probe_ids: number[] }[]} */
const cases = JSON.parse(readFileSync(fixture, 'utf8')).cases;
const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** The vocabulary of a case, as the tokenizer's worker tells of it. @param {number[][]} merges */
function learnedOf(merges) {
  /** @type {number[][]} */
  const bytes = Array.from({ length: 256 }, (_, byte) => [byte]);
  for (const [left, right] of merges) bytes.push([...bytes[left], ...bytes[right]]);
  const made = bytes.slice(256);
  const byteStart = Uint32Array.from([0, ...made.map((_, i) => made.slice(0, i + 1).flat().length)]);
  return learnedByTraining({
    left: Uint32Array.from(merges, (m) => m[0]),
    right: Uint32Array.from(merges, (m) => m[1]),
    count: Float64Array.from(merges, (m) => m[3]),
    tokens: listFrom(made, byteStart),
  });
}

/** @param {number[][]} made @param {Uint32Array} byteStart */
const listFrom = (made, byteStart) => ({
  ids: Uint32Array.from(made, (_, i) => 256 + i),
  bytes: Uint8Array.from(made.flat()),
  byteStart,
  utf16Start: new Uint32Array(made.length),
  utf16End: new Uint32Array(made.length),
  special: new Uint8Array(made.length),
});

/** Tokens of a text by their ids. @param {ReturnType<typeof learnedOf>} learned @param {number[]} ids */
const tokensOf = (learned, ids) => listOf(learned.vocabulary, ids);

/** The naive twin: the first `n` merges over the text's pieces, one after the other, from left to right. */
const PIECES = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
/** @param {string} text @param {number[][]} merges @param {number} n */
function naive(text, merges, n) {
  return (text.match(PIECES) ?? []).flatMap((piece) => {
    let ids = [...bytesOf(piece)];
    for (const [left, right, id] of merges.slice(0, n)) {
      const next = [];
      for (let i = 0; i < ids.length; i++) {
        if (ids[i] === left && ids[i + 1] === right) {
          next.push(id);
          i++;
        } else next.push(ids[i]);
      }
      ids = next;
    }
    return ids;
  });
}

test('the text after n merges is what merging n times gives, for every n', () => {
  for (const { name, probe, merges, probe_ids } of cases.filter((c) => c.merges.length > 0 && c.probe.length < 500)) {
    const learned = learnedOf(merges);
    const tokens = tokensOf(learned, probe_ids);
    const counts = fall(tokens, learned);
    const steps =
      merges.length > 60 ? [0, 1, 2, 7, 31, 59, merges.length - 1, merges.length] : [...merges.keys(), merges.length];
    for (const n of steps) {
      const expected = naive(probe, merges, n);
      const found = after(tokens, learned, n);
      assert.deepEqual([...found.ids], expected, `${name} after ${n}`);
      assert.equal(counts[n], expected.length, `${name}: count after ${n}`);
      assert.equal(found.byteStart.at(-1), bytesOf(probe).length, name);
    }
  }
});

test('a token that ends within a character covers all of it in UTF-16', () => {
  const learned = learnedOf([[0xf0, 0x9f, 256, 1]]);
  const { utf16Start, utf16End } = after(tokensOf(learned, [97, 256, 0x91, 0x8b, 98]), learned, 1);
  assert.deepEqual([...utf16Start], [0, 1, 1, 1, 3]);
  assert.deepEqual([...utf16End], [1, 3, 3, 3, 4]);
});

test('a tree names every merge down to single bytes', () => {
  const prose = cases.find((c) => c.name === 'prose');
  assert.ok(prose);
  const learned = learnedOf(prose.merges);
  prose.merges.forEach(([left, right, id, count]) => {
    const tree = treeOf(learned, id);
    assert.deepEqual([tree.left?.id, tree.right?.id, tree.rank, tree.count], [left, right, id - FIRST, count]);
    assert.deepEqual([...tree.bytes], [...(tree.left?.bytes ?? []), ...(tree.right?.bytes ?? [])]);
  });
  assert.equal(treeOf(learned, 97).rank, null);
});

test('a model of plain bytes has no merges to show, and special tokens are none', () => {
  const ids = Uint32Array.from({ length: 258 }, (_, id) => id);
  const vocabulary = { ...learnedOf([[97, 98, 256, 3]]).vocabulary, ids };
  const merges = (/** @type {number} */ left) => ({
    left: Int32Array.from(ids, (id) => (id === FIRST ? left : -1)),
    right: Int32Array.from(ids, (id) => (id === FIRST ? 98 : -1)),
    count: Float64Array.from(ids, () => 3),
  });
  assert.equal(learnedByModel(vocabulary, merges(-1)), null);
  assert.equal(learnedByModel(vocabulary, merges(97))?.merges, 1);
  assert.equal(learnedByModel(null, merges(97)), null);
});

test('columns begin and end where characters and tokens both do', () => {
  const learned = learnedOf([
    [0xe4, 0xbd, 256, 2],
    [0xa0, 0xe5, 257, 1],
  ]);
  // 你好a: E4BD | A0E5 | A5 | BD | 61
  const [first, second, ...more] = clusters(tokensOf(learned, [256, 257, 0xa5, 0xbd, 97]));
  assert.deepEqual(first.characters, [
    { at: 0, width: 3 },
    { at: 3, width: 3 },
  ]);
  assert.deepEqual(
    first.tokens.map(({ at, width }) => [at, width]),
    [
      [0, 2],
      [2, 2],
      [4, 1],
      [5, 1],
    ],
  );
  assert.deepEqual([...second.bytes], [97]);
  assert.equal(more.length, 0);
});

test('a price per million tokens gives a cost without an exponent, and no price gives none', () => {
  assert.equal(cost(1000, '2.5'), '0.0025');
  assert.equal(cost(1000, '2,5'), '0.0025');
  assert.equal(cost(3, '0.1'), '0.00000030');
  assert.equal(cost(4_000_000, '2.5'), '10.00');
  assert.equal(cost(0, '3'), '0');
  for (const wrong of ['', ' ', 'free', '-1']) assert.equal(cost(10, wrong), null, wrong);
});

test('lines of the share card fit, keep Chinese punctuation at the end and tell when they are cut', () => {
  const fits = (/** @type {string} */ line) => line.length <= 10;
  assert.deepEqual(wrapped('Nothing you type here', fits, 3), ['Nothing', 'you type', 'here']);
  const lines = wrapped('你在这里输入的内容不会离开这台电脑。', fits, 3);
  assert.equal(lines.join(''), '你在这里输入的内容不会离开这台电脑。');
  assert.ok(!lines.some((line) => line.startsWith('。')));
  const cut = wrapped('one two three four five six seven eight nine ten', fits, 2);
  assert.equal(cut.length, 2);
  assert.match(cut[1], /…$/);
  assert.ok(fits(cut[1]));
});

test('letters are counted as people count them', () => {
  assert.deepEqual(letters('né👩‍👩‍👧'), ['n', 'é', '👩‍👩‍👧']);
});

test('the shown part of a long text never halves a character', () => {
  const text = '👋'.repeat(1000);
  for (const place of [0, 1, 2, 333, 1999]) {
    const part = windowOf(text, place, 101);
    assert.ok(part.isWellFormed(), `at ${place}`);
    assert.ok(part.length <= 101 && text.includes(part));
  }
  assert.equal(windowOf('one two three', 1, 100), ' two three');
  assert.equal(windowOf('short', 99), '');
});

test('a lone half of a character is replaced and told', () => {
  assert.deepEqual(taken('a\ud83d').text, 'a\ufffd');
  assert.equal(taken('a\ud83d').told?.params.n, 1);
  assert.equal(taken('a👋').told, null);
});

test('the browser finds text, bytes in hex, kinds and orders', () => {
  const learned = learnedOf([
    [0xe4, 0xbd, 256, 2],
    [256, 0xa0, 257, 2],
    [0x20, 0x61, 258, 1],
    [0x20, 0x20, 259, 1],
  ]);
  const wish = { search: '', kind: /** @type {const} */ ('all'), order: /** @type {const} */ ('rank') };
  assert.deepEqual(foundIn(learned, wish).slice(0, 5), [256, 257, 258, 259, 0]);
  assert.equal(foundIn(learned, wish).length, 260);
  assert.deepEqual(foundIn(learned, { ...wish, search: '你' }), [257]);
  assert.deepEqual(foundIn(learned, { ...wish, search: 'E4·BD' }), [256, 257]);
  assert.deepEqual(foundIn(learned, { ...wish, search: 'e4.bd.a0' }), [257]);
  assert.equal(foundIn(learned, { ...wish, order: 'length' })[0], 257);
  assert.ok(foundIn(learned, { ...wish, kind: 'partial' }).includes(256));
  assert.ok(!foundIn(learned, { ...wish, kind: 'partial' }).includes(257));
  assert.deepEqual(foundIn(learned, { ...wish, kind: 'word' }).slice(0, 2), [257, 258]);
  assert.equal(foundIn(learned, { ...wish, kind: 'space' })[0], 259);
  assert.deepEqual(foundIn(learned, { ...wish, kind: 'special' }), []);
  assert.deepEqual(
    [hexOf('E4·BD'), hexOf('e4.'), hexOf('cafe'), hexOf('ab cd')],
    [Uint8Array.of(0xe4, 0xbd), Uint8Array.of(0xe4), null, null],
  );
  assert.ok(isOfKind('special', bytesOf('<|end|>'), true) && !isOfKind('word', bytesOf('end'), true));
});
