/**
 * A text in the Unicode normalization form C, for vocabularies that want it (Qwen), and the way back: places in it as places
 * in the text as it was typed.
 */

/**
 * What may join with what stands before it: marks, vowels and final consonants of Hangul, vowel signs of Kirat Rai. Everything
 * else begins anew, whatever came before it.
 */
const JOINING = '\\p{M}\\u1160-\\u11ff\\u{16d63}-\\u{16d6a}';
const PART = `[^][${JOINING}]*`;
/** Parts by the hundred: most of them stay as they are and need not be looked at one by one. */
const PARTS = new RegExp(`(?:${PART}){1,100}`, 'gu');
const EACH = new RegExp(PART, 'gu');

export class NormalText {
  /** The text in form C. */
  text;
  /** Parts that the form changes, ascending: where each begins and ends in both texts. @type {{ typed: [number, number], normal: [number, number] }[]} */
  #changed = [];

  /** @param {string} typed */
  constructor(typed) {
    this.text = typed.normalize('NFC');
    if (this.text === typed) return;
    let shift = 0;
    for (const { 0: parts, index } of typed.matchAll(PARTS)) {
      if (parts.normalize('NFC') === parts) continue;
      for (const { 0: part, index: inside } of parts.matchAll(EACH)) {
        const [start, { length }] = [index + inside, part.normalize('NFC')];
        if (part.normalize('NFC') !== part) {
          const normal = start + shift;
          this.#changed.push({ typed: [start, start + part.length], normal: [normal, normal + length] });
        }
        shift += length - part.length;
      }
    }
  }

  /** A range of the typed text as the range of the normal one that holds it. @param {number} start @param {number} end @returns {[number, number]} */
  inward(start, end) {
    return [this.#place(start, 'typed', 'normal', false), this.#place(end, 'typed', 'normal', true)];
  }

  /**
   * Places in the normal text become those in the typed one: of a part that the form has changed, all or nothing.
   * @param {Uint32Array} starts @param {Uint32Array} ends
   */
  outward(starts, ends) {
    if (this.#changed.length === 0) return;
    for (let i = 0; i < starts.length; i++) {
      // What is empty stays so.
      const empty = starts[i] === ends[i];
      starts[i] = this.#place(starts[i], 'normal', 'typed', false);
      ends[i] = empty ? starts[i] : this.#place(ends[i], 'normal', 'typed', true);
    }
  }

  /**
   * @param {number} at @param {'typed' | 'normal'} from @param {'typed' | 'normal'} to
   * @param {boolean} isEnd  inside of a changed part, its end is meant, not its beginning
   */
  #place(at, from, to, isEnd) {
    let [low, high] = [0, this.#changed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#changed[middle][from][0] < at) low = middle + 1;
      else high = middle;
    }
    // The last part that begins before the place.
    const part = this.#changed[low - 1];
    if (!part) return at;
    if (at >= part[from][1]) return at - part[from][1] + part[to][1];
    return part[to][isEnd ? 1 : 0];
  }
}

/** @param {string} text @param {number} at */
const halves = (text, at) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));

/**
 * What to replace in one text to get another; no character of two units is halved.
 * @param {string} before @param {string} after
 */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (halves(before, start) || halves(after, start)) start--;
  let same = 0;
  while (
    same < most - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  if (halves(before, before.length - same) || halves(after, after.length - same)) same--;
  return { start, end: before.length - same, insert: after.slice(start, after.length - same) };
}
