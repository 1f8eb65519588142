/**
 * What the worker uses of the generated bindings (`pkg/`), as types: so the worker can be tested with a stand-in, and a
 * method that is missing in the bindings is found where they are loaded.
 *
 * Every method runs one bounded piece of work and throws either a refusal (an Error with `code` and `details`) or, after
 * a trap, something else; then the whole module must not be called again.
 */

/** @typedef {import('./protocol.js').RunSettings} RunSettings */
/** @typedef {import('./protocol.js').SamplingSettings} SamplingSettings */
/** @typedef {import('./protocol.js').TokenList} TokenList */
/** @typedef {import('./protocol.js').ModelInfo} ModelInfo */

/**
 * What a slice of work brought.
 * @typedef {{ kind: 'step', value: { step: number, lossNats: number, gradNorm: number } }
 *   | { kind: 'evaluated', value: import('./protocol.js').Evaluation }
 *   | { kind: 'baselines', value: import('./protocol.js').Baselines }
 *   | { kind: 'sample', value: import('./protocol.js').Sample }
 *   | { kind: 'kept', value: number[] }} Note
 */

/** @typedef {'corpus' | 'vocabulary' | 'tokens' | 'model'} Phase */

/**
 * A run on its way: corpus, vocabulary, tokens, model.
 * @typedef {object} Opening
 * @property {(progress: (phase: Phase, done: number, total: number) => void) => boolean} advance
 *   one slice; true once the run is ready
 * @property {() => Engine | undefined} finish  consumes the opening
 * @property {() => void} free
 */

/**
 * A run.
 * @typedef {object} Engine
 * @property {() => number} step            steps done
 * @property {() => boolean} hasTask        whether work waits that is no training
 * @property {() => Note | undefined} doTask  one slice of it
 * @property {() => Note[]} advance         one slice of training
 * @property {() => number} shards          of a step
 * @property {() => number} shardsAdded     of the current step
 * @property {() => number} weightCount     length of weights and gradients
 * @property {() => string} lesson          what a {@link Helper} is made of
 * @property {(target: Float32Array) => void} copyWeights  writes the weights in training
 * @property {(shard: number) => Rows} shardBatch
 * @property {(lossNats: number, gradient: Float32Array) => Note[]} addShard  `advance` with the next shard of a helper
 * @property {() => void} evaluateNow       makes an evaluation of the present weights wait
 * @property {() => Omit<ModelInfo, 'trainLoss' | 'samples'>} facts
 * @property {() => Float32Array} trainLoss
 * @property {() => import('./protocol.js').Sample[]} samples
 * @property {(text: string) => TokenList} tokenize
 * @property {(ids: Uint32Array) => TokenList} describe
 * @property {(ids: Uint32Array) => import('./protocol.js').Result<'merges'>} merges
 * @property {(text: string, sampling: SamplingSettings, atStep?: number) => import('./protocol.js').Result<'inspect'>} inspect
 * @property {(sampling: SamplingSettings) => import('./protocol.js').Predictions} distribute
 * @property {(text: string, atStep?: number) => Scoring} scoring
 * @property {(scoring: Scoring) => import('./protocol.js').Scores | undefined} score  one slice; undefined before the last
 * @property {(ids: Uint32Array, n: number) => Float32Array} next
 * @property {(text: string, sampling: SamplingSettings, atStep?: number) => Generation} generate
 * @property {(learningRate?: number, steps?: number) => void} tune
 * @property {() => Engine} restarted       the same settings and text, at step 0
 * @property {() => Uint8Array} save
 * @property {(atStep: number) => Float32Array} weightsAt  of a kept step
 * @property {() => void} free
 */

/** A text being scored, by the run that began it. @typedef {{ free(): void }} Scoring */

/**
 * Text being generated with the weights that its start saw.
 * @typedef {object} Generation
 * @property {() => import('./protocol.js').GeneratedToken | null} next  null where the document ends
 * @property {() => void} free
 */

/** Rows of a shard: ids that are read, ids that follow, what each counts. @typedef {{ tokens: Uint32Array, targets: Uint32Array, weights: Float32Array }} Rows */

/**
 * A model that computes gradients for the run of another worker.
 * @typedef {object} Helper
 * @property {(weights: Float32Array) => void} setWeights
 * @property {(tokens: Uint32Array, targets: Uint32Array, weights: Float32Array, target: Float32Array) => number} gradient
 *   writes into `target`, gives the rows' part of the loss
 * @property {() => void} free
 */

/** @typedef {{ step(): void, flops(): number, free(): void }} Bench  one real training step of a small model */

/**
 * @typedef {object} EngineModule
 * @property {{ fresh(settings: RunSettings, text?: Uint8Array): Opening, load(file: Uint8Array): Opening }} Opening
 * @property {(file: Uint8Array) => { settings: RunSettings, step: number }} label  of a checkpoint; refuses a damaged one
 * @property {(settings: RunSettings) => import('./protocol.js').Estimate} estimate
 * @property {new (lesson: string) => Helper} Helper
 * @property {new (style: number, layers: number, heads: number, width: number, context: number, batch: number, vocabSize: number) => Bench} BenchStep
 */

/** Instruction set that a build uses. @typedef {'scalar' | 'simd' | 'relaxed'} Variant */
/** `memory` is never looked into, only measured: it never shrinks, so its length is the most that was in use. @typedef {{ module: EngineModule, build: string, variant: Variant, memory: WebAssembly.Memory }} LoadedEngine */

export {};
