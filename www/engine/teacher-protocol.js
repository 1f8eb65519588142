/**
 * Messages between the page and the worker in which a model is taught.
 *
 * Stages are weights with a number that the page chooses, from 1; 0 is the model that is learning.
 *
 * @typedef {import('./protocol.js').EngineError} EngineError
 * @typedef {import('./protocol.js').TokenList} TokenList
 * @typedef {'en' | 'zh-Hans'} Lang
 * @typedef {'plain' | 'short' | 'polite' | 'rude' | 'excited'} Tone
 */

/** What a course is made from. `quick`: every stage in seconds, too small to learn much. @typedef {{ lang: Lang, quick: boolean, seed: number }} Wish */

/**
 * Sizes and rates; pairs are steps and learning rate.
 * @typedef {object} Recipe
 * @property {Lang} lang
 * @property {number} corpusBytes
 * @property {number} context
 * @property {number} layers
 * @property {number} heads
 * @property {number} width
 * @property {number} rows
 * @property {[number, number]} pretrain
 * @property {[number, number]} tune
 * @property {[number, number]} replay    rows of a step that are text of pre-training, and what their tokens count
 * @property {[number, number]} tools
 * @property {[number, number]} dpo       rounds through the pairs
 * @property {number} beta                what a nat counts by which a pair's margin has grown
 * @property {number} pairs               of a step
 * @property {[number, number]} kept      rows of a step that keep the content of answers, and what their loss counts
 * @property {[number, number]} policy
 * @property {[number, number]} groups    prompts of a step, answers to each
 * @property {number} kl
 */

/**
 * @typedef {object} CourseInfo
 * @property {Recipe} recipe
 * @property {number} vocabSize
 * @property {number} parameters
 * @property {number} trainTokens
 * @property {number} flopsPerToken   of training
 * @property {[string, number][]} specials  names and ids
 */

/** @typedef {{ user: string, chosen: string, rejected: string[] }} Click */

/** The rule that made all choices; null: somebody chose, too. For the page alone. @typedef {{ name: 'polite' | 'short' | 'not-rude' | 'pattern', pattern: string } | null} ChosenBy */

/**
 * A lesson, by which a stage is made.
 * @typedef {{ kind: 'base', start: 'look-back' | 'random' }
 *   | { kind: 'tune', from: number, own: [string, string][], replay: boolean }
 *   | { kind: 'adapters', from: number, targets: 'attention' | 'mlp' | 'blocks', rank: number, rate: number }
 *   | { kind: 'prefer', from: number, clicks: Click[], by?: ChosenBy }
 *   | { kind: 'policy', from: number, clicks: Click[], kl: number, by?: ChosenBy }
 *   | { kind: 'tools', from: number, tool: boolean }} Plan
 */

/** @typedef {{ pairs: number, lossNats: number, chosen: number, rejected: number, margin: number, accuracy: number }} PairsReport  means of a step */
/** @typedef {{ reward: number, divergence: number, logProb: number, withoutSignal: number }} PolicyReport */
/** `lookBack`: score of the weights after this step, where it was measured. @typedef {{ step: number, steps: number, pool: [number, number], lossNats: number | null, pairs: PairsReport | null, policy: PolicyReport | null, lookBack?: number }} LessonProgress */

/**
 * A lesson that came to its end.
 * @typedef {object} Learned
 * @property {Float32Array} weights
 * @property {LessonProgress} progress   of its last step
 * @property {LessonProgress[]} watched  with a look-back score, from step 0 on
 * @property {number} trained            numbers that were trained
 * @property {[number, number] | null} unmerged  largest difference of a logit, with the adapters taken out and with them in
 * @property {boolean} stopped           before its last step
 * @property {number} ms                 of learning, without pauses
 * @property {number} workers            that shared its last step
 */

/**
 * @typedef {object} Question
 * @property {string} text
 * @property {'document' | 'dialogue'} form
 * @property {number} temperature
 * @property {number} seed
 * @property {number} tokens
 * @property {number} calls
 * @property {[string, string][]} table    of the look-up tool
 * @property {(string | null)[]} edits     what is written instead of the reply to each call
 */

/** @typedef {'value' | 'entry' | 'no-entry' | 'malformed' | 'division-by-zero' | 'not-whole' | 'overflow'} ReplyKind */
/** @typedef {{ request: string, kind: ReplyKind, reply: string, written: string | null }} Called */
/** @typedef {'answered' | 'too-long' | 'malformed' | 'refused' | 'too-many-calls'} Outcome */

