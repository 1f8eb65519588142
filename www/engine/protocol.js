/**
 * Every message between the page and the engine's worker, as one typed union.
 *
 * The page sends {@link Request}s with an `id`; the worker answers each with exactly one {@link Reply} of that id, after
 * any number of {@link Progress} messages. {@link Notification}s have no id: they tell what happens while training.
 * Hot data travels as typed arrays whose buffers are transferred; never a view over wasm memory.
 */

/** @typedef {import('./module.js').Variant} Variant */
/** @typedef {'stories-en' | 'stories-zh' | 'names' | 'moby-dick' | 'own'} CorpusName */

/**
 * Everything that decides the result of a run. The table of names, ranges and defaults is `www/state.js`.
 * @typedef {object} RunSettings
 * @property {CorpusName} corpus
 * @property {'modern' | 'gpt2' | 'nanochat'} style
 * @property {number} layers
 * @property {number} heads
 * @property {number} kvHeads      at most `heads` and dividing it
 * @property {number} width
 * @property {number} context      tokens that the model can see
 * @property {'bpe' | 'bytes'} vocabulary
 * @property {number} vocabSize    256 + specials .. 8192; the size asked for, `ModelInfo.vocabSize` is the size reached
 * @property {'digits' | 'gpt2'} split  rule that cuts text before merging
 * @property {number} steps        where training stops by itself
 * @property {number} batch        rows of `context` tokens per step
 * @property {'adamw' | 'lion' | 'muon'} optimizer
 * @property {'isqrt' | 'constant' | 'cosine'} schedule
 * @property {number} learningRate peak
 * @property {number} warmup       steps
 * @property {number} weightDecay
 * @property {number} seed
 */

/**
 * @typedef {object} ModelInfo
 * @property {RunSettings} settings
 * @property {number} vocabSize
 * @property {number} parameters
 * @property {string} formula          how `parameters` adds up, in numbers: '3 × (4 × 96² + …) + …'
 * @property {number} memoryBytes
 * @property {number} flopsPerStep
 * @property {number} step             steps done
 * @property {number} corpusBytes
 * @property {number} trainTokens
 * @property {number} validationTokens
 * @property {number} bytesPerToken
 * @property {Baselines | null} baselines  nats per token on the validation split; null until computed (then a notification)
 * @property {Evaluation[]} evaluations    the whole validation curve so far
 * @property {Float32Array} trainLoss      one value per step so far
 * @property {Sample[]} samples            pinned so far
 * @property {number[]} keptSteps          steps of the time machine
 * @property {{ reached: number, reason: 'too-few-pairs' | 'empty' | 'stopped' } | null} vocabularyStopped
 */

/** @typedef {{ uniform: number, bigram: number, trigram: number }} Baselines */
/** @typedef {{ step: number, lossNats: number, bitsPerByte: number }} Evaluation */
/** @typedef {{ step: number, tokens: TokenList }} Sample */

/**
 * Tokens of a text, or ids with their bytes. Token i covers bytes[byteStart[i] .. byteStart[i + 1]] and the UTF-16 units
 * [utf16Start[i], utf16End[i]) (a token that cuts a character covers the whole character).
 * @typedef {object} TokenList
 * @property {Uint32Array} ids
 * @property {Uint8Array} bytes
 * @property {Uint32Array} byteStart   length = ids.length + 1
 * @property {Uint32Array} utf16Start
 * @property {Uint32Array} utf16End
 * @property {Uint8Array} special      1 where the id is a special token
 */

/**
 * What the model does with the inspected text. L layers, H heads, T tokens read (the last `context` of the text), V ids.
 * @typedef {object} Inspection
 * @property {number} step            step of the weights that read the text
 * @property {number} first           index in the text's tokens of the first token read
 * @property {number} layers
 * @property {number} heads
 * @property {number} time            T
 * @property {number} vocabSize
 * @property {Float32Array} attention (L, H, T, T), row looks, column is looked at; 0 above the diagonal
 * @property {Uint8Array} habits      (L, H) index into `HABITS` (`www/views/attention.js`): what the head tends to look at in this text
 * @property {Float32Array} habitShares (L, H) share of its attention that the habit explains
 * @property {Predictions} predictions
 * @property {Float32Array} residualNorms (L + 1, T) root mean square of the residual stream
 */

