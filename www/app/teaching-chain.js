/** "Grow one for me": the whole chain by one button. What is there already is not made again; a part that is skipped keeps what it has learnt. */

import { t } from '../i18n/index.js';
import { duration, num, pct } from '../views/format.js';
import { recipeKl } from './teaching.js';
import { chooseByRule } from './teaching-clicks.js';
import { isGamed, mannersOf, winsOf } from './teaching-judged.js';
import { chosenLine, mainBase, parentOf } from './teaching-line.js';
import { shareOf } from './teaching-shares.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('./teaching.js').TeachingState} TeachingState */
/** @typedef {import('./teaching.js').Stage} Stage */

const CLICKS = 24;
const STEPS = 4;

/**
 * The stages of one line that are there, from a base on: of several, the one on the learner's branch, and otherwise that of the
 * last fine-tuned model. A stage whose choices were gamed is in it only if that branch names it.
 * @param {Pick<TeachingState, 'stages' | 'branch' | 'report'>} state
 */
export function chainOf(state) {
  const stages = state.stages.value;
  const line = chosenLine(state);
  /** @param {(stage: Stage) => boolean} is */
  const pick = (is) => line.find(is) ?? stages.findLast(is);
  const from = (/** @type {Stage | undefined} */ parent, /** @type {(stage: Stage) => boolean} */ is) =>
    parent && pick((s) => parent.id === parentOf(s) && is(s));
  const isTuned = (/** @type {Stage} */ { plan }) => plan.kind === 'tune' && plan.replay;
  const base = mainBase(state);
  const tuned = from(base, isTuned);
  const prefers = (/** @type {Stage} */ s) => s.plan.kind === 'policy' || s.plan.kind === 'prefer';
  const polite =
    from(tuned, (s) => prefers(s) && line.includes(s)) ??
    from(tuned, (s) => prefers(s) && s.id === state.report.value?.polite && !isGamed(s)) ??
    from(tuned, (s) => prefers(s) && !isGamed(s));
  const tools = from(polite ?? tuned, ({ plan }) => plan.kind === 'tools' && plan.tool);
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
  // What is there is compared before something is built on it.
  for (let known = chainOf(state).polite; known && !known.found.manners; known = chainOf(state).polite)
    if (!(await teaching.compareManners(known.id, signal))) break;
  if (signal.aborted) return;
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
    /** @type {import('./teaching-clicks.js').Rule} */
    const by = { name: 'polite', pattern: '' };
    const clicks = await chooseByRule(teaching, tuned.id, by, CLICKS, { signal });
    if (clicks.length === 0) return null;
    const kl = recipeKl(teaching.state);
    return (await teaching.learn({ kind: 'policy', from: tuned.id, clicks, kl, by })) ?? 'cancelled';
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
  const polite = made.polite === null ? undefined : stageOf(made.polite);
  const clicks = polite && 'clicks' in polite.plan ? polite.plan.clicks.length : 0;
  const manners = mannersOf(polite);
  const wins = polite ? winsOf(polite) : null;
  const change = (/** @type {[number, number] | undefined} */ shares) =>
    shares ? `${pct(shares[0])} → ${pct(shares[1])}` : '–';
  const nats = (/** @type {number} */ id) => num(of(id)?.validation?.lossNats ?? 0, 2);
  return [
    { name: t('report.loss'), value: `${nats(made.base)} → ${nats(made.tuned)}` },
    { name: t('report.look-back'), value: pct(of(made.base)?.lookBack?.score ?? 0) },
    { name: t('report.exact'), value: `${share(of(made.base)?.plain)} → ${share(of(made.tuned)?.exact)}` },
    { name: t('report.polite', { n: clicks }), value: change(manners?.polite) },
    { name: t('report.right'), value: `${change(manners?.right)}${isGamed(polite) ? ` · ${t('report.gamed')}` : ''}` },
    {
      name: wins ? t('report.wins', { by: wins.by }) : t('report.wins.none'),
      value: wins ? `${pct(wins.rate.share)} (${pct(wins.rate.low)}–${pct(wins.rate.high)})` : '–',
    },
    { name: t('report.tasks'), value: share(of(made.tools)?.tasks) },
    { name: t('report.after'), value: share(of(made.tools)?.exact) },
    { name: t(made.whole ? 'report.time' : 'report.time.part'), value: duration(made.ms) },
  ];
}
