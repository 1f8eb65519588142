/** The look-back circuit: its heads before the first step, and the same run from random weights beside it. */

import { t } from '../i18n/index.js';
import { batch, computed, effect, signal } from '../vendor/signals/signals-core.js';
import { AttentionView } from '../views/attention.js';
import { CircuitView, StartsView } from '../views/circuit.js';
import { attentionOf } from './looked.js';
import { paint } from './paint.js';
import { labelOf, measureBase } from './teaching-figures.js';
import { isBase } from './teaching-line.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('../engine/teacher-protocol.js').Looked} Looked */
/** @typedef {import('../engine/teacher-protocol.js').LessonProgress} LessonProgress */
/** @typedef {import('../views/circuit.js').Which} Which */
/** @typedef {import('../views/circuit.js').Role} Role */

/** Of the habits in `src/studio/habit.rs`, those that the circuit's heads have. */
const HABIT = { previous: 1, same: 4, followed: 5 };
/** Steps whose losses are one point of a curve: a single step's is noise. */
const SMOOTH = 12;

/**
 * What `src/model/look_back.rs` puts where: two heads of each layer.
 * @param {Looked} looked @returns {Role[]}
 */
function rolesOf({ layers, heads, habits, habitShares }) {
  const share = (/** @type {number} */ layer, /** @type {number} */ head, /** @type {number} */ habit) =>
    habits[layer * heads + head] === habit ? habitShares[layer * heads + head] : null;
  /** @type {Role[]} */
  const roles = [
    { layer: 0, head: 0, role: 'previous', share: share(0, 0, HABIT.previous) },
    { layer: 0, head: 1, role: 'window', share: null },
  ];
  for (let layer = 1; layer < layers; layer++) {
    roles.push({ layer, head: 0, role: 'followed', share: share(layer, 0, HABIT.followed) });
    roles.push({ layer, head: 1, role: 'same', share: share(layer, 1, HABIT.same) });
  }
  return roles;
}

/** The token after which the last word of a text is guessed. @param {import('../engine/teacher-protocol.js').TokenList} tokens @param {string} word */
function rowBefore({ byteStart }, word) {
  const from = byteStart[byteStart.length - 1] - new TextEncoder().encode(word).length;
  return Math.max(0, byteStart.findIndex((at) => at >= from) - 1);
}

/** Whether a stage goes back to weights with the circuit. @param {Teaching} teaching @param {number} id */
function hasCircuit({ state }, id) {
  for (let at = state.stages.value.find((s) => s.id === id); at; ) {
    const { plan } = at;
    if (plan.kind === 'base') return plan.start === 'look-back';
    const from = 'from' in plan ? plan.from : null;
    at = state.stages.value.find((s) => s.id === from);
  }
  return false;
}

