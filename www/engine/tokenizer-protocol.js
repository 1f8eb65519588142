/**
 * Every message between the page and the tokenizer's worker, as one typed union; the same way as `protocol.js`: a
 * {@link Request} with an `id` gets any number of {@link Progress} messages and exactly one {@link Reply}.
 * Hot data travels as typed arrays whose buffers are transferred.
 */

/** @typedef {import('./protocol.js').EngineError} EngineError */
/** @typedef {import('./protocol.js').TokenList} TokenList */

/** @typedef {'gpt2' | 'cl100k' | 'o200k'} PublishedName */
/** `bytes` is always there; the others once they are loaded, trained or opened. @typedef {PublishedName | 'trained' | 'file' | 'bytes'} VocabularyName */
/** @typedef {'gpt2' | 'digits' | 'cl100k' | 'o200k' | 'qwen'} SplitName */

/**
 * @typedef {object} Vocabulary
 * @property {VocabularyName} name
 * @property {string} title      what a person calls it: 'cl100k_base', the name of the file; '' where the page has a word for it
 * @property {number} size       one more than the highest id
 * @property {number} merges     number of merges
 * @property {SplitName} split
 * @property {{ name: string, id: number }[]} specials
 * @property {boolean} nfc       a text is brought into the Unicode normalization form C before it is cut (Qwen); places stay
 *   those in the text as it was typed
 */

/** @typedef {{ reached: number, reason: null | 'empty' | 'too-few-pairs' | 'stopped' }} Training  `reached`: size of the vocabulary */

/**
 * Of the text that was set.
 * @typedef {object} Counts
 * @property {number} characters   code points
 * @property {number} bytes        UTF-8
 * @property {Partial<Record<VocabularyName, number>>} tokens  for the vocabularies that are watched
 */

/**
 * What a token is made of. Parts are left out where it is a byte, a special token, or deep inside a very long one.
 * @typedef {object} TokenTree
 * @property {number} id
 * @property {Uint8Array} bytes
 * @property {number | null} rank   of the merge that makes it, from 0
 * @property {number | null} count  how often the parts stood side by side when the merge was learned; null where that is not known
 * @property {TokenTree} [left]
 * @property {TokenTree} [right]
 */

/**
 * @typedef {object} MergeList
 * @property {Uint32Array} left
 * @property {Uint32Array} right
 * @property {Float64Array} count    0 where it is not known
 * @property {TokenList} tokens      what each merge makes
 * @property {TokenList} leftTokens
 * @property {TokenList} rightTokens
 */

/** @typedef {'all' | 'special' | 'partial' | 'word' | 'space'} TokenKind */

/**
 * Requests and their results. Places in a text are UTF-16 units.
 * @typedef {object} Calls
 * @property {{ args: { vocabulary: PublishedName }, result: Vocabulary }} load
 *   progress in bytes; kept for use offline
 * @property {{ args: { text: Uint8Array, vocabSize: number, split: SplitName }, result: Vocabulary & Training }} train
 *   `text` in UTF-8 (transferred); becomes 'trained'. Progress in merges; a cancelled training stops with what it has.
 * @property {{ args: { name: string, file: Uint8Array }, result: Vocabulary }} openFile
 *   a `tokenizer.json` or `.tiktoken` file, told apart by content; becomes 'file'
 * @property {{ args: { vocabulary: VocabularyName }, result: Uint8Array }} saveFile   as `tokenizer.json`
 * @property {{ args: { vocabularies: VocabularyName[] }, result: Counts }} watch   which vocabularies count the text
 * @property {{ args: { text: string }, result: Counts }} setText   progress in UTF-16 units times vocabularies
 * @property {{ args: { start: number, end: number, insert: string }, result: Counts }} edit   replaces a range
 * @property {{ args: { vocabulary: VocabularyName, start: number, end: number }, result: TokenList & { first: number } }} tokens
 *   the tokens that touch a range of the text; `first` is the index of the first one in the whole text
 * @property {{ args: { vocabulary: VocabularyName, text: string }, result: TokenList }} encode
 * @property {{ args: { vocabulary: VocabularyName, texts: string[] }, result: Uint32Array }} count   progress in texts
 * @property {{ args: { vocabulary: VocabularyName, text: string, merges: number }, result: TokenList }} segment
 *   as it was after so many merges
 * @property {{ args: { vocabulary: VocabularyName, text: string }, result: Uint32Array }} curve
 *   number of tokens after 0, 1, 2 … merges
 * @property {{ args: { vocabulary: VocabularyName, from: number, to: number }, result: MergeList }} mergesOf   by rank
 * @property {{ args: { vocabulary: VocabularyName, id: number }, result: TokenTree }} tree
 * @property {{ args: { vocabulary: VocabularyName, search: string, kind: TokenKind, order: 'rank' | 'length', from: number, count: number }, result: { total: number, tokens: TokenList } }} browse
 *   `search`: a text, or bytes in hexadecimal with dots between them ('E4·BD')
 * @property {{ args: { target: number }, result: null }} cancel   of a running request
 */

/** @typedef {keyof Calls} CallName */
/** @template {CallName} N @typedef {Calls[N]['args']} Args */
/** @template {CallName} N @typedef {Calls[N]['result']} Result */

/** @typedef {{ done: number, total: number }} ProgressValue */
/** @typedef {{ [N in CallName]: { id: number, call: N, args: Args<N> } }[CallName]} Request */
/** @typedef {{ id: number, result: unknown } | { id: number, error: EngineError }} Reply */
/** @typedef {{ id: number, progress: ProgressValue }} Progress */

/**
 * `failed`: the module could not be loaded, no call can succeed. `trap`: it died; the client starts a new worker.
 * Codes of errors: those of `src/error.rs`, and 'no-vocabulary' (load, train or open it first), 'vocabulary-fetch' (ask
 * again later), 'cancelled', 'wasm-load', 'trap'.
 * @typedef {{ event: 'failed', error: EngineError } | { event: 'trap', error: EngineError }} Notification
 */

/** @typedef {Reply | Progress | Notification} FromWorker */

export {};
