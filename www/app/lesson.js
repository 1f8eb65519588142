/** The state of chapter 1: its text, the vocabulary with a history, and what the published ones make of the text. */

import { t } from '../i18n/index.js';
import { computed, signal } from '../vendor/signals/signals-core.js';
import { num } from '../views/format.js';
import { LONGEST } from '../views/lesson-text.js';
import { fall } from '../views/merge-steps.js';
import { wellFormed } from './corpora.js';
import { learnedByModel } from './own-vocabulary.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../views/merge-steps.js').Learned} Learned */
/** @typedef {import('./vocabularies.js').PublishedName} PublishedName */
/** @typedef {'own' | import('./vocabularies.js').LoadedName} ShownName   of a vocabulary on this chapter's figures */

/** Of a long text, so many UTF-16 units are shown at once. */
const WINDOW = 600;
/** Merges shown at first. */
const FIRST_SHOWN = 96;
/** Sizes to train to. */
export const SIZES = /** @type {const} */ ([320, 512, 1024, 2048, 4096, 8192]);

/** @template T @param {T} value @returns {import('../vendor/signals/signals-core.js').Signal<T>} */
const typed = (value) => signal(value);

/** What a notice of the text box says. @typedef {{ kind: 'warn' | 'ok' | 'bad', key: string, params: Record<string, string | number>, reason?: string }} Told */

/**
 * The part of a long text that is shown: cut at white space where there is some, and never within a character.
 * @param {string} text @param {number} place @param {number} [room]
 */
export function windowOf(text, place, room = WINDOW) {
  let from = Math.min(place, text.length);
  if (from > 0) {
    const space = text.slice(from, from + 60).search(/\s/u);
    if (space >= 0) from += space;
  }
  let to = Math.min(text.length, from + room);
  // The second half of a surrogate pair belongs to the first.
  if (/[\udc00-\udfff]/.test(text.charAt(from))) from++;
  if (/[\udc00-\udfff]/.test(text.charAt(to))) to--;
  return text.slice(from, to);
}

/** @param {import('./store.js').Store} store */
export function createLessonState(store) {
  const source = typed(/** @type {'model' | 'text'} */ ('model'));
  const trained = typed(/** @type {Learned | null} */ (null));
  const place = typed(0);
  const wanted = typed(/** @type {number | null} */ (null));
  const text = computed(() => store.lesson.value ?? t('lesson.sample.story'));
  const long = computed(() => text.value.length > LONGEST);
  const ofModel = computed(() => learnedByModel(store.vocabulary.value, store.merges.value));
  const learned = computed(() => (source.value === 'model' ? ofModel.value : trained.value));
  /** The text under the vocabulary with a history, together with it: they change at once or not at all. */
  const own = typed(/** @type {{ tokens: TokenList, learned: Learned } | null} */ (null));
  const at = computed(() => Math.min(wanted.value ?? FIRST_SHOWN, own.value?.learned.merges ?? 0));
  const curve = computed(() => (own.value ? fall(own.value.tokens, own.value.learned) : null));
  return {
    active: computed(() => store.screen.value === 'ch1'),
    source,
    trained,
    /** What the trained vocabulary learned from, in bytes. */
    trainedBytes: typed(0),
    place,
    text,
    long,
    window: computed(() => (long.value ? windowOf(text.value, place.value) : text.value)),
    ofModel,
    learned,
    /** Merges the learner wants to see; null = a good beginning. */
    wanted,
    at,
    /** Tokens of the window after so many merges, and how many there are now. */
    curve,
    ownNow: computed(() => curve.value?.[at.value] ?? 0),
    playing: typed(false),
    vocabSize: typed(/** @type {number} */ (512)),
    /** Share of a training that runs. */
    training: typed(/** @type {number | null} */ (null)),
    told: typed(/** @type {Told | null} */ (null)),
    /** Tokens of the window by vocabulary. */
    lists: typed(/** @type {Partial<Record<ShownName, TokenList>>} */ ({})),
    own,
    /** Of the whole text. */
    counts: typed(/** @type {Partial<Record<ShownName, number>>} */ ({})),
    /** What the current model makes of the beginning of the text. */
    bits: typed(/** @type {{ perByte: number, step: number, tokens: number, cut: boolean } | null} */ (null)),
    textBytes: computed(() => new TextEncoder().encode(text.value).length),
    characters: computed(() => countCharacters(text.value)),
    /** Vocabularies side by side. */
    shown: typed(
      /** @type {Record<ShownName, boolean>} */ ({ own: true, gpt2: true, cl100k: true, o200k: true, file: false }),
    ),
    prices: typed(/** @type {Record<ShownName, string>} */ ({ own: '', gpt2: '', cl100k: '', o200k: '', file: '' })),
    layersOf: typed(/** @type {ShownName} */ ('own')),
    pair: computed(
      () =>
        /** @type {[string, string]} */ ([
          store.pairEn.value ?? t('tax.pair.en'),
          store.pairZh.value ?? t('tax.pair.zh'),
        ]),
    ),
    pairCounts: typed(/** @type {Partial<Record<ShownName, [number, number]>>} */ ({})),
    editingPair: typed(false),
    word: typed(/** @type {string | null} */ (null)),
    letter: typed(/** @type {string | null} */ (null)),
    wordTokens: typed(/** @type {{ tokens: TokenList, of: ShownName } | null} */ (null)),
    browsing: typed({
      of: /** @type {ShownName} */ ('own'),
      search: '',
      kind: /** @type {import('../views/vocabulary.js').Kind} */ ('all'),
      order: /** @type {'rank' | 'length'} */ ('rank'),
      from: 0,
    }),
    found: typed(/** @type {{ total: number, tokens: TokenList } | null} */ (null)),
    picked: typed(/** @type {{ of: ShownName, id: number } | null} */ (null)),
    tree: typed(/** @type {import('../views/merge-steps.js').Tree | null} */ (null)),
  };
}

/** @typedef {ReturnType<typeof createLessonState>} LessonState */

/** Code points, without a copy of the text. @param {string} text */
function countCharacters(text) {
  let halves = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) halves++;
  return text.length - halves;
}

/** The learner's text, and what has to be said about it. @param {string} value @returns {{ text: string, told: Told | null }} */
export function taken(value) {
  const { text, replaced } = wellFormed(value);
  return {
    text,
    told: replaced > 0 ? { kind: 'warn', key: 'notice.surrogate', params: { n: replaced } } : null,
  };
}

/** What a vocabulary is called beside a count. @param {ShownName} name @param {Learned | null} learned */
export function titleOf(name, learned) {
  const published = PUBLISHED.find((p) => p.name === name);
  return published?.title ?? t('vocab.own', { n: num(learned?.vocabulary.ids.length ?? 0) });
}
