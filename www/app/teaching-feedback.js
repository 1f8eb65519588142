/** The figures of chapter 6: choices, learning from them, and what came of it. */

import { t } from '../i18n/index.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { AbView } from '../views/ab.js';
import { BetterView } from '../views/better.js';
import { PreferringView } from '../views/preferring.js';
import { failureOf } from './failures.js';
import { paint } from './paint.js';
import { recipeKl } from './teaching.js';
import { chooseByRule } from './teaching-clicks.js';
import { labelOf } from './teaching-figures.js';
import { isGamed, winsOf } from './teaching-judged.js';
import { fromOf, isBase, parentOf } from './teaching-line.js';
import { drawPairs } from './teaching-pairs.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('../engine/teacher-protocol.js').Click} Click */
/** @typedef {import('../engine/teacher-protocol.js').Cards} Cards */
/** @typedef {import('./teaching-clicks.js').Rule} Rule */

/** Choices that are enough to begin with. */
const WANTED = 12;
/** Choices that a rule adds. */
const RULED = 24;
/** Questions that are passed over where both answers are alike. */
const TRIES = 20;

/** @param {Teaching} teaching */
export function createFeedback(teaching) {
  const { state, client } = teaching;
  /** What answers are sampled from. */
  const from = computed(() =>
    fromOf(
      state,
      (stage) => !isBase(stage),
      ({ plan }) => plan.kind === 'tune' || plan.kind === 'adapters',
    ),
  );
  const cards = signal(/** @type {Cards | null} */ (null));
  const { decided, judged, rule } = state;
  const wrong = signal(/** @type {string | null} */ (null));
  const choosing = signal(false);
  /** The model answers in one manner. */
  const stuck = signal(false);
  let number = 0;
  /** Of several requests for answers the last one wins. */
  let turn = 0;
  /** What can be taken back with its answers. @type {{ cards: Cards | null, count: number, judged: Rule | null }[]} */
  let done = [];

  async function next() {
    const [stage, mine] = [from.peek(), ++turn];
    cards.value = null;
    if (!stage) return;
    // Choices of an earlier visit had questions, too.
    number = Math.max(number, decided.peek().length);
    try {
      for (let i = 0; i < TRIES; i++) {
        const found = await client.call('cards', { stage: stage.id, seed: 2, number: number++ });
        if (mine !== turn || from.peek()?.id !== stage.id) return;
        if (found.answers.length >= 2) {
          batch(() => {
            cards.value = found;
            stuck.value = false;
          });
          return;
        }
      }
      stuck.value = true;
    } catch (error) {
      teaching.report(error);
    }
  }
  /** @param {Click | null} click */
  function decide(click) {
    const shown = cards.peek();
    if (!shown) return;
    done.push({ cards: shown, count: 1, judged: judged.peek() });
    batch(() => {
      if (click) judged.value = null;
      decided.value = [...decided.peek(), click];
    });
    void next();
  }
  const fromId = computed(() => from.value?.id ?? null);
  effect(() => {
    // Answers of another model do not come back.
    done = [];
    if (fromId.value !== null) void next();
    else cards.value = null;
  });
  const chosen = computed(() => decided.value.filter((c) => c !== null));
  /** Choices of a rule beside those that are there. @param {Click[]} found @param {Rule} by */
  function add(found, by) {
    const before = judged.peek();
    const alone = chosen.peek().length === 0 || (before?.name === by.name && before.pattern === by.pattern);
    done.push({ cards: null, count: found.length, judged: before });
    batch(() => {
      decided.value = [...decided.peek(), ...found];
      judged.value = alone ? by : null;
    });
  }
  /** What is learned from: choices, and the learner's own pairs. */
  const clicks = computed(() => [...chosen.value, ...state.own.value.preferences]);
  return {
    from,
    cards,
    decided,
    chosen,
    clicks,
    rule,
    wrong,
    choosing,
    stuck,
    judged,
    /** @param {number} i */
    choose(i) {
      const shown = cards.peek();
      if (!shown) return;
      const texts = shown.answers.slice(0, 2).map(({ text }) => text);
      decide({ user: shown.user, chosen: texts[i], rejected: [texts[1 - i]] });
    },
    pass: () => decide(null),
    undo() {
      const last = done.pop() ?? { cards: null, count: 1, judged: judged.peek() };
      const left = decided.peek().slice(0, -last.count);
      batch(() => {
        decided.value = left;
        judged.value = left.length > 0 ? last.judged : null;
        if (!last.cards) return;
        turn++;
        cards.value = last.cards;
        stuck.value = false;
      });
    },
    clear() {
      done = [];
      decided.value = [];
      judged.value = null;
    },
    async judge() {
      const stage = from.peek();
      if (!stage) return;
      wrong.value = null;
      choosing.value = true;
      try {
        const by = rule.peek();
        const made = decided.peek().filter((c) => c !== null);
        const found = await chooseByRule(teaching, stage.id, by, RULED, { made });
        if (found.length === 0) wrong.value = t('ab.alike');
        else add(found, by);
      } catch (error) {
        const { code, message } = failureOf(error);
        if (code === 'pattern' || code === 'pattern-slow') wrong.value = t(`ab.wrong.${code}`, { message });
        else teaching.report(error);
      } finally {
        choosing.value = false;
      }
    },
  };
}

