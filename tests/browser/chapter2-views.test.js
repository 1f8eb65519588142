/** The views of chapter 2, made from invented data: what they draw, what they tell, and that they leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';

for (const name of browsers) {
  test(`each view draws data, tells events and is gone when destroyed (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { listener, shown, speaking, tokensOf } = await load('/tests/browser/views-page.js');
        await speaking('chapters', 'chapter2');
        const { PrefixView } = await load('/views/prefix.js');
        const { SamplerView } = await load('/views/sampler.js');
        const { LadderView } = await load('/views/ladder.js');
        const { RivalsView } = await load('/views/rivals.js');
        const { SurpriseView } = await load('/views/surprise.js');
        const { NumberView, ProgressView, TaskView } = await load('/views/checkpoints.js');

        const vocabulary = tokensOf('a', ' b', 'c', '<script>');
        const nats = Float32Array.of(Number.NaN, 0.5, 2.5, 1);
        const scores = {
          step: 7,
          model: nats,
          bigram: nats,
          trigram: nats,
          context: Uint32Array.of(0, 1, 2, 3),
          tokens: vocabulary,
        };
        const half = Float32Array.of(0.5, 0.25, 0.125, 0.125);
        return shown(
          /** @type {import('./views-page.js').Round[]} */ ([
            [PrefixView, { text: 'a b', tokens: vocabulary, selected: 1, hovered: -1 }, ['.tok:nth-of-type(1)']],
            [
              SamplerView,
              { vocabulary, given: [0], chosen: [{ id: 1, p: 0.25 }], next: half, ready: true },
              ['.bar', '.acts button:nth-child(1)', '.acts button:nth-child(2)', '.acts button:nth-child(3)'],
            ],
            [LadderView, { nats: { uniform: 4, bigram: 2, trigram: 1.5, model: 1 }, bitsPerNat: 0.5, step: 9 }, []],
            [
              RivalsView,
              {
                vocabulary,
                prefix: [0, 1],
                next: { model: half, bigram: half, trigram: half },
                written: { model: [2, 3] },
                context: 8,
              },
              ['.tools button'],
            ],
            [
              SurpriseView,
              { text: 'x', scores, vocabSize: 4, by: 'model', selected: 2 },
              ['.seg button:nth-child(2)', '.tok:nth-of-type(3)'],
            ],
            [NumberView, { question: 'How many?', typed: '3', checked: true, right: false, why: 'because' }, ['.btn']],
            [TaskView, { task: 'do it', met: true, now: 'now' }, []],
            [ProgressView, { met: 1, of: 3, some: true }, ['button']],
          ]),
          listener(),
        );
      });
      assert.deepEqual(found.wrong, []);
      const text = Object.fromEntries(found.words);
      assert.match(text.SamplerView, /−1\.39.*25%.*4\.0/);
      assert.match(text.LadderView, /2\.00.*1\.00.*0\.75.*0\.50.*trigram table: 33% fewer/);
      assert.match(text.RivalsView, /sees 0 tokens.*Each of 4 tokens has 25%.*sees 1 token .*sees 2 tokens.*c<script>/);
      // 4 nats over the 11 bytes after the first token.
      assert.match(text.SurpriseView, /bits per byte0\.52.*Most surprising: c, 2\.5 nats.*at most 3 tokens/);
      assert.match(text.NumberView, /Not quite\. because/);
      assert.match(text.TaskView, /do it ?Done\. now/);
      assert.match(text.ProgressView, /1 of 3/);
      assert.deepEqual(
        found.told.filter((/** @type {unknown[]} */ [event]) => event !== 'hover'),
        [
          'PrefixView',
          ['select', 0],
          'SamplerView',
          ['choose', 0],
          ['draw', 'event'],
          ['undo', 'event'],
          ['restart', 'event'],
          'LadderView',
          'RivalsView',
          ['write', 'event'],
          'SurpriseView',
          ['by', 'trigram'],
          ['select', 2],
          'NumberView',
          ['check'],
          'TaskView',
          'ProgressView',
          ['reset', 'event'],
        ],
      );
    }));
}
