/** The course of chapters 5 to 7 without a worker: which stages the chapters speak of, what is asked, and what can come back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { createTeaching, createTeachingState, pairOf } = await import('../../www/app/teaching.js');
const { fromOf, isBase, mainBase, mainTuned } = await import('../../www/app/teaching-line.js');
const { createPairs, numbersOf } = await import('../../www/app/teaching-pairs.js');

/** @typedef {import('../../www/app/teaching.js').Stage} Stage */

/** @param {number} id @param {any} plan @returns {Stage} */
const stage = (id, plan) => ({ id, plan, trail: [], ms: 0, trained: 0, unmerged: null, stopped: false, found: {} });
const base = (/** @type {number} */ id, start = 'look-back') => stage(id, { kind: 'base', start });
const tune = (/** @type {number} */ id, /** @type {number} */ from, replay = true) =>
  stage(id, { kind: 'tune', from, own: [], replay });

/** @param {Stage[]} stages */
function stateOf(...stages) {
  const state = createTeachingState();
  state.stages.value = stages;
  return state;
}

test('a run from the other first weights is not what the chapters speak of, and lessons do not go on from it', () => {
  const state = stateOf(base(1), tune(2, 1), tune(3, 1, false), base(4, 'random'));
  const start = () => fromOf(state, isBase)?.id;
  assert.deepEqual([mainBase(state)?.id, mainTuned(state)?.id, start()], [1, 2, 1]);
  assert.deepEqual(pairOf(state, 'tuned'), [1, 3]);
  // Behind fine-tuning: not the model that forgot on purpose.
  assert.equal(fromOf(state, (s) => !isBase(s))?.id, 2);
  // An explicit choice wins.
  state.branch.value = 4;
  assert.deepEqual([mainBase(state)?.id, mainTuned(state)?.id, start()], [4, undefined, 4]);
  assert.deepEqual(pairOf(state), [4, null]);
  state.branch.value = 3;
  assert.deepEqual([mainBase(state)?.id, mainTuned(state)?.id, start()], [1, 3, 1]);
});

test('whoever began at random and fine-tuned it reads about that base; one without fine-tuning gives way to the usual one', () => {
  const state = stateOf(base(1, 'random'), tune(2, 1), base(3));
  assert.deepEqual([mainBase(state)?.id, mainTuned(state)?.id], [1, 2]);
  const bare = stateOf(base(1, 'random'), base(2));
  assert.deepEqual([mainBase(bare)?.id, mainTuned(bare)?.id, pairOf(bare)], [2, undefined, [2, null]]);
  assert.deepEqual(pairOf(stateOf()), [null, null]);
});

test('after the whole chain chapter 5 compares base and fine-tuned, whatever was made from them', () => {
  const polite = stage(3, { kind: 'policy', from: 2, clicks: [], kl: 0.2 });
  const state = stateOf(base(1), tune(2, 1), polite, stage(4, { kind: 'tools', from: 3, tool: true }));
  assert.deepEqual(
    [pairOf(state, 'tuned'), pairOf(state)],
    [
      [1, 2],
      [3, 4],
    ],
  );
});

/** A course with a client that answers at once and writes down what it was asked; `learn` waits for `finish`. */
function course() {
  const state = createTeachingState();
  /** @type {[string, any][]} */
  const told = [];
  let [finish, destroyed] = [() => {}, 0];
  /** @type {Record<string, (args: any, options: any) => any>} */
  const answers = {
    open: () => ({ recipe: { lang: 'en' } }),
    draw: ({ number }) => [['first', 'first', 'second'][Math.min(number, 2)], ''],
    ask: ({ stage, question }) => ({ answer: `${stage}: ${question.text}` }),
    learn: () =>
      new Promise((resolve) => {
        finish = () =>
          resolve({ progress: { step: 1, steps: 1 }, watched: [], ms: 1, trained: 1, unmerged: null, stopped: false });
      }),
  };
  const client = {
    call: async (/** @type {string} */ name, /** @type {any} */ args, /** @type {any} */ options) => {
      told.push([name, args]);
      return answers[name]?.(args, options) ?? null;
    },
    destroy: () => {
      destroyed++;
    },
  };
  const teaching = createTeaching(state, /** @type {any} */ (client));
  const rest = () => new Promise((resolve) => setImmediate(resolve));
  return { state, teaching, told, rest, finish: () => finish(), destroyed: () => destroyed };
}

