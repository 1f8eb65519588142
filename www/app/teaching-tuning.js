/** The figures of chapter 5 behind the first: what counts, what is forgotten, adapters, and the honest table. */

import { t } from '../i18n/index.js';
import { computed, effect, signal } from '../vendor/signals/signals-core.js';
import { CountedView } from '../views/counted.js';
import { duration, num } from '../views/format.js';
import { HonestView } from '../views/honest.js';
import { TuningView } from '../views/tuning.js';
import { paint } from './paint.js';
import { drawCircuit } from './teaching-circuit.js';
import { labelOf } from './teaching-figures.js';
import { fromOf, isBase, mainBase, mainTuned, parentOf } from './teaching-line.js';
import { drawPairs } from './teaching-pairs.js';
import { shareOf } from './teaching-shares.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('../views/tuning.js').TuningData['targets']} Targets */

/** Learning rate of adapters: they start at zero and need more than the weights do. */
const ADAPTER_RATE = 5e-3;

/** @param {Teaching} teaching @param {HTMLElement} root */
function counted(teaching, root) {
  const example = signal(/** @type {import('../engine/teacher-protocol.js').Example | null} */ (null));
  let number = 0;
  const next = () =>
    teaching.client.call('example', { number: number++ }).then((found) => (example.value = found), teaching.report);
  const view = new CountedView(root, { another: () => void next() });
  effect(() => {
    if (teaching.state.info.value) void next();
    else example.value = null;
  });
  paint(
    () => ({ example: example.value }),
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {Stage} stage */
async function measureTuned(teaching, stage) {
  for (const name of /** @type {const} */ (['exact', 'new', 'validation'])) await teaching.measure(name, stage.id);
}

/** @param {Teaching} teaching @param {Stage} stage @returns {import('../views/tuning.js').TuningRow} */
function rowOf(teaching, stage) {
  const from = teaching.state.stages.value.find((s) => s.id === parentOf(stage));
  const lossNats = stage.found.validation?.lossNats ?? null;
  const before = from?.found.validation?.lossNats;
  return {
    name: labelOf(teaching, stage.id),
    trained: stage.trained,
    steps: stage.trail.at(-1)?.step ?? 0,
    exact: shareOf(stage.found.exact ?? stage.found.plain)?.share ?? null,
    fresh: shareOf(stage.found.new)?.share ?? null,
    lossNats,
    change: lossNats === null || before === undefined ? null : lossNats - before,
    unmerged: stage.unmerged,
  };
}

/** @param {Teaching} teaching @param {HTMLElement} root @param {'tune' | 'adapters'} which */
function tuning(teaching, root, which) {
  const { state } = teaching;
  const chosen = signal({ rank: 4, targets: /** @type {Targets} */ ('blocks') });
  const from = computed(() => fromOf(state, isBase));
  const view = new TuningView(root, {
    async tune(replay) {
      const base = from.peek();
      if (!base) return;
      const stage = await teaching.learn({ kind: 'tune', from: base.id, own: state.own.peek().dialogues, replay });
      if (stage) await measureTuned(teaching, stage);
    },
    async adapters() {
      const base = from.peek();
      if (!base) return;
      const stage = await teaching.learn({ kind: 'adapters', from: base.id, rate: ADAPTER_RATE, ...chosen.peek() });
      if (stage) await measureTuned(teaching, stage);
    },
    set: (patch) => (chosen.value = { ...chosen.peek(), ...patch }),
  });
  paint(
    () => {
      const stages = state.stages.value;
      const shown = stages.filter(
        ({ plan }) =>
          plan.kind === 'tune' ||
          plan.kind === 'base' ||
          plan.kind === 'own' ||
          (which === 'adapters' && plan.kind === 'adapters'),
      );
      return {
        ready: from.value !== null && !state.running.value && !state.chain.value,
        from: from.value ? labelOf(teaching, from.value.id) : '',
        ...chosen.value,
        which,
        total: state.info.value?.parameters ?? 0,
        rows: shown.map((stage) => rowOf(teaching, stage)),
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** Goal, data, compute: pre-training and fine-tuning. @param {Teaching} teaching @param {HTMLElement} root */
function honest(teaching, root) {
  const { state } = teaching;
  const view = new HonestView(root);
  paint(
    () => {
      const info = state.info.value;
      const [base, tuned] = [mainBase(state), mainTuned(state)];
      const tokensOf = (/** @type {Stage | undefined | null} */ s) =>
        s && info ? (s.trail.at(-1)?.step ?? 0) * info.recipe.rows * info.recipe.context : 0;
      const compute = (/** @type {Stage | undefined | null} */ s) =>
        s && info && s.ms > 0
          ? t('honest.compute', { tflop: num((tokensOf(s) * info.flopsPerToken) / 1e12, 2), time: duration(s.ms) })
          : '–';
      return {
        head: [t('honest.pretraining'), t('honest.tuning')],
        rows: [
          { name: t('honest.stage'), cells: [base, tuned].map((s) => (s ? labelOf(teaching, s.id) : '–')) },
          { name: t('honest.goal'), cells: [t('honest.goal.pretraining'), t('honest.goal.tuning')] },
          {
            name: t('honest.data'),
            cells: [
              info
                ? t('honest.data.pretraining', { tokens: num(info.trainTokens), bytes: num(info.recipe.corpusBytes) })
                : '–',
              tuned ? t('honest.data.tuning', { tokens: num(tokensOf(tuned)) }) : '–',
            ],
          },
          { name: t('honest.cost'), cells: [compute(base), compute(tuned)] },
          { name: t('honest.real'), cells: [t('honest.real.pretraining'), t('honest.real.tuning')] },
        ],
        notes: [t('honest.note')],
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** @param {Teaching} teaching @param {(part: number, name?: string) => HTMLElement} place */
export function drawTuning(teaching, place) {
  counted(teaching, place(1));
  drawPairs(teaching, place(1, 'pairs'), 'dialogue');
  tuning(teaching, place(2), 'tune');
  tuning(teaching, place(3), 'adapters');
  drawCircuit(teaching, place(4), place(4, 'starts'));
  honest(teaching, place(5, 'honest'));
}
