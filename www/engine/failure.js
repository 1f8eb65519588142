/**
 * Errors on both sides of the worker: an {@link EngineError} is data that travels, {@link EngineFailure} is what is thrown.
 *
 * An exception without a `code` is no answer to bad input but a defect or a trap; the engine must not be called again.
 */

/** @typedef {import('./protocol.js').EngineError} EngineError */

/** A refusal with a stable `code` and the numbers for a translated sentence. */
export class EngineFailure extends Error {
  /** @param {EngineError} error */
  constructor({ code, message, details }) {
    super(message);
    this.name = 'EngineFailure';
    this.code = code;
    this.details = details;
  }
}

/** @param {string} code @param {string} message @param {EngineError['details']} [details] */
export const failure = (code, message, details = {}) => new EngineFailure({ code, message, details });

/**
 * The part of an exception that can travel, or null if it is no refusal. The bindings throw plain objects.
 * @param {unknown} thrown @returns {EngineError | null}
 */
export function refusal(thrown) {
  if (!thrown || typeof thrown !== 'object' || thrown instanceof DOMException) return null;
  const { code, message, details } = /** @type {Partial<EngineError>} */ (thrown);
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  return { code, message, details: details ?? {} };
}

/** @param {unknown} thrown @returns {EngineError} */
export function trapped(thrown) {
  const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return {
    code: 'trap',
    message: `the engine stopped unexpectedly (${cause}); it is started again`,
    details: { cause },
  };
}
