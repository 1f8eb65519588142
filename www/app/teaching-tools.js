/** The figures of chapter 7: a call step by step, the table, sums with and without the tool, the chat. */

import { lang, t } from '../i18n/index.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { ChatView } from '../views/chat.js';
import { FactsView } from '../views/facts.js';
import { pct } from '../views/format.js';
import { SkillsView } from '../views/skills.js';
import { TraceView } from '../views/trace.js';
import { failureOf, isCancelled } from './failures.js';
import { paint } from './paint.js';
import { plainly } from './teaching.js';
import { chainOf } from './teaching-chain.js';
import { labelOf, wordsOf } from './teaching-figures.js';
import { isGamed, mannersOf } from './teaching-judged.js';
import { fromOf, isBase, parentOf } from './teaching-line.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */

/** What stands in the table at first, and how a model is taught to be asked for it: of this world, as in `src/data/world_*.rs` and `talk_*.rs`. */
const LOOK_UPS = {
  en: {
    row: ['Mia', '42'],
    asks: ['Look up {name}.', 'What does the table say of {name}?', 'Please look for {name} in the table.'],
  },
  'zh-Hans': { row: ['小明', '蓝色的球'], asks: ['查一查{name}。', '表里怎么说{name}？', '请在表里找{name}。'] },
};

/** Signs of sums as a model is taught them. @type {Record<string, string>} */
const SIGNS = { '×': '*', '＊': '*', '−': '-', '－': '-', '＋': '+' };

/** A text with its sums as models are taught them: their signs, and no spaces around them. @param {string} text */
export const asTaught = (text) =>
  text.replace(/(\d)\s*([×＊−－＋+*-])\s*(?=\d)/g, (_, digit, sign) => digit + (SIGNS[sign] ?? sign));

/** What a stage is asked. @param {string} text @param {Stage} stage */
const askedOf = (text, stage) => plainly(stage.plan.kind === 'tools' ? asTaught(text) : text, stage);

/** @param {Teaching} teaching */
export function createTools(teaching) {
  const { state, client } = teaching;
  const lookUps = computed(() => LOOK_UPS[state.info.value?.recipe.lang ?? lang.value]);
  /** One of the learner's branch, or the last one. */
  const stage = computed(() => {
    const all = state.stages.value.filter(({ plan }) => plan.kind === 'tools' && plan.tool);
    return all.findLast((s) => [s.id, parentOf(s)].includes(state.branch.value)) ?? all.at(-1) ?? null;
  });
  const question = signal('');
  const spoken = signal(/** @type {Spoken | null} */ (null));
  const edits = signal(/** @type {(string | null)[]} */ ([]));
  const table = computed(() => state.table.value ?? [/** @type {[string, string]} */ (lookUps.value.row)]);
  const wrong = signal(/** @type {string | null} */ (null));
  const called = signal(/** @type {import('../engine/teacher-protocol.js').Called | null} */ (null));
  let number = 0;

  async function ask() {
    const [of, text] = [stage.peek(), question.peek().trim()];
    if (!of || !text) return;
    try {
      const asked = { ...askedOf(text, of), table: table.peek(), edits: edits.peek() };
      spoken.value = await client.call('ask', { stage: of.id, question: asked });
      wrong.value = null;
    } catch (error) {
      if (!isCancelled(error)) wrong.value = wordsOf(failureOf(error));
    }
  }
  /** The learner's own request, to the tools that the model has. @param {string} request */
  async function call(request) {
    try {
      const spoken = state.info.peek()?.recipe.lang ?? lang.peek();
      called.value = await client.call('callTool', { request, table: table.peek(), lang: spoken });
    } catch (error) {
      teaching.report(error);
    }
  }
  async function another() {
    try {
      const [user] = await client.call('draw', { number: number++, task: true });
      batch(() => {
        question.value = user;
        edits.value = [];
      });
      await ask();
    } catch (error) {
      teaching.report(error);
    }
  }
  effect(() => {
    if (!stage.value) spoken.value = null;
    else if (question.peek() === '') void another();
    else void ask();
  });
  return {
    stage,
    question,
    spoken,
    edits,
    table,
    wrong,
    /** How the table is asked, with the first name in it. */
    asks: computed(() => {
      const name = table.value.find(([name]) => name.trim() !== '')?.[0] ?? '';
      return name === '' ? [] : lookUps.value.asks.map((ask) => ask.replace('{name}', name.trim()));
    }),
    ask,
    another,
    called,
    call,
    /** @param {number} call @param {string | null} text */
    edit(call, text) {
      const next = [...edits.peek()];
      next[call] = text;
      edits.value = Array.from(next, (e) => e ?? null);
      void ask();
    },
    /** @param {[string, string][]} rows */
    setTable(rows) {
      state.table.value = rows;
      void ask();
    },
  };
}

/** @typedef {ReturnType<typeof createTools>} Tools */

/** @param {Teaching} teaching @param {Tools} tools @param {HTMLElement} root */
function trace(teaching, tools, root) {
  const view = new TraceView(root, {
    type(text) {
      batch(() => {
        tools.question.value = text;
        tools.edits.value = [];
      });
    },
    ask: () => void tools.ask(),
    another: () => void tools.another(),
    call: (request) => void tools.call(request),
    edit: tools.edit,
  });
  paint(
    () => ({
      ready: tools.stage.value !== null,
      title: tools.stage.value ? labelOf(teaching, tools.stage.value.id) : '',
      question: tools.question.value,
      handed: asTaught(tools.question.value),
      spoken: tools.spoken.value,
      edits: tools.edits.value,
      wrong: tools.wrong.value,
      called: tools.called.value,
    }),
    (data) => view.update(data),
    root,
  );
}