/**
 * The most probable next tokens after each of the T tokens read, K = min(10, V), most probable first.
 * @typedef {object} Predictions
 * @property {number} shown          K
 * @property {Uint32Array} ids       (T, K)
 * @property {Float32Array} raw      (T, K) the model's own probabilities
 * @property {Float32Array} shaped   (T, K) after temperature, top-k, top-p and min-p; 0 = cut
 * @property {Float32Array} rest     (T) shaped probability of everything else together
 * @property {Uint32Array} keptCount (T) how many tokens are not cut
 */

/**
 * Surprise of the tokens of a text in nats, N = at most 4,096 of them. Nothing is before the first token: NaN.
 * @typedef {object} Scores
 * @property {number} step           of the weights
 * @property {Float32Array} model    (N)
 * @property {Float32Array} bigram   (N) counts of pairs in the training text
 * @property {Float32Array} trigram  (N) counts of triples
 * @property {Uint32Array} context   (N) tokens before it that the model read
 */

/** @typedef {{ temperature: number, topK: number, topP: number, minP: number, seed: number }} SamplingSettings topK 0 = all */

/**
 * One generated token with the distribution it was drawn from.
 * @typedef {object} GeneratedToken
 * @property {number} id
 * @property {Uint8Array} bytes
 * @property {string} text            what became readable with this token; '' while a character is unfinished
 * @property {Uint32Array} topIds     the most probable ids of this place, at most 12, chosen one included
 * @property {Float32Array} topProbs  their probabilities under the sampling settings (0 = cut)
 * @property {boolean} slid           the context was full: the window slid before this token
 */

/**
 * @typedef {object} Estimate
 * @property {number} parameters
 * @property {string} formula
 * @property {number} memoryBytes
 * @property {number} flopsPerStep
 * @property {EngineError | null} error  why such a model can't be made
 */

/**
 * @typedef {object} SavedRun
 * @property {RunSettings} settings
 * @property {number} step
 * @property {number} savedAt  milliseconds since 1970
 * @property {number} bytes
 */

/**
 * @typedef {object} EngineError
 * @property {string} code     stable: codes of `src/error.rs`, or 'trap', 'no-model', 'cancelled', 'wasm-load', 'build-mismatch', 'storage', 'read-only'
 * @property {string} message  English sentence
 * @property {Record<string, string | number>} details  expected, found, name, step ... for a translated sentence
 */

/**
 * Requests and their results.
 * @typedef {object} Calls
 * @property {{ args: { settings: RunSettings, text?: Uint8Array, name?: string }, result: ModelInfo }} open
 *   new model; `text` (UTF-8, transferred) for corpora that the engine does not generate. Progress phases: corpus, vocabulary, tokens, model.
 * @property {{ args: {}, result: SavedRun | null }} saved     what an earlier visit left
 * @property {{ args: {}, result: ModelInfo }} resume          goes on with it
 * @property {{ args: {}, result: null }} forget               deletes it
 * @property {{ args: { untilStep: number, workers?: number }, result: null }} train   answers at once; notifications follow.
 *   `workers`: how many share the work, 0 = as many as help; decides nothing of the result
 * @property {{ args: {}, result: { step: number } }} pause
 * @property {{ args: {}, result: { step: number } }} step      one step
 * @property {{ args: {}, result: ModelInfo }} reset           same settings, step 0; `undoReset` brings the former back
 * @property {{ args: {}, result: ModelInfo }} undoReset
 * @property {{ args: { learningRate?: number, steps?: number }, result: null }} tune  changes that keep the model
 * @property {{ args: { text: string }, result: TokenList }} tokenize
 * @property {{ args: { ids: Uint32Array }, result: TokenList }} describe  bytes and marks of ids, also of a whole vocabulary
 * @property {{ args: { ids: Uint32Array }, result: { left: Int32Array, right: Int32Array, count: Float64Array } }} merges  -1 where an id is no merge
 * @property {{ args: { text: string, sampling: SamplingSettings, atStep?: number }, result: Inspection & { tokens: TokenList } }} inspect
 * @property {{ args: { sampling: SamplingSettings }, result: Predictions }} distribute  the last inspection under other sampling settings
 * @property {{ args: { text: string, atStep?: number }, result: Scores & { tokens: TokenList } }} score
 *   in slices, with the weights of its beginning; a uniform guess costs ln `vocabSize`
 * @property {{ args: { ids: Uint32Array, n: 0 | 1 | 2 | 3 }, result: Float32Array }} next  probability of every id after `ids`:
 *   by the model (n = 0, which needs at least one id), or by counts of `n` tokens
 * @property {{ args: { text: string, count: number, sampling: SamplingSettings, atStep?: number }, result: { reason: 'count' | 'end' | 'cancelled' } }} generate
 *   progress: {@link GeneratedToken}
 * @property {{ args: { settings: RunSettings }, result: Estimate }} estimate
 * @property {{ args: {}, result: { flopsPerSecond: number } }} measure   speed of this machine on a small real step, ≤ 150 ms
 * @property {{ args: {}, result: Uint8Array }} save           checkpoint file
 * @property {{ args: { atStep: number }, result: Float32Array }} weightsAt   of a kept step
 * @property {{ args: { file: Uint8Array }, result: ModelInfo }} load
 * @property {{ args: { target: number }, result: null }} cancel   of a running request
 */

