/**
 * The one table of settings, and how the page's state travels in its address.
 *
 * Everything that a link can carry stands in {@link TABLE}: name, kind, range, default and key. Reading is strict: a key
 * that is not in the table, a value outside its range or one that contradicts another is dropped and reported, never
 * repaired. Nothing in an address starts anything.
 */

import { readBirth } from './birth.js';
import { partsOf } from './parts.js';

/** @typedef {import('./engine/protocol.js').RunSettings} RunSettings */
/** @typedef {import('./engine/protocol.js').SamplingSettings} SamplingSettings */
/** @typedef {'en' | 'zh-Hans'} Lang */
/** @typedef {'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7' | 'lab'} Screen */

/**
 * What the page shows, apart from the model.
 * @typedef {object} PageState
 * @property {Lang} lang
 * @property {Screen} screen
 * @property {string | null} part            of a chapter, where it opens; null: its beginning
 * @property {'' | 'light' | 'dark'} theme   '' follows the system
 * @property {boolean} projector            larger type, stronger lines
 * @property {string | null} text            null: the sample text of the language
 * @property {number} layer
 * @property {number} head
 * @property {number} token                  index of the selected token; -1: the last
 * @property {string | null} learn           the learner's own text to train on, if it is short; null: none
 * @property {string | null} birth           certificate of a model that can be trained again, see `birth.js`
 * @property {boolean} ids                   token ids are shown
 * @property {boolean} bytes                 the byte ribbon is shown
 * @property {string | null} lesson          text of chapter 1; null: the sample of the language
 * @property {string | null} pairEn          sentence pair of chapter 1; null: the page's own
 * @property {string | null} pairZh
 * @property {number} workers                workers that share the training, 0 = as many as help; the result is the same
 * @property {'' | 'relaxed'} engine         build of the engine; 'relaxed' is faster, not the same bits on every machine
 * @property {number} samples                texts drawn at once, each from a seed of its own
 * @property {SamplingSettings} sampling
 */

/**
 * @typedef {object} Dropped
 * @property {string} key
 * @property {string} value
 * @property {string} expected          in mathematical notation, or ''
 * @property {'twice' | 'screen'} [why]   the key stood there before; `expected` names the screens that have the part
 */
/** @typedef {{ run: RunSettings, page: PageState, dropped: Dropped[] }} State */

/**
 * One row: how a value is written, checked and set.
 * @typedef {object} Row
 * @property {'run' | 'page' | 'sampling'} part
 * @property {string} name       property of RunSettings, PageState or SamplingSettings
 * @property {string} key        in the address
 * @property {'choice' | 'integer' | 'number' | 'flag' | 'text'} kind
 * @property {readonly string[]} [values]   of a choice
 * @property {number} [min]
 * @property {number} [max]      of a text: bytes of UTF-8
 * @property {(written: string) => boolean} [fits]   what a text has to be
 * @property {string} [form]     the same, to be shown
 * @property {number} [step]     of its slider; of `width` and `context`: values are multiples of it
 * @property {readonly number[]} [stops]  of its slider, where even steps would not do
 */

const MAX_SEED = 2 ** 32 - 1;
const STOPS = {
  vocabSize: [261, 288, 320, 384, 448, 512, 640, 768, 800, 1024, 1280, 1536, 2048, 2560, 3072, 4096, 5120, 6144, 8192],
  steps: [50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10000, 15000, 20000],
  learningRate: [
    1e-5, 2e-5, 3e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 4e-3, 6e-3, 1e-2, 2e-2, 3e-2, 5e-2, 0.1,
    0.2, 0.3, 0.5, 1,
  ],
};

