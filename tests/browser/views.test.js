/**
 * Every view that has no test of its own, from invented data: it can be made, shows the data, can do without, and leaves
 * nothing behind when it is destroyed.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';

/**
 * Runs in the page: what each view showed of its data, and what was left of it. One function, because it is sent there as
 * text and can reach nothing outside itself; nearly all of it is the table of views and their data.
 */
async function shown() {
  const load = (/** @type {string} */ path) => import(path);
  const { listener, speaking, tokensOf } = await load('/tests/browser/views-page.js');
  await speaking('chapters', 'chapter1', 'chapter2', 'teaching', 'chapter5', 'chapter6', 'chapter7', 'files');
  const { on } = listener();
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const tokens = tokensOf('zebra', ' ran', '<b>x</b>');
  const none = tokensOf();
  // One merge, of the bytes of 'z' and 'e'.
  const single = Array.from({ length: 256 }, (_, byte) => byte);
  const byId = (/** @type {number} */ value) => Int32Array.from({ length: 257 }, (_, id) => (id === 256 ? value : -1));
  const learned = {
    vocabulary: {
      ids: Uint32Array.from({ length: 257 }, (_, id) => id),
      bytes: Uint8Array.from([...single, ...bytes('ze')]),
      byteStart: Uint32Array.from([...single, 256, 258]),
      utf16Start: new Uint32Array(257),
      utf16End: new Uint32Array(257),
      special: new Uint8Array(257),
    },
    left: byId(122),
    right: byId(101),
    count: byId(77),
    merges: 1,
  };
  const word = {
    ids: Uint32Array.of(256, 98),
    bytes: bytes('zeb'),
    byteStart: Uint32Array.of(0, 2, 3),
    utf16Start: Uint32Array.of(0, 2),
    utf16End: Uint32Array.of(2, 3),
    special: new Uint8Array(2),
  };
  const written = {
    id: 0,
    bytes: bytes('zebra'),
    text: 'zebra',
    topIds: Uint32Array.of(0, 1),
    topProbs: Float32Array.of(0.75, 0.25),
    slid: false,
  };
  const model = {
    settings: { layers: 1, heads: 2, width: 32, batch: 4, context: 32, vocabSize: 400, steps: 60 },
    parameters: 4321,
    vocabSize: 400,
  };
  const evaluation = { step: 10, lossNats: 2.5, bitsPerByte: 1.25 };
  const vocabularies = [{ name: 'own', title: 'yours, 3' }];
  const bar = {
    model,
    step: 10,
    steps: 60,
    running: false,
    hidden: false,
    opening: null,
    blocked: null,
    evaluation,
    best: evaluation,
    tokensPerSecond: 0,
    workers: 0,
    leftMs: null,
    more: 0,
    undo: false,
    elsewhere: true,
  };

  const facts = { className: 'Zebra', parameters: 4321, layers: 1, heads: 2, width: 32, context: 32, vocabSize: 3 };
  const files = {
    className: 'Zebra',
    corpus: 'stories',
    python: 'import zebra',
    doing: null,
    said: null,
    savable: true,
  };

  /** File, class, data, what is to be seen of it, data of nothing, arguments between root and events. @type {[string, string, any, string, any, any[]?][]} */
  const TABLE = [
    ['footer', 'FooterView', true, 'tab', false],
    [
      'header',
      'HeaderView',
      { lang: 'en', theme: '', screen: 'play', copied: true, undo: true, busy: false },
      'glassgpt',
      { lang: 'en', theme: 'dark', screen: 'lab', copied: false, undo: false, busy: true },
    ],
    [
      'layers',
      'LayersView',
      { tokens, vocabularies, chosen: 'own', more: true },
      'yours, 3',
      { tokens: null, vocabularies: [], chosen: 'own', more: false },
    ],
    [
      'letters',
      'LettersView',
      { word: 'zebra', letter: 'z', tokens, vocabulary: 'yours' },
      'yours',
      { word: '', letter: '', tokens: null, vocabulary: '' },
    ],
    ['merge-table', 'MergeTableView', { learned, curve: [3, 2], at: 1 }, '77', { learned: null, curve: null, at: 0 }],
    [
      'model-bar',
      'ModelBarView',
      bar,
      'Playground model:',
      { ...bar, model: null, evaluation: null, best: null, opening: 'preparing' },
    ],
    [
      'question',
      'QuestionView',
      { question: 'zebra?', answers: ['a', 'b'], right: 1, why: 'because', chosen: 1, checked: true },
      'because',
      { question: '', answers: [], right: 0, why: '', chosen: -1, checked: false },
      ['name'],
    ],
    ['tree', 'TreeView', { tree: null, vocabulary: 'yours' }, 'yours', { tree: null, vocabulary: '' }],
    [
      'vocabulary',
      'VocabularyView',
      {
        vocabularies,
        chosen: 'own',
        search: '',
        kind: 'all',
        order: 'rank',
        from: 0,
        total: 3,
        tokens,
        canSave: true,
        picked: 0,
      },
      'zebra',
      {
        vocabularies: [],
        chosen: 'own',
        search: 'x',
        kind: 'all',
        order: 'rank',
        from: 0,
        total: 0,
        tokens: none,
        canSave: false,
        picked: -1,
      },
    ],
    [
      'reader',
      'ReaderView',
      { facts, text: 'zebra', temperature: 1, running: true, perSecond: 8, wrong: 'zebra ran away' },
      'zebra ran away',
      { facts, text: '', temperature: 0, running: false, perSecond: 0, wrong: null },
    ],
    [
      'model-files',
      'ModelFilesView',
      { ...files, doing: { what: 'reading', share: 0.5 }, said: null },
      'Reading the files',
      { ...files, python: '', savable: false, said: { bad: true, words: 'zebra', readable: true } },
    ],
    [
      'loss',
      'LossView',
      {
        trainLoss: Float32Array.of(3, 2),
        evaluations: Array.from({ length: 500 }, (_, i) => ({ ...evaluation, step: i })),
        baselines: { uniform: 6, bigram: 4, trigram: 3 },
        steps: 60,
        step: 10,
        samples: [{ step: 0, tokens }],
        vocabSize: 400,
        atStep: null,
      },
      'zebra',
      {
        trainLoss: new Float32Array(),
        evaluations: [],
        baselines: null,
        steps: 60,
        step: 0,
        samples: [],
        vocabSize: 0,
        atStep: null,
      },
    ],
    [
      'generated',
      'GeneratedView',
      {
        prompt: tokens,
        samples: [[written]],
        vocabulary: tokens,
        selected: { sample: 0, token: 0 },
        running: false,
        untrained: false,
        perSecond: 0,
      },
      'zebra',
      {
        prompt: null,
        samples: [],
        vocabulary: null,
        selected: { sample: 0, token: -1 },
        running: false,
        untrained: true,
        perSecond: 0,
      },
    ],
    [
      'merges',
      'MergesView',
      { learned, tokens: word, at: 1, playing: false, about: 'a text' },
      'a text',
      { learned: null, tokens: null, at: 0, playing: false, about: '' },
    ],
  ];

  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [file, name, data, seen, nothing, more = []] of TABLE) {
    const root = document.createElement('section');
    document.body.append(root);
    try {
      const View = (await load(`/views/${file}.js`))[name];
      const view = new View(root, ...more, on);
      view.update(data);
      const text = (root.textContent ?? '').replace(/\s+/g, ' ');
      const drawn = root.querySelectorAll('*').length;
      // Of a long run, too: there are 500 losses.
      const bounded = root.querySelectorAll('tr').length <= 100;
      view.update(nothing);
      view.update(data);
      view.destroy();
      found[name] = {
        shows: text.includes(seen) || text,
        drawn: drawn > 0,
        bounded,
        left: root.querySelectorAll('*').length,
        classes: root.className,
      };
    } catch (error) {
      found[name] = String(error instanceof Error ? error.stack : error);
    }
    root.remove();
  }
  return { found, dialogs: document.querySelectorAll('dialog, .tip').length };
}

for (const name of browsers)
  test(`views show invented data, bear its absence, and are gone when destroyed (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const { found, dialogs } = await page.evaluate(shown);
      for (const [view, result] of Object.entries(found))
        assert.deepEqual(result, { shows: true, drawn: true, bounded: true, left: 0, classes: '' }, view);
      assert.equal(dialogs, 0, 'nothing of them is left elsewhere in the page');
    }));
