/**
 * Messages between the page and the worker for model files. One worker does one call and is ended.
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
/** @typedef {{ phase: 'reading' | 'corpus' | 'tokens', done: number, total: number }} ProgressValue bytes */

export {};
