/** The merges around the one that is shown, and how the number of tokens falls over all of them. */

import { t } from '../i18n/index.js';
import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, shown } from './format.js';
import { FIRST } from './merge-steps.js';

/** @typedef {import('./merge-steps.js').Learned} Learned */

/**
 * @typedef {object} MergeTableData
 * @property {Learned | null} learned
 * @property {ArrayLike<number> | null} curve  tokens of the text after 0, 1, … all merges
 * @property {number} at                       merges shown
 */

/** Rows of the table above and below the one that is shown. */
const ABOVE = 3;
const ROWS = 7;
const CHART = { width: 270, height: 190, left: 30, right: 218, top: 12, bottom: 158 };

export class MergeTableView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('merge-table');
  }

  /** @param {MergeTableData} data */
  update({ learned, curve, at }) {
    render(
      learned && curve
        ? html`<div class="cols2">
            <div><h3>${t('merges.table')}</h3>${this.#table(learned, at)}</div>
            <div ?hidden=${curve[0] === 0}><h3>${t('merges.curve')}</h3>${this.#chart(curve, learned.merges, at)}</div>
          </div>`
        : nothing,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('merge-table');
  }

  /** @param {Learned} learned @param {number} at */
  #table(learned, at) {
    const from = Math.max(0, Math.min(at - 1 - ABOVE, learned.merges - ROWS));
    const rows = Array.from({ length: Math.min(ROWS, learned.merges) }, (_, i) => from + i + 1);
    const token = (/** @type {number} */ id) => html`<span class="q">${shown(bytesOf(learned.vocabulary, id))}</span>`;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${t('merges.number')}</th>
          <th scope="col">${t('merges.pair')}</th>
          <th scope="col">${t('merges.new')}</th>
          <th scope="col" class="n">${t('merges.times')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((n) => {
          const id = FIRST + n - 1;
          return html`<tr class=${n === at ? 'on' : n > at ? 'fut' : ''} aria-current=${n === at ? 'true' : nothing}>
            <td>${num(n)}</td>
            <td>${token(learned.left[id])} + ${token(learned.right[id])}</td>
            <td>${token(id)}</td>
            <td class="n">${num(learned.count[id])}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  /** @param {ArrayLike<number>} counts @param {number} merges @param {number} at */
  #chart(counts, merges, at) {
    const most = Math.max(1, counts[0]);
    const { width, height, left, right, top, bottom } = CHART;
    const x = (/** @type {number} */ n) => left + ((right - left) * n) / Math.max(1, merges);
    const y = (/** @type {number} */ count) => bottom - ((bottom - top) * count) / most;
    let path = '';
    for (let n = 0; n < counts.length; n++)
      if (n === 0 || n === counts.length - 1 || counts[n] !== counts[n - 1])
        path += n === 0 ? `M${x(0)} ${y(counts[0])}` : `H${x(n).toFixed(1)}V${y(counts[n]).toFixed(1)}`;
    const marks = [0, Math.round(most / 2), most];
    return html`<svg class="fall" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${t('merges.curve.sentence', { from: num(counts[0]), to: num(counts[merges]), merges: num(merges) })}>
      ${marks.map((v) => svg`<line class="grid" x1=${left} x2=${right} y1=${y(v)} y2=${y(v)} /><text x=${left - 6} y=${y(v) + 4} text-anchor="end">${num(v)}</text>`)}
      ${svg`<text x=${left} y=${height - 12}>0</text><text x=${right} y=${height - 12} text-anchor="end">${t('merges.axis', { n: num(merges) })}</text>
      <path d=${path} /><line class="now" x1=${x(at)} x2=${x(at)} y1=${top} y2=${bottom} />
      <circle cx=${x(at)} cy=${y(counts[at])} r="4" /><text class="strong" x=${x(at) + 8} y=${y(counts[at]) - 8}>${num(counts[at])}</text>`}
    </svg>`;
  }
}
