/**
 * Any address at all: it never throws, what it gives is always in range, whatever was dropped is named, and a state that was
 * read can be written and read again.
 *
 * Four seconds from one seed; GLASSGPT_FUZZ_SECONDS runs it longer, GLASSGPT_FUZZ_SEED elsewhere.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeBirth } from '../../www/birth.js';
import { contradictions, decode, defaultState, encode, inRange, TABLE } from '../../www/state.js';

/** @typedef {import('../../www/state.js').Row} Row */
/** @typedef {import('../../www/state.js').State} State */

const SECONDS = Number(process.env.GLASSGPT_FUZZ_SECONDS ?? 4);
const SEED = Number(process.env.GLASSGPT_FUZZ_SEED ?? 1);
/** A machine that is too busy for so few has not tested anything. */
const FEWEST = 1_000;

/** Integers from 0 below n, from a seed (mulberry32). @param {number} seed */
function dice(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const STRANGE_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  'dropped',
  'run',
  'page',
  '',
];
const STRANGE_VALUES = [
  ...['', '0', '-0', '-1', '1e999', '1e-999', '1e-99', '0.000000000001e-99', '0.123456789012e-5', '1e3', '1.', '.5'],
  ...[
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '９',
    ' 1',
    '1 ',
    '+1',
    '4294967295',
    '4294967296',
    '9999999999',
    '9'.repeat(400),
  ],
  ...['true', 'null', 'undefined', '[object Object]', '__proto__', '%', '%zz', '%c3%28', '%00', '%ed%a0%80', '\u0000'],
  ...[
    '\ud800',
    '\ufeff',
    '\u202e',
    'a'.repeat(401),
    '个'.repeat(700),
    '<img src=x onerror=alert(1)>',
    '&',
    '=',
    '#',
    '?',
  ],
  writeBirth({ steps: 3, hash: '0123456789abcdef', curve: [2, 1, 0.5] }),
];
const PIECES = ['&', '=', '%', '+', '#', '?', ';', 'layers', 'heads=', 'lang=zh-Hans', '%2', '\u{1f600}', '\n'];

/** @param {(n: number) => number} roll */
function makers(roll) {
  /** @template T @param {readonly T[]} from @returns {T} */
  const one = (from) => from[roll(from.length)];
  const noise = () =>
    Array.from({ length: roll(40) }, () => String.fromCharCode(roll(roll(2) ? 128 : 65_536))).join('');
  /** Mostly what the row accepts. @param {Row} row */
  const fitting = (row) => {
    if (row.kind === 'choice') return one(row.values ?? []);
    if (row.kind === 'flag') return String(roll(2));
    if (row.kind === 'text') return row.name === 'birth' ? (STRANGE_VALUES.at(-1) ?? '') : noise();
    const [min, max] = [row.min ?? 0, row.max ?? 0];
    const value = min + ((max - min) * roll(1_001)) / 1_000;
    return String(row.kind === 'integer' ? Math.round(value / (row.step ?? 1)) * (row.step ?? 1) : value);
  };
  const entry = () => {
    const row = one(TABLE);
    const key = roll(12) ? row.key : roll(2) ? one(STRANGE_KEYS) : noise();
    const value = roll(4) ? fitting(row) : roll(3) ? one(STRANGE_VALUES) : noise();
    // Not every program that makes links escapes what it writes.
    return roll(5) ? new URLSearchParams([[key, value]]).toString() : `${key}=${value}`;
  };
  const link = () => Array.from({ length: roll(30) }, entry).join('&');
  /** @param {string} text */
  const mutated = (text) => {
    let out = text;
    for (let times = roll(6); times > 0; times--) {
      const at = roll(out.length + 1);
      const end = at + roll(8);
      out = one([
        out.slice(0, at) + one(PIECES) + out.slice(at),
        out.slice(0, at) + out.slice(end),
        out.slice(0, at) + out.slice(at, end) + out.slice(at),
        out.slice(0, at) + String.fromCharCode(roll(65_536)) + out.slice(at + 1),
      ]);
    }
    return out;
  };
  const half = () =>
    one([noise, link, () => mutated(link()), () => mutated(encode(state(link()), roll(2) === 1)), () => ''])();
  return { search: () => one(['', '?']) + half(), hash: () => one(['', '#', '##']) + half() };
}

