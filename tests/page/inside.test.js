/** Chapter 3 without a page: what is computed beside the engine, and the lab's calls with a stand-in for the module. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalls } from '../../www/engine/lab-calls.js';
import { PARTS, RULES } from '../../www/engine/lab-protocol.js';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { mean } = await import('../../www/views/ablation.js');
const { named } = await import('../../www/views/matrix.js');
const { beside, placed } = await import('../../www/views/map.js');
const { numberOf } = await import('../../www/views/checkpoints.js');
const { faster, stretches } = await import('../../www/views/measure.js');
const { fixed, signed, signedLevel } = await import('../../www/views/numbers.js');
const { shareOf } = await import('../../www/views/recall.js');
const { largest, placeAt } = await import('../../www/views/sum.js');
const { rms } = await import('../../www/views/walk.js');

test('numbers have about three digits that count, a true minus, and no sign for nothing', () => {
  assert.deepEqual([0, 1.23456, -0.012345, 123.456, -45.678, Number.NaN].map(fixed), [
    '0.000',
    '1.235',
    '−0.0123',
    '123.5',
    '−45.68',
    '–',
  ]);
  assert.deepEqual(
    [0.34, -0.016, 0.001, -0.001].map((x) => signed(x)),
    ['+0.34', '−0.02', '0.00', '0.00'],
  );
  assert.deepEqual(
    [0, 0.05, 0.2, 0.4, 9, -0.3].map((x) => signedLevel(x, 0.4)),
    [0, 0, 2, 3, 3, -2],
  );
});

test('the largest terms are shown, and the one in question always', () => {
  const values = Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? -i : i) / 10);
  const sum = /** @type {any} */ ({ values, rule: RULES.indexOf('sum'), chosen: 0 });
  assert.deepEqual(largest(sum).slice(0, 3), [39, 38, 37]);
  assert.equal(largest(sum).length, 12);
  const softmax = largest({ ...sum, rule: RULES.indexOf('softmax'), chosen: 3 });
  assert.deepEqual([softmax[0], softmax.at(-1)], [38, 3]);
  const five = Int32Array.of(-1, -1, -1, -1, -1, PARTS.indexOf('qkv'), 1, 2, 3, 4);
  assert.deepEqual([placeAt(five, 0), placeAt(five, 1)], [null, { part: 5, layer: 1, row: 2, head: 3, column: 4 }]);
});

test('means, sizes and stretches are those of all their values', () => {
  assert.equal(mean(new Float32Array()), 0);
  assert.equal(mean(Float32Array.of(1, 2, 6)), 3);
  assert.equal(rms(Float32Array.of(3, -4, 0, 0)), 2.5);
  assert.deepEqual(stretches(Float32Array.of(1, 3, 5, 7), 2), [2, 6]);
  assert.ok(Number.isNaN(stretches(Float32Array.of(1, Number.NaN), 1)[0]));
  assert.ok(Math.abs(shareOf([0.1, 0.2, 0.1]) - 0.25) < 1e-9);
});

test('the map fills its canvas and keeps the middle in the middle', () => {
  const at = placed(Float32Array.of(2, -1, -4, 0.5, 0, 0), 400, 300);
  assert.deepEqual([at[4], at[5]], [200, 150]);
  assert.equal(at[2], 26);
  assert.equal(at[1], 274);
});

/** A module that notes what was asked. @param {Partial<import('../../www/engine/lab-calls.js').Lab>} [more] */
function fake(more = {}) {
  /** @type {unknown[]} */
  const asked = [];
  const lab = /** @type {any} */ ({
    facts: () => ({ config: { layers: 2, heads: 2, context: 4 }, headDim: 2 }),
    read: (/** @type {string} */ text) => ({ tokens: { text } }),
    change(/** @type {Uint32Array[]} */ ...args) {
      asked.push(args.map((a) => [...a]));
      return {};
    },
    effect: (/** @type {number} */ l, /** @type {number} */ h) => 10 * l + h,
    weight: () => 0,
    free: () => asked.push('free'),
    ...more,
  });
  return { lab, asked };
}

const NONE = { heads: [], mlps: [], edits: [] };

