/** Long range: a place is told, sentences about others come between, and it is asked for again. */

import { lang, t } from '../i18n/index.js';
import { failureOf } from './failures.js';
import { paced } from './paced.js';

/** Sentences between, at most; the words have as many. */
export const FARTHEST = 8;

/** Places that the sentences name; the first is the right one. */
export const OPTIONS = FARTHEST + 1;

/**
 * @typedef {object} Recalled
 * @property {string} name              the right one
 * @property {string[]} texts           by distance
 * @property {{ probs: number[], tokens: number, read: number }[]} model  by distance: probability of every option, the right
 *   one first; tokens of the text and how many of them were read
 * @property {number[]} bigram          probability of every option
 * @property {number[]} trigram
 * @property {number} context
 */

/** The text that asks for the place, `distance` sentences after it was told. @param {number} distance */
export function recallText(distance) {
  const between = Array.from({ length: distance }, (_, i) => t(`recall.between.${i + 1}`));
  const english = lang.peek() === 'en';
  // A document in English begins with a space: a name is the same token everywhere.
  return (english ? ' ' : '') + [t('recall.stated'), ...between, t('recall.asks')].join(english ? ' ' : '');
}

/** @param {Float32Array} logProbs */
const total = (logProbs) => Math.exp(logProbs.reduce((a, b) => a + b, 0));

/** @param {import('./inside.js').Parts} parts */
export function followRecall({ state, store, engine, lab, report }) {
  paced(() => {
    const [model, reading, language] = [store.model.value, state.reading.value, lang.value];
    if (!state.active.value || !model || !reading) return null;
    return {
      key: [model, language, state.changes.value],
      task: async (signal) => {
        const options = Array.from({ length: OPTIONS }, (_, i) => t(`recall.option.${i}`));
        const texts = Array.from({ length: FARTHEST + 1 }, (_, i) => recallText(i));
        const found = [];
        let ids = /** @type {Uint32Array[]} */ ([]);
        let before = /** @type {Uint32Array} */ (new Uint32Array());
        for (const text of texts) {
          const all = [];
          try {
            for (const name of options) all.push(await lab.call('recall', { text, name }, { signal }));
          } catch (error) {
            if (signal.aborted || failureOf(error).code !== 'too-long') throw error;
            state.recall.value = 'short';
            return;
          }
          [ids, before] = [all.map((one) => one.ids), all[0].before];
          const { tokens, read } = all[0];
          found.push({ probs: all.map((one) => total(one.logProbs)), tokens, read });
        }
        const [bigram, trigram] = await Promise.all(
          /** @type {const} */ ([2, 3]).map((n) => Promise.all(ids.map((name) => counted(engine, before, name, n)))),
        );
        if (signal.aborted) return;
        const context = state.facts.peek()?.config.context ?? 0;
        state.recall.value = { name: options[0], texts, model: found, bigram, trigram, context };
      },
    };
  }, report);
}

/** Probability of a name by counting: the last tokens before it decide, whatever the distance. @param {import('../engine/client.js').EngineClient} engine @param {Uint32Array} before @param {Uint32Array} name @param {2 | 3} n */
async function counted(engine, before, name, n) {
  let product = 1;
  const ids = Array.from(before);
  for (const id of name) {
    const probs = await engine.call('next', { ids: Uint32Array.from(ids), n });
    product *= probs[id] ?? 0;
    ids.push(id);
  }
  return product;
}