test('when a lesson begins, what it goes on from is asked the shown question if it was not', async () => {
  const { state, teaching, told, rest, finish } = course();
  await teaching.open();
  state.stages.value = [base(11), tune(12, 11)];
  state.pair.value = [12, 12];
  await teaching.ask();
  state.pair.value = null;
  assert.deepEqual([...state.answers.value.keys()], [12]);
  const learnt = teaching.learn({ kind: 'tune', from: 11, own: [], replay: true });
  await rest();
  assert.equal(state.answers.value.get(11)?.answer, '11: first');
  finish();
  await learnt;
  await rest();
  assert.equal(state.answers.value.get(1)?.answer, '1: first');
  // Nothing twice, unless the question is another one.
  const of = (/** @type {number} */ id) => told.filter(([name, args]) => name === 'ask' && args.stage === id).length;
  assert.deepEqual([of(11), of(12), of(1)], [1, 1, 1]);
  await teaching.another();
  await rest();
  assert.equal(state.question.value, 'second');
  assert.deepEqual([of(11), of(1)], [2, 2]);
});

test('a removed stage takes along what was made from it, and all of it can come back', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { state, teaching, told, destroyed } = course();
  await teaching.open();
  state.stages.value = [base(1), tune(2, 1), tune(3, 1), stage(4, { kind: 'tools', from: 2, tool: true })];
  state.branch.value = 4;
  const ids = () => state.stages.value.map(({ id }) => id);
  const removed = () => told.filter(([name]) => name === 'remove').map(([, { stage }]) => stage);
  teaching.remove(2);
  assert.deepEqual(
    [ids(), state.gone.value?.stages.map(({ id }) => id)],
    [
      [1, 3],
      [2, 4],
    ],
  );
  state.gone.value?.undo();
  assert.deepEqual([ids(), state.branch.value, state.gone.value], [[1, 2, 3, 4], 4, null]);
  t.mock.timers.tick(20_000);
  assert.deepEqual(removed(), []);
  teaching.remove(4);
  teaching.remove(3);
  assert.deepEqual(removed(), [4], 'one at a time can come back');
  t.mock.timers.tick(10_000);
  assert.deepEqual([removed(), state.gone.value], [[4, 3], null]);

  teaching.reset();
  assert.deepEqual([ids(), state.info.value, destroyed()], [[], null, 0]);
  state.gone.value?.undo();
  assert.deepEqual([ids(), state.question.value], [[1, 2], 'first']);
  assert.ok(state.info.value);
  t.mock.timers.tick(20_000);
  assert.equal(destroyed(), 0);
  teaching.reset();
  await teaching.open();
  assert.deepEqual([destroyed(), state.gone.value, ids()], [1, null, []], 'what begins anew ends what was');
});

/** The learner's pairs with a client that reads lines as the engine does, and takes each letter for a token. @param {number | null} context */
function ownPairs(context) {
  const state = createTeachingState();
  if (context !== null) state.info.value = /** @type {any} */ ({ recipe: { lang: 'en', context } });
  const client = {
    call: async (/** @type {string} */ name, /** @type {any} */ args) => {
      if (name === 'tokenize') return { ids: [...args.text] };
      if (name === 'writeExamples')
        return args.examples.map((/** @type {any} */ e) => `${JSON.stringify(e)}\n`).join('');
      /** @type {{ examples: any[], errors: any[] }} */
      const out = { examples: [], errors: [] };
      args.text.split('\n').forEach((/** @type {string} */ line, /** @type {number} */ i) => {
        if (line.startsWith('{')) out.examples.push(JSON.parse(line));
        else if (line.trim()) out.errors.push({ line: i + 1, code: 'json', expected: '', found: '' });
      });
      return out;
    },
  };
  const report = (/** @type {unknown} */ error) => {
    throw error;
  };
  return { state, pairs: createPairs(/** @type {any} */ ({ client, state, report })) };
}

