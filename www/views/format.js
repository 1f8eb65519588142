/**
 * How bytes, tokens and numbers are shown. Bytes that are not whole characters are shown as hex, never as U+FFFD;
 * white space and characters that would be invisible or turn the text around are made visible.
 */

import { t } from '../i18n/index.js';
import { html } from '../vendor/lit-html/lit-html.js';

/** @typedef {{ kind: 'text' | 'hex', value: string }} Segment */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Length that a UTF-8 lead byte announces; 1 for bytes that lead nothing. @param {number} byte */
const announced = (byte) => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1);

/** @param {Uint8Array} bytes @returns {string | null} null if they are not whole characters */
const decode = (bytes) => {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
};

/** Two hex digits. @param {number} byte */
export const hex = (byte) => byte.toString(16).toUpperCase().padStart(2, '0');

/**
 * Whole characters as text, left-over bytes as hex joined by `·`.
 * @param {Uint8Array} bytes
 * @returns {Segment[]}
 */
export function segments(bytes) {
  const whole = decode(bytes);
  if (whole !== null) return whole ? [{ kind: 'text', value: whole }] : [];
  /** @type {Segment[]} */
  const out = [];
  /** @param {'text' | 'hex'} kind @param {string} value */
  const push = (kind, value) => {
    const last = out.at(-1);
    if (last?.kind === kind) last.value += kind === 'hex' ? `·${value}` : value;
    else out.push({ kind, value });
  };
  for (let i = 0; i < bytes.length; ) {
    const length = announced(bytes[i]);
    const character = i + length <= bytes.length ? decode(bytes.subarray(i, i + length)) : null;
    if (character === null) push('hex', hex(bytes[i]));
    else push('text', character);
    i += character === null ? 1 : length;
  }
  return out;
}

// Controls, soft hyphen, zero-width, bidi and interlinear controls, line and paragraph separators, tags.
const SHOWN = /[ \n\t]|[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Variation_Selector}\u00a0\u3164]/gu;

/** @param {string} character */
const codePoint = (character) =>
  `U+${/** @type {number} */ (character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}`;

/** @param {string} character */
function mark(character) {
  if (character === ' ') return html`<span class="ws sp">·</span>`;
  if (character === '\n') return html`<span class="ws">↵</span>`;
  if (character === '\t') return html`<span class="ws">⇥</span>`;
  return html`<span class="ws code">${codePoint(character)}</span>`;
}

/**
 * Text as template parts with everything invisible made visible.
 * @param {string} text
 * @returns {unknown[]}
 */
export function visible(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(SHOWN)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(mark(match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The bytes of a token as template parts. @param {Uint8Array} bytes @returns {unknown[]} */
export const shown = (bytes) =>
  segments(bytes).map((s) => (s.kind === 'hex' ? html`<span class="hex">${s.value}</span>` : visible(s.value)));

/** The bytes of a token for a screen reader. @param {Uint8Array} bytes */
export function say(bytes) {
  const parts = segments(bytes);
  const text = parts
    .map((s) =>
      s.kind === 'hex'
        ? s.value
        : s.value.replace(SHOWN, (c) =>
            c === ' ' ? '␣' : c === '\n' ? t('format.newline') : c === '\t' ? t('format.tab') : codePoint(c),
          ),
    )
    .join('');
  return parts.every((s) => s.kind === 'hex') ? t('format.bytes', { bytes: text }) : text;
}

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/** Bytes of token `i`. @param {TokenList} tokens @param {number} i */
export const bytesOf = (tokens, i) => tokens.bytes.subarray(tokens.byteStart[i], tokens.byteStart[i + 1]);

/**
 * A number with thousands separators, the same in both languages: as `Intl.NumberFormat` of `en-US` writes it, but for halves
 * in decimal that are none in binary, such as 1.005. To make the first of those formats would hold the page's start up.
 * @param {number} n @param {number} [digits]
 */
export function num(n, digits = 0) {
  if (!Number.isFinite(n)) return String(n).replace('Infinity', '∞');
  const [whole, fraction] = n.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A share as a percentage: 78%, 5.2%, <0.1%. @param {number} x */
export function pct(x) {
  if (x === 0) return '0%';
  if (x >= 0.9995) return '100%';
  if (x < 0.001) return '<0.1%';
  return `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)}%`;
}

/** Bytes as B, KB or MB. @param {number} n */
export const size = (n) =>
  n < 1000
    ? `${num(n)} B`
    : n < 999_500
      ? `${num(n / 1000, n < 9_950 ? 1 : 0)} KB`
      : `${num(n / 1e6, n < 99.5e6 ? 1 : 0)} MB`;

/** A span of time in words. @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return t('format.seconds', { s: seconds });
  if (seconds < 3600) return t('format.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 });
  return t('format.hours', { h: Math.floor(seconds / 3600), m: Math.round((seconds % 3600) / 60) });
}