/** @param {Teaching} teaching @param {HTMLElement} root */
function circuit(teaching, root) {
  const { state, client } = teaching;
  const which = signal(/** @type {Which} */ ('look-back'));
  const number = signal(0);
  const looked = signal(/** @type {Looked | null} */ (null));
  const head = signal(/** @type {[number, number]} */ ([1, 0]));
  const [selected, hovered] = [signal(0), signal(-1)];
  /** Weights that are still there. */
  const shown = computed(() => {
    const id = which.value;
    return typeof id === 'string' || state.stages.value.some((s) => s.id === id) ? id : 'look-back';
  });
  let asked = 0;

  async function look() {
    const mine = ++asked;
    if (!state.info.value) {
      looked.value = null;
      return;
    }
    const id = shown.value;
    try {
      const [before, word] = await client.call('twice', { number: number.value });
      const text = before + word;
      const found =
        typeof id === 'number'
          ? await client.call('look', { stage: id, text })
          : await client.call('lookAtStart', { start: id, text });
      if (mine !== asked) return;
      batch(() => {
        looked.value = found;
        selected.value = rowBefore(found.tokens, word);
        hovered.value = -1;
        if (head.peek()[0] >= found.layers) head.value = [0, 0];
      });
    } catch (error) {
      if (mine === asked) teaching.report(error);
    }
  }
  effect(() => {
    state.info.value;
    number.value;
    shown.value;
    void look();
  });

  const choose = (/** @type {number} */ layer, /** @type {number} */ h) => (head.value = [layer, h]);
  const view = new CircuitView(root, {
    which: (id) => (which.value = id),
    head: choose,
    another: () => (number.value += 1),
  });
  const attention = new AttentionView(
    view.slot,
    { select: (i) => (selected.value = i), hover: (i) => (hovered.value = i), head: choose },
    { id: 'circuit-attention' },
  );
  paint(
    () => {
      const id = shown.value;
      const circuit = typeof id === 'number' ? hasCircuit(teaching, id) : id === 'look-back';
      return {
        ready: state.info.value !== null && looked.value !== null,
        options: [
          { id: /** @type {Which} */ ('look-back'), name: t('circuit.weights.look-back') },
          { id: /** @type {Which} */ ('random'), name: t('circuit.weights.random') },
          ...state.stages.value.map((s) => ({ id: /** @type {Which} */ (s.id), name: labelOf(teaching, s.id) })),
        ],
        which: id,
        roles: looked.value && circuit ? rolesOf(looked.value) : [],
        head: head.value,
      };
    },
    (data) => view.update(data),
    root,
  );
  paint(
    () => {
      const stage = typeof shown.value === 'number' ? teaching.stageOf(shown.value) : undefined;
      const at = { selected: selected.value, hovered: hovered.value, head: head.value };
      return attentionOf(looked.value, stage?.trail.at(-1)?.step ?? 0, at);
    },
    (data) => attention.update(data),
    root,
  );
}

/** Losses as means of some steps each. @param {LessonProgress[]} trail @returns {[number, number][]} */
function smooth(trail) {
  const points = trail.flatMap(({ step, lossNats }) =>
    lossNats === null || step === 0 ? [] : [/** @type {[number, number]} */ ([step, lossNats])],
  );
  const size = Math.max(1, Math.min(SMOOTH, Math.floor(points.length / SMOOTH)));
  /** @type {[number, number][]} */
  const means = [];
  for (let i = 0; i < points.length; i += size) {
    const part = points.slice(i, i + size);
    means.push([part[part.length - 1][0], part.reduce((sum, [, loss]) => sum + loss, 0) / part.length]);
  }
  return means;
}

/** @param {Teaching} teaching @param {HTMLElement} root */
function starts(teaching, root) {
  const { state } = teaching;
  const view = new StartsView(root, {
    async compare() {
      const stage = await teaching.learn({ kind: 'base', start: missing() ?? 'random' });
      if (stage) await measureBase(teaching, stage.id);
    },
  });
  /** The last run from a start, or the one that runs. @param {'look-back' | 'random'} start */
  const runOf = (start) => {
    const running = state.running.value;
    if (running?.plan.kind === 'base' && running.plan.start === start) return running;
    return state.stages.value.findLast(({ plan }) => plan.kind === 'base' && plan.start === start);
  };
  const missing = () => /** @type {const} */ (['look-back', 'random']).find((start) => !runOf(start));
  paint(
    () => ({
      runs: /** @type {const} */ (['look-back', 'random']).flatMap((start) => {
        const trail = runOf(start)?.trail;
        return trail
          ? [
              {
                start,
                losses: smooth(trail),
                scores: trail.flatMap(({ step, lookBack }) =>
                  lookBack === undefined ? [] : [/** @type {[number, number]} */ ([step, lookBack])],
                ),
              },
            ]
          : [];
      }),
      ready: !state.running.value && !state.chain.value && state.opening.value === null && !isOwn(state),
      canCompare: missing() !== undefined,
    }),
    (data) => view.update(data),
    root,
  );
}

/** Whether the course is about the playground's model: its text and sizes are others. @param {Teaching['state']} state */
const isOwn = ({ stages }) => stages.value.some((stage) => isBase(stage) && stage.plan.kind === 'own');

/** @param {Teaching} teaching @param {HTMLElement} root @param {HTMLElement} beside */
export function drawCircuit(teaching, root, beside) {
  circuit(teaching, root);
  starts(teaching, beside);
}
