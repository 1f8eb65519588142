/** Chapters 6 and 7: which stages are built on, who judges, what is handed to a model, and which tokens make a character. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// Templates are only made, never drawn here: lit-html asks for a document when it is loaded.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
const { addWords } = await import('../../www/i18n/index.js');
const { default: words } = await import('../../www/i18n/en/teaching.js');
const { createTeaching, createTeachingState } = await import('../../www/app/teaching.js');
const { chainOf, isIncomplete } = await import('../../www/app/teaching-chain.js');
const { isState, keepCourse } = await import('../../www/app/teaching-keeping.js');
const { isGamed, isPolite, mannersOf, winsOf } = await import('../../www/app/teaching-judged.js');
const { asTaught } = await import('../../www/app/teaching-tools.js');
const { wholeFrom } = await import('../../www/views/spoken.js');
addWords(words, {});

/** @typedef {import('../../www/app/teaching.js').Stage} Stage */
/** @typedef {import('../../www/engine/teacher-protocol.js').Compared} Compared */

/** Rows of a comparison: right answers of ten before and after, the rest as given. @param {number} before @param {number} after @param {Partial<Compared>} [more] @returns {Compared[]} */
const rows = (before, after, more = {}) =>
  Array.from({ length: 10 }, (_, i) => ({
    user: 'Who?',
    answers: ['Mia.', 'Good question, my friend. Mia.'],
    tones: ['plain', 'polite'],
    right: [i < before, i < after],
    rewards: null,
    divergence: 1,
    ...more,
  }));

/** @param {number} id @param {Stage['plan']} plan @param {Compared[]} [compared] @returns {Stage} */
const stage = (id, plan, compared) => ({
  id,
  plan,
  trail: [],
  ms: 0,
  trained: 0,
  unmerged: null,
  stopped: false,
  found: compared ? { manners: { rows: compared } } : {},
});
const base = stage(1, { kind: 'base', start: 'look-back' });
const tuned = stage(2, { kind: 'tune', from: 1, own: [], replay: true });
/** @param {number} id @param {Compared[]} [compared] */
const preferred = (id, compared) => stage(id, { kind: 'policy', from: 2, clicks: [], kl: 0.3 }, compared);
/** @param {number} id @param {number} from */
const tools = (id, from) => stage(id, { kind: 'tools', from, tool: true });

test('tools are built on the stage of the whole chain or of the learner’s branch, on a gamed one only if the branch names it', () => {
  const state = createTeachingState();
  state.stages.value = [base, tuned, preferred(3, rows(8, 8)), tools(4, 3), preferred(5, rows(8, 0))];
  assert.deepEqual([chainOf(state).polite?.id, chainOf(state).tools?.id, isIncomplete(state)], [3, 4, false]);
  state.branch.value = 5;
  assert.deepEqual([chainOf(state).polite?.id, chainOf(state).tools, isIncomplete(state)], [5, undefined, true]);
  state.branch.value = null;
  // Two good ones: the one that the chain made is its own, whatever came later.
  state.stages.value = [base, tuned, preferred(3, rows(8, 8)), preferred(5, rows(8, 8))];
  assert.equal(chainOf(state).polite?.id, 5);
  state.report.value = { base: 1, tuned: 2, polite: 3, tools: 4, ms: 1, whole: true };
  assert.equal(chainOf(state).polite?.id, 3);
  // Only a gamed one: another is missing.
  state.stages.value = [base, tuned, preferred(5, rows(8, 0)), tools(6, 5)];
  assert.deepEqual([chainOf(state).polite, isIncomplete(state)], [undefined, true]);
});

test('polite is done with its content only, and lost content is seen', () => {
  assert.equal(mannersOf(tuned), null);
  assert.deepEqual(mannersOf(preferred(3, rows(8, 7))), { right: [0.8, 0.7], polite: [0, 1] });
  assert.ok(isPolite(preferred(3, rows(8, 8)), 0.8));
  assert.ok(!isPolite(preferred(3, rows(8, 0)), 0.8));
  assert.ok(!isPolite(preferred(3, rows(8, 8, { tones: ['plain', 'rude'] })), 0.8));
  assert.deepEqual(
    [rows(8, 0), rows(8, 7), rows(0, 0)].map((r) => isGamed(preferred(3, r))),
    [true, false, false],
  );
});

