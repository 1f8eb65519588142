/**
 * Words in two languages. A dictionary holds one entry a key: a sentence with `{name}` places, or `{ one, other }` where
 * English has two forms, chosen by the place `n`. Mark-up is `<b>…</b>`, and `<g term>…</g>` for a word that the glossary
 * explains; only `rich` reads it.
 */

import { html } from '../vendor/lit-html/lit-html.js';
import { signal } from '../vendor/signals/signals-core.js';

/** @typedef {'en' | 'zh-Hans'} Lang */
/** @typedef {string | { one: string, other: string }} Entry */

/** @type {Record<Lang, Record<string, Entry>>} */
const DICTIONARIES = { en: {}, 'zh-Hans': {} };

/** A visitor needs one language at a time. @type {Record<Lang, () => Promise<{ default: Record<string, Entry> }[]>>} */
const WORDS = {
  en: () => Promise.all([import('./en/shell.js'), import('./en/views.js')]),
  'zh-Hans': () => Promise.all([import('./zh-hans/shell.js'), import('./zh-hans/views.js')]),
};
/** @type {Set<Lang>} */
const known = new Set();
/** @type {Lang | undefined} */
let asked;

/**
 * Words that come with what is loaded later.
 * @param {Record<string, Entry>} en
 * @param {Record<string, Entry>} zh
 */
export function addWords(en, zh) {
  Object.assign(DICTIONARIES.en, en);
  Object.assign(DICTIONARIES['zh-Hans'], zh);
}

/** Whether there are words for a key. @param {string} key */
export const has = (key) => key in DICTIONARIES[lang.value];

/** The language of the page; only {@link speak} changes it. @type {import('../vendor/signals/signals-core.js').Signal<Lang>} */
export const lang = signal(/** @type {Lang} */ ('en'));

/** What stands between two sentences: Chinese has its own room in the full stop. */
export const gap = () => (lang.value === 'zh-Hans' ? '' : ' ');

/**
 * Changes the page's language as soon as its words are there; of several requests the last one wins.
 * @param {Lang} language
 * @returns {Promise<void>} rejects if the words do not arrive: the language is then as before
 */
export async function speak(language) {
  asked = language;
  if (!known.has(language)) {
    for (const words of await WORDS[language]()) Object.assign(DICTIONARIES[language], words.default);
    known.add(language);
  }
  if (asked === language) lang.value = language;
}

/** @param {unknown} n  a number, or one written with thousands separators */
const isOne = (n) => Number(String(n).replaceAll(',', '')) === 1;

/** @param {string} key @param {Record<string, unknown>} params @returns {string} */
function sentence(key, params) {
  const entry = DICTIONARIES[lang.value][key];
  if (entry === undefined) throw new Error(`no words for ${key} in ${lang.value}`);
  return typeof entry === 'string' ? entry : isOne(params.n) ? entry.one : entry.other;
}

/**
 * A sentence as plain text.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export const t = (key, params = {}) =>
  sentence(key, params)
    .replace(/<\/?b>|<g [\w-]+>|<\/g>/g, '')
    .replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ''));

/**
 * A sentence as template parts; a place may take a template.
 * @param {string} key
 * @param {Record<string, unknown>} [params]
 * @returns {unknown[]}
 */
export function rich(key, params = {}) {
  const places = (/** @type {string} */ text) =>
    text.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? (params[part] ?? '') : part));
  const terms = (/** @type {string} */ text) => {
    const parts = text.split(/<g ([\w-]+)>(.*?)<\/g>/);
    return parts.map((part, i) => (i % 3 === 0 ? places(part) : i % 3 === 1 ? term(part, places(parts[i + 1])) : ''));
  };
  return sentence(key, params)
    .split(/<b>(.*?)<\/b>/)
    .map((part, i) => (i % 2 ? html`<b>${terms(part)}</b>` : terms(part)));
}

/** A word that the glossary explains (`www/app/glossary.js`). A span: it stands within a line of text. @param {string} name @param {unknown} words */
const term = (name, words) => html`<span class="term" role="button" tabindex="0" data-term=${name}>${words}</span>`;
