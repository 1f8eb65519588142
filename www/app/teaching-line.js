/** Which stages were made from which, and which of several the chapters speak of. */

/** @typedef {import('./teaching.js').Stage} Stage */
/** @typedef {import('./teaching.js').TeachingState} TeachingState */

/** Whether a stage knows no dialogues. @param {Stage | undefined} stage */
export const isBase = (stage) => stage?.plan.kind === 'base' || stage?.plan.kind === 'own';

/** @param {Stage} stage @returns {number | null} */
export const parentOf = ({ plan }) => ('from' in plan ? plan.from : null);

/** A stage and those that it was made from, itself first. @param {Stage[]} stages @param {Stage | undefined} stage @returns {Stage[]} */
export function lineOf(stages, stage) {
  if (!stage) return [];
  const from = parentOf(stage);
  return [
    stage,
    ...lineOf(
      stages.filter((s) => s !== stage),
      stages.find(({ id }) => id === from),
    ),
  ];
}

/** The line of the stage that the learner has chosen to go on from; empty where none was. @param {Pick<TeachingState, 'stages' | 'branch'>} state */
export const chosenLine = ({ stages: { value: stages }, branch }) =>
  lineOf(
    stages,
    stages.find(({ id }) => id === branch.value),
  );

/** @param {Stage} stage */
const isTuned = ({ plan }) => plan.kind === 'tune';
/** @param {Stage} stage */
const isRandom = ({ plan }) => plan.kind === 'base' && plan.start === 'random';
/** @param {Stage} stage */
const isBare = ({ plan }) => plan.kind === 'tune' && !plan.replay;

/**
 * The base that the chapters speak of: that of the stage which was chosen to go on from; else one that was fine-tuned before
 * one that was not, and one with the usual first weights before one that began at random.
 * @param {Pick<TeachingState, 'stages' | 'branch'>} state
 */
export function mainBase(state) {
  const stages = state.stages.value;
  const chosen = chosenLine(state).find(isBase);
  if (chosen) return chosen;
  const bases = stages.filter(isBase);
  const taught = bases.filter(({ id }) => stages.some((s) => isTuned(s) && parentOf(s) === id));
  const these = taught.length > 0 ? taught : bases;
  return these.findLast((s) => !isRandom(s)) ?? these.at(-1);
}

/** The fine-tuning of that base that the chapters speak of: the chosen one, or the last one with replay, or the last one. @param {Pick<TeachingState, 'stages' | 'branch'>} state */
export function mainTuned(state) {
  const stages = state.stages.value;
  const chosen = chosenLine(state).find(isTuned);
  const base = mainBase(state)?.id;
  const these = stages.filter((s) => isTuned(s) && parentOf(s) === base);
  return chosen ?? these.findLast((s) => !isBare(s)) ?? these.at(-1);
}

/**
 * The stage that a lesson goes on from: the one that was chosen where it fits, or the last of `usual`; one of the line that
 * the chapters speak of before others, and one that forgot nothing on purpose.
 * @param {TeachingState} state @param {(stage: Stage) => boolean} fits @param {(stage: Stage) => boolean} [usual]
 */
export function fromOf(state, fits, usual = fits) {
  const stages = state.stages.value;
  const chosen = stages.find((s) => s.id === state.branch.value && fits(s));
  if (chosen) return chosen;
  const base = mainBase(state);
  const all = stages.filter(usual);
  const own = all.filter((s) => lineOf(stages, s).some((s) => s === base));
  return own.findLast((s) => !lineOf(stages, s).some(isBare)) ?? own.at(-1) ?? all.at(-1) ?? null;
}

/** A stage and all that was made from it. @param {Stage[]} stages @param {number} id */
export const goneWith = (stages, id) => stages.filter((s) => lineOf(stages, s).some((above) => above.id === id));
