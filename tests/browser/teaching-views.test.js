/** The views of chapters 5 to 7, made from invented data: what they draw, what they tell, and that they leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';

for (const name of browsers) {
  test(`each view of chapters 5 to 7 draws data, tells events and is gone when destroyed (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { listener, shown, speaking, tokensOf } = await load('/tests/browser/views-page.js');
        await speaking('chapters', 'teaching', 'chapter5', 'chapter6', 'chapter7');
        const { AbView } = await load('/views/ab.js');
        const { BetterView, winRate } = await load('/views/better.js');
        const { ChatView } = await load('/views/chat.js');
        const { CircuitView, StartsView } = await load('/views/circuit.js');
        const { CountedView } = await load('/views/counted.js');
        const { CourseView } = await load('/views/course.js');
        const { DuelView } = await load('/views/duel.js');
        const { GoneView } = await load('/views/gone.js');
        const { FactsView } = await load('/views/facts.js');
        const { HonestView } = await load('/views/honest.js');
        const { PairsView } = await load('/views/pairs.js');
        const { PreferringView } = await load('/views/preferring.js');
        const { SkillsView } = await load('/views/skills.js');
        const { TraceView } = await load('/views/trace.js');
        const { TuningView } = await load('/views/tuning.js');
        const heard = listener();
        const tokens = tokensOf(
          '<|user|>',
          ' 2+3',
          '<|assistant|>',
          '2+3',
          '<|result|>',
          '5',
          ' It',
          '<script>',
          '<|end|>',
        );
        const spoken = {
          tokens,
          authors: Uint8Array.of(0, 0, 0, 1, 1, 2, 1, 1, 1),
          probabilities: Float32Array.of(1, 0.1, 0.9, 0.5, 0.9, 0.2, 0.9, 0.8, 0.75),
          answer: 'It <script>',
          calls: [{ request: '2+3', kind: 'value', reply: '5', written: '5' }],
          outcome: 'answered',
        };
        // A call without an end, and a character that two tokens share.
        const shared = tokensOf('<|user|>', '8/4', '<|assistant|>', '<|tool|>', 'a', '小', '4-');
        shared.byteStart[5]++;
        const unfinished = {
          ...spoken,
          tokens: shared,
          authors: Uint8Array.of(0, 0, 0, 1, 1, 1, 1),
          probabilities: new Float32Array(7).fill(0.5),
          calls: [],
          outcome: 'too-long',
        };
        const stage = (/** @type {object} */ more) => ({
          id: 1,
          name: '1 · Base model',
          about: '700 steps',
          others: ['2 · <script>'],
          ...more,
        });
        const course = {
          opening: null,
          info: { parameters: 406_000, vocabSize: 768, trainTokens: 450_000 },
          stages: [],
          running: null,
          measuring: null,
          failure: null,
          wish: { quick: true, start: 'look-back' },
          chain: null,
          canAdopt: true,
          restoring: false,
          kept: '',
          foreign: false,
          incomplete: true,
          report: [],
          own: '',
          wide: false,
        };
        const stages = [
          stage({ figures: 'loss 1.13', fresh: false, depth: 0, from: true }),
          stage({ id: 2, name: '2 · <script>', figures: '93% exact', fresh: true, depth: 1, from: false }),
        ];
        const at = (/** @type {number} */ step, /** @type {object} */ more) => ({
          step,
          steps: 9,
          pool: [0, 0],
          lossNats: null,
          pairs: null,
          policy: null,
          ...more,
        });
        const pairsOf = (/** @type {number} */ lossNats, /** @type {number} */ chosen) => ({
          pairs: { pairs: 8, lossNats, chosen, rejected: -9, margin: 1, accuracy: 1 },
        });
        const policyOf = (/** @type {number} */ withoutSignal) => ({
          policy: { reward: 0.5, divergence: 1.5, logProb: -3, withoutSignal },
        });
        const compared = (/** @type {[string, string]} */ tones, /** @type {[boolean, boolean]} */ right) => ({
          user: 'Who?',
          answers: ['Mia.', 'My friend, <script>'],
          tones,
          right,
          rewards: [0, 1],
          divergence: 3.25,
        });
        const rows = [compared(['rude', 'polite'], [true, true]), compared(['plain', 'polite'], [true, false])];
        const preferring = {
          ready: true,
          method: 'prefer',
          kl: 0.3,
          clicks: 3,
          beta: 0.1,
          from: '2 · Fine-tuned',
          undo: '',
          trail: [],
        };
        const tuned = { name: '2 · Tuned', trained: 3_648, steps: 60, exact: 0.93, fresh: 0.83, lossNats: 1.17 };
        const row = { name: 'Goal', cells: ['a', '<script>'] };
        return shown(
          /** @type {import('./views-page.js').Round[]} */ ([
            [CourseView, course, ['[data-act=base]', '[data-act=adopt]', '[data-act=chain]'], 'a'],
            [
              CourseView,
              {
                ...course,
                stages,
                kept: 'Kept on this device, 3 MB',
                foreign: true,
                report: [{ name: 'wins', value: '83% (74%–90%)' }],
                own: 'mixes people up',
                failure: 'It <script> failed.',
              },
              ['[data-act=branch]', 'li:nth-child(2) [data-act=remove]', '[data-act=chain]', '[data-act=reset]'],
              'b',
            ],
            [
              CourseView,
              {
                ...course,
                stages,
                incomplete: false,
                running: { name: 'Tools', share: 0.4, detail: 'step 4 of 9', paused: true, leftMs: 61_000 },
                measuring: { name: 'x', share: 0.5 },
                chain: { step: 'Tools', share: 0.8, stop: () => heard.told.push(['stop-chain']) },
              },
              ['[data-act=pause]', '[data-act=skip]', '[data-act=cancel]', '[data-act=stop-chain]'],
              'c',
            ],
            [CourseView, { ...course, stages, incomplete: false }, ['[data-act=reset]'], 'd'],
            [
              DuelView,
              {
                question: 'Who?',
                options: [{ id: 1, name: 'one' }],
                sides: [
                  { id: 1, aside: 'continues', spoken },
                  { id: null, aside: '', spoken: null },
                ],
                ready: true,
                wrong: 'too long',
              },
              ['form .btn', '[data-act=another]'],
            ],
            [CountedView, { example: { tokens, weights: Float32Array.of(0, 0, 0, 1, 1, 1, 1, 1, 1) } }, ['button']],
            [
              PairsView,
              {
                text: '{}',
                count: 1,
                errors: Array.from({ length: 9 }, (_, i) => ({
                  line: i + 1,
                  code: 'equal',
                  expected: 'a',
                  found: 'b',
                })),
                said: { key: 'pairs.too-long', params: { found: '3 MB', most: '200 kB' }, errors: [] },
                canUndo: true,
              },
              ['[data-act=undo-pairs]', '[data-act=save]'],
              'preference',
            ],
            [
              TuningView,
              {
                ready: true,
                from: '1 · Base model',
                rank: 4,
                targets: 'blocks',
                which: 'adapters',
                total: 72_960,
                rows: [{ ...tuned, change: 0.04, unmerged: [0.000012, 3.5] }],
              },
              ['[data-act=adapters]'],
            ],
            [
              CircuitView,
              {
                ready: true,
                options: [{ id: 'look-back', name: 'before' }],
                which: 'look-back',
                roles: [
                  { layer: 0, head: 0, role: 'previous', share: 0.91 },
                  { layer: 1, head: 0, role: 'followed', share: null },
                ],
                head: [1, 0],
              },
              ['[data-role="0,0"]', '[data-act=another-text]'],
            ],
            [
              StartsView,
              {
                ready: true,
                canCompare: true,
                runs: [
                  {
                    start: 'look-back',
                    losses: [[9, 2]],
                    scores: [
                      [0, 0.1],
                      [9, 0.98],
                    ],
                  },
                  {
                    start: 'random',
                    losses: [[9, 3]],
                    scores: [
                      [0, 0],
                      [9, 0.2],
                    ],
                  },
                ],
              },
              ['[data-act=random-run]'],
            ],
            [HonestView, { head: ['Pre-training', 'Fine-tuning'], rows: [row], notes: ['measured here'] }, []],
            [
              AbView,
              {
                ready: true,
                user: 'Who?',
                answers: ['Mia.', '<script>'],
                chosen: 2,
                wanted: 12,
                ruled: 24,
                canUndo: true,
                rule: { name: 'pattern', pattern: '(' },
                wrong: 'no pattern',
                choosing: false,
              },
              ['[data-answer="1"]', '[data-act=equal]', '[data-act=bad]', '[data-act=undo]', '[data-act=judge]'],
            ],
            [
              PreferringView,
              { ...preferring, trail: [at(1, pairsOf(Math.LN2, -2)), at(2, pairsOf(0.4, -2.5))] },
              ['[data-act=prefer]'],
            ],
            [
              PreferringView,
              {
                ...preferring,
                method: 'policy',
                kl: 0,
                undo: '2 · Fine-tuned',
                trail: [at(1, policyOf(0)), at(4, policyOf(3))],
              },
              ['[data-act=undo-preferring]'],
            ],
            [
              BetterView,
              {
                rows,
                rate: winRate([
                  [0, 1],
                  [0, 1],
                  [1, 0],
                  [1, 1],
                ]),
                by: 'your rule',
                gamed: true,
                ready: true,
                title: '3',
                kl: 0,
              },
              [],
            ],
            [
              BetterView,
              {
                rows,
                rate: winRate([
                  [1, 1],
                  [2, 2],
                ]),
                by: 'your rule',
                gamed: false,
                ready: true,
                title: '3',
                kl: 0.3,
              },
              [],
            ],
            [BetterView, { rows: [], rate: null, by: '', gamed: false, ready: true, title: '', kl: null }, ['button']],
            [
              TraceView,
              {
                ready: true,
                title: '4 · With tools',
                question: '2 + 3',
                handed: '2+3',
                spoken,
                edits: ['9'],
                wrong: null,
                called: { request: '5/0', kind: 'division-by-zero', reply: '', written: null },
              },
              ['[data-act=another]', 'form .btn', '[data-act=call]'],
            ],
            [FactsView, { rows: [['Mia', '42']], asks: ['Look up Mia.'] }, ['td button', '[data-act=add-fact]']],
            [
              SkillsView,
              {
                ready: true,
                from: '3 · Preferred',
                gamed: { before: '78%', after: '3.3%' },
                missing: 'without',
                columns: ['4 · With tools'],
                rows: [{ name: 'two digits', cells: ['24 of 24'] }],
                samples: [{ user: '2+3', answer: '<script>', wanted: '5', right: false }],
              },
              ['[data-act=tools]', '[data-act=no-tools]'],
            ],
            [
              ChatView,
              {
                ready: true,
                options: [{ id: 4, name: '4 · With tools' }],
                stage: 4,
                turns: [
                  { user: '<script>', answer: 'Hello.', note: '2+3 → 5', by: '4 · With tools' },
                  { user: 'Hi', answer: null, note: '', by: '4 · With tools' },
                ],
                busy: true,
              },
              ['form .btn', 'form .bare'],
            ],
            [GoneView, { words: 'Removed: <script>.' }, ['[data-act=undo-gone]', '[data-act=forget-gone]']],
            [
              TraceView,
              {
                ready: true,
                title: '',
                question: '8/4',
                handed: '8/4',
                spoken: unfinished,
                edits: [],
                wrong: null,
                called: null,
              },
              [],
            ],
          ]),
          heard,
        );
      });
      assert.deepEqual(found.wrong, []);
      const texts = found.words.map((/** @type {[string, string]} */ [, words]) => words);
      /** @type {[number, RegExp][]} */
      const wanted = [
        [0, /Nothing is trained yet.*Pre-train a base model.*Grow one for me/],
        [
          1,
          /2 · <script>.*mixes people up.*It <script> failed\..*Make the stages that are missing.*Kept on.*speaks Chinese.*83% \(74%–90%\)/,
        ],
        [2, /step 4 of 9.*about 1 min 1 s left.*Go on.*Enough.*Cancel.*50%.*Growing: Tools.*Stop growing/],
        [4, /user·2\+3assistant2\+3result5·It<script>end ?Stopped by itself after 5 tokens.*75%.*Nothing asked yet/],
        [5, /6 of 9 tokens count/],
        [
          6,
          /1 of your own, beside the choices.*This text has 3 MB; at most 200 kB.*Line 8: two different.*And 1 line more/,
        ],
        [7, /from 1 · Base model.*3,648 5\.0%.*93%.*\+0\.04 worse.*at most 0\.00001\d?\. With them in: by up to 3\.50/],
        [8, /layer 1 head 1 looks at the token before 91%.*layer 2 head 1 looks at what followed/],
        [9, /98%.*20%.*2\.00.*3\.00/],
        [10, /Goal ?a<script>/],
        [
          11,
          /2 choices; 12 are enough.*<script>.*leave the pair out.*Let it choose 24 times.*Capitals and small.*no pattern/,
        ],
        [
          12,
          /3 choices · from 2 · Fine-tuned.*first step seen was 0\.693.*last is 0\.400.*less probable, too.*β = 0\.1/,
        ],
        [
          13,
          /Undo: back to 2 · Fine-tuned.*Watch the answers, not the reward.*In 3 steps all answers had the same reward: no signal/,
        ],
        [
          14,
          /Wins 67%.*21% to 94%: 2 wins, 1 losses, judged by your rule\. 1 equal, which the share leaves out.*right answers went from 100% to 50%.*3\.3 nats.*builds nothing on this stage.*✗ wrong/,
        ],
        [15, /No winner: all 2 pairs are equal/],
        [
          17,
          /4 · With tools.*Handed on as “2\+3”.*Writes a call.*2\+3.*Runs the calculator.*2\+3 = 5.*forced, not predicted.*<script>.*5\/0 · Refuses: nothing can be divided by 0/,
        ],
        [18, /ask one of them.*Look up Mia\./],
        [19, /78% before, 3\.3% after.*24 of 24.*Only the training with a tool so far.*2\+3 → <script> ?✗ 5/],
        [22, /Begins a call and never ends it.*tool ?a小 ?aE5 ?B0·8F ?4-/],
        [20, /<script>.*Hello\..*4 · With tools · 2\+3 → 5.*Hi.*….*Stop/],
        [21, /Removed: <script>.*Undo.*Delete for good/],
      ];
      for (const [i, pattern] of wanted) assert.match(texts[i], pattern, found.words[i][0]);
      assert.ok(!/missing/.test(texts[3]), texts[3]);
      assert.ok(!/KL penalty of 0|builds nothing/.test(texts[15]), texts[15]);
      assert.deepEqual(found.told, [
        'CourseView',
        ['base', 'event'],
        ['adopt', 'event'],
        ['chain', 'event'],
        'CourseView',
        ['branch', 1],
        ['remove', 2],
        ['chain', 'event'],
        ['reset', 'event'],
        'CourseView',
        ['pause', 'event'],
        ['stop', true],
        ['stop', false],
        ['stop-chain'],
        'CourseView',
        ['reset', 'event'],
        'DuelView',
        ['ask'],
        ['another', 'event'],
        'CountedView',
        ['another', 'event'],
        'PairsView',
        ['undo', 'event'],
        ['save', 'event'],
        'TuningView',
        ['adapters', 'event'],
        'CircuitView',
        ['head', 0, 0],
        ['another', 'event'],
        'StartsView',
        ['compare', 'event'],
        'HonestView',
        'AbView',
        ['choose', 1],
        ['equal', 'event'],
        ['bad', 'event'],
        ['undo', 'event'],
        ['judge', 'event'],
        'PreferringView',
        ['learn', 'event'],
        'PreferringView',
        ['undo', 'event'],
        'BetterView',
        'BetterView',
        'BetterView',
        ['compare', 'event'],
        'TraceView',
        ['another', 'event'],
        ['ask'],
        ['call', ''],
        'FactsView',
        ['remove', 0],
        ['add', 'event'],
        'SkillsView',
        ['learn', true],
        ['learn', false],
        'ChatView',
        ['stop', 'event'],
        ['reset', 'event'],
        'GoneView',
        ['undo', 'event'],
        ['forget', 'event'],
        'TraceView',
      ]);
    }));

  test(`axis words of charts keep their size, and a long question is whole in its field (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        for (const sheet of ['css/tokens', 'css/base', 'chapters/chapter', 'views/teaching']) {
          const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `/${sheet}.css` });
          await new Promise((done) => {
            link.onload = done;
            document.head.append(link);
          });
        }
        const { speaking } = await load('/tests/browser/views-page.js');
        await speaking('chapters', 'teaching', 'chapter5');
        const { StartsView } = await load('/views/circuit.js');
        const { DuelView } = await load('/views/duel.js');
        const [charts, duel] = [document.createElement('div'), document.createElement('div')];
        document.body.append(charts, duel);
        const values = [
          [0, 0.1],
          [60, 0.9],
        ];
        const runs = [{ start: 'random', scores: values, losses: values }];
        new StartsView(charts, {}).update({ runs, ready: true, canCompare: true });
        const view = new DuelView(duel, {
          ask: () => (duel.dataset.asked = String(Number(duel.dataset.asked ?? 0) + 1)),
          type: (/** @type {string} */ text) => show(text),
        });
        const show = (/** @type {string} */ question) =>
          view.update({
            question,
            options: [],
            sides: [0, 1].map(() => ({ id: null, aside: '', spoken: null })),
            ready: true,
            wrong: null,
          });
        show('Mia has a stone. Tom has a ball. Mia gives the stone to Tom. Who has the stone now?');
      });
      for (const width of [1280, 320]) {
        await page.setViewport({ width, height: 700 });
        const seen = await page.evaluate(() => {
          const field = /** @type {HTMLElement} */ (document.querySelector('.duel .field'));
          const words = [...document.querySelectorAll('.plot span > span')];
          return {
            words: words.length,
            small: words.filter((e) => Number.parseFloat(getComputedStyle(e).fontSize) < 12).length,
            scaled: document.querySelectorAll('svg text').length,
            cut: field.scrollHeight > field.clientHeight || field.scrollWidth > field.clientWidth,
          };
        });
        assert.deepEqual(seen, { words: 8, small: 0, scaled: 0, cut: false }, String(width));
      }
      const enter = (/** @type {object} */ more) =>
        page.$eval(
          '.duel .field',
          (e, more) => {
            const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more });
            e.dispatchEvent(event);
            return [event.defaultPrevented, e.closest('.duel')?.getAttribute('data-asked') ?? ''];
          },
          more,
        );
      assert.deepEqual(await enter({ isComposing: true }), [true, ''], 'an input method uses it');
      assert.deepEqual(await enter({}), [true, '1']);
      const put = await page.$eval('.duel .field', (e) => {
        const field = /** @type {HTMLTextAreaElement} */ (e);
        field.value = 'Who?\nMia?';
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        return field.value;
      });
      assert.equal(put, 'Who? Mia?');
    }));
}
