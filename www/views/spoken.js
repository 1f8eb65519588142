/** A dialogue or an answer as the model sees it: one sequence of tokens, marks as labels, and who wrote what. */

import { t } from '../i18n/index.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, segments, shown } from './format.js';

/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

const decoder = new TextDecoder();
const SPACE = 0x20;

/** Name of a special token without its brackets. @param {TokenList} tokens @param {number} i */
export const markOf = (tokens, i) => decoder.decode(bytesOf(tokens, i)).replace(/^<\|(.*)\|>$/, '$1');

/** The longest run of tokens that is tried: a character has at most four bytes. */
const MOST_PARTS = 4;

/**
 * How many tokens from `i` on are whole characters only together; 1 where the token is whole by itself, or nothing makes it so.
 * @param {TokenList} tokens @param {number} i
 */
export function wholeFrom(tokens, i) {
  for (let n = 1; n <= MOST_PARTS && i + n <= tokens.ids.length && !tokens.special[i + n - 1]; n++)
    if (segments(tokens.bytes.subarray(tokens.byteStart[i], tokens.byteStart[i + n])).every((s) => s.kind === 'text'))
      return n;
  return 1;
}

/**
 * Tokens with a class each; those that only together make characters stand under them.
 * @param {TokenList} tokens
 * @param {(i: number) => string} classOf
 * @param {(i: number) => string | undefined} [titleOf]
 */
export function sequence(tokens, classOf, titleOf = () => undefined) {
  const token = (/** @type {number} */ i) =>
    html`<span class="tk ${classOf(i)}" title=${titleOf(i) ?? nothing}>${shown(bytesOf(tokens, i))}</span>`;
  const out = [];
  for (let i = 0, n = 1; i < tokens.ids.length; i += n) {
    n = 1;
    if (tokens.special[i]) {
      out.push(html`<span class="pill ${classOf(i)}" title=${titleOf(i) ?? nothing}>${markOf(tokens, i)}</span>`);
      continue;
    }
    // Spaces are drawn, so that a line would break anywhere: words begin new lines.
    if (tokens.bytes[tokens.byteStart[i]] === SPACE) out.push(html`<wbr />`);
    n = wholeFrom(tokens, i);
    if (n === 1) out.push(token(i));
    else {
      const whole = shown(tokens.bytes.subarray(tokens.byteStart[i], tokens.byteStart[i + n]));
      out.push(
        html`<span class="whole"><span>${whole}</span><span class="parts">${Array.from({ length: n }, (_, k) => token(i + k))}</span></span>`,
      );
    }
  }
  return html`<span class="seq">${out}</span>`;
}

const AUTHORS = ['given', 'model', 'page'];

/** An answer with what was given before it. @param {Spoken} spoken */
export const spokenSequence = ({ tokens, authors, probabilities }) =>
  sequence(
    tokens,
    (i) => AUTHORS[authors[i]],
    (i) =>
      t(`spoken.${/** @type {'given' | 'model' | 'page'} */ (AUTHORS[authors[i]])}`, { share: pct(probabilities[i]) }),
  );

/** How an answer ended, in a sentence. @param {Spoken} spoken */
export function endingOf({ outcome, authors, probabilities }) {
  const n = authors.reduce((sum, a) => sum + Number(a === 1), 0);
  return t(`outcome.${outcome}`, { n, share: pct(probabilities.at(-1) ?? 0) });
}

/** What the colours mean. @param {('given' | 'model' | 'page')[]} which */
export const authorsKey = (which) =>
  html`<p class="authors-key">${which.map((name) => html`<span><i class=${name}></i>${t(`spoken.key.${name}`)}</span>`)}</p>`;
