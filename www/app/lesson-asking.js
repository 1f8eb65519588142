/** Asking vocabularies, wherever they live: the model's in the engine, all others in the tokenizer's worker. */

import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./lesson.js').ShownName} ShownName */

/** @type {readonly import('./vocabularies.js').LoadedName[]} */
const LOADED = [...PUBLISHED.map((p) => p.name), 'file'];

/** What the worker calls it. @param {ShownName} name */
export const nameOf = (name) => (name === 'own' ? /** @type {const} */ ('trained') : name);

/**
 * @param {object} parts
 * @param {import('./lesson.js').LessonState} parts.state
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./vocabularies.js').Vocabularies} parts.vocabularies
 */
export function createAsking({ state, engine, vocabularies }) {
  /** @param {ShownName} name */
  const isModel = (name) => name === 'own' && state.source.peek() === 'model';

  return {
    /** Vocabularies that can answer now. */
    ready() {
      const loading = vocabularies.loading.value;
      /** @type {ShownName[]} */
      const names = state.learned.value ? ['own'] : [];
      return [...names, ...LOADED.filter((name) => loading[name].state === 'ready')];
    },
    /** @param {ShownName} name @param {string} text @returns {Promise<TokenList>} */
    encode: (name, text) =>
      isModel(name)
        ? engine.call('tokenize', { text })
        : vocabularies.call('encode', { vocabulary: nameOf(name), text }),
    /** @param {ShownName} name @param {string[]} texts @returns {Promise<ArrayLike<number>>} */
    count: async (name, texts) =>
      isModel(name)
        ? Promise.all(texts.map(async (text) => (await engine.call('tokenize', { text })).ids.length))
        : vocabularies.call('count', { vocabulary: nameOf(name), texts }),
  };
}

/** @typedef {ReturnType<typeof createAsking>} Asking */

/**
 * Answers by name.
 * @template T @param {ShownName[]} names @param {(name: ShownName) => Promise<T>} ask @returns {Promise<Record<string, T>>}
 */
export const everyOne = async (names, ask) =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await ask(name)])));
