/** The figures of chapter 6: choices, learning from them, and what came of it. */

import { t } from '../i18n/index.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { AbView } from '../views/ab.js';
import { BetterView, winRate } from '../views/better.js';
import { PreferringView } from '../views/preferring.js';
import { failureOf } from './failures.js';
import { paint } from './paint.js';
import { fromOf, isBase, parentOf, recipeKl } from './teaching.js';
import { chooseByRule, scoresOf } from './teaching-clicks.js';
import { labelOf } from './teaching-figures.js';
import { drawPairs } from './teaching-pairs.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('../engine/teacher-protocol.js').Click} Click */
/** @typedef {import('../engine/teacher-protocol.js').Cards} Cards */
/** @typedef {import('./teaching-clicks.js').Rule} Rule */

const WANTED = 24;
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
  let number = 0;

  async function next() {
    const stage = from.peek();
    cards.value = null;
    if (!stage) return;
    // Choices of an earlier visit had questions, too.
    number = Math.max(number, decided.peek().length);
    try {
      for (let i = 0; i < TRIES; i++) {
        const found = await client.call('cards', { stage: stage.id, seed: 2, number: number++ });
        if (from.peek() !== stage) return;
        if (found.answers.length >= 2) {
          cards.value = found;
          return;
        }
      }
    } catch (error) {
      teaching.report(error);
    }
  }
  /** @param {Click | null} click */
  function decide(click) {
    if (!cards.peek()) return;
    batch(() => {
      judged.value = null;
      decided.value = [...decided.peek(), click];
    });
    void next();
  }
  effect(() => {
    if (from.value) void next();
    else cards.value = null;
  });
  const chosen = computed(() => decided.value.filter((c) => c !== null));
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
      decided.value = decided.peek().slice(0, -1);
    },
    clear() {
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
        const found = await chooseByRule(teaching, stage.id, by, WANTED);
        if (found.length === 0) wrong.value = t('ab.alike');
        batch(() => {
          decided.value = found;
          judged.value = by;
        });
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
      user: feedback.cards.value?.user ?? '…',
      answers: feedback.cards.value?.answers.map(({ text }) => text) ?? [],
      chosen: feedback.chosen.value.length,
      wanted: WANTED,
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
  better(teaching, feedback, place(2));
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
      const plan =
        method === 'policy' ? { kind: method, from: from.id, clicks, kl } : { kind: method, from: from.id, clicks };
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
        from: feedback.from.value ? labelOf(teaching, feedback.from.value.id) : '',
        undo: !running && !state.chain.value && last.value ? labelOf(teaching, parentOf(last.value) ?? 0) : '',
        trail: shown?.trail ?? [],
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {Feedback} feedback @param {HTMLElement} root */
function better(teaching, feedback, root) {
  const { state } = teaching;
  const last = computed(() => state.last.value('policy', 'prefer'));
  const byRule = signal(/** @type {[number, number][] | null} */ (null));
  effect(() => {
    const [rows, rule] = [last.value?.found.manners?.rows, feedback.judged.value];
    byRule.value = null;
    if (!rows || !rule) return;
    const all = rows.flatMap(({ answers, tones }) => [0, 1].map((i) => ({ text: answers[i], tone: tones[i] })));
    scoresOf(rule, all).then(
      (scores) => (byRule.value = rows.map((_, i) => [scores[2 * i], scores[2 * i + 1]])),
      teaching.report,
    );
  });
  const view = new BetterView(root, {
    compare: () => last.peek() && void teaching.compareManners(/** @type {any} */ (last.peek()).id),
  });
  paint(
    () => {
      const rows = last.value?.found.manners?.rows ?? [];
      const rewards = rows.flatMap(({ rewards }) => (rewards ? [rewards] : []));
      const scores = byRule.value ?? (rewards.length > 0 ? rewards : null);
      return {
        rows,
        rate: scores ? winRate(scores) : null,
        by: t(byRule.value ? 'better.by.rule' : 'better.by.reward'),
        ready: last.value !== null && !state.running.value && !state.measuring.value,
        title: last.value ? labelOf(teaching, last.value.id) : '',
        kl: last.value?.plan.kind === 'policy' ? last.value.plan.kl : null,
      };
    },
    (data) => view.update(data),
    root,
  );
}