test('a number may be typed with full-width digits and a true minus; a measured ratio near 1 is neither faster nor slower', () => {
  assert.deepEqual(['５．９９', '−0,5', ' 3 ', '', '5x'].map(numberOf), [5.99, -0.5, 3, Number.NaN, Number.NaN]);
  assert.deepEqual(
    [150, 105, 95, 80].map((pass) => faster({ pass, step: 100 })),
    ['pass', 'same', 'same', 'step'],
  );
});

test('a weight is told as it is in the model, edited or not, and anew when the model has learned', () => {
  let stored = 0.5;
  let now = stored;
  const { lab } = fake({
    weight: () => now,
    change(_heads, _mlps, edited, values) {
      now = edited.length > 0 ? values[0] : stored;
      return {};
    },
  });
  const calls = createCalls({
    open() {
      now = stored;
      return lab;
    },
    breathe: async () => {},
  });
  const open = (/** @type {any} */ changes) => calls.open({ checkpoint: new Uint8Array(), text: 'a', changes });
  open(NONE);
  assert.equal(calls.weight({ index: 7 }), 0.5);
  const changes = { ...NONE, edits: [{ index: 7, value: 10.5 }] };
  calls.change({ changes });
  assert.deepEqual([now, calls.weight({ index: 7 })], [10.5, 0.5]);
  calls.change({ changes: { ...NONE, edits: [{ index: 7, value: 3.5 }] } });
  assert.deepEqual([now, calls.weight({ index: 7 })], [3.5, 0.5]);
  stored = -0.25;
  open(changes);
  assert.deepEqual([now, calls.weight({ index: 7 })], [10.5, -0.25]);
  calls.change({ changes: NONE });
  assert.equal(calls.weight({ index: 7 }), -0.25);
});

test('what was changed is changed again in a model that is opened anew', () => {
  const { lab, asked } = fake();
  const calls = createCalls({ open: () => lab, breathe: async () => {} });
  const open = (/** @type {any} */ changes) => calls.open({ checkpoint: new Uint8Array(), text: 'a', changes });
  assert.throws(() => calls.read({ text: 'a' }), { code: 'no-model' });
  assert.deepEqual(open(NONE).reading.tokens, { text: 'a' });
  assert.deepEqual(asked, []);
  const { reading } = open({ heads: [1], mlps: [0], edits: [{ index: 7, value: 0.5 }] });
  assert.deepEqual(reading.tokens, { text: 'a' });
  assert.deepEqual(asked, ['free', [[1], [0], [7], [0.5]]]);
});

test('effects name every head and then the MLP, and end when the text is another', async () => {
  const { lab } = fake();
  /** @type {() => void} */
  let during = () => {};
  const calls = createCalls({ open: () => lab, breathe: async () => during(), now: () => 0 });
  calls.open({ checkpoint: new Uint8Array(), text: 'a', changes: NONE });
  const signal = new AbortController().signal;
  assert.deepEqual([...(await calls.effects({}, signal))], [0, 1, -1, 10, 11, 9]);
  during = () => calls.read({ text: 'b' });
  await assert.rejects(calls.effects({}, signal), { code: 'cancelled' });
  during = () => {};
  await assert.rejects(calls.effects({}, AbortSignal.abort()), { code: 'cancelled' });
});

test('speed is tokens over the time that the work took, not the pauses', async () => {
  let clock = 0;
  const work = (/** @type {number} */ ms, /** @type {number} */ tokens) => () => {
    clock += ms;
    return tokens;
  };
  const { lab } = fake({ passOnce: work(10, 40), stepOnce: work(1, 1) });
  const calls = createCalls({
    open: () => lab,
    breathe: async () => {
      clock += 1_000;
    },
    now: () => clock,
  });
  calls.open({ checkpoint: new Uint8Array(), text: 'a', changes: NONE });
  assert.deepEqual(await calls.race({ ms: 50 }, new AbortController().signal), { pass: 4_000, step: 1_000 });
});