/** @param {Tools} tools @param {HTMLElement} root */
function facts(tools, root) {
  const rows = () => tools.table.peek();
  const view = new FactsView(root, {
    set: (at, name, fact) => tools.setTable(rows().map((r, i) => (i === at ? [name, fact] : r))),
    add: () => tools.setTable([...rows(), ['', '']]),
    remove: (at) => tools.setTable(rows().filter((_, i) => i !== at)),
  });
  paint(
    () => ({ rows: tools.table.value, asks: tools.asks.value }),
    (data) => view.update(data),
    root,
  );
}

const KINDS = /** @type {const} */ (['two-digits', 'three-digits', 'two-steps', 'problem', 'look-up']);

/** @param {Teaching} teaching @param {HTMLElement} root */
function skills(teaching, root) {
  const { state } = teaching;
  // On the learner's branch, or on the line of the whole chain: not on whatever was tried last.
  const from = computed(() => {
    const { tuned, polite } = chainOf(state);
    const usual = polite ?? tuned;
    return fromOf(
      state,
      (stage) => !isBase(stage),
      (stage) => (usual ? stage.id === usual.id : !isBase(stage) && stage.plan.kind !== 'tools'),
    );
  });
  const view = new SkillsView(root, {
    async learn(tool) {
      const of = from.peek();
      if (!of) return;
      const stage = await teaching.learn({ kind: 'tools', from: of.id, tool });
      if (stage) await teaching.measure('tasks', stage.id);
    },
  });
  paint(
    () => {
      const stages = state.stages.value;
      const shown = stages.filter(({ found }) => found.tasks);
      const uses = new Set(shown.map(({ plan }) => plan.kind === 'tools' && plan.tool));
      const gamed = isGamed(from.value) ? mannersOf(from.value) : null;
      const cell = (/** @type {Stage} */ { found }, /** @type {string} */ kind) => {
        const of = found.tasks?.shares?.find((s) => s.kind === kind);
        return of ? t('skills.of', { right: of.right, asked: of.asked }) : '–';
      };
      return {
        ready: from.value !== null && !state.running.value && !state.chain.value,
        from: from.value ? labelOf(teaching, from.value.id) : '',
        gamed: gamed && { before: pct(gamed.right[0]), after: pct(gamed.right[1]) },
        missing:
          uses.size !== 1 ? null : uses.has(true) ? /** @type {const} */ ('without') : /** @type {const} */ ('with'),
        columns: shown.map(({ id }) => labelOf(teaching, id)),
        rows: KINDS.map((kind) => ({ name: t(`task.kind.${kind}`), cells: shown.map((s) => cell(s, kind)) })),
        samples: shown.at(-1)?.found.tasks?.samples ?? [],
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {Tools} tools @param {HTMLElement} root */
function chat(teaching, tools, root) {
  const { state, client } = teaching;
  const turns = signal(/** @type {import('../views/chat.js').Turn[]} */ ([]));
  const chosen = signal(/** @type {number | null} */ (null));
  const busy = signal(false);
  let said = 0;
  const stage = () => state.stages.value.find(({ id }) => id === chosen.value) ?? state.stages.value.at(-1) ?? null;
  const view = new ChatView(root, {
    async say(user) {
      const of = stage();
      if (!of) return;
      const mine = ++said;
      const before = turns.peek();
      const by = labelOf(teaching, of.id);
      batch(() => {
        busy.value = true;
        turns.value = [...before, { user, answer: null, note: '', by }];
      });
      try {
        const asked = { ...askedOf(user, of), temperature: 0.7, seed: mine, table: tools.table.peek() };
        const spoken = await client.call('ask', { stage: of.id, question: asked });
        if (mine !== said) return;
        const note = spoken.calls.map(({ request, written }) => `${request} → ${written ?? '–'}`).join(', ');
        turns.value = [...before, { user, answer: spoken.answer, note, by }];
      } catch (error) {
        if (mine === said) turns.value = [...before, { user, answer: '', note: wordsOf(failureOf(error)), by }];
      } finally {
        if (mine === said) busy.value = false;
      }
    },
    stop() {
      said++;
      batch(() => {
        busy.value = false;
        turns.value = turns
          .peek()
          .map((turn) => (turn.answer === null ? { ...turn, answer: '', note: t('chat.stopped') } : turn));
      });
    },
    reset() {
      said++;
      batch(() => {
        busy.value = false;
        turns.value = [];
      });
    },
    choose: (id) => (chosen.value = id),
  });
  paint(
    () => ({
      ready: state.stages.value.length > 0,
      options: state.stages.value.map(({ id }) => ({ id, name: labelOf(teaching, id) })),
      stage: stage()?.id ?? null,
      turns: turns.value,
      busy: busy.value,
    }),
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {Tools} tools @param {(part: number, name?: string) => HTMLElement} place */
export function drawTools(teaching, tools, place) {
  trace(teaching, tools, place(0));
  facts(tools, place(1, 'facts'));
  skills(teaching, place(2));
  chat(teaching, tools, place(3));
}
