/** "Grow one for me": the whole chain by one button. What is there already is not made again; a part that is skipped keeps what it has learnt. */

import { t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { isBase } from './teaching.js';
import { chooseByRule } from './teaching-clicks.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').Stage} Stage */

const CLICKS = 24;
const STEPS = 4;

/** The last stage of a kind, or a new one; null if it was cancelled. @param {Teaching} teaching @param {(stage: Stage) => boolean} is @param {() => Promise<Stage | null>} make */
async function have(teaching, is, make) {
  return teaching.state.stages.peek().findLast(is) ?? (await make());
}

/** @param {Teaching} teaching */
export async function growOne(teaching) {
  const { state } = teaching;
  if (state.chain.peek() || state.running.peek()) return;
  const begun = performance.now();
  const at = (/** @type {number} */ n, /** @type {string} */ step) => (state.chain.value = { step, share: n / STEPS });
  try {
    at(0, t('stage.base'));
    const { start } = state.wish.peek();
    const base = await have(teaching, isBase, () => teaching.learn({ kind: 'base', start }));
    if (!base) return;
    for (const name of /** @type {const} */ (['plain', 'validation', 'lookBack']))
      await teaching.measure(name, base.id);
    at(1, t('stage.tune'));
    const tuned = await have(
      teaching,
      ({ plan }) => plan.kind === 'tune' && plan.replay,
      () => teaching.learn({ kind: 'tune', from: base.id, own: [], replay: true }),
    );
    if (!tuned) return;
    for (const name of /** @type {const} */ (['exact', 'new', 'validation'])) await teaching.measure(name, tuned.id);
    at(2, t('stage.policy'));
    const polite = await have(
      teaching,
      ({ plan }) => plan.kind === 'policy' || plan.kind === 'prefer',
      async () => {
        const clicks = await chooseByRule(teaching, tuned.id, { name: 'polite', pattern: '' }, CLICKS);
        if (clicks.length === 0) return null;
        return teaching.learn({ kind: 'policy', from: tuned.id, clicks, kl: state.info.peek()?.recipe.kl ?? 0.3 });
      },
    );
    const from = polite ?? tuned;
    if (polite && 'clicks' in polite.plan) await teaching.compareManners(polite.id);
    at(3, t('stage.tools'));
    const tools = await have(
      teaching,
      ({ plan }) => plan.kind === 'tools' && plan.tool,
      () => teaching.learn({ kind: 'tools', from: from.id, tool: true }),
    );
    if (!tools) return;
    await teaching.measure('tasks', tools.id);
    await teaching.measure('exact', tools.id);
    batch(() => {
      state.report.value = {
        base: base.id,
        tuned: tuned.id,
        polite: polite?.id ?? null,
        tools: tools.id,
        ms: performance.now() - begun,
      };
    });
  } finally {
    state.chain.value = null;
  }
}
