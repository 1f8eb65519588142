/** Numbers as the page writes them, against the browser's own way, which takes long to start. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { num } = await import('../../www/views/format.js');

test('numbers are written as Intl writes them', () => {
  let state = 1;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  for (const digits of [0, 1, 2, 3]) {
    const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const intl = new Intl.NumberFormat('en-US', format);
    const special = [0, 1, 999, 1_000, 999_999.5, 1e6, -1_234.5, 0.5, 1.5, 2.5, -2.5, 0.125, 1e15, Number.NaN];
    const numbers = Array.from({ length: 20_000 }, () => (random() - 0.3) * 10 ** Math.floor(14 * random() - 2));
    for (const n of [...special, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...numbers])
      assert.equal(num(n, digits), intl.format(n), `${n} with ${digits} digits`);
  }
  // The one difference: no minus before a nought that was none.
  assert.equal(num(-0), '0');
});
