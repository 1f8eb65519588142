/** "Grow one for me": the whole chain by one button. What is there already is not made again; a part that is skipped keeps what it has learnt. */

import { t } from '../i18n/index.js';
import { winRate } from '../views/better.js';
import { duration, num, pct } from '../views/format.js';
import { isBase, parentOf, recipeKl } from './teaching.js';
import { chooseByRule, liked } from './teaching-clicks.js';
import { shareOf } from './teaching-shares.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').TeachingState} TeachingState */
/** @typedef {import('./teaching.js').Stage} Stage */

const CLICKS = 24;
const STEPS = 4;

/** The stages of one line that are there, from a base on; that of the last fine-tuned model where there are several. @param {TeachingState} state */
export function chainOf({ stages: { value: stages } }) {
  const from = (/** @type {(Stage | undefined)[]} */ parents, /** @type {(plan: Stage['plan']) => boolean} */ is) =>
    stages.findLast((s) => parents.some((p) => p && p.id === parentOf(s)) && is(s.plan));
  const isTuned = (/** @type {Stage['plan']} */ plan) => plan.kind === 'tune' && plan.replay;
  const base = stages.findLast((s) => isBase(s) && from([s], isTuned)) ?? stages.findLast(isBase);
  const tuned = from([base], isTuned);
  const polite = from([tuned], ({ kind }) => kind === 'policy' || kind === 'prefer');
  const tools = from([polite ?? tuned], (plan) => plan.kind === 'tools' && plan.tool);
  return { base, tuned, polite, tools };
}

/** Whether a stage of the chain is missing; a model of one tone alone gives nothing to prefer. @param {TeachingState} state */
export function isIncomplete(state) {
  const { base, tuned, polite, tools } = chainOf(state);
  const tried = state.report.value;
  const nothingToPrefer = tried !== null && tried.polite === null && tried.tuned === tuned?.id;
  return !base || !tuned || (!polite && !nothingToPrefer) || !tools;
}

/** @param {Teaching} teaching */
export async function growOne(teaching) {
  const { state } = teaching;
  if (state.chain.peek() || state.running.peek()) return;
  const control = new AbortController();
  const stop = () => {
    control.abort();
    if (state.running.peek()) teaching.stop(false);
  };
  const at = (/** @type {number} */ n, /** @type {string} */ step) =>
    (state.chain.value = { step, share: n / STEPS, stop });
  try {
    at(0, t('stage.base'));
    await grow(teaching, at, control.signal);
  } finally {
    state.chain.value = null;
  }
}

/** @param {Teaching} teaching @param {(n: number, step: string) => void} at @param {AbortSignal} signal */
async function grow(teaching, at, signal) {
  const { state } = teaching;
  const begun = performance.now();
  const whole = state.stages.peek().length === 0;
  /** @param {Stage | null | undefined} stage @param {import('./teaching.js').Measure[]} names */
  const measured = async (stage, ...names) => {
    for (const name of names) if (stage && !signal.aborted) await teaching.measure(name, stage.id, { signal });
  };
  const { start } = state.wish.peek();
  const base = chainOf(state).base ?? (await teaching.learn({ kind: 'base', start }));
  await measured(base, 'plain', 'validation', 'lookBack');
  if (!base || signal.aborted) return;

  at(1, t('stage.tune'));
  const own = state.own.peek().dialogues;
  const tuned = chainOf(state).tuned ?? (await teaching.learn({ kind: 'tune', from: base.id, own, replay: true }));
  await measured(tuned, 'exact', 'new', 'validation');
  if (!tuned || signal.aborted) return;

  at(2, t('stage.policy'));
  const polite = chainOf(state).polite ?? (await preferred(teaching, tuned, signal));
  if (signal.aborted || polite === 'cancelled') return;
  if (polite) await teaching.compareManners(polite.id, signal);
  if (signal.aborted) return;

  at(3, t('stage.tools'));
  const from = polite ?? tuned;
  const tools = chainOf(state).tools ?? (await teaching.learn({ kind: 'tools', from: from.id, tool: true }));
  await measured(tools, 'tasks', 'exact');
  if (!tools || signal.aborted) return;
  const ms = performance.now() - begun;
  state.report.value = { base: base.id, tuned: tuned.id, polite: polite?.id ?? null, tools: tools.id, ms, whole };
}

/** A model that prefers the polite answers; null where all are alike. @param {Teaching} teaching @param {Stage} tuned @param {AbortSignal} signal @returns {Promise<Stage | null | 'cancelled'>} */
async function preferred(teaching, tuned, signal) {
  try {
    const clicks = await chooseByRule(teaching, tuned.id, { name: 'polite', pattern: '' }, CLICKS, { signal });
    if (clicks.length === 0) return null;
    const kl = recipeKl(teaching.state);
    return (await teaching.learn({ kind: 'policy', from: tuned.id, clicks, kl })) ?? 'cancelled';
  } catch (error) {
    teaching.report(error);
    return 'cancelled';
  }
}

/** The report of the chain that was grown last, as far as its stages are there. @param {Teaching} teaching */
export function reportOf({ state, stageOf }) {
  const made = state.report.value;
  const stages = state.stages.value;
  if (!made || [made.base, made.tuned, made.tools].some((id) => !stages.some((s) => s.id === id))) return [];
  const share = (/** @type {import('../engine/teacher-protocol.js').Findings | undefined} */ found) => {
    const known = shareOf(found);
    return known ? pct(known.share) : '–';
  };
  const of = (/** @type {number} */ id) => stageOf(id)?.found;
  const rows = made.polite === null ? [] : (of(made.polite)?.manners?.rows ?? []);
  const polite = (/** @type {0 | 1} */ i) =>
    pct(rows.filter(({ tones }) => tones[i] === 'polite').length / Math.max(1, rows.length));
  const wins = winRate(rows.map(({ tones }) => [liked('polite', tones[0]), liked('polite', tones[1])]));
  const nats = (/** @type {number} */ id) => num(of(id)?.validation?.lossNats ?? 0, 2);
  return [
    { name: t('report.loss'), value: `${nats(made.base)} → ${nats(made.tuned)}` },
    { name: t('report.look-back'), value: pct(of(made.base)?.lookBack?.score ?? 0) },
    { name: t('report.exact'), value: `${share(of(made.base)?.plain)} → ${share(of(made.tuned)?.exact)}` },
    { name: t('report.polite'), value: rows.length > 0 ? `${polite(0)} → ${polite(1)}` : '–' },
    {
      name: t('report.wins'),
      value: rows.length > 0 ? `${pct(wins.share)} (${pct(wins.low)}–${pct(wins.high)})` : '–',
    },
    { name: t('report.tasks'), value: share(of(made.tools)?.tasks) },
    { name: t('report.after'), value: share(of(made.tools)?.exact) },
    { name: t(made.whole ? 'report.time' : 'report.time.part'), value: duration(made.ms) },
  ];
}