test('held-out windows are averaged, each token but the first of a window counts, and none is no number at all', async () => {
  const { lab } = fake({
    heldOutWindows: () => 2,
    heldOutWindow: (/** @type {number} */ i) => Float32Array.of(1 + i, 2 + i),
  });
  const calls = createCalls({ open: () => lab, breathe: async () => {} });
  calls.open({ checkpoint: new Uint8Array(), text: 'a', changes: NONE });
  const signal = new AbortController().signal;
  // Two windows of a context of 4: three tokens of each are predicted.
  assert.deepEqual(await calls.heldOut({}, signal), { plain: 1.5, changed: 2.5, tokens: 6 });
  lab.heldOutWindows = () => 0;
  assert.deepEqual(await calls.heldOut({}, signal), { plain: 0, changed: 0, tokens: 0 });
});

test('other weights of the same model are read with the same text and changes', () => {
  /** @type {unknown[]} */
  const told = [];
  const { lab, asked } = fake({
    reweigh: (/** @type {Float32Array} */ p, /** @type {number} */ step) => told.push([...p, step]),
  });
  const calls = createCalls({ open: () => lab, breathe: async () => {} });
  const args = { params: Float32Array.of(1, 2), step: 50, text: 'b', changes: { heads: [1], mlps: [], edits: [] } };
  assert.throws(() => calls.reweigh(args), { code: 'no-model' });
  calls.open({ checkpoint: new Uint8Array(), text: 'a', changes: NONE });
  assert.deepEqual(calls.reweigh(args).reading.tokens, { text: 'b' });
  assert.deepEqual(told, [[1, 2, 50]]);
  assert.deepEqual(asked.at(-1), [[1], [], [], []]);
});

test('every token of a short text is named at a matrix, some of a long one, and the chosen one always', () => {
  assert.deepEqual(named(5, 200, 2), [0, 1, 2, 3, 4]);
  const some = named(256, 440, 100);
  assert.ok(some.length <= 440 / 13 + 1 && some.length > 20, `${some.length}`);
  assert.ok(some.includes(100));
  // Its neighbours make way: no two names closer than there is room for.
  for (const [i, at] of some.entries()) if (i > 0) assert.ok(at - some[i - 1] >= 8, `${some[i - 1]} ${at}`);
  assert.ok(named(256, 440, 255).includes(255));
  // Names grow with a projector, and so does the room between them.
  const large = named(33, 440, 0, 24);
  for (let i = 1; i < large.length; i++) assert.ok(((large[i] - large[i - 1]) * 440) / 33 >= 19.5, String(large));
});

test('beyond the context windows are averaged, and what is impossible stays unknown', async () => {
  const window = (/** @type {number} */ i) => Float32Array.from({ length: 14 }, (_, k) => (k < 7 ? Number.NaN : i + k));
  const { lab } = fake({ beyondWindows: () => 2, beyondWindow: window });
  const calls = createCalls({ open: () => lab, breathe: async () => {} });
  calls.open({ checkpoint: new Uint8Array(), text: 'a', changes: NONE });
  const found = await calls.beyond({}, new AbortController().signal);
  assert.ok(found.whole.every((x) => Number.isNaN(x)));
  assert.deepEqual([...found.sliding], [7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5]);
});

test('a label stands beside its point, in the picture and over no other, or nowhere', () => {
  const first = beside(100, 100, 30, [], 400);
  assert.deepEqual(first, { left: 104, right: 134, base: 97 });
  const taken = [/** @type {NonNullable<typeof first>} */ (first)];
  for (let n = 0; n < 3; n++) {
    const next = beside(102, 100, 30, taken, 400);
    assert.ok(next);
    for (const other of taken)
      assert.ok(
        next.right <= other.left || next.left >= other.right || Math.abs(next.base - other.base) >= 14,
        JSON.stringify([next, other]),
      );
    taken.push(next);
  }
  assert.equal(beside(102, 100, 30, taken, 400), null, 'all around is taken');
  assert.ok(beside(102, 100, 30, taken, 400, 3), 'farther away there is room');
  assert.equal(beside(390, 100, 30, [], 400)?.left, 356, 'to the left at the right edge');
  assert.ok((beside(100, 2, 30, [], 400)?.base ?? 0) >= 14, 'below at the upper edge');
});
