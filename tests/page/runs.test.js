/** Runs that are remembered: only what this page writes, compared, and written out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { crowdedOut, keptWeights, MOST_BYTES } = await import('../../www/app/run-weights.js');
const { bestOf, changes, csvOf, few, readRuns, withAll } = await import('../../www/app/runs.js');
const { defaultRun } = await import('../../www/state.js');

const run = () => ({
  id: 'a',
  name: 'first "try"',
  startedAt: 1,
  settings: defaultRun('en'),
  parameters: 10,
  step: 4,
  seconds: 2,
  train: /** @type {[number[], number[]]} */ ([
    [1, 2],
    [6, 5],
  ]),
  evaluations: [
    { step: 0, lossNats: 6, bitsPerByte: 3 },
    { step: 2, lossNats: 4, bitsPerByte: 2 },
    { step: 4, lossNats: 5, bitsPerByte: 2.5 },
  ],
});

test('what this page wrote comes back, and nothing else', () => {
  assert.deepEqual(readRuns(JSON.stringify([run()])), [run()]);
  const hostile = [
    null,
    3,
    { ...run(), id: 5 },
    { ...run(), name: 'x'.repeat(61) },
    { ...run(), train: [['a'], [1]] },
    { ...run(), evaluations: [{ step: 'x' }] },
    { ...run(), settings: null },
    { ...run(), seconds: '2' },
  ];
  assert.deepEqual(readRuns(JSON.stringify([...hostile, run()])), [run()]);
  for (const wrong of [null, '', '{', '{}', 'null', '3']) assert.deepEqual(readRuns(wrong), [], String(wrong));
  assert.equal(readRuns(JSON.stringify(Array.from({ length: 60 }, run))).length, 40);
});

test('the best of a run is its lowest validation loss', () => {
  assert.equal(bestOf(run())?.step, 2);
  assert.equal(bestOf({ evaluations: [] }), null);
});

test('two runs from one seed differ in what was changed', () => {
  const from = defaultRun('en');
  assert.deepEqual(changes({ ...from, layers: 2 }, from), ['layers']);
  assert.deepEqual(changes(from, from), []);
});

test('few of many keep the first and the last', () => {
  const all = Array.from({ length: 1_000 }, (_, i) => i);
  const some = few(all, 160);
  assert.deepEqual([some.length, some[0], some.at(-1)], [160, 0, 999]);
  assert.ok(some.every((n, i) => i === 0 || n > some[i - 1]));
  assert.deepEqual(few([1, 2], 160), [1, 2]);
});

test('curves are written as a table, names quoted', () => {
  const lines = csvOf([run()], (r) => r.name).split('\r\n');
  assert.equal(lines[0], 'run,step,train_nats,validation_nats,validation_bits_per_byte');
  assert.equal(lines[1], '"first ""try""",1,6,,');
  assert.equal(lines[4], '"first ""try""",2,,4,2');
  assert.equal(lines.length, 7);
});

test('of kept weights the oldest make room, and no more of them than must', () => {
  const third = MOST_BYTES / 3;
  const kept = [1, 2, 3].map((n) => ({ name: `${n}.safetensors`, bytes: third, savedAt: n }));
  assert.deepEqual(crowdedOut(kept, 0), []);
  assert.deepEqual(
    crowdedOut(kept, third / 2).map((k) => k.name),
    ['1.safetensors'],
  );
  assert.equal(crowdedOut(kept, MOST_BYTES).length, 3);
});

test('what is stored in all is what the browser says, if that can be, else the sum of what is known', () => {
  const known = { list: 1_000, model: 2_000, course: 3_000, weights: 4_000 };
  for (const [told, shown] of [
    [5_000_000, 5_000_000],
    [4_303_000_000, 10_000],
    [9_999, 10_000],
    [0, 10_000],
  ])
    assert.equal(withAll({ ...known, all: told }).all, shown);
});

test('weights that are deleted while they are listed hide none of the others', async () => {
  const file = (/** @type {string} */ name, /** @type {boolean} */ gone) => ({
    kind: 'file',
    name: `${name}.safetensors`,
    async getFile() {
      if (gone) throw new DOMException('it was deleted', 'NotFoundError');
      return { size: 12, lastModified: 1 };
    },
  });
  const folder = {
    async *values() {
      yield file('first', false);
      yield file('second', true);
      yield file('third', false);
    },
  };
  const storage = { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { storage }, configurable: true });
  try {
    assert.deepEqual(
      [...(await keptWeights())],
      [
        ['first', 12],
        ['third', 12],
      ],
    );
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
});
