/** Documents of a text to learn from, and what simple rules say about each: as filters of real training sets do. */

/** More are not looked at. */
export const MOST_DOCUMENTS = 2_000;
const MOST_CHARACTERS = 400_000;
/** Bytes below which a document is hardly one, and the share of letters below which it is hardly language. */
const SHORT_BYTES = 40;
const LETTERS = 0.75;
/** Share of different words below which a document of some length repeats itself. */
const DIFFERENT = 0.4;
const WORDS = 12;

/** @typedef {'short' | 'letters' | 'again' | 'repeats'} Flag */
/** @typedef {{ n: number, text: string, bytes: number, flags: Flag[] }} Document */

const encoder = new TextEncoder();

/** Documents as a reader would cut them: lines of a list, paragraphs of a text. @param {string} text @param {'lines' | 'paragraphs'} by @returns {string[]} */
export function documentsOf(text, by) {
  const rule = by === 'lines' ? /\r?\n/ : /\r?\n[ \t]*(?:\r?\n[ \t]*)+/;
  const parts = text.slice(0, MOST_CHARACTERS).split(rule);
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .slice(0, MOST_DOCUMENTS);
}

/** What the rules say. A list is made of short lines: there, shortness says nothing. @param {readonly string[]} texts @param {boolean} [list] @returns {Document[]} */
export function judged(texts, list = false) {
  const seen = new Set();
  return texts.map((text, i) => {
    const bytes = encoder.encode(text).length;
    /** @type {Flag[]} */
    const flags = [];
    if (!list && bytes < SHORT_BYTES) flags.push('short');
    const characters = text.replace(/\s+/gu, '');
    const letters = characters.match(/\p{L}/gu)?.length ?? 0;
    if (letters < LETTERS * [...characters].length) flags.push('letters');
    if (seen.has(text)) flags.push('again');
    seen.add(text);
    if (repeats(text)) flags.push('repeats');
    return { n: i + 1, text, bytes, flags };
  });
}

/** @param {string} text */
function repeats(text) {
  const words = text.toLowerCase().match(/\p{Script=Han}|[^\p{Script=Han}\P{L}]+/gu) ?? [];
  if (words.length < WORDS) return false;
  return new Set(words).size < DIFFERENT * words.length;
}