/** @type {readonly Row[]} */
export const TABLE = [
  { part: 'page', name: 'lang', key: 'lang', kind: 'choice', values: ['en', 'zh-Hans'] },
  {
    part: 'page',
    name: 'screen',
    key: 'screen',
    kind: 'choice',
    values: ['play', 'ch1', 'ch2', 'ch3', 'ch4', 'ch5', 'ch6', 'ch7', 'lab'],
  },
  { part: 'page', name: 'part', key: 'part', kind: 'text', max: 16 },
  { part: 'page', name: 'theme', key: 'theme', kind: 'choice', values: ['', 'light', 'dark'] },
  { part: 'page', name: 'projector', key: 'projector', kind: 'flag' },
  { part: 'run', name: 'style', key: 'style', kind: 'choice', values: ['modern', 'gpt2', 'nanochat'] },
  {
    part: 'run',
    name: 'corpus',
    key: 'data',
    kind: 'choice',
    values: ['stories-en', 'stories-zh', 'names', 'moby-dick', 'own'],
  },
  { part: 'run', name: 'layers', key: 'layers', kind: 'integer', min: 1, max: 8, step: 1 },
  { part: 'run', name: 'heads', key: 'heads', kind: 'integer', min: 1, max: 8, step: 1 },
  { part: 'run', name: 'kvHeads', key: 'kv', kind: 'integer', min: 1, max: 8, step: 1 },
  { part: 'run', name: 'width', key: 'width', kind: 'integer', min: 16, max: 256, step: 16 },
  { part: 'run', name: 'context', key: 'context', kind: 'integer', min: 8, max: 256, step: 8 },
  { part: 'run', name: 'vocabulary', key: 'vocab', kind: 'choice', values: ['bpe', 'bytes'] },
  { part: 'run', name: 'vocabSize', key: 'size', kind: 'integer', min: 261, max: 8192, stops: STOPS.vocabSize },
  { part: 'run', name: 'split', key: 'split', kind: 'choice', values: ['digits', 'gpt2'] },
  { part: 'run', name: 'steps', key: 'steps', kind: 'integer', min: 50, max: 20000, stops: STOPS.steps },
  { part: 'run', name: 'batch', key: 'batch', kind: 'integer', min: 1, max: 64, step: 1 },
  { part: 'run', name: 'optimizer', key: 'optimizer', kind: 'choice', values: ['adamw', 'lion', 'muon'] },
  { part: 'run', name: 'schedule', key: 'schedule', kind: 'choice', values: ['isqrt', 'constant', 'cosine'] },
  { part: 'run', name: 'learningRate', key: 'lr', kind: 'number', min: 1e-5, max: 1, stops: STOPS.learningRate },
  { part: 'run', name: 'warmup', key: 'warmup', kind: 'integer', min: 0, max: 1000, step: 5 },
  { part: 'run', name: 'weightDecay', key: 'decay', kind: 'number', min: 0, max: 1, step: 0.01 },
  { part: 'run', name: 'seed', key: 'seed', kind: 'integer', min: 0, max: MAX_SEED, step: 1 },
  { part: 'page', name: 'text', key: 'text', kind: 'text', max: 2048 },
  { part: 'page', name: 'lesson', key: 'lesson', kind: 'text', max: 2048 },
  { part: 'page', name: 'pairEn', key: 'pair-en', kind: 'text', max: 400 },
  { part: 'page', name: 'pairZh', key: 'pair-zh', kind: 'text', max: 400 },
  { part: 'page', name: 'learn', key: 'learn', kind: 'text', max: 2048 },
  {
    part: 'page',
    name: 'birth',
    key: 'birth',
    kind: 'text',
    max: 128,
    form: '1.STEPS.HASH.CURVE',
    fits: (written) => readBirth(written) !== null,
  },
  { part: 'page', name: 'token', key: 'token', kind: 'integer', min: 0, max: 4095 },
  { part: 'page', name: 'layer', key: 'layer', kind: 'integer', min: 0, max: 7, step: 1 },
  { part: 'page', name: 'head', key: 'head', kind: 'integer', min: 0, max: 7, step: 1 },
  { part: 'page', name: 'ids', key: 'ids', kind: 'flag' },
  { part: 'page', name: 'bytes', key: 'bytes', kind: 'flag' },
  { part: 'page', name: 'workers', key: 'workers', kind: 'integer', min: 0, max: 8, step: 1 },
  { part: 'page', name: 'engine', key: 'engine', kind: 'choice', values: ['', 'relaxed'] },
  { part: 'sampling', name: 'temperature', key: 'temperature', kind: 'number', min: 0, max: 2, step: 0.05 },
  { part: 'sampling', name: 'topK', key: 'topk', kind: 'integer', min: 0, max: 8192, step: 1 },
  { part: 'sampling', name: 'topP', key: 'topp', kind: 'number', min: 0.01, max: 1, step: 0.01 },
  { part: 'sampling', name: 'minP', key: 'minp', kind: 'number', min: 0, max: 1, step: 0.01 },
  { part: 'page', name: 'samples', key: 'samples', kind: 'integer', min: 1, max: 4, step: 1 },
  { part: 'sampling', name: 'seed', key: 'draw', kind: 'integer', min: 0, max: MAX_SEED, step: 1 },
];

const BY_KEY = new Map(TABLE.map((row) => [row.key, row]));

/** How a reader looks at the page, which is nobody else's business. */
const LOOKS = ['theme', 'projector'];

