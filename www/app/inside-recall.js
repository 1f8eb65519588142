/** Long range: a name is stated, sentences come between, and the name is asked for again. */

import { lang, t } from '../i18n/index.js';
import { paced } from './paced.js';

/** Sentences between, at most; the words have as many. */
export const FARTHEST = 8;

/**
 * @typedef {object} Recalled
 * @property {string} name
 * @property {string[]} texts           by distance
 * @property {import('../engine/lab-protocol.js').LabRecall[]} model  by distance
 * @property {number} bigram            log-probability of the name
 * @property {number} trigram
 * @property {number} context
 */

/** The text that asks for the name, `distance` sentences after it was said. @param {number} distance */
export function recallText(distance) {
  const between = Array.from({ length: distance }, (_, i) => t(`recall.between.${i + 1}`));
  return [t('recall.stated'), ...between, t('recall.asks')].join(lang.peek() === 'en' ? ' ' : '');
}

/** @param {import('./inside.js').Parts} parts */
export function followRecall({ state, store, engine, lab, report }) {
  paced(() => {
    const [model, reading, language] = [store.model.value, state.reading.value, lang.value];
    if (!state.active.value || !model || !reading) return null;
    return {
      key: [model, language, state.changes.value],
      task: async (signal) => {
        const name = t('recall.name');
        const texts = Array.from({ length: FARTHEST + 1 }, (_, i) => recallText(i));
        const found = [];
        for (const text of texts) found.push(await lab.call('recall', { text, name }, { signal }));
        const { before, ids } = found[0];
        const [bigram, trigram] = await Promise.all(
          /** @type {const} */ ([2, 3]).map((n) => counted(engine, before, ids, n)),
        );
        if (signal.aborted) return;
        const context = state.facts.peek()?.config.context ?? 0;
        state.recall.value = { name, texts, model: found, bigram, trigram, context };
      },
    };
  }, report);
}

/** Log-probability of a name by counting: the last tokens before it decide, whatever the distance. @param {import('../engine/client.js').EngineClient} engine @param {Uint32Array} before @param {Uint32Array} name @param {2 | 3} n */
async function counted(engine, before, name, n) {
  let sum = 0;
  const ids = Array.from(before);
  for (const id of name) {
    const probs = await engine.call('next', { ids: Uint32Array.from(ids), n });
    sum += Math.log(probs[id] ?? 0);
    ids.push(id);
  }
  return sum;
}
