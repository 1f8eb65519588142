/** The size of model that suits a machine: from its measured speed, never more than the learner has patience for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { fittingSize } = await import('../../www/app/drafting.js');

const draft = { batch: 8, context: 96, steps: 700, vocabSize: 768 };

test('a faster machine is offered a larger model, within three minutes', () => {
  const sizes = [1e8, 2e9, 8e9, 3e10, 1e12].map((speed) => fittingSize(speed, draft));
  for (const [i, { width, ms }] of sizes.entries()) {
    if (i > 0) assert.ok(width >= sizes[i - 1].width, `${width}`);
    if (width > 32) assert.ok(ms <= 180_000, `${ms}`);
  }
  assert.ok(sizes[0].width < sizes[4].width);
  assert.equal(sizes[4].layers, 8);
});

test('more steps leave room for a smaller model only; the smallest is offered even where it takes longer', () => {
  assert.ok(fittingSize(8e9, { ...draft, steps: 20_000 }).width < fittingSize(8e9, draft).width);
  const slow = fittingSize(1e6, draft);
  assert.deepEqual([slow.layers, slow.width], [1, 32]);
  assert.ok(slow.ms > 180_000);
});
