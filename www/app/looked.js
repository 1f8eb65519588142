/** Attention of one pass over a text that is no run's: without predictions, and without a time machine. */

/** @typedef {import('../engine/teacher-protocol.js').Looked} Looked */

/**
 * What a view of attention draws.
 * @param {Looked | null} found @param {number} step  of the weights; 0: untrained
 * @param {{ selected: number, hovered: number, head: [number, number] }} at
 * @returns {import('../views/attention.js').AttentionData}
 */
export const attentionOf = (found, step, { selected, hovered, head: [layer, head] }) => ({
  tokens: found?.tokens ?? null,
  inspection: found && {
    ...found,
    step,
    first: 0,
    vocabSize: 0,
    residualNorms: new Float32Array(),
    predictions: /** @type {any} */ (null),
  },
  selected,
  hovered,
  layer,
  head,
  step,
  atStep: null,
  keptSteps: [],
});