/** @typedef {ReturnType<typeof createFeedback>} Feedback */

/** @param {Teaching} teaching @param {Feedback} feedback @param {(part: number, name?: string) => HTMLElement} place */
export function drawFeedback(teaching, feedback, place) {
  const root = place(0);
  const ab = new AbView(root, {
    choose: feedback.choose,
    equal: feedback.pass,
    bad: feedback.pass,
    undo: feedback.undo,
    rule: (patch) => (feedback.rule.value = { ...feedback.rule.peek(), ...patch }),
    judge: () => void feedback.judge(),
    clear: feedback.clear,
  });
  paint(
    () => ({
      ready: feedback.from.value !== null,
      user: feedback.cards.value?.user ?? (feedback.stuck.value ? t('ab.stuck') : '…'),
      answers: feedback.cards.value?.answers.map(({ text }) => text) ?? [],
      chosen: feedback.chosen.value.length,
      wanted: WANTED,
      ruled: RULED,
      canUndo: feedback.decided.value.length > 0,
      rule: feedback.rule.value,
      wrong: feedback.wrong.value,
      choosing: feedback.choosing.value,
    }),
    (data) => ab.update(data),
    root,
  );
  drawPairs(teaching, place(0, 'pairs'), 'preference');
  preferring(teaching, feedback, place(1));
  better(teaching, place(2));
}

/** @param {Teaching} teaching @param {Feedback} feedback @param {HTMLElement} root */
function preferring(teaching, feedback, root) {
  const { state } = teaching;
  /** What the learner has set; without a penalty, the recipe's. */
  const chosen = signal({
    method: /** @type {'policy' | 'prefer'} */ ('policy'),
    kl: /** @type {number | null} */ (null),
  });
  const penalty = computed(() => chosen.value.kl ?? recipeKl(state));
  const last = computed(() => state.last.value('policy', 'prefer'));
  const view = new PreferringView(root, {
    undo: () => last.peek() && teaching.remove(/** @type {any} */ (last.peek()).id),
    set: (patch) => (chosen.value = { ...chosen.peek(), ...patch }),
    async learn() {
      const [from, clicks] = [feedback.from.peek(), feedback.clicks.peek()];
      if (!from || clicks.length === 0) return;
      const { method } = chosen.peek();
      const kl = penalty.peek();
      const by = state.own.peek().preferences.length === 0 ? feedback.judged.peek() : null;
      const plan =
        method === 'policy'
          ? { kind: method, from: from.id, clicks, kl, by }
          : { kind: method, from: from.id, clicks, by };
      const stage = await teaching.learn(plan);
      if (stage) await teaching.compareManners(stage.id);
    },
  });
  paint(
    () => {
      const running = state.running.value;
      const shown = running && 'clicks' in running.plan ? running : last.value;
      return {
        ready: feedback.clicks.value.length > 0 && !running && !state.chain.value && feedback.from.value !== null,
        method: chosen.value.method,
        kl: penalty.value,
        clicks: feedback.clicks.value.length,
        beta: state.info.value?.recipe.beta ?? null,
        from: feedback.from.value ? labelOf(teaching, feedback.from.value.id) : '',
        undo: !running && !state.chain.value && last.value ? labelOf(teaching, parentOf(last.value) ?? 0) : '',
        trail: shown?.trail ?? [],
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {HTMLElement} root */
function better(teaching, root) {
  const { state } = teaching;
  const last = computed(() => state.last.value('policy', 'prefer'));
  const view = new BetterView(root, {
    compare: () => last.peek() && void teaching.compareManners(/** @type {any} */ (last.peek()).id),
  });
  paint(
    () => {
      const stage = last.value;
      const wins = stage && winsOf(stage);
      const clicks = stage && 'clicks' in stage.plan ? stage.plan.clicks.length : 0;
      return {
        rows: stage?.found.manners?.rows ?? [],
        rate: wins?.rate ?? null,
        by: wins?.by ?? '',
        gamed: isGamed(stage),
        ready: stage !== null && !state.running.value && !state.measuring.value,
        title: stage ? t('better.of', { name: labelOf(teaching, stage.id), n: clicks }) : '',
        kl: stage?.plan.kind === 'policy' ? stage.plan.kl : null,
      };
    },
    (data) => view.update(data),
    root,
  );
}