/** @typedef {keyof Calls} CallName */
/** @template {CallName} N @typedef {Calls[N]['args']} Args */
/** @template {CallName} N @typedef {Calls[N]['result']} Result */

/** @typedef {{ [N in CallName]: { id: number, call: N, args: Args<N> } }[CallName]} Request */
/** @typedef {{ id: number, result: unknown } | { id: number, error: EngineError }} Reply */
/** @typedef {{ phase: 'corpus' | 'vocabulary' | 'tokens' | 'model', done: number, total: number } | GeneratedToken} ProgressValue */
/** @typedef {{ id: number, progress: ProgressValue }} Progress */

/**
 * At least 10 a second while training.
 * @typedef {object} TrainingTick
 * @property {'tick'} event
 * @property {number} step
 * @property {number} firstStep          step of trainLoss[0], from 1
 * @property {Float32Array} trainLoss    of the steps since the last tick (may be empty)
 * @property {number} gradNorm
 * @property {number} tokensPerSecond    over the last second of work
 * @property {number} workers            that share the work now
 * @property {{ bytes: number, workers: number }} peak  most WebAssembly memory that this worker and its helpers had together so far
 */

/**
 * @typedef {TrainingTick
 *   | { event: 'ready', build: string, variant: Variant, storage: 'opfs' | 'memory' | 'read-only' }
 *   | { event: 'evaluated', evaluation: Evaluation }
 *   | { event: 'baselines', baselines: Baselines }
 *   | { event: 'sample', sample: Sample }
 *   | { event: 'kept', keptSteps: number[] }
 *   | { event: 'stopped', step: number, reason: 'paused' | 'finished' | 'not-finite', error: EngineError | null }
 *   | { event: 'saved', step: number, bytes: number }
 *   | { event: 'storage', error: EngineError }
 *   | { event: 'checkpoint', step: number, file: Uint8Array }
 *   | { event: 'hire', id: number, script: string, port: MessagePort }
 *   | { event: 'dismiss', id: number }
 *   | { event: 'failed', error: EngineError }
 *   | { event: 'trap', error: EngineError }} Notification
 *   `checkpoint`: a copy in the page's memory, from which a dead worker is rebuilt (a few seconds apart).
 *   `hire`, `dismiss`: a helper is to be started or ended, see `hired.js`; the page's views never see these.
 *   `failed`: the engine could not be loaded; every call is refused with the same error.
 *   `trap`: the engine died; `EngineClient` rebuilds it and tells `onRestart`, the page never sees this one.
 */

/** @typedef {Reply | Progress | Notification} FromWorker */

/**
 * What a helper is told (see `crew.js`): a run's model, the weights of a step with arrays to be used again, a shard.
 * `round` comes back with the answer; `length` is that of weights and gradients.
 * @typedef {{ lesson: string }
 *   | { weights: Float32Array, spare: Float32Array[] }
 *   | { round: number, shard: number, length: number, rows: import('./module.js').Rows }} ToHelper
 */

/**
 * What it tells: the engine is loaded; a shard's part of the loss and gradient; it is dead.
 * @typedef {{ ready: true, memoryBytes: number }
 *   | { round: number, shard: number, lossNats: number, gradient: Float32Array, memoryBytes: number }
 *   | { failed: EngineError }} FromHelper
 */
