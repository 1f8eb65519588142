/**
 * A learned vocabulary as its history: every token beyond the single bytes is the merge of two earlier ones, so the
 * state after n merges is the last one with every later merge taken apart again.
 */

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} Learned
 * @property {TokenList} vocabulary   every id: 256 bytes, the merges in the order they were learned, special tokens
 * @property {ArrayLike<number>} left   by id; -1 where an id is no merge
 * @property {ArrayLike<number>} right
 * @property {ArrayLike<number>} count  how often the pair stood in the text when it was merged
 * @property {number} merges
 */

/** Id of the first merge. */
export const FIRST = 256;

/** Whether an id is a merge. @param {Learned} learned @param {number} id */
export const isMerge = ({ merges }, id) => id >= FIRST && id < FIRST + merges;

/** Ids that stood for a token after `n` merges. @param {Learned} learned @param {number} id @param {number} n @param {number[]} out */
function takeApart({ left, right, merges }, id, n, out) {
  const stack = [id];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top < FIRST + n || top >= FIRST + merges) out.push(top);
    else stack.push(right[top], left[top]);
  }
}

/**
 * The tokens of a text as they were after `n` merges.
 * @param {TokenList} tokens   under the whole vocabulary
 * @param {Learned} learned
 * @param {number} n
 * @returns {TokenList}
 */
export function after(tokens, learned, n) {
  /** @type {number[]} */
  const ids = [];
  for (const id of tokens.ids) takeApart(learned, id, n, ids);
  const { byteStart } = learned.vocabulary;
  const starts = new Uint32Array(ids.length + 1);
  ids.forEach((id, i) => {
    starts[i + 1] = starts[i] + byteStart[id + 1] - byteStart[id];
  });
  const places = utf16Places(tokens.bytes);
  return {
    ids: Uint32Array.from(ids),
    bytes: tokens.bytes,
    byteStart: starts,
    utf16Start: starts.slice(0, -1).map((at) => places.start[at]),
    utf16End: starts.slice(1).map((at) => places.end[at]),
    special: Uint8Array.from(ids, (id) => learned.vocabulary.special[id]),
  };
}

/**
 * UTF-16 offsets of byte offsets; inside a character, `start` is where it begins and `end` where it ends.
 * @param {Uint8Array} bytes
 */
function utf16Places(bytes) {
  const start = new Uint32Array(bytes.length + 1);
  const end = new Uint32Array(bytes.length + 1);
  let units = 0;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at];
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const width = length === 4 ? 2 : 1;
    start[at] = end[at] = units;
    for (let i = 1; i < length && at + i < bytes.length; i++) {
      start[at + i] = units;
      end[at + i] = units + width;
    }
    units += width;
    at += length;
  }
  start[bytes.length] = end[bytes.length] = units;
  return { start, end };
}

/**
 * How many tokens the text had after 0, 1, … all merges.
 * @param {TokenList} tokens @param {Learned} learned
 * @returns {Uint32Array} of length merges + 1
 */
export function fall(tokens, learned) {
  const joined = new Uint32Array(learned.merges + 1);
  for (const id of tokens.ids) {
    const stack = [id];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (!isMerge(learned, top)) continue;
      joined[top - FIRST + 1]++;
      stack.push(learned.left[top], learned.right[top]);
    }
  }
  const counts = new Uint32Array(learned.merges + 1);
  counts[learned.merges] = tokens.ids.length;
  for (let n = learned.merges; n > 0; n--) counts[n - 1] = counts[n] + joined[n];
  return counts;
}

/**
 * A token and what it was made of.
 * @typedef {object} Tree
 * @property {number} id
 * @property {Uint8Array} bytes
 * @property {number | null} rank    of the merge that makes it, from 0; null: a single byte or a special token
 * @property {number | null} count   how often the pair stood in the text; null if nobody tells
 * @property {Tree} [left]
 * @property {Tree} [right]
 */

/** How a token was made. @param {Learned} learned @param {number} id @returns {Tree} */
export function treeOf(learned, id) {
  const { vocabulary, left, right, count } = learned;
  const bytes = vocabulary.bytes.subarray(vocabulary.byteStart[id], vocabulary.byteStart[id + 1]);
  if (!isMerge(learned, id)) return { id, bytes, rank: null, count: null };
  return {
    id,
    bytes,
    rank: id - FIRST,
    count: count[id],
    left: treeOf(learned, left[id]),
    right: treeOf(learned, right[id]),
  };
}