const dialogue = (/** @type {string} */ user, answer = 'Ho') => JSON.stringify({ user, answer });

test('a file adds its good lines and says how many it left out; one that is no text changes nothing', async () => {
  const { state, pairs } = ownPairs(96);
  await pairs.change(`${dialogue('Hi')}\nmine, half done`);
  await pairs.open(new File([`${dialogue('Hi')}\n\nno json\n${dialogue('You', 'Me')}\n`], 'more.jsonl'));
  const after = `${dialogue('Hi')}\nmine, half done\n${dialogue('You', 'Me')}\n`;
  assert.equal(state.own.value.lines, after);
  assert.deepEqual(state.own.value.dialogues, [
    ['Hi', 'Ho'],
    ['You', 'Me'],
  ]);
  assert.deepEqual(pairs.said.value?.params, { name: 'more.jsonl', n: 1, wrong: 1, twice: 1 });
  assert.deepEqual(
    pairs.said.value?.errors.map(({ line }) => line),
    [3],
  );
  for (const bytes of [Uint8Array.of(0x89, 0x50, 0x4e, 0x47), new TextEncoder().encode('{"user"\0')]) {
    await pairs.open(new File([bytes], 'picture.png'));
    assert.deepEqual([pairs.said.value?.key, state.own.value.lines], ['pairs.no-text', after]);
  }
  await pairs.open(new File(['x'.repeat(200_001)], 'long.jsonl'));
  assert.deepEqual([pairs.said.value?.key, state.own.value.lines], ['pairs.too-long', after]);
  await pairs.undo();
  assert.deepEqual(
    [state.own.value.lines, state.own.value.dialogues.length],
    [`${dialogue('Hi')}\nmine, half done`, 1],
  );
  await pairs.undo();
  assert.equal(state.own.value.lines, '');
});

test('an example that does not fit into a row of training is refused with both numbers', async () => {
  const { state, pairs } = ownPairs(96);
  // 93 tokens beside the four marks: 90 letters and a space before each text are as many as fit.
  assert.equal(await pairs.add({ user: 'u'.repeat(90), answer: 'a' }), true);
  assert.equal(await pairs.add({ user: 'u'.repeat(91), answer: 'a' }), false);
  assert.deepEqual(pairs.said.value, { key: 'pairs.not.tokens', params: { expected: '93', found: '94' }, errors: [] });
  assert.equal(state.own.value.dialogues.length, 1);
  await pairs.change(
    `\n${dialogue('u'.repeat(3_000))}\n${JSON.stringify({ user: 'a', chosen: 'b', rejected: 'c'.repeat(99) })}`,
  );
  assert.deepEqual(
    [state.own.value.errors.map(({ line, code, found }) => [line, code, found]), state.own.value.dialogues.length],
    [
      [
        [2, 'tokens', '3,004'],
        [3, 'tokens', '102'],
      ],
      0,
    ],
  );

  // Before there is a course nobody knows; as soon as there is one, it is said.
  const early = ownPairs(null);
  await early.pairs.change(dialogue('u'.repeat(200)));
  assert.equal(early.state.own.value.dialogues.length, 1);
  early.state.info.value = state.info.value;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([early.state.own.value.dialogues.length, early.state.own.value.errors.length], [0, 1]);
});

test('numbers of lines that were read: blank ones and wrong ones are passed over', () => {
  const wrong = /** @type {any[]} */ ([{ line: 3 }]);
  assert.deepEqual(numbersOf('a\n \t\u0085\nwrong\r\n\r\nb\n', wrong), [1, 5]);
});
