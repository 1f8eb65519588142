/** A dialogue or an answer as the model sees it: one sequence of tokens, marks as labels, and who wrote what. */

import { t } from '../i18n/index.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, shown } from './format.js';

/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

const decoder = new TextDecoder();
const SPACE = 0x20;

/** Name of a special token without its brackets. @param {TokenList} tokens @param {number} i */
const markOf = (tokens, i) => decoder.decode(bytesOf(tokens, i)).replace(/^<\|(.*)\|>$/, '$1');

/**
 * Tokens with a class each.
 * @param {TokenList} tokens
 * @param {(i: number) => string} classOf
 * @param {(i: number) => string | undefined} [titleOf]
 */
export const sequence = (tokens, classOf, titleOf = () => undefined) =>
  html`<span class="seq">${Array.from(tokens.ids, (_, i) => {
    const title = titleOf(i) ?? nothing;
    if (tokens.special[i]) return html`<span class="pill ${classOf(i)}" title=${title}>${markOf(tokens, i)}</span>`;
    const bytes = bytesOf(tokens, i);
    // Spaces are drawn, so that a line would break anywhere: words begin new lines.
    return html`${bytes[0] === SPACE ? html`<wbr />` : nothing}<span class="tk ${classOf(i)}" title=${title}>${shown(bytes)}</span>`;
  })}</span>`;

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
