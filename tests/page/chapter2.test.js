/** Chapter 2: what its figures compute, against values worked out by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { best, chance, costOf } = await import('../../www/views/sampler.js');
const { axisEnd } = await import('../../www/views/ladder.js');
const { bytesOfAll } = await import('../../www/views/rivals.js');
const { summed } = await import('../../www/views/surprise.js');
const { numberOf } = await import('../../www/views/checkpoints.js');
const { drawn, seeded } = await import('../../www/app/predictor.js');
const { sharpened } = await import('../../www/app/predictor-checks.js');
const { readAnswers } = await import('../../www/app/progress.js');

const near = (/** @type {number | null} */ found, /** @type {number} */ expected) =>
  assert.ok(found !== null && Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);

/** Tokens of these bytes. @param {number[][]} all @param {number[]} [special] */
const list = (all, special = []) => ({
  ids: Uint32Array.from(all, (_, i) => i),
  bytes: Uint8Array.from(all.flat()),
  byteStart: Uint32Array.from({ length: all.length + 1 }, (_, i) => all.slice(0, i).flat().length),
  utf16Start: new Uint32Array(all.length),
  utf16End: new Uint32Array(all.length),
  special: Uint8Array.from(all, (_, i) => Number(special.includes(i))),
});

test('the most probable ids come first, equal ones by id', () => {
  const rows = best(Float32Array.of(0.25, 0.5, 0.125, 0.125), 3);
  assert.deepEqual(
    rows.map(({ id, shaped }) => [id, shaped]),
    [
      [1, 0.5],
      [0, 0.25],
      [2, 0.125],
    ],
  );
});

test('chosen tokens cost the sum of their logarithms, and the perplexity is the even choice of that cost', () => {
  const { nats, perplexity } = costOf([{ p: 0.5 }, { p: 0.125 }]);
  near(nats, Math.log(16));
  near(perplexity, 4);
  assert.deepEqual(costOf([]), { nats: 0, perplexity: null });
});

test('small probabilities are powers of ten, and no power is lost to rounding', () => {
  assert.equal(chance(0), '100%');
  assert.equal(chance(Math.log(4)), '25%');
  for (const [p, lead, power] of /** @type {[number, string, string][]} */ ([
    [2.5e-7, '2.5', '−7'],
    [9.94e-12, '9.9', '−12'],
    [9.99e-12, '1.0', '−11'],
    [1e-300, '1.0', '−300'],
  ])) {
    const { values } = /** @type {{ values: unknown[] }} */ (chance(-Math.log(p)));
    assert.deepEqual(values, [lead, power], String(p));
  }
});

test('the axis ends at the next whole bit above everything', () => {
  assert.equal(axisEnd(3.2), 4);
  assert.equal(axisEnd(4), 5);
  assert.equal(axisEnd(0.1), 1);
});

test('running text leaves special tokens out and keeps bytes in order', () => {
  const vocabulary = list([[0x61], [0xe4, 0xbd], [0xa0], [0x3c]], [3]);
  assert.deepEqual([...bytesOfAll(vocabulary, [0, 3, 1, 2])], [0x61, 0xe4, 0xbd, 0xa0]);
});

test('sums leave the first token out, with its bytes, and stop where the scores do', () => {
  const tokens = list([[1, 1, 1], [2], [3, 3], [4], [5, 5, 5, 5]]);
  const nats = Float32Array.of(Number.NaN, 1, 3, 2);
  const scores = { step: 0, model: nats, bigram: nats, trigram: nats, context: Uint32Array.of(0, 1, 2, 3), tokens };
  const found = summed(scores, 'model');
  assert.deepEqual([found.count, found.nats, found.bytes, found.most], [3, 6, 4, 2]);
  near(found.bitsPerByte, 6 / Math.LN2 / 4);
  const one = { ...scores, model: Float32Array.of(Number.NaN), context: Uint32Array.of(0) };
  assert.equal(summed(one, 'model').bitsPerByte, null);
  const none = { ...scores, model: new Float32Array(), context: new Uint32Array(), tokens: list([]) };
  assert.equal(summed(none, 'model').bitsPerByte, null);
});

test('a number is read with a point or a comma, and nothing else is one', () => {
  assert.equal(numberOf(' 6,64 '), 6.64);
  assert.equal(numberOf('6.64'), 6.64);
  for (const wrong of ['', ' ', 'six', '6.6.4']) assert.ok(Number.isNaN(numberOf(wrong)), wrong);
});

test('a temperature of one half squares the probabilities', () => {
  const { before, after } = sharpened(Float32Array.of(0.5, 0.25, 0.25), 0.5);
  near(before, 0.5);
  near(after, 0.25 / (0.25 + 0.0625 + 0.0625));
});

test('draws come from the distribution and again from the same seed', () => {
  const probs = Float32Array.of(0.5, 0, 0.25, 0.25);
  assert.deepEqual(
    [0, 0.49, 0.51, 0.74, 0.76, 0.999999].map((unit) => drawn(probs, unit)),
    [0, 0, 2, 2, 3, 3],
  );
  const random = seeded(7);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 8_000; i++) counts[drawn(probs, random())]++;
  // Four standard deviations.
  assert.ok(Math.abs(counts[0] - 4_000) < 180 && counts[1] === 0 && Math.abs(counts[2] - 2_000) < 155, String(counts));
  const [a, b] = [seeded(3), seeded(3)];
  assert.deepEqual([a(), a(), a()], [b(), b(), b()]);
});

test('remembered answers that this page would not write are forgotten', () => {
  const good = { answer: '2', checked: true, met: true };
  assert.deepEqual(readAnswers(JSON.stringify({ 'ch2.a': good })), { 'ch2.a': good });
  const hostile = { a: { ...good, answer: 'x'.repeat(41) }, b: { ...good, met: 'yes' }, c: null, d: 3, e: good };
  assert.deepEqual(readAnswers(JSON.stringify(hostile)), { e: good });
  for (const wrong of [null, '', '{', 'null', '3', '[]', '"a"'])
    assert.deepEqual(readAnswers(wrong), {}, String(wrong));
});