/** The row of a setting. @param {Row['part']} part @param {string} name @returns {Row} */
export function row(part, name) {
  const found = TABLE.find((r) => r.part === part && r.name === name);
  if (!found) throw new Error(`no setting is called ${part}.${name}`);
  return found;
}

/**
 * The default run. Modern style: the measured recipe of the teaching chain; GPT-2 style: the recipe without a horizon.
 * @param {Lang} lang
 * @param {RunSettings['style']} [style]
 * @returns {RunSettings}
 */
export const defaultRun = (lang, style = 'modern') => ({
  corpus: lang === 'en' ? 'stories-en' : 'stories-zh',
  style,
  layers: 3,
  heads: 3,
  kvHeads: 3,
  width: 96,
  context: 96,
  vocabulary: 'bpe',
  vocabSize: lang === 'en' ? 768 : 800,
  split: 'digits',
  steps: 700,
  batch: 8,
  optimizer: 'adamw',
  schedule: style === 'modern' ? 'constant' : 'isqrt',
  learningRate: style === 'modern' ? 3e-3 : 4e-3,
  warmup: 20,
  weightDecay: 0.1,
  seed: 1,
});

/** @returns {SamplingSettings} */
export const defaultSampling = () => ({ temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1 });

/** @param {Lang} lang @returns {PageState} */
export const defaultPage = (lang) => ({
  lang,
  screen: 'play',
  part: null,
  theme: '',
  projector: false,
  text: null,
  lesson: null,
  pairEn: null,
  pairZh: null,
  learn: null,
  birth: null,
  token: -1,
  layer: 0,
  head: 0,
  ids: false,
  bytes: true,
  workers: 0,
  engine: '',
  samples: 1,
  sampling: defaultSampling(),
});

/** @param {Lang} lang @returns {State} */
export const defaultState = (lang) => ({ run: defaultRun(lang), page: defaultPage(lang), dropped: [] });

/** What a row accepts, in mathematical notation. @param {Row} r */
export function expected(r) {
  if (r.kind === 'choice') return (r.values ?? []).filter(Boolean).join(' | ');
  if (r.kind === 'flag') return '0 | 1';
  if (r.form) return r.form;
  if (r.kind === 'text') return `≤ ${r.max} B`;
  const by = multipleOf(r);
  return by > 1 ? `${[1, 2, 3].map((n) => n * by).join(', ')}, …, ${r.max}` : `${r.min}–${r.max}`;
}

/** Sizes of the model are bound to multiples; steps and vocabulary sizes are free integers. @param {Row} r */
const multipleOf = (r) => (r.name === 'width' || r.name === 'context' ? (r.step ?? 1) : 1);

const INTEGER = /^\d{1,10}$/;
/** At least what JavaScript writes for a number that was read: up to 23 decimals, or a power of three digits. */
const NUMBER = /^\d{1,10}(\.\d{1,24})?(e[+-]?\d{1,3})?$/;

/** A value of a row, or undefined. @param {Row} r @param {string} written @returns {string | number | boolean | undefined} */
function read(r, written) {
  if (r.kind === 'choice') return r.values?.includes(written) ? written : undefined;
  if (r.kind === 'flag') return written === '1' ? true : written === '0' ? false : undefined;
  if (r.kind === 'text') {
    if (new TextEncoder().encode(written).length > (r.max ?? 0)) return undefined;
    return !r.fits || r.fits(written) ? written : undefined;
  }
  if (!(r.kind === 'integer' ? INTEGER : NUMBER).test(written)) return undefined;
  return inRange(r, Number(written)) ? Number(written) : undefined;
}

/** Whether a number fits its row. @param {Row} r @param {number} value */
export function inRange(r, value) {
  if (!(value >= (r.min ?? 0) && value <= (r.max ?? 0))) return false;
  return r.kind !== 'integer' || (Number.isInteger(value) && value % multipleOf(r) === 0);
}

/** @param {State} state @param {Row} r @returns {Record<string, unknown>} */
const partOf = (state, r) =>
  /** @type {Record<string, unknown>} */ (
    /** @type {unknown} */ (r.part === 'run' ? state.run : r.part === 'page' ? state.page : state.page.sampling)
  );

/**
 * Settings that contradict each other.
 * @param {RunSettings} s
 * @returns {{ name: 'heads' | 'kvHeads', fits: number[] }[]}  `fits`: values that would do
 */
