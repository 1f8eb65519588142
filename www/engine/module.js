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
 * What one slice of work did: `idle` nothing was due, `slice` part of something, `step` a training step is complete.
 * @typedef {{ kind: 'idle' } | { kind: 'slice' } | { kind: 'step' }
 *   | { kind: 'evaluated', evaluation: import('./protocol.js').Evaluation }
 *   | { kind: 'baselines', baselines: import('./protocol.js').Baselines }
 *   | { kind: 'sample' } | { kind: 'kept' }} Work
 */

/**
 * A run on its way: corpus, vocabulary, tokens, model.
 * @typedef {object} Opening
 * @property {(progress: (phase: 'corpus' | 'vocabulary' | 'tokens' | 'model', done: number, total: number) => void) => boolean} advance
 *   one slice; true once the run is ready
 * @property {() => Run} finish  consumes the opening
 * @property {() => void} free
 */

/**
 * @typedef {object} Run
 * @property {number} step            steps done
 * @property {number} gradNorm        of the last step
 * @property {number} tokensPerStep
 * @property {(train: boolean) => Work} work
 * @property {() => void} requestEvaluation  of the present weights, by the next slices of work
 * @property {() => ModelInfo} info
 * @property {(from: number) => Float32Array} trainLossFrom  losses of steps from + 1 on
 * @property {() => import('./protocol.js').Sample} lastSample
 * @property {() => Uint32Array} keptSteps
 * @property {(text: string) => TokenList} tokenize
 * @property {(ids: Uint32Array) => TokenList} describe
 * @property {(ids: Uint32Array) => import('./protocol.js').Result<'merges'>} merges
 * @property {(text: string, sampling: SamplingSettings, atStep?: number) => import('./protocol.js').Result<'inspect'>} inspect
 * @property {(sampling: SamplingSettings) => import('./protocol.js').Predictions} distribute
 * @property {(text: string, count: number, sampling: SamplingSettings, atStep?: number) => Writer} write
 * @property {(learningRate?: number, steps?: number) => void} tune
 * @property {() => Run} again        a new run with the same settings and text, at step 0
 * @property {() => Uint8Array} save
 * @property {() => void} free
 */

/**
 * Text being generated with the weights that its start saw.
 * @typedef {object} Writer
 * @property {() => import('./protocol.js').GeneratedToken | undefined} next  undefined at the end
 * @property {'count' | 'end'} reason  once `next` gave undefined
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineModule
 * @property {(settings: RunSettings, text?: Uint8Array) => Opening} open
 * @property {(file: Uint8Array) => Opening} openSaved   of a checkpoint; refuses a damaged one at once
 * @property {(file: Uint8Array) => { settings: RunSettings, step: number }} peek  the same check, without opening
 * @property {(settings: RunSettings) => import('./protocol.js').Estimate} estimate  never throws
 * @property {() => { run: () => void, flops: number, free: () => void }} bench  one small real training step
 */

/** @typedef {{ module: EngineModule, build: string, simd: boolean }} LoadedEngine */

export {};
