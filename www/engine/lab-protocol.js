/**
 * Messages between the page and the worker in which a model is taken apart. Calls are answered in order; long ones give
 * way to others between their slices. A checkpoint is that of the engine's `save`.
 *
 * @typedef {import('./protocol.js').TokenList} TokenList
 */

/**
 * What the model is. L layers, H heads, K heads of keys and values, C values in the residual stream, D in a head.
 * @typedef {object} LabFacts
 * @property {number} step
 * @property {{ vocabSize: number, context: number, layers: number, heads: number, kvHeads: number, width: number,
 *   mlpWidth: number, mlp: 'gelu' | 'swiGlu' | 'relu2', norm: 'layer' | 'rms' | 'rmsPlain', softcap: number | null,
 *   position: unknown, tied: boolean }} config
 * @property {number} headDim
 * @property {{ name: string, shape: number[], offset: number }[]} tensors
 */

/**
 * Parts that are off, as `layer · H + head` and as layer, and weights with the value that each gets.
 * @typedef {{ heads: number[], mlps: number[], edits: { index: number, value: number }[] }} LabChanges
 */

/**
 * What the model, changed as asked for, does with the text: an `Inspection` without predictions, and more.
 * @typedef {Omit<import('./protocol.js').Inspection, 'predictions'> & {
 *   tokens: TokenList,
 *   allShares: Float32Array,
 *   firstWeight: Float32Array,
 *   firstValue: Float32Array,
 *   otherValue: Float32Array,
 *   losses: Float32Array,
 *   plainLosses: Float32Array,
 *   ripple: Float32Array,
 * }} LabReading
 *   `allShares` (L, H, 5): share of each habit from the second on · `firstWeight` (L, H): attention on the first token ·
 *   `firstValue`, `otherValue` (L, H): length of its value vector, mean length of the others' · `losses` (T - 1) nats of
 *   the tokens after the first, `plainLosses` without changes · `ripple` (L + 1, T): how far the stream has moved
 */

/** Index of a kind of number in `PARTS`. @typedef {{ part: number, layer: number, row: number, head: number, column: number }} Place */

/** Kinds of numbers, in the order of `src/model/anatomy/mod.rs`. */
export const PARTS = /** @type {const} */ ([
  'residual',
  'norm1',
  'projected',
  'turned',
  'normed',
  'qkv',
  'score',
  'weight',
  'mixed',
  'attention',
  'middle',
  'norm2',
  'inner',
  'up',
  'active',
  'mlp',
  'hidden',
  'logit',
  'probability',
]);

/** What becomes of the terms of a sum, in the order of `src/model/anatomy/mod.rs`. */
export const RULES = /** @type {const} */ (['sum', 'softmax', 'gelu', 'swiglu', 'relu2', 'softcap', 'off']);

/**
 * How a number was made: value = scale · Σ factor · times + offset, or as its rule says. Places are five numbers each,
 * -1: none; `weights`: index in the flat buffer, -1: none.
 * @typedef {{ value: number, rule: number, scale: number, offset: number, chosen: number, factors: Float32Array,
 *   times: Float32Array, values: Float32Array, from: Int32Array, with: Int32Array, weights: Int32Array,
 *   tensor: string | null }} LabSum
 */

/** Guesses in front of each block and behind the last: (L + 1, K) ids and probabilities, (L + 1) of the id asked for. @typedef {{ ids: Uint32Array, probs: Float32Array, asked: Float32Array }} LabGuess */
/** Shares in one logit: three numbers a source (kind, layer, head; -1: none), and nats. Kinds: embedding, head, bias of attention, MLP, bias of the last norm. @typedef {{ sources: Int32Array, values: Float32Array }} LabShares */
/** @typedef {{ ids: Uint32Array, probs: Float32Array }} LabPrediction */
/** (V, 2) points, (2, C) axes, share of the variance on each. @typedef {{ points: Float32Array, axes: Float32Array, explained: Float32Array }} LabMap */
/** Log-probability of each token of a name, tokens of the text and how many of them were read, ids of the name and of the text. @typedef {{ logProbs: Float32Array, tokens: number, read: number, ids: Uint32Array, before: Uint32Array }} LabRecall */
/** What is told of one position. @typedef {{ guess: LabGuess, shares: LabShares, now: LabPrediction, plain: LabPrediction, id: number }} LabLook */
/** Mean nats by position (2T - 1), NaN where impossible. @typedef {{ whole: Float32Array, sliding: Float32Array, windows: number, context: number }} LabBeyond */

/**
 * @typedef {object} Calls
 * @property {[{ checkpoint: Uint8Array, text: string, changes: LabChanges }, { facts: LabFacts, reading: LabReading }]} open
 * @property {[{ params: Float32Array, step: number, text: string, changes: LabChanges }, { facts: LabFacts, reading: LabReading }]} reweigh   the same model with the weights of another step
 * @property {[{ text: string }, LabReading]} read
 * @property {[{ changes: LabChanges }, LabReading]} change
 * @property {[{}, Float32Array]} effects      (L, H + 1) by how much the loss rises if one more part is off; last column: MLP
 * @property {[{}, { plain: number, changed: number, tokens: number }]} heldOut   mean nats on text that was never learned from
 * @property {[{ row: number, id: number }, LabLook]} look   `id` -1: the first choice
 * @property {[Place, LabSum]} sum
 * @property {[Place, Float32Array]} vector
 * @property {[{ layer: number, head: number, row: number, column: number }, { q: Float32Array, k: Float32Array, v: Float32Array,
 *   first: number[], score: LabSum, weight: LabSum, mixed: Float32Array }]} cell
 * @property {[{ before: Float32Array }, LabMap]} map
 * @property {[{ id: number }, { ids: Uint32Array, cosines: Float32Array }]} neighbours
 * @property {[{ index: number }, number]} weight   as it is in the model, edited or not
 * @property {[{ text: string, name: string }, LabRecall]} recall
 * @property {[{ ms: number }, { pass: number, step: number }]} race   tokens per second
 * @property {[{}, LabBeyond]} beyond
 */
/** @typedef {keyof Calls} CallName */
/**
 * @template {CallName} N
 * @typedef {Calls[N][0]} Args
 */
/**
 * @template {CallName} N
 * @typedef {Calls[N][1]} Result
 */
