/** The page's state in its address: what a link can carry, and what it cannot. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeBirth } from '../../www/birth.js';
import { contradictions, decode, defaultState, encode, expected, inRange, TABLE } from '../../www/state.js';

const read = (/** @type {string} */ hash, search = '') => decode({ hash, search }, 'en');

/** Another allowed value of a row. @param {import('../../www/state.js').Row} row @param {any} value */
function other(row, value) {
  if (row.kind === 'choice') return row.values.find((v) => v !== value && v !== '');
  if (row.kind === 'flag') return !value;
  if (row.name === 'part') return 'hand';
  if (row.name === 'birth') return writeBirth({ steps: 2, hash: 'f'.repeat(16), curve: [1, 2] });
  if (row.kind === 'text') return 'a & b = c #你好\n';
  const step = row.kind === 'integer' ? (row.step ?? 1) : 0.25;
  return value + step <= row.max ? value + step : value - step;
}

test('every setting travels through an address and comes back', () => {
  for (const row of TABLE) {
    const state = defaultState('en');
    const part = row.part === 'run' ? state.run : row.part === 'page' ? state.page : state.page.sampling;
    part[row.name] = other(row, part[row.name]);
    if (row.name === 'heads') part.heads = part.kvHeads = 2;
    if (row.name === 'kvHeads') part.kvHeads = 1;
    if (row.name === 'width') part.width = 192;
    if (row.name === 'part') state.page.screen = 'ch4';
    const back = read(`#${encode(state)}`);
    assert.deepEqual(back.dropped, [], row.name);
    const found = row.part === 'run' ? back.run : row.part === 'page' ? back.page : back.page.sampling;
    assert.equal(found[row.name], part[row.name], row.name);
  }
});

test('the defaults make an address that names the language alone', () => {
  assert.equal(encode(defaultState('en')), 'lang=en');
  assert.equal(encode(defaultState('zh-Hans')), 'lang=zh-Hans');
});

test('the part after ? works where a program drops what stands behind #', () => {
  assert.equal(read('', '?layers=5').run.layers, 5);
});

test('unknown keys and values out of range are dropped and named, and nothing else changes', () => {
  const hostile = 'layers=0&width=97&lr=1e9&seed=-1&steps=1e3&data=secret&x=1&temperature=NaN&train=1&heads=%00&topp=';
  const { run, page, dropped } = read(`#${hostile}`);
  const plain = defaultState('en');
  assert.deepEqual(run, plain.run);
  assert.deepEqual(page, plain.page);
  assert.deepEqual(dropped.map((d) => d.key).sort(), [
    'data',
    'heads',
    'layers',
    'lr',
    'seed',
    'steps',
    'temperature',
    'topp',
    'train',
    'width',
    'x',
  ]);
});

test('a part is one of the screen that the link names', () => {
  assert.equal(read('#screen=ch4&part=hand').page.part, 'hand');
  assert.equal(read('#part=hand&screen=ch4').page.part, 'hand', 'in any order');
  for (const [hash, expected, why] of [
    ['#screen=ch6&part=hand', 'choose | prefer | better | hacking'],
    ['#screen=ch6&part=__proto__', 'choose | prefer | better | hacking'],
    ['#screen=ch6&part=', 'choose | prefer | better | hacking'],
    ['#part=hand', 'ch4', 'screen'],
    ['#screen=lab&part=hand', 'ch4', 'screen'],
    ['#screen=lab&part=none', ''],
  ]) {
    const { page, dropped } = read(hash);
    assert.equal(page.part, null, hash);
    const value = new URLSearchParams(hash.slice(1)).get('part');
    assert.deepEqual(dropped, [{ key: 'part', value, expected, ...(why && { why }) }], hash);
  }
});

test('a key with two values counts once, and is named as given twice', () => {
  const { run, dropped } = read('#layers=2&layers=4&layers=2');
  assert.equal(run.layers, 2);
  assert.deepEqual(dropped, [{ key: 'layers', value: '4', expected: '', why: 'twice' }]);
});

test('a text over two kilobytes is dropped', () => {
  assert.equal(read(`#text=${'a'.repeat(2048)}`).page.text?.length, 2048);
  assert.equal(read(`#text=${'a'.repeat(2049)}`).page.text, null);
});

test('settings that contradict each other are put right and named', () => {
  const { run, dropped } = read('#heads=5&width=96');
  assert.deepEqual(contradictions(run), []);
  assert.equal(dropped[0].key, 'heads');
  assert.deepEqual(contradictions(read('#style=gpt2&kv=1&heads=3').run), []);
});

test('what the words of a link call a missing value is named like any other that is none', () => {
  assert.deepEqual(read('#context=undefined').dropped, [
    { key: 'context', value: 'undefined', expected: '8, 16, 24, …, 256' },
  ]);
});

test('heads that do not fit take nothing along that fits by itself, and what goes is named', () => {
  const { run, dropped } = read('#heads=5&kv=1&width=96');
  assert.deepEqual([run.heads, run.kvHeads], [3, 1]);
  assert.deepEqual(
    dropped.map(({ key, value }) => `${key}=${value}`),
    ['heads=5'],
  );
  const both = read('#heads=5&kv=2&width=96');
  assert.deepEqual([both.run.heads, both.run.kvHeads], [3, 3]);
  assert.deepEqual(
    both.dropped.map(({ key, value }) => `${key}=${value}`),
    ['heads=5', 'kv=2'],
  );
});

test('numbers with many digits come back from the address that they are written to', () => {
  for (const [key, value] of [
    ['decay', '0.123456789012e-5'],
    ['minp', '1e-111'],
    ['topp', '0.11493999999999999'],
  ]) {
    const state = read(`#${key}=${value}`);
    assert.deepEqual(state.dropped, []);
    const back = read(`#${encode(state)}`);
    assert.deepEqual([back.run, back.page], [state.run, state.page], value);
    assert.notDeepEqual([state.run, state.page], [defaultState('en').run, defaultState('en').page]);
  }
});

test('ranges are inclusive and sizes are bound to their multiples', () => {
  const width = TABLE.find((row) => row.name === 'width');
  assert.ok(inRange(width, 16) && inRange(width, 256));
  assert.ok(!inRange(width, 15) && !inRange(width, 272) && !inRange(width, 24) && !inRange(width, Number.NaN));
  assert.equal(expected(width), '16, 32, 48, …, 256');
});

test('a lesson link writes every setting out, and opens the same', () => {
  const state = defaultState('zh-Hans');
  state.page.screen = 'ch4';
  state.page.token = 7;
  Object.assign(state.page, { theme: 'dark', projector: true });
  assert.match(encode(state), /theme=dark&projector=1/);
  const link = encode(state, true);
  const keys = [...new URLSearchParams(link).keys()];
  for (const row of TABLE.filter((r) => r.part === 'run')) assert.ok(keys.includes(row.key), row.key);
  const back = read(`#${link}`);
  assert.deepEqual(back.dropped, []);
  // How the sender looks at the page stays with the sender.
  assert.deepEqual([back.run, back.page], [state.run, { ...state.page, theme: '', projector: false }]);
});

test('a certificate that is none is dropped and named', () => {
  for (const bad of [
    '1.0.0000000000000000.AAAA',
    '2.5.0000000000000000.AAAA',
    '1.5.xyz.AAAA',
    '1.5.0000000000000000.AAA',
  ]) {
    const { page, dropped } = read(`#birth=${bad}`);
    assert.equal(page.birth, null, bad);
    assert.deepEqual(
      dropped.map((d) => d.key),
      ['birth'],
      bad,
    );
  }
});
