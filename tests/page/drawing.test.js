/** What is drawn on canvases, without one: levels of the ramp, heights of labels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offLines, spread, thinned } from '../../www/views/chart.js';
import { exactLevel, level } from '../../www/views/heat.js';

test('a weight has the level that its power gives, or the one beside it', () => {
  let other = 0;
  let before = 0;
  for (let i = 0; i <= 100_000; i++) {
    const weight = i / 100_000;
    const found = level(weight);
    assert.ok(Math.abs(found - exactLevel(weight)) <= 1, `${weight}: ${found}, not ${exactLevel(weight)}`);
    assert.ok(found >= before, `${weight}: darker than what is larger`);
    before = found;
    if (found !== exactLevel(weight)) other++;
  }
  assert.ok(other < 5_000, `${other} of 100,001 beside`);
  assert.deepEqual([0, 1, -1, 2, Number.NaN].map(level), [0, 255, 0, 255, undefined]);
});

test('labels keep their order and distance, and lie on no line', () => {
  const room = { reach: 7, top: 8, floor: 150 };
  for (const [labels, lines] of [
    [[100, 114], []],
    [[100, 114], [101]],
    [
      [140, 154],
      [120, 137, 148],
    ],
    [[149], [150, 140, 130]],
    [[10], [8, 20]],
  ]) {
    const found = offLines(labels, lines, room);
    assert.deepEqual(
      found.map((y) => y - found[0]),
      labels.map((y) => y - labels[0]),
    );
    for (const y of found) {
      assert.ok(y >= room.top && y <= room.floor, `${y}`);
      for (const line of lines) assert.ok(Math.abs(line - y) >= room.reach, `${y} on ${line}`);
    }
  }
  assert.deepEqual(offLines([100, 114], [50], room), [100, 114]);
  assert.deepEqual(offLines([], [50], room), []);
  // No place is free: as they were.
  const full = Array.from({ length: 40 }, (_, i) => 4 * i);
  assert.deepEqual(offLines([60], full, room), [60]);
});

test('labels that would overlap move down; a long curve is drawn as means', () => {
  assert.deepEqual(spread([10, 12, 40], 14), [10, 24, 40]);
  const [steps, values] = thinned(Float32Array.from({ length: 1_200 }, (_, i) => i % 2));
  assert.deepEqual([steps.length, steps[0], steps.at(-1), values[0], values.at(-1)], [600, 2, 1_200, 0.5, 0.5]);
});