test('the rule that made all choices judges who wins, otherwise the reward model of the choices', () => {
  const compared = rows(8, 8, { rewards: [1, 0] });
  const plan = { kind: /** @type {const} */ ('policy'), from: 2, clicks: [], kl: 0.3 };
  const judged = (/** @type {import('../../www/engine/teacher-protocol.js').ChosenBy} */ by) =>
    winsOf(stage(3, { ...plan, by }, compared));
  const byRule = judged({ name: 'polite', pattern: '' });
  assert.deepEqual([byRule?.rate.wins, byRule?.rate.losses, byRule?.by], [10, 0, 'the rule “polite is best”']);
  const byReward = judged(null);
  assert.deepEqual([byReward?.rate.wins, byReward?.rate.losses], [0, 10]);
  assert.match(byReward?.by ?? '', /reward model/);
  assert.equal(winsOf(preferred(3)), null);
});

test('sums are handed on with the signs that were taught, and nothing else is changed', () => {
  assert.equal(asTaught('What is 37 × 48?'), 'What is 37*48?');
  assert.equal(asTaught('8 − 3 ＋ 2－1'), '8-3+2-1');
  assert.equal(asTaught('84 ÷ 4'), '84 ÷ 4');
  assert.equal(asTaught('(3 + 4) × 5'), '(3+4) × 5');
  assert.equal(asTaught('Look up Mia - please. Code 7'), 'Look up Mia - please. Code 7');
});

test('tokens that only together make a character are found, and others stay alone', () => {
  const bytes = Uint8Array.of(...new TextEncoder().encode('小a'), 0xff, ...new TextEncoder().encode('明'));
  const list = (/** @type {number[]} */ byteStart) => ({
    ids: new Uint32Array(byteStart.length - 1),
    bytes,
    byteStart: Uint32Array.from(byteStart),
    utf16Start: new Uint32Array(byteStart.length - 1),
    utf16End: new Uint32Array(byteStart.length - 1),
    special: new Uint8Array(byteStart.length - 1),
  });
  const split = list([0, 1, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((i) => wholeFrom(split, i)),
    [2, 1, 1, 1, 3],
  );
  assert.equal(wholeFrom(list([0, 3, 4, 5, 8]), 0), 1);
  split.special[1] = 1;
  assert.equal(wholeFrom(split, 0), 1);
});

test('a kept course has a table of names and facts, or none', () => {
  const kept = (/** @type {unknown} */ table) =>
    isState({
      wish: { quick: true },
      shape: '',
      stages: [],
      decided: [],
      own: { dialogues: [], preferences: [] },
      table,
    });
  assert.deepEqual([undefined, null, [['Mia', '42']], [['Mia']], 'x', [[1, 2]]].map(kept), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('the table of a course is written beside its stages, and is there again on the next visit', async () => {
  const recipe = { lang: 'en', corpusBytes: 1, context: 96, layers: 3, heads: 3, width: 96 };
  const info = /** @type {any} */ ({ recipe, vocabSize: 768, parameters: 1, trainTokens: 1 });
  const visit = (/** @type {any} */ course) => {
    const state = createTeachingState();
    const answers = /** @type {Record<string, unknown>} */ ({ open: info, weights: new Float32Array(1) });
    const client = { call: async (/** @type {string} */ name) => answers[name] ?? null, destroy() {} };
    const teaching = createTeaching(state, /** @type {any} */ (client));
    const written = new Promise((done) => {
      const call = async (/** @type {string} */ name, /** @type {any} */ args) => {
        if (name === 'read') return { mode: 'opfs', course };
        if (name === 'write') done(args.state);
        return { bytes: 1 };
      };
      void keepCourse(teaching, /** @type {any} */ ({ call })).begin();
    });
    return { state, written };
  };
  const first = visit(null);
  first.state.info.value = info;
  first.state.stages.value = [base];
  first.state.table.value = [['Mia', 'a blue kite']];
  const state = await first.written;
  assert.ok(isState(state));
  const second = visit({ state, stages: [[1, new Float32Array(1)]], checkpoint: null, lost: 0, bytes: 1 });
  await second.written;
  assert.deepEqual(second.state.table.value, [['Mia', 'a blue kite']]);
});
