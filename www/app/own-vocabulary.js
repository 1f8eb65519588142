/** The vocabulary with a history that this page knows in full: of the current model, or trained on the learner's text. */

import { FIRST, isMerge } from '../views/merge-steps.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../views/merge-steps.js').Learned} Learned */
/** @typedef {import('../views/vocabulary.js').Kind} Kind */

/**
 * Out of what the engine tells of every id of its model.
 * @param {TokenList | null} vocabulary
 * @param {{ left: Int32Array, right: Int32Array, count: Float64Array } | null} merges
 * @returns {Learned | null}   null: no merges, or not known yet
 */
export function learnedByModel(vocabulary, merges) {
  if (!vocabulary || !merges) return null;
  let count = 0;
  while (FIRST + count < merges.left.length && merges.left[FIRST + count] >= 0) count++;
  return count > 0 ? { vocabulary, ...merges, merges: count } : null;
}

/**
 * Out of the merges of a training.
 * @param {{ left: Uint32Array, right: Uint32Array, count: Float64Array, tokens: TokenList }} found  all of them, in order
 * @returns {Learned}
 */
export function learnedByTraining({ left, right, count, tokens }) {
  const bytes = new Uint8Array(FIRST + tokens.bytes.length);
  for (let byte = 0; byte < FIRST; byte++) bytes[byte] = byte;
  bytes.set(tokens.bytes, FIRST);
  const size = FIRST + left.length;
  const shifted = (/** @type {ArrayLike<number>} */ values) =>
    Array.from({ length: size }, (_, id) => (id < FIRST ? -1 : values[id - FIRST]));
  const nothing = new Uint32Array(size);
  return {
    vocabulary: {
      ids: Uint32Array.from({ length: size }, (_, id) => id),
      bytes,
      byteStart: Uint32Array.from({ length: size + 1 }, (_, id) =>
        id <= FIRST ? id : FIRST + tokens.byteStart[id - FIRST],
      ),
      utf16Start: nothing,
      utf16End: nothing,
      special: new Uint8Array(size),
    },
    left: shifted(left),
    right: shifted(right),
    count: shifted(count),
    merges: left.length,
  };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** Bytes that a search names in hex, as `E4·BD`, `E4.BD` or `E4.`; null if it is no such thing. @param {string} search */
export function hexOf(search) {
  if (!/^[0-9a-f]{2}[.·]([0-9a-f]{2}[.·])*([0-9a-f]{2})?$/i.test(search)) return null;
  return Uint8Array.from(search.match(/[0-9a-f]{2}/gi) ?? [], (part) => Number.parseInt(part, 16));
}

/** @param {Uint8Array} bytes @param {Uint8Array} part */
function holds(bytes, part) {
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (part.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

/** Whether a token is of a kind. @param {Kind} kind @param {Uint8Array} bytes @param {boolean} special */
export function isOfKind(kind, bytes, special) {
  if (kind === 'all') return true;
  if (kind === 'special' || special) return kind === 'special' && special;
  const text = textOf(bytes);
  if (kind === 'partial') return text === null;
  if (text === null) return false;
  return kind === 'word' ? /^ ?\p{Alphabetic}+$/u.test(text) : /^\p{White_Space}+$/u.test(text);
}

/**
 * The ids that a search finds, in order.
 * @param {Learned} learned
 * @param {{ search: string, kind: Kind, order: 'rank' | 'length' }} wish
 */
export function foundIn(learned, { search, kind, order }) {
  const { vocabulary } = learned;
  const bytesOf = (/** @type {number} */ id) =>
    vocabulary.bytes.subarray(vocabulary.byteStart[id], vocabulary.byteStart[id + 1]);
  const sought = hexOf(search) ?? new TextEncoder().encode(search);
  const fits = (/** @type {number} */ id) => {
    const bytes = bytesOf(id);
    if (!isOfKind(kind, bytes, vocabulary.special[id] === 1)) return false;
    return holds(bytes, sought);
  };
  const ids = Array.from(vocabulary.ids).filter(fits);
  if (order === 'length') ids.sort((a, b) => bytesOf(b).length - bytesOf(a).length || a - b);
  // By rank the merges come first, in the order they were learned: single bytes tell nothing.
  else ids.sort((a, b) => Number(isMerge(learned, b)) - Number(isMerge(learned, a)) || a - b);
  return ids;
}

/** Tokens of some ids. @param {TokenList} vocabulary @param {number[]} ids @returns {TokenList} */
export function listOf(vocabulary, ids) {
  const parts = ids.map((id) => vocabulary.bytes.subarray(vocabulary.byteStart[id], vocabulary.byteStart[id + 1]));
  const starts = new Uint32Array(ids.length + 1);
  parts.forEach((part, i) => {
    starts[i + 1] = starts[i] + part.length;
  });
  const bytes = new Uint8Array(starts[ids.length]);
  parts.forEach((part, i) => {
    bytes.set(part, starts[i]);
  });
  return {
    ids: Uint32Array.from(ids),
    bytes,
    byteStart: starts,
    utf16Start: new Uint32Array(ids.length),
    utf16End: new Uint32Array(ids.length),
    special: Uint8Array.from(ids, (id) => vocabulary.special[id]),
  };
}
