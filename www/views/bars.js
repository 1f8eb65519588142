/** Rows of probabilities: a button a token, its bar, its share. Used by the prediction and by the alternatives. */

import { t } from '../i18n/index.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} Row
 * @property {number} id
 * @property {number} raw     the model's own probability
 * @property {number} shaped  after the sampling settings; 0 = cut
 */

/** The scale's right end: nearly uniform predictions are not blown up to full width. @param {number} largest */
const scaleEnd = (largest) => Math.max(largest, 0.02) * (largest < 0.1 ? 1.6 : 1);

/**
 * @param {object} o
 * @param {Row[]} o.rows               most probable first
 * @param {TokenList} o.vocabulary     every id of the model
 * @param {(id: number) => void} [o.take]
 * @param {number} [o.chosen]          id with a check mark; without it the first row is emphasised
 * @param {number} [o.rest]            share of everything else; undefined = no such row
 * @param {string} o.label
 */
export function bars({ rows, vocabulary, take, chosen, rest, label }) {
  const end = scaleEnd(rows.reduce((most, row) => Math.max(most, row.shaped), 0));
  /** @param {number} share */
  const width = (share) => `--v:${(100 * Math.min(1, share / end)).toFixed(2)}%`;
  return html`<div class="bars" role="group" aria-label=${label}>
    ${rows.map((row, i) => {
      const bytes = bytesOf(vocabulary, row.id);
      const cut = row.shaped === 0;
      const hot = chosen === undefined ? i === 0 && !cut : row.id === chosen;
      const value = cut ? t('prediction.cut') : pct(row.shaped);
      return html`<button
        class="bar${hot ? ' top' : ''}${cut ? ' cut' : ''}"
        type="button"
        .style=${width(row.shaped)}
        ?disabled=${!take}
        @click=${() => take?.(row.id)}
      >
        <span class="l"
          >${
            chosen === row.id
              ? html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5l3.2 3L13 4.5" /></svg
                  ><span class="vh">${t('prediction.chosen')}</span>`
              : nothing
          }${shown(bytes)}</span
        ><span class="t"><i></i></span><span class="v">${value}</span>
      </button>`;
    })}
    ${
      rest === undefined
        ? nothing
        : html`<div class="bar rest" .style=${width(rest)}>
          <span class="l">${t('prediction.rest')}</span><span class="t"><i></i></span><span class="v">${pct(rest)}</span>
        </div>`
    }
  </div>`;
}
