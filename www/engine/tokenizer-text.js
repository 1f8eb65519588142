/**
 * A text with its length in characters and bytes, kept while it is edited. Places are UTF-16 units; a surrogate without
 * its other half counts as one character of three bytes, as U+FFFD does.
 */

const isHigh = (/** @type {number} */ unit) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (/** @type {number} */ unit) => unit >= 0xdc00 && unit < 0xe000;

/** @param {string} text @param {number} [start] @param {number} [end] */
export function measure(text, start = 0, end = text.length) {
  let characters = end - start;
  let bytes = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHigh(unit) && i + 1 < end && isLow(text.charCodeAt(i + 1))) {
      i++;
      characters--;
      bytes += 4;
    } else bytes += 3;
  }
  return { characters, bytes };
}

/** The place, moved to the next border of a character if it is inside one. @param {string} text @param {number} at */
export const wholeCharacter = (text, at) =>
  at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at)) ? at + 1 : at;

export class EditedText {
  text = '';
  characters = 0;
  bytes = 0;

  /** @param {string} text */
  constructor(text = '') {
    this.text = text;
    Object.assign(this, measure(text));
  }

  /**
   * Replaces a range. Returns the range to replace in a copy that holds whole characters only: wider where surrogates
   * meet or part at its borders.
   * @param {number} start @param {number} end @param {string} insert
   * @returns {{ start: number, end: number, insert: string }}
   */
  edit(start, end, insert) {
    const old = this.text;
    let [from, to] = [start, end];
    if (from > 0 && isHigh(old.charCodeAt(from - 1))) from--;
    if (to < old.length && isLow(old.charCodeAt(to))) to++;
    const whole = old.slice(from, start) + insert + old.slice(end, to);
    const [before, after] = [measure(old, from, to), measure(whole)];
    this.text = old.slice(0, start) + insert + old.slice(end);
    this.characters += after.characters - before.characters;
    this.bytes += after.bytes - before.bytes;
    return { start: from, end: to, insert: whole };
  }
}
