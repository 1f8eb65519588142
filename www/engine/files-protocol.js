/**
 * Messages between the page and the worker for model files. A worker does one call and is ended, or keeps a model that is
 * read with until it is ended.
 *
 * @typedef {import('./protocol.js').RunSettings} RunSettings
 * @typedef {{ name: string, bytes: Uint8Array }} NamedFile
 */

/**
 * What can be asked for, with its arguments and result. Checkpoints are those of the engine's `save` and `load`.
 * @typedef {object} Calls
 * @property {[{}, string]} pythonLines                                  that a folder brings along
 * @property {[{ checkpoint: Uint8Array }, Uint8Array]} exportZip
 * @property {[{ checkpoint: Uint8Array }, NamedFile[]]} exportFiles
 * @property {[{ source: ModelSource, settings: RunSettings, text: Uint8Array | null }, Uint8Array]} importModel
 *   a checkpoint at step 0 that learns on from `text`, or from the text that `settings` name where that is generated
 */
/**
 * What can be asked of a model that is read with as it is. It never learns: its weights are all that it needs.
 * @typedef {object} ReaderCalls
 * @property {[{ source: ModelSource }, ReaderFacts]} openReader
 * @property {[{ text: string, count: number, sampling: import('./protocol.js').SamplingSettings }, { reason: 'count' | 'end' | 'cancelled' }]} generate
 *   progress: one {@link GeneratedToken} after the other
 * @property {[{ text: string }, Looked]} look   into the last 64 tokens at most
 */
/** @typedef {import('./protocol.js').GeneratedToken} GeneratedToken */
/** @typedef {import('./teacher-protocol.js').Looked} Looked */
/**
 * @typedef {object} ReaderFacts
 * @property {string} className    in transformers
 * @property {number} parameters
 * @property {number} layers
 * @property {number} heads
 * @property {number} width
 * @property {number} context
 * @property {number} vocabSize
 * @property {boolean} normal      texts must be in normalization form C
 * @property {import('./protocol.js').TokenList} vocabulary
 */
/** @typedef {{ zip: Blob } | { files: { name: string, blob: Blob }[] }} ModelSource names with `/` between folders */
/** @typedef {keyof Calls} CallName */
/**
 * @template {CallName} N
 * @typedef {Calls[N][0]} Args
 */
/**
 * @template {CallName} N
 * @typedef {Calls[N][1]} Result
 */
/** @typedef {keyof ReaderCalls} ReaderCallName */
/** @template {ReaderCallName} N @typedef {ReaderCalls[N][0]} ReaderArgs */
/** @template {ReaderCallName} N @typedef {ReaderCalls[N][1]} ReaderResult */
/** @typedef {{ phase: 'reading' | 'corpus' | 'tokens', done: number, total: number }} ProgressValue bytes */

export {};
