/** When a screen reader is told of figures: when the reader has moved, not when the model has learned a little. */

/**
 * @typedef {object} Looked
 * @property {string} at             what the reader looks at: another one is a move
 * @property {number} step           of the model whose figures these are
 * @property {number | null} atStep  step of the past that the reader wants; null: now
 * @property {boolean} learning      the model learns meanwhile
 */

export class Told {
  /** @type {Looked | null} */
  #last = null;

  /** Whether figures are to be told; where they are not, what was told of last still holds. @param {Looked} now */
  may(now) {
    const { at, step, atStep, learning } = now;
    const last = this.#last;
    const still = learning && atStep === null && last !== null && last.at === at && last.atStep === null;
    if (still && step !== last.step) return false;
    // On the way back from the past, figures of the past are there for a moment.
    this.#last = { ...now, atStep: atStep ?? (last?.step === step ? last.atStep : null) };
    return true;
  }
}

/** The tokens of a text as a key. @param {import('../engine/protocol.js').TokenList | null} tokens */
export const textKey = (tokens) => (tokens ? tokens.ids.join() : '');
