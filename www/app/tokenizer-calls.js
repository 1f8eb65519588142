/** What chapter 1 asks of the tokenizer's worker, as types. */

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {'gpt2' | 'cl100k' | 'o200k' | 'trained' | 'file' | 'bytes'} VocabularyName */
/** @typedef {{ name: string, title: string, size: number, merges: number, split: string, specials: { name: string, id: number }[] }} Vocabulary */
/** @typedef {{ characters: number, bytes: number, tokens: Record<string, number> }} Counts */
/** @typedef {import('../views/merge-steps.js').Tree} Tree */
/** @typedef {import('../views/vocabulary.js').Kind} Kind */

/**
 * @typedef {object} Calls
 * @property {{ args: { vocabulary: 'gpt2' | 'cl100k' | 'o200k' }, result: Vocabulary }} load
 * @property {{ args: { text: Uint8Array, vocabSize: number, split: string }, result: Vocabulary & { reached: number, reason: null | 'empty' | 'too-few-pairs' | 'stopped' } }} train
 * @property {{ args: { name: string, file: Uint8Array }, result: Vocabulary }} openFile
 * @property {{ args: { vocabulary: VocabularyName }, result: Uint8Array }} saveFile
 * @property {{ args: { text: string }, result: Counts }} setText
 * @property {{ args: { vocabularies: VocabularyName[] }, result: Counts }} watch
 * @property {{ args: { vocabulary: VocabularyName, text: string }, result: TokenList }} encode
 * @property {{ args: { vocabulary: VocabularyName, texts: string[] }, result: Uint32Array }} count
 * @property {{ args: { vocabulary: VocabularyName, from: number, to: number }, result: { left: Uint32Array, right: Uint32Array, count: Float64Array, tokens: TokenList } }} mergesOf
 * @property {{ args: { vocabulary: VocabularyName, id: number }, result: Tree }} tree
 * @property {{ args: { vocabulary: VocabularyName, search: string, kind: Kind, order: 'rank' | 'length', from: number, count: number }, result: { total: number, tokens: TokenList } }} browse
 */

/**
 * @callback Call
 * @param {string} name
 * @param {unknown} args
 * @param {{ signal?: AbortSignal, onProgress?: (progress: { done: number, total: number }) => void, transfer?: Transferable[] }} [options]
 * @returns {Promise<any>}
 */

export {};