export function contradictions(s) {
  const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i + 1);
  /** @type {{ name: 'heads' | 'kvHeads', fits: number[] }[]} */
  const found = [];
  if (s.width % s.heads !== 0) found.push({ name: 'heads', fits: upTo(8).filter((h) => s.width % h === 0) });
  if (s.heads % s.kvHeads !== 0) found.push({ name: 'kvHeads', fits: upTo(s.heads).filter((k) => s.heads % k === 0) });
  // GPT-2 has no shared key heads.
  else if (s.style === 'gpt2' && s.kvHeads !== s.heads) found.push({ name: 'kvHeads', fits: [s.heads] });
  return found;
}

/**
 * Entries of an address, the part after `?` first: some programs drop what stands after `#`.
 * @param {string} search
 * @param {string} hash
 * @returns {[string, string][]}
 */
const entries = (search, hash) => [search, hash].flatMap((part) => [...new URLSearchParams(part.replace(/^[?#]/, ''))]);

/**
 * The state that an address describes.
 * @param {{ search: string, hash: string }} address
 * @param {Lang} lang   language if the address names none
 * @returns {State}
 */
export function decode({ search, hash }, lang) {
  /** @type {Map<Row, string | number | boolean>} */
  const values = new Map();
  /** @type {Dropped[]} */
  const dropped = [];
  for (const [key, given] of entries(search, hash)) {
    const r = BY_KEY.get(key);
    const value = r && !values.has(r) ? read(r, given) : undefined;
    if (r && value !== undefined) values.set(r, value);
    // Said twice is said once.
    else if (r && values.has(r)) {
      if (written(values.get(r)) !== given) dropped.push({ key, value: given, expected: '', why: 'twice' });
    } else dropped.push({ key, value: given, expected: r ? expected(r) : '' });
  }
  const language = /** @type {Lang} */ (values.get(row('page', 'lang')) ?? lang);
  const style = /** @type {RunSettings['style']} */ (values.get(row('run', 'style')) ?? 'modern');
  const state = { run: defaultRun(language, style), page: defaultPage(language), dropped };
  for (const [r, value] of values) partOf(state, r)[r.name] = value;
  dropContradictions(state, values.has(row('run', 'kvHeads')));
  dropStrangePart(state);
  return state;
}

/** @param {State} state @param {boolean} ownKeys  whether the address says how many heads share keys and values */
function dropContradictions({ run, dropped }, ownKeys) {
  const fallback = defaultRun('en', run.style);
  const drop = (/** @type {'heads' | 'kvHeads'} */ wrong, /** @type {number} */ instead) => {
    const found = contradictions(run).find(({ name }) => name === wrong);
    if (!found) return;
    dropped.push({ key: row('run', wrong).key, value: String(run[wrong]), expected: found.fits.join(' | ') });
    run[wrong] = instead;
  };
  drop('heads', run.width % fallback.heads === 0 ? fallback.heads : 1);
  if (!ownKeys) run.kvHeads = run.heads;
  drop('kvHeads', run.heads);
}

/** A part that the screen does not have. @param {State} state */
function dropStrangePart({ page, dropped }) {
  const parts = partsOf(page.screen);
  if (page.part === null || parts.includes(page.part)) return;
  const having = row('page', 'screen').values?.filter((name) =>
    partsOf(/** @type {Screen} */ (name)).includes(page.part ?? ''),
  );
  const { key } = row('page', 'part');
  if (parts.length === 0 && having?.length)
    dropped.push({ key, value: page.part, expected: having.join(' | '), why: 'screen' });
  else dropped.push({ key, value: page.part, expected: parts.join(' | ') });
  page.part = null;
}

/** @param {unknown} value */
const written = (value) => (typeof value === 'boolean' ? String(Number(value)) : String(value));

/**
 * The address of a state, without `#`: the language, and all that differs from its defaults, or all of it: a later page
 * with other defaults then still opens the same; how the sender looks at the page is left out of that.
 * @param {{ run: RunSettings, page: PageState }} state
 * @param {boolean} [all]
 * @returns {string}
 */
export function encode(state, all = false) {
  const { lang } = state.page;
  const base = { run: defaultRun(lang, state.run.style), page: defaultPage(lang), dropped: [] };
  base.run.style = 'modern'; // the style itself is written, its own defaults are not
  base.run.kvHeads = state.run.heads;
  const query = new URLSearchParams({ lang });
  for (const r of TABLE) {
    const value = partOf({ ...state, dropped: [] }, r)[r.name];
    if (r.name === 'lang' || value === null || (r.kind === 'choice' && value === '')) continue;
    if (all ? LOOKS.includes(r.name) : value === partOf(base, r)[r.name]) continue;
    if (read(r, written(value)) !== undefined) query.set(r.key, written(value));
  }
  return query.toString();
}
