/** The rule that says how many workers train a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_WORKERS, mostWorkers, Trial } from '../../www/engine/trial.js';

/** Workers that a trial settles on where a step takes `ms[count]`, and the counts it tried. @param {number} most @param {Record<number, number>} ms */
function settled(most, ms) {
  const trial = new Trial(most);
  const tried = new Set();
  for (let i = 0; i < 10_000 && !trial.done; i++) {
    tried.add(trial.workers);
    // Now and then something else takes the machine.
    trial.took(ms[trial.workers] * (i % 7 === 3 ? 5 : 1));
  }
  assert.ok(trial.done);
  return [trial.workers, [...tried]];
}

test('a number that was asked for is used, within shards and the most there can be', () => {
  assert.equal(mostWorkers(3, 2, 8), 3);
  assert.equal(mostWorkers(0, 2, 8), 2);
  assert.equal(mostWorkers(0, 64, 64), MOST_WORKERS);
  assert.equal(mostWorkers(8, 16, 4), 4);
  assert.equal(mostWorkers(0, 1, 1), 1);
});

test('where more workers are faster they stay', () => {
  assert.deepEqual(settled(2, { 2: 60, 1: 100 }), [2, [2, 1]]);
  assert.deepEqual(settled(8, { 8: 20, 4: 36, 2: 70, 1: 140 }), [8, [8, 4]]);
});

test('where the exchange costs more than it saves one worker goes on', () => {
  assert.deepEqual(settled(2, { 2: 3, 1: 2.5 }), [1, [2, 1]]);
  assert.deepEqual(settled(8, { 8: 9, 4: 6, 2: 5, 1: 4 }), [1, [8, 4, 2, 1]]);
});

test('of two counts that are as fast the smaller is taken', () => {
  assert.deepEqual(settled(4, { 4: 50, 2: 51, 1: 90 }), [2, [4, 2, 1]]);
});

test('workers that are lost are not counted on', () => {
  const trial = new Trial(4);
  trial.cap(2);
  assert.deepEqual([trial.workers, trial.done], [2, false]);
  trial.cap(3);
  assert.equal(trial.workers, 2);
  trial.cap(1);
  assert.deepEqual([trial.workers, trial.done], [1, true]);
  assert.equal(new Trial(1).done, true);
});
