/** When a screen reader is told of figures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Told } from '../../www/views/told.js';

test('what the model learns is not told of; a move, the past and the end are', () => {
  const told = new Told();
  const now = (/** @type {number} */ step, /** @type {object} */ more = {}) =>
    told.may({ at: 'a', step, atStep: null, learning: true, ...more });
  assert.equal(now(0), true);
  assert.equal(now(10), false);
  assert.equal(now(20), false);
  assert.equal(now(20, { at: 'b' }), true, 'a move');
  assert.equal(now(20, { at: 'b' }), true, 'what was shaped anew for it');
  assert.equal(now(30, { at: 'b' }), false);
  assert.equal(now(30, { at: 'b', atStep: 5 }), true, 'wants the past');
  assert.equal(now(5, { at: 'b', atStep: 5 }), true, 'has the past');
  assert.equal(now(5, { at: 'b' }), true, 'wants to be back');
  assert.equal(now(40, { at: 'b' }), true, 'is back');
  assert.equal(now(50, { at: 'b' }), false);
  assert.equal(now(50, { at: 'b', learning: false }), true, 'the end');
  assert.equal(now(60, { at: 'b', learning: false }), true, 'a single step');
});
