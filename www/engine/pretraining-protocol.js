/** Messages between the page and the worker of the chapter on pre-training. */

/**
 * One step of a tiny model, seen from one of its weights. T = 3 places, V = 4 words, C = 2 values.
 * @typedef {object} ByHand
 * @property {number} step          from 1
 * @property {number} parameters    of the whole model
 * @property {{ name: string, shape: number[], decayed: boolean }[]} tensors
 * @property {number} tensor        the chosen one
 * @property {number} index         of the chosen weight in it
 * @property {number[]} tokens      (T) words that are read
 * @property {number[]} targets     (T) words that should follow
 * @property {number[]} head        (V, C) the last matrix
 * @property {number[]} hidden      (T, C) what it is multiplied with
 * @property {number[]} logits      (T, V)
 * @property {number[]} probs       (T, V)
 * @property {number[]} losses      (T) in nats
 * @property {number} lossNats      their mean
 * @property {number[]} weights     of the chosen tensor
 * @property {number[]} gradients   of the chosen tensor
 * @property {number} nudge         how far the chosen weight is moved for the finite difference
 * @property {number} lossAbove     with the weight moved up
 * @property {number} lossBelow     with the weight moved down
 * @property {number} learningRate
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} epsilon
 * @property {number} weightDecay   of the chosen weight
 * @property {[number, number]} momentum  before and after the step
 * @property {[number, number]} variance
 * @property {[number, number]} weight
 * @property {number} lossAfter
 */

/**
 * The longest piece that a text has in common with the text that was learned from, in bytes.
 * @typedef {object} Copied
 * @property {number} start       in the text
 * @property {number} len
 * @property {number} of          bytes of the text
 * @property {number[]} line      bytes of the line that the piece stands in
 * @property {number} lineStart   where in `line` the piece begins
 */

/** @typedef {{ name: string, values: number, weights: number, gradient: number, update: number }} TensorNorms */
/** @typedef {{ step: number, gradient: number, clip: number, update: number, tensors: TensorNorms[] }} Norms */

/**
 * A step of a run that goes wrong on purpose.
 * @typedef {object} Moment
 * @property {number} step
 * @property {number} lossNats       NaN where there is none
 * @property {number | null} validationNats
 * @property {number} learningRate
 * @property {'diverged' | 'rolledBack' | 'turned' | null} event
 * @property {number | null} backTo
 * @property {boolean} done
 */
/** @typedef {'rate' | 'corpus'} Failure */

/**
 * What can be asked for, with its arguments and result.
 * @typedef {object} Calls
 * @property {[{ chinese: boolean, seed: number, count: number }, string[]]} stories
 * @property {[{ step: number, tensor: number, index: number }, ByHand]} byHand
 * @property {[{ checkpoint: Uint8Array, texts: Uint8Array[] }, { copied: Copied[], unseen: Copied[], norms: Norms }]} look
 *   `unseen`: the same for as many bytes of text that was never learned from
 * @property {[{ failure: Failure, chinese: boolean }, null]} fail   progress: a {@link Moment} a step
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

export {};
