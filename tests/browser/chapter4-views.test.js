/** The views of chapter 4 and of the lab, made from invented data: what they draw, what they tell, and that they leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hand } from '../by-hand.js';
import { blank, browsers, withBrowser } from './harness.js';

/** With a tensor that no number is asked of. */
const step = { ...hand, tensors: [{ name: 'deep', shape: [1, 2], decayed: true }, ...hand.tensors], tensor: 1 };

for (const name of browsers) {
  test(`each view of chapter 4 draws data, tells events and is gone when destroyed (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async (hand) => {
        const load = (/** @type {string} */ path) => import(path);
        const { listener, shown, speaking } = await load('/tests/browser/views-page.js');
        await speaking('chapters', 'chapter4', 'lab');
        const { DocumentsView } = await load('/views/documents.js');
        const { PaceView } = await load('/views/pace.js');
        const { ByHandView } = await load('/views/by-hand.js');
        const { FailingView } = await load('/views/failing.js');
        const { CopiedView } = await load('/views/copied.js');
        const { NormsView } = await load('/views/norms.js');
        const { LabView } = await load('/views/lab.js');
        const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
        const heard = listener();
        const moment = {
          step: 1,
          lossNats: 9,
          validationNats: null,
          learningRate: 1,
          event: null,
          backTo: null,
          done: false,
        };
        const copied = { start: 2, len: 3, of: 6, line: [...bytes('x<script>abc')], lineStart: 9 };
        const evaluations = [{ step: 0, lossNats: 6, bitsPerByte: 3 }];
        return shown(
          /** @type {import('./views-page.js').Round[]} */ ([
            [
              DocumentsView,
              {
                corpus: 'names',
                model: 'stories-en',
                hasOwn: false,
                documents: [
                  { n: 1, text: '<script>\u202e', bytes: 11, flags: ['short'] },
                  { n: 2, text: 'two', bytes: 3, flags: [] },
                ],
              },
              ['.seg button:nth-child(2)', ':scope > p.tools button', '.tools .seg button:nth-child(2)'],
            ],
            [
              PaceView,
              {
                step: 5,
                steps: 10,
                running: false,
                watching: false,
                spent: { ms: 2000, steps: 5 },
                stepMs: 400,
                lastLoss: 3,
                tokensPerStep: 32,
              },
              ['button:nth-child(1)', 'button:nth-child(2)'],
            ],
            [
              ByHandView,
              { found: hand, most: 9 },
              [
                '.weights button:nth-child(2)',
                ':scope > .tools button:nth-child(2)',
                ':scope > .tools button:nth-child(3)',
              ],
            ],
            [
              FailingView,
              {
                moments: [
                  moment,
                  { ...moment, step: 2, event: 'diverged' },
                  { ...moment, step: 3, event: 'rolledBack', backTo: 1, done: true },
                ],
                running: false,
                theme: '',
              },
              ['.tools button'],
              'rate',
            ],
            [
              CopiedView,
              {
                samples: [{ step: 7, bytes: bytes('..abc.'), copied, unseen: { ...copied, len: 1 } }],
                looking: false,
                count: 1,
              },
              ['.tools button'],
            ],
            [
              NormsView,
              {
                norms: {
                  step: 3,
                  gradient: 2,
                  clip: 1,
                  update: 0.5,
                  tensors: [{ name: 'model.a', values: 4, weights: 2, gradient: 2, update: 0.5 }],
                },
                looking: false,
                ready: true,
              },
              ['.tools button'],
            ],
            [
              LabView,
              {
                runs: [
                  {
                    id: 'r',
                    name: '<script>',
                    letter: 'A',
                    changed: null,
                    parameters: 9,
                    step: 4,
                    seconds: 2,
                    weights: 0,
                    best: evaluations[0],
                  },
                ],
                curves: [{ evaluations, step: 4 }],
                stages: [{ name: '1 · <script>', from: '', steps: 700, figures: 'loss 1.13' }],
                gone: 'Deleted: <script>.',
                stored: { list: 10, model: 0, course: 3_000_000, weights: 3000, all: 2000 },
              },
              ['[type=checkbox]', 'td.acts button:nth-child(2)', '[data-act=undo-gone]', '[data-act=forget-gone]'],
            ],
          ]),
          heard,
        );
      }, step);
      assert.deepEqual(found.wrong, []);
      const text = Object.fromEntries(found.words);
      assert.match(
        text.DocumentsView,
        /marks? 1 of the first 2 documents, 50%.*11 bytes · too short ?<script>\[U\+202E\]/,
      );
      assert.match(text.PaceView, /400 ms.*3 times the watchable pace: all 10 steps/);
      assert.match(text.ByHandView, /\(0\.5000 − 1\) × 2\.0000 ÷ 2 = −0\.50000.*= 0\.50000/);
      assert.match(
        text.FailingView,
        /Step 2: noticed\. The loss has risen to 9\.00.*Step 3: rolled back to the weights of step 1/,
      );
      assert.match(
        text.CopiedView,
        /Step 7: 50% in one piece\. 3 of 6 bytes\. Unseen text of that length: 17%\..*x<script>abc/,
      );
      assert.match(text.NormsView, /shortened to 1\.00.*25\.00%/);
      assert.match(
        text.LabView,
        /reference run.*6\.00.*3\.00.*Deleted: <script>\..*1 · <script>–700loss 1\.13.*chapters 5 to 7, with its stages ?3\.0 MB/,
      );
      assert.deepEqual(found.told, [
        'DocumentsView',
        ['corpus', 'stories-zh'],
        ['learn', 'names'],
        'PaceView',
        ['watch', true],
        ['train', 'event'],
        'ByHandView',
        ['choose', { index: 1 }],
        ['choose', { step: 3 }],
        ['print', 'event'],
        'FailingView',
        ['start'],
        'CopiedView',
        ['look'],
        'NormsView',
        ['look'],
        'LabView',
        ['choose', 'r', false],
        ['remove', 'r'],
        ['undo', 'event'],
        ['forget', 'event'],
      ]);
    }));
}
