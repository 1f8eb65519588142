/** Texts in the normalization form C, and the way back to the places of what was typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference, NormalText } from '../../www/engine/normal-text.js';

/** What may join with what stands before it. */
const JOINING = /^[\p{M}\u1160-\u11ff\u{16d63}-\u{16d6a}]$/u;

/** Every character of Unicode but halves of pairs. */
function* characters() {
  for (let code = 0; code < 0x110000; code++) if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
}

/** Where one unit of the normal text stands in the typed one. @param {NormalText} normal @param {number} at */
function placeOf(normal, at) {
  const [starts, ends] = [Uint32Array.of(at), Uint32Array.of(at + 1)];
  normal.outward(starts, ends);
  return [starts[0], ends[0]];
}

test('a text that is normal stays, and so do its places', () => {
  const normal = new NormalText('a é 한 👋🏽 球\n');
  assert.equal(normal.text, 'a é 한 👋🏽 球\n');
  assert.deepEqual(normal.inward(2, 5), [2, 5]);
  assert.deepEqual(placeOf(normal, 4), [4, 5]);
});

test('a part that becomes shorter is all or nothing, what follows it keeps its place', () => {
  const typed = 'cafe\u0301 \u1112\u1161\u11ab! \u212b \u0344x';
  const normal = new NormalText(typed);
  assert.equal(normal.text, 'café 한! Å \u0308\u0301x');
  assert.deepEqual(placeOf(normal, 3), [3, 5]);
  assert.deepEqual(placeOf(normal, 4), [5, 6]);
  assert.deepEqual(placeOf(normal, 5), [6, 9]);
  assert.deepEqual(placeOf(normal, 6), [9, 10]);
  assert.equal(typed.slice(...placeOf(normal, normal.text.length - 1)), 'x');
  // A place inside of é is all of it.
  assert.deepEqual(normal.inward(4, 4), [3, 4]);
  assert.deepEqual(normal.inward(0, 4), [0, 4]);
  assert.deepEqual(normal.inward(5, 6), [4, 5]);
  assert.deepEqual(normal.inward(0, typed.length), [0, normal.text.length]);
});

test('parts of the typed text become the parts of the normal one, whatever they are made of', () => {
  const made = [...characters()].filter((c) => c.normalize('NFD') !== c);
  assert.ok(made.length > 13_000, `${made.length} characters that can be taken apart`);
  for (const form of /** @type {const} */ (['NFD', 'NFC'])) {
    for (let i = 0; i < made.length; i += 50) {
      const typed = made
        .slice(i, i + 50)
        .map((c) => (form === 'NFD' ? c.normalize('NFD') : c))
        .join('-');
      const normal = new NormalText(typed);
      assert.equal(normal.text, typed.normalize('NFC'));
      const parts = typed.split('-');
      let [at, place] = [0, 0];
      for (const part of parts) {
        const length = part.normalize('NFC').length;
        // Marks and their like join with the hyphen before them.
        if (!JOINING.test([...part][0]))
          assert.deepEqual(
            [placeOf(normal, at)[0], placeOf(normal, at + length - 1)[1]],
            [place, place + part.length],
            part,
          );
        at += length + 1;
        place += part.length + 1;
      }
    }
  }
});

test('nothing but what counts as joining ever joins with what stands before it', () => {
  for (const c of characters()) {
    const [, ...rest] = c.normalize('NFD');
    for (const other of rest) assert.match(other, JOINING, c);
  }
});

test('ranges and places hold each other, for texts of marks and letters in any order', () => {
  const pieces = [
    'a',
    'e\u0301',
    '\u0323',
    '\u0307s',
    '\u1100',
    '\u1161',
    '\u11a8',
    '가',
    '\u212b',
    '👋',
    '\ud83d',
    '\udc4b',
    ' ',
    '\u0958',
    '\u0344',
  ];
  let state = 1;
  const roll = (/** @type {number} */ n) => {
    state = (state * 48_271) % 0x7fffffff;
    return state % n;
  };
  let before = new NormalText('');
  for (let round = 0; round < 3_000; round++) {
    const typed = Array.from({ length: roll(14) }, () => pieces[roll(pieces.length)]).join('');
    const normal = new NormalText(typed);
    assert.equal(normal.text, typed.normalize('NFC'));
    let reached = 0;
    for (let at = 0; at < normal.text.length; at++) {
      const [start, end] = placeOf(normal, at);
      // No unit is left out, none comes before an earlier one.
      assert.ok(start <= reached && end >= reached && end <= typed.length, JSON.stringify({ typed, at, start, end }));
      reached = end;
      const [first, last] = normal.inward(start, end);
      assert.ok(first <= at && last > at, JSON.stringify({ typed, at }));
      assert.equal(typed.slice(start, end).normalize('NFC'), normal.text.slice(first, last));
    }
    assert.equal(reached, typed.length);
    const { start, end, insert } = difference(before.text, normal.text);
    assert.equal(before.text.slice(0, start) + insert + before.text.slice(end), normal.text);
    for (const [text, place] of [
      [before.text, start],
      [before.text, end],
    ])
      assert.ok(!/^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(place - 1, place + 1)), 'half a character');
    before = normal;
  }
});