/**
 * An answer, token by token.
 * @typedef {object} Spoken
 * @property {TokenList} tokens           those that were given first
 * @property {Uint8Array} authors         0 given, 1 the model, 2 the page
 * @property {Float32Array} probabilities each after those before it; 1 for the first
 * @property {string} answer
 * @property {Called[]} calls
 * @property {Outcome} outcome
 */

/** @typedef {{ user: string, answers: { tone: Tone, text: string }[] }} Cards */
/** @typedef {{ tokens: TokenList, weights: Float32Array }} Example */

/**
 * @typedef {{ kind: 'exact', of: number, part: 'train' | 'combinations' | 'new', count: number, plain: boolean }
 *   | { kind: 'validation', of: number }
 *   | { kind: 'look-back', of: number, count: number }
 *   | { kind: 'manners', of: number, before: number, count: number, clicks: Click[] }
 *   | { kind: 'tasks', of: number, count: number }} Exam
 */
/** @typedef {{ kind: string, people: number, right: number, asked: number }} Share */
/** @typedef {{ user: string, answer: string, wanted: string, right: boolean }} Shown */
/** @typedef {{ user: string, answers: [string, string], tones: [Tone, Tone], right: [boolean, boolean], rewards: [number, number] | null, divergence: number }} Compared */
/**
 * What an examination found; which of them are there depends on its kind.
 * @typedef {{ shares?: Share[], samples?: Shown[], lossNats?: number, score?: number, rows?: Compared[] }} Findings
 */

/** What a model does with a text: one pass, as in the engine's `Inspection`. @typedef {{ tokens: TokenList, layers: number, heads: number, time: number, attention: Float32Array, habits: Uint8Array, habitShares: Float32Array }} Looked */

/** @typedef {{ user: string, answer: string } | { user: string, chosen: string, rejected: string }} OwnExample */
/** @typedef {{ line: number, code: string, expected: string, found: string }} LineError */

/**
 * What can be asked for, with its arguments and result. Learning and examinations come one after another; everything else
 * is answered between two slices of them. What can be given up: an examination, or a lesson that has not begun.
 * @typedef {object} Calls
 * @property {[Wish & { checkpoint?: Uint8Array }, CourseInfo]} open   with a checkpoint: its model, whose weights are stage 1
 * @property {[{ stage: number }, Float32Array]} weights
 * @property {[{ stage: number, weights: Float32Array }, null]} put
 * @property {[{ stage: number }, null]} remove
 * @property {[{ stage: number, start: 'look-back' | 'random' }, Float32Array]} initial   weights before any training, as a stage
 * @property {[{ stage: number, plan: Plan, watch?: { times: number, count: number }, workers?: number }, Learned]} learn   `watch`:
 *   measure the look-back score so many times, with so many questions of each kind; `workers`: 0 = as many as help
 * @property {[{ on: boolean }, null]} pause
 * @property {[{ keep: boolean }, null]} stop    the lesson; what it has learnt is kept, or it ends as 'cancelled'
 * @property {[{ exam: Exam }, Findings]} examine
 * @property {[{ stage: number, question: Question }, Spoken]} ask
 * @property {[{ stage: number, seed: number, number: number }, Cards]} cards
 * @property {[{ stage: number, text: string }, Looked]} look
 * @property {[{ start: 'look-back' | 'random', text: string }, Looked]} lookAtStart   the same before any training
 * @property {[{ number: number }, [string, string]]} twice   a text up to the second mention of something, and its word
 * @property {[{ number: number }, Example]} example
 * @property {[{ number: number, task: boolean }, [string, string]]} draw   a held-out question or task, and its answer
 * @property {[{ text: string }, TokenList]} tokenize
 * @property {[{ request: string, table: [string, string][], lang: 'en' | 'zh-Hans' }, Called]} callTool   what the tools say to a request of the learner's
 * @property {[{ text: string }, { examples: OwnExample[], errors: LineError[] }]} readExamples
 * @property {[{ examples: OwnExample[] }, string]} writeExamples
 */
/** @typedef {keyof Calls} CallName */
/** @template {CallName} N @typedef {Calls[N][0]} Args */
/** @template {CallName} N @typedef {Calls[N][1]} Result */

/** @typedef {{ share: number } | { lesson: LessonProgress } | { asked: number, all: number }} ProgressValue */

export {};
