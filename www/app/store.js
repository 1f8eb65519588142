/** The page's state: signals, and the few values that follow from others. Only `www/app/` writes them. */

import { defaultRun } from '../state.js';
import { computed, signal } from '../vendor/signals/signals-core.js';

/** @typedef {import('../engine/protocol.js').RunSettings} RunSettings */
/** @typedef {import('../engine/protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').Inspection} Inspection */
/** @typedef {import('../engine/protocol.js').Evaluation} Evaluation */
/** @typedef {import('../engine/protocol.js').Baselines} Baselines */
/** @typedef {import('../engine/protocol.js').Sample} Sample */
/** @typedef {import('../engine/protocol.js').GeneratedToken} GeneratedToken */
/** @typedef {import('../views/notice.js').Notice} Notice */
/** @typedef {{ left: Int32Array, right: Int32Array, count: Float64Array }} Merges */
/** @typedef {{ blob: Blob, source: Blob, name: string, bytes: number, encoding: 'utf-8' | 'gb18030' }} OwnText */

/** The learner's part of a run in the making. `blob` is UTF-8; `source` is what was chosen, to be read in another encoding. */

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

/** What a model does while it learns. */
const trainingState = () => ({
  model: typed(/** @type {ModelInfo | null} */ (null)),
  running: typed(false),
  step: typed(0),
  /** where training stops by itself */
  steps: typed(0),
  tokensPerSecond: typed(0),
  /** that share the steps; 0 before the first */
  workersNow: typed(0),
  /** most WebAssembly memory that the workers of the training had together; null before the first step */
  peak: typed(/** @type {{ bytes: number, workers: number } | null} */ (null)),
  trainLoss: typed(new Float32Array()),
  evaluations: typed(/** @type {Evaluation[]} */ ([])),
  baselines: typed(/** @type {Baselines | null} */ (null)),
  samples: typed(/** @type {Sample[]} */ ([])),
  keptSteps: typed(/** @type {number[]} */ ([])),
  canUndo: typed(false),
  /** key of the reason why training is not possible */
  blocked: typed(/** @type {string | null} */ (null)),
});

/** What is looked at. @param {import('../state.js').PageState} page @param {string} text */
const readingState = (page, text) => ({
  text: typed(text),
  tokens: typed(/** @type {TokenList | null} */ (null)),
  inspection: typed(/** @type {Inspection | null} */ (null)),
  vocabulary: typed(/** @type {TokenList | null} */ (null)),
  merges: typed(/** @type {Merges | null} */ (null)),
  /** index of the pinned token; -1 = always the last */
  selected: typed(page.token),
  hovered: typed(-1),
  layer: typed(page.layer),
  head: typed(page.head),
  /** step of the past that is shown; null = now */
  atStep: typed(/** @type {number | null} */ (null)),
  showIds: typed(page.ids),
  showBytes: typed(page.bytes),
  sampling: typed(page.sampling),
  /** texts that Generate draws at once */
  samplesAtOnce: typed(page.samples),
});

const writingState = () => ({
  /** texts drawn at once, each token by token */
  generated: typed(/** @type {GeneratedToken[][]} */ ([])),
  /** last tokens of the text that was continued */
  prompt: typed(/** @type {TokenList | null} */ (null)),
  /** a token of one of them; -1 = none */
  generatedSelected: typed({ sample: 0, token: -1 }),
  generating: typed(false),
  /** of all of them together; 0 before there is something to measure */
  generatedPerSecond: typed(0),
});

/** @param {import('../state.js').State} state */
const frameState = ({ run, page }) => ({
  /** of the model, or of the one that the address asks for */
  run: typed(run),
  theme: typed(page.theme),
  projector: typed(page.projector),
  screen: typed(page.screen),
  /** part of the chapter that the learner went to last; null = none */
  part: typed(page.part),
  /** part that is yet to be gone to, the beginning where it is null */
  sought: typed(
    page.part === null
      ? null
      : /** @type {{ part: string | null, smooth: boolean }} */ ({ part: page.part, smooth: false }),
  ),
  /** what chapter 1 was given to look at; null = its own samples */
  lesson: typed(page.lesson),
  pairEn: typed(page.pairEn),
  pairZh: typed(page.pairZh),
  /** the learner's own text, where it is short enough for a link */
  learn: typed(page.learn),
  /** certificate that the link brought */
  birth: typed(page.birth),
  /** whether the model was drawn from its seed here, and nothing but its settings has acted on it since */
  pure: typed(/** @type {'yes' | 'tuned' | 'no'} */ ('no')),
  hidden: typed(false),
  /** workers asked for, 0 = as many as help */
  workers: typed(page.workers),
  /** build of the engine */
  engine: typed(page.engine),
  /** instruction set that it really uses; null: not known yet */
  variant: typed(/** @type {import('../engine/module.js').Variant | null} */ (null)),
  copied: typed(false),
  /** what is being prepared; null = nothing */
  opening: typed(
    /** @type {{ phase: 'engine' | 'corpus' | 'vocabulary' | 'tokens' | 'model', share: number } | null} */ (null),
  ),
  draft: typed(/** @type {RunSettings | null} */ (null)),
  draftErrors: typed(/** @type {Record<string, { key: string, params: Record<string, string | number> }>} */ ({})),
  estimate: typed(/** @type {import('../engine/protocol.js').Estimate | null} */ (null)),
  own: typed(/** @type {OwnText | null} */ (null)),
  /** measured on this machine */
  flopsPerSecond: typed(/** @type {number | null} */ (null)),
  notices: typed(/** @type {Notice[]} */ ([])),
});

/**
 * @param {import('../state.js').State} state   from the address
 * @param {string} text                         text to begin with
 */
export function createStore(state, text) {
  const store = { ...frameState(state), ...trainingState(), ...readingState(state.page, text), ...writingState() };
  const count = computed(() => store.tokens.value?.ids.length ?? 0);
  return {
    ...store,
    /** Index of the selected token, -1 if there is none. */
    cursor: computed(() =>
      store.selected.value < 0 ? count.value - 1 : Math.min(store.selected.value, count.value - 1),
    ),
    best: computed(() =>
      store.evaluations.value.reduce(
        (/** @type {Evaluation | null} */ a, e) => (a && a.lossNats <= e.lossNats ? a : e),
        null,
      ),
    ),
    /** Steps that Train adds to a finished run. */
    more: computed(() => store.model.value?.settings.steps ?? defaultRun('en').steps),
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
