/** Pre-training and fine-tuning side by side, in the learner's own numbers; and what a toy does not show. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** @typedef {{ head: string[], rows: { name: string, cells: string[] }[], notes: string[] }} HonestData */

export class HonestView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('honest');
  }

  /** @param {HonestData} data */
  update({ head, rows, notes }) {
    render(
      html`<header><h3>${t('honest.title')}</h3></header>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('honest.title')}><table>
          <thead><tr><td></td>${head.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
          <tbody>${rows.map((r) => html`<tr><th scope="row">${r.name}</th>${r.cells.map((c) => html`<td>${c}</td>`)}</tr>`)}</tbody>
        </table></div>
        ${notes.map((n) => html`<p class="cap">${n}</p>`)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('honest');
  }
}
