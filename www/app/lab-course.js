/** The stages of chapters 5 to 7 in the lab's list, as they are on this device. */

import { keptState } from '../engine/course-store.js';
import en from '../i18n/en/teaching.js';
import { addWords, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/teaching.js';
import { figuresOf, nameOf } from './teaching-figures.js';
import { isState } from './teaching-keeping.js';

addWords(en, zh);

/** @typedef {import('./teaching.js').Stage} Stage */

/** @returns {Promise<Stage[]>} */
export async function keptStages() {
  const state = await keptState().catch(() => null);
  return isState(state) ? state.stages : [];
}

/** @param {Stage[]} stages @returns {import('../views/lab.js').LabStage[]} */
export function stageRows(stages) {
  const label = (/** @type {Stage} */ { id, plan }) => t('stage.label', { number: id, name: nameOf(plan) });
  return stages.map((stage) => {
    const parent = stages.find(({ id }) => 'from' in stage.plan && id === stage.plan.from);
    const steps = stage.trail.at(-1)?.step ?? 0;
    return { name: label(stage), from: parent ? label(parent) : '', steps, figures: figuresOf(stage) };
  });
}
