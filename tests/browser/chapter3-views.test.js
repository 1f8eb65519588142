/** The views of chapter 3, made from invented data: what they draw, what they tell, and that they leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';

for (const name of browsers) {
  test(`each view of chapter 3 draws data, tells events and is gone when destroyed (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { listener, shown, speaking, tokensOf } = await load('/tests/browser/views-page.js');
        await speaking('chapters', 'chapter3');
        const { AblationView } = await load('/views/ablation.js');
        const { CellView } = await load('/views/cell.js');
        const { EditView } = await load('/views/edit.js');
        const { HabitsView } = await load('/views/habits.js');
        const { LensView } = await load('/views/lens.js');
        const { MapView } = await load('/views/map.js');
        const { BeyondView, RaceView } = await load('/views/measure.js');
        const { RecallView } = await load('/views/recall.js');
        const { SumView } = await load('/views/sum.js');
        const { WalkView } = await load('/views/walk.js');

        const tokens = tokensOf('a', ' b', '<script>');
        const f = (/** @type {number[]} */ ...values) => Float32Array.from(values);
        const reading = {
          tokens,
          step: 5,
          first: 0,
          layers: 1,
          heads: 2,
          time: 3,
          vocabSize: 3,
          attention: new Float32Array(18).fill(0.5),
          habits: Uint8Array.of(1, 0),
          habitShares: f(0.8, 0),
          allShares: f(0.8, 0.1, 0, 0, 0, 0.2, 0.25, 0, 0, 0),
          firstWeight: f(0.1, 0.4),
          firstValue: f(2, 0.5),
          otherValue: f(1, 2),
          residualNorms: f(1, 1, 1, 2, 3, 4),
          losses: f(3, 5),
          plainLosses: f(2, 4),
          ripple: f(0, 0, 0, 0, 0.5, 1),
        };
        const prediction = (/** @type {number[]} */ ...probs) => ({ ids: Uint32Array.of(0, 1, 2), probs: f(...probs) });
        const look = {
          id: 1,
          now: prediction(0.2, 0.7, 0.1),
          plain: prediction(0.6, 0.3, 0.1),
          guess: { ids: Uint32Array.of(0, 2, 1, 1, 0, 2), probs: f(0.5, 0.3, 0.2, 0.7, 0.2, 0.1), asked: f(0.2, 0.7) },
          shares: { sources: Int32Array.of(0, -1, -1, 1, 0, 1, 3, 0, -1), values: f(0.5, -1.25, 2) },
        };
        const place = { part: 5, layer: 0, row: 1, head: 0, column: 2 };
        const none = Int32Array.from({ length: 10 }, () => -1);
        const sum = {
          value: 1.5,
          rule: 0,
          scale: 1,
          offset: 0.5,
          chosen: 0,
          factors: f(2, 1),
          times: f(1, -1),
          values: f(2, -1),
          from: Int32Array.of(1, 0, 1, 0, 0, 1, 0, 1, 0, 1),
          with: none,
          weights: Int32Array.of(4, 5),
          tensor: 'h.0.weight',
        };
        const softmax = {
          ...sum,
          rule: 1,
          value: 0.25,
          factors: f(0, 1.0986),
          times: f(1, 1),
          values: f(0, 1.0986),
          weights: none,
        };
        const facts = {
          step: 5,
          headDim: 2,
          config: { layers: 1, heads: 2, context: 8, width: 4, vocabSize: 3, mlp: 'gelu', tied: true },
          tensors: [
            { name: 'wte', shape: [3, 4], offset: 0 },
            { name: 'gain', shape: [4], offset: 12 },
          ],
        };
        const cell = {
          q: f(1, 2),
          k: f(3, 4),
          v: f(5, 6),
          first: [0, 4, 8],
          score: { ...sum, value: 7.778, values: f(3, 8), offset: 0 },
          weight: softmax,
          mixed: f(0.1, 0.2),
        };
        const heard = listener();
        const recalled = (/** @type {number} */ tokens, /** @type {number} */ read) => ({
          probs: [0.2, 0.2, 0.4],
          tokens,
          read,
        });
        /** @type {import('./views-page.js').Round[]} */
        const views = [
          [
            CellView,
            { reading, cell, layer: 0, head: 1, row: 2, column: 1, headDim: 2 },
            ['.steps li:nth-child(1) .num', '.steps li:nth-child(4) .num', '.steps li:nth-child(8) .num'],
          ],
          [SumView, { path: [{ ...place, part: 6 }, place], sum, reading }, ['.crumbs button', 'tbody .num']],
          [
            WalkView,
            {
              stages: [
                { place, values: f(3, 4) },
                { place: { ...place, part: 7 }, values: f(0.2, 0.8) },
              ],
              facts,
              reading,
              vocabulary: tokens,
              layer: 0,
              row: 1,
            },
            ['.num'],
          ],
          [HabitsView, { reading, layer: 0, head: 1 }, ['tbody .link']],
          [
            AblationView,
            {
              reading,
              effects: f(0.41, -0.02, 1),
              heldOut: { plain: 2, changed: 2.5, tokens: 90 },
              off: new Set(['0,1']),
              changed: true,
              canUndo: true,
              look,
              vocabulary: tokens,
            },
            ['.switches button', '.switches button:last-child', '.cap button', '.cap button:last-child'],
          ],
          [LensView, { look, reading, row: 1, vocabulary: tokens }, []],
          [
            MapView,
            {
              map: { points: f(1, 2, -1, 0, 0, -2), axes: f(1, 0, 0, 1), explained: f(0.6, 0.2) },
              near: { id: 1, ids: Uint32Array.of(0, 2), cosines: f(0.9, -0.5) },
              selected: 1,
              vocabulary: tokens,
              inText: tokens.ids,
              step: 1,
            },
            ['.near button'],
          ],
          [
            EditView,
            {
              facts,
              reading,
              chosen: { tensor: 0, row: 1, column: 2, index: 6, value: 0.25 },
              edited: 3.25,
              changed: true,
              canUndo: true,
              look,
              vocabulary: tokens,
            },
            ['.acts button', '.acts button:nth-of-type(4)', '.acts button:last-child'],
          ],
          [
            RecallView,
            {
              recall: {
                name: ' park',
                texts: ['x', 'y'],
                bigram: [0.1, 0.9, 0],
                trigram: [0.03, 0.03, 0.03],
                context: 8,
                model: [recalled(5, 5), recalled(12, 7)],
              },
              distance: 1,
            },
            [],
          ],
          [RaceView, { race: { pass: 9000, step: 3000 }, busy: false, ready: true, context: 8 }, ['button']],
          [
            BeyondView,
            {
              beyond: {
                whole: new Float32Array(15).fill(Number.NaN),
                sliding: new Float32Array(15).fill(2),
                windows: 3,
                context: 8,
              },
              busy: false,
              ready: true,
            },
            ['button'],
          ],
        ];
        const found = shown(views, heard);
        // Nothing is there yet: every view has a sentence for it.
        const absent = (/** @type {unknown} */ value) => {
          if (Array.isArray(value)) return [];
          return typeof value === 'object' && !(value instanceof Set) ? null : value;
        };
        for (const [View, data] of views) {
          const root = document.createElement('div');
          const early = new View(root, heard.on);
          early.update(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, absent(value)])));
          if (!root.textContent?.trim()) found.wrong.push(`${View.name} says nothing before its data`);
          early.destroy();
        }
        return found;
      });
      assert.deepEqual(found.wrong, []);
      const text = Object.fromEntries(found.words);
      assert.match(
        text.CellView,
        /layer 1 head 2.*2 products added up: 11\.00.*11\.00 \/ 1\.414.*2 scores stay|3 scores stay, 0/,
      );
      assert.match(text.SumView, /= 1\.500.*2 terms add up to 1\.000, plus a bias of 0\.500.*× 1\.000 w.*h\.0\.weight/);
      assert.match(
        text.WalkView,
        /first five numbers.*q, k, v in use 2.*3\.000 ?4\.000.*size 3\.536.*largest 2 ·b ?0\.800 ?a ?0\.200/,
      );
      assert.match(
        text.HabitsView,
        /L1 H1 80% names the head.*Layer 1 head 2 gives the first token most, 40%.*0\.500 against 2\.000/,
      );
      assert.match(
        text.AblationView,
        /\+0\.41.*off.*\+1\.00.*3\.00 → 4\.00 nats \(\+1\.00\).*90 tokens.*2\.00 → 2\.50/,
      );
      assert.match(
        text.LensView,
        /start ?a 50% 20%.*1 ?·b 70% 70%.*·b is first from layer 1 on.*layer 1 MLP.*\+2\.00.*layer 1 head 2.*−1\.25.*\+1\.25 over the mean/,
      );
      assert.match(text.MapView, /60% and 20%.*Nearest to ·b.*0\.90.*−0\.50/);
      assert.match(
        text.EditView,
        /0\.250.*3\.250.*Add to what it was.*2 of 3 positions moved.*3\.00 → 4\.00.*also the last matrix/,
      );
      assert.match(
        text.RecallView,
        /12 tokens before the place, but only the last 7 fit into the context of 8.*25%.*33%.*10%.*of all 3 that.*at 33%.*of them ?25% ?25%.*of all tokens ?20% ?20%/,
      );
      assert.match(text.RaceView, /9,000 tokens\/s.*3,000 tokens\/s.*3\.0 times as fast, and both/);
      assert.match(text.BeyondView, /a learned row for each of 8 positions.*2\.00 nats within, 2\.00 beyond/);
      const events = found.told.filter((/** @type {any[]} */ [event]) => event !== 'hover');
      assert.deepEqual(events, [
        'CellView',
        ['open', { part: 5, layer: 0, head: 1, row: 2, column: 0 }],
        ['open', { part: 6, layer: 0, head: 1, row: 2, column: 1 }],
        ['open', { part: 8, layer: 0, head: 1, row: 2, column: 2 }],
        'SumView',
        ['back', 0],
        ['open', { part: 1, layer: 0, row: 1, head: 0, column: 0 }],
        'WalkView',
        ['open', { part: 5, layer: 0, row: 1, head: 0, column: 0 }],
        'HabitsView',
        ['head', 0, 0],
        'AblationView',
        ['toggle', '0,0'],
        ['toggle', '0,mlp'],
        ['reset'],
        ['undo'],
        'LensView',
        'MapView',
        ['select', 0],
        'EditView',
        ['set', -9.75],
        ['set', null],
        ['undo'],
        'RecallView',
        'RaceView',
        ['measure'],
        'BeyondView',
        ['measure'],
      ]);
    }));
}
