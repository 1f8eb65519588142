/** Chapter 4: what its figures compute, against values worked out by hand, and its views from made-up data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hand } from '../by-hand.js';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { documentsOf, judged, MOST_DOCUMENTS } = await import('../../www/app/documents.js');
const { lookedUp, written } = await import('../../www/app/pretraining.js');
const { bitsPerByte } = await import('../../www/app/pretraining-checks.js');
const { difference, exact, terms, updated } = await import('../../www/views/by-hand.js');
const { share } = await import('../../www/views/copied.js');
const { ordered } = await import('../../www/views/documents.js');
const { filled } = await import('../../www/views/failing.js');
const { short } = await import('../../www/views/norms.js');

const near = (/** @type {number} */ found, /** @type {number} */ expected, within = 1e-9) =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);

test('a text is cut at blank lines, a list at lines, and neither without end', () => {
  assert.deepEqual(documentsOf(' one\ntwo\r\n \r\nthree\n\n\n', 'paragraphs'), ['one\ntwo', 'three']);
  assert.deepEqual(documentsOf('Émile\r\n\nZoë\n', 'lines'), ['Émile', 'Zoë']);
  assert.equal(documentsOf('a\n'.repeat(5_000), 'lines').length, MOST_DOCUMENTS);
  assert.deepEqual(documentsOf('', 'lines'), []);
});

test('rules mark what is short, no language, there before, or the same over and over', () => {
  const good = 'Mia has a red ball, and the ball is on the table by the door.';
  const flags = (/** @type {string[]} */ texts, list = false) => judged(texts, list).map((d) => d.flags);
  assert.deepEqual(flags([good]), [[]]);
  assert.deepEqual(flags(['Too short.']), [['short']]);
  assert.deepEqual(flags(['Zoe', 'Mia'], true), [[], []]);
  assert.deepEqual(flags(['12 + 30 = 42, 15 + 5 = 20, 100 + 1 = 101, 7 + 7 = 14']), [['letters']]);
  assert.deepEqual(flags([good, good]), [[], ['again']]);
  assert.deepEqual(flags(['red red red red red red red red red red red red red red']), [['repeats']]);
  assert.deepEqual(flags(['今天小美在河边看见一只红色的风筝，她很高兴，就跑过去想把它捡起来。']), [[]]);
  assert.deepEqual(judged(['é'])[0].bytes, 2);
});

test('documents are shown in order, marked ones alone, or the longest first', () => {
  const all = judged(['a', 'a long enough document with quite a few different words in it', 'bb']);
  assert.deepEqual(
    ordered(all, 'all').map((d) => d.n),
    [1, 2, 3],
  );
  assert.deepEqual(
    ordered(all, 'flagged').map((d) => d.n),
    [1, 3],
  );
  assert.deepEqual(
    ordered(all, 'longest').map((d) => d.n),
    [2, 3, 1],
  );
});

test('the gradient of a weight of the head is the sum over places of (p − right) × h', () => {
  // Weight 3 is word 1, value 2: (0.5 − 1) × 2 ÷ 2 and (0.25 − 0) × 4 ÷ 2.
  assert.deepEqual(
    terms(hand).map(({ p, right, hidden, value }) => [p, right, hidden, value]),
    [
      [0.5, 1, 2, -0.5],
      [0.25, 0, 4, 0.5],
    ],
  );
  near(difference(hand), 0.5, 1e-9);
});

test('the update is that of AdamW at its second step', () => {
  const u = updated(hand);
  near(u.m, 0.9 * 0.1 + 0.1 * 0.5);
  near(u.v, 0.95 * 0.02 + 0.05 * 0.25);
  near(u.mHat, 0.14 / 0.19);
  near(u.vHat, 0.0315 / 0.0975);
  near(u.weight, 0.99 - (0.1 * (0.14 / 0.19)) / Math.sqrt(0.0315 / 0.0975));
});

test('numbers are printed with a true minus, and zero has none', () => {
  assert.equal(exact(-0.5, 2), '−0.50');
  assert.equal(exact(-0.000001, 2), '0.00');
  assert.equal(short(0), '0');
  assert.equal(short(1234), '1.23 × 10³');
  assert.equal(short(0.0000001234), '1.23 × 10⁻⁷');
  assert.equal(short(12.34), '12.3');
});

test('a share of nothing is none, and what has no number takes the one before', () => {
  assert.equal(share({ start: 0, len: 0, of: 0, line: [], lineStart: 0 }), 0);
  assert.equal(share({ start: 0, len: 5, of: 20, line: [], lineStart: 0 }), 0.25);
  const moment = (/** @type {number} */ lossNats) => ({
    step: 1,
    lossNats,
    validationNats: null,
    learningRate: 1,
    event: null,
    backTo: null,
    done: false,
  });
  assert.deepEqual([...filled([moment(2), moment(Number.NaN), moment(3)])], [2, 2, 3]);
  near(filled([moment(Number.POSITIVE_INFINITY)])[0], Math.log(261), 1e-6);
});

test('the first sample and the newest are looked up, without special tokens', () => {
  assert.deepEqual(lookedUp([1, 2, 3, 4, 5, 6, 7]), [1, 4, 5, 6, 7]);
  assert.deepEqual(lookedUp([1, 2]), [1, 2]);
  const tokens = {
    ids: Uint32Array.of(0, 1, 2),
    bytes: Uint8Array.of(65, 60, 62, 66),
    byteStart: Uint32Array.of(0, 1, 3, 4),
    utf16Start: new Uint32Array(3),
    utf16End: new Uint32Array(3),
    special: Uint8Array.of(0, 1, 0),
  };
  assert.deepEqual([...written(tokens)], [65, 66]);
});

test('bits per byte are asked for from the numbers that are shown', () => {
  const of = (/** @type {any[]} */ evaluations) =>
    bitsPerByte(/** @type {any} */ ({ evaluations: { value: evaluations }, model: { value: {} } }));
  assert.equal(of([]), null);
  const found = of([{ step: 1, lossNats: 2.0794, bitsPerByte: 1.0 }]);
  near(found?.nats ?? 0, 2.08);
  near(found?.bytes ?? 0, 3);
  near(found?.bits ?? 0, 2.08 / Math.LN2 / 3);
});
