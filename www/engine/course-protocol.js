/**
 * Messages between the page and the worker that keeps a course of chapters 5 to 7 on this device.
 *
 * @typedef {import('./storage.js').StorageMode} StorageMode
 */

/**
 * A course that was kept. `state` is the page's business; `stages` are weights by number.
 * @typedef {object} KeptCourse
 * @property {any} state
 * @property {[number, Float32Array][]} stages
 * @property {Uint8Array | null} checkpoint   of the playground's model, where the course began with it
 * @property {number} lost                    stages whose weights are damaged or missing
 * @property {number} savedAt                 milliseconds since 1970
 * @property {number} bytes                   on this device, all generations
 */

/**
 * What can be asked for, with its arguments and result. Calls are answered in order.
 * @typedef {object} Calls
 * @property {[{}, { mode: StorageMode, course: KeptCourse | null }]} read
 * @property {[{ state: any, stages: number[], added: [number, Float32Array][], checkpoint?: Uint8Array | null }, { bytes: number }]} write
 *   `stages`: all; `added`: those whose weights were never written; `checkpoint`: absent, as it was written before
 * @property {[{}, null]} clear
 */
/** @typedef {keyof Calls} CallName */
/** @template {CallName} N @typedef {Calls[N][0]} Args */
/** @template {CallName} N @typedef {Calls[N][1]} Result */

export {};