/** @param {string} hash @param {string} [search] */
const state = (hash, search = '') => decode({ hash, search }, 'en');

/** @param {State} s @param {Row} row @returns {unknown} */
const settingOf = ({ run, page }, row) =>
  /** @type {any} */ (row.part === 'run' ? run : row.part === 'page' ? page : page.sampling)[row.name];

/** A value that the page may meet. @param {Row} row @param {any} value */
function allowed(row, value) {
  if (row.kind === 'choice') return row.values?.includes(value);
  if (row.kind === 'flag') return typeof value === 'boolean';
  if (row.kind === 'text') return value === null || new TextEncoder().encode(value).length <= (row.max ?? 0);
  return typeof value === 'number' && (inRange(row, value) || (row.name === 'token' && value === -1));
}

/** Everything that must hold of an address. @param {string} search @param {string} hash */
function judge(search, hash) {
  const plain = defaultState('en');
  const read = state(hash, search);
  for (const part of /** @type {const} */ (['run', 'page']))
    assert.deepEqual(Object.keys(read[part]).sort(), Object.keys(plain[part]).sort());
  assert.deepEqual(Object.keys(read.page.sampling).sort(), Object.keys(plain.page.sampling).sort());
  for (const row of TABLE) assert.ok(allowed(row, settingOf(read, row)), `${row.key}: ${settingOf(read, row)}`);
  assert.deepEqual(contradictions(read.run), []);
  const named = new Set(read.dropped.map(({ key, value }) => `${key}=${value}`));
  const given = new Map();
  for (const part of [search, hash]) {
    for (const [key, written] of new URLSearchParams(part.replace(/^[?#]/, ''))) {
      const row = TABLE.find((r) => r.key === key);
      if (row) given.set(row, written);
      const value = row && settingOf(read, row);
      const taken = value === written || (typeof value === 'boolean' && String(Number(value)) === written);
      const asNumber = typeof value === 'number' && Number(written) === value;
      assert.ok(taken || asNumber || named.has(`${key}=${written}`) || named.has(`${key}=${Number(written)}`), key);
    }
  }
  for (const row of TABLE) {
    if (given.has(row) || ['lang', 'style'].includes(row.key)) continue;
    const follows = { kv: read.run.heads, heads: read.run.heads }[row.key];
    const base = defaultState(read.page.lang);
    if (['lr', 'schedule'].includes(row.key)) continue; // a style brings its own
    assert.deepEqual(settingOf(read, row), follows ?? settingOf(base, row), `${row.key} came from nowhere`);
  }
  for (const all of [false, true]) {
    const written = encode(read, all);
    const again = state(`#${written}`);
    // A lesson goes without the looks of its sender.
    const page = all ? { ...read.page, theme: '', projector: false } : read.page;
    assert.deepEqual([again.dropped, again.run, again.page], [[], read.run, page], written);
    assert.equal(encode(again, all), written);
  }
}

test('whatever an address holds, the state is in range, what was dropped is named, and it can be written again', (t) => {
  const prototype = Object.getOwnPropertyNames(Object.prototype).sort();
  const make = makers(dice(SEED));
  const end = performance.now() + 1000 * SECONDS;
  let count = 0;
  for (; performance.now() < end; count++) {
    const [search, hash] = [make.search(), make.hash()];
    try {
      judge(search, hash);
    } catch (error) {
      throw new Error(`seed ${SEED}, address ${count}: ${JSON.stringify({ search, hash })}: ${error}`);
    }
  }
  t.diagnostic(`${count} addresses`);
  assert.ok(count >= FEWEST, `only ${count} addresses`);
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), prototype);
});
