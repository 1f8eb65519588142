/** The look-up table that the learner edits: names and what is known of them. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** @typedef {{ rows: [string, string][], asks: string[] }} FactsData  `asks`: questions that a model is taught to look up for */

export class FactsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ set(row: number, name: string, fact: string): void, add(): void, remove(row: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('facts');
  }

  /** @param {FactsData} data */
  update({ rows, asks }) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).value;
    render(
      html`<header><h3>${t('facts.title')}</h3></header>
        <table class="facts-table"><thead><tr><th scope="col">${t('facts.name')}</th><th scope="col">${t('facts.fact')}</th><td></td></tr></thead>
          <tbody>${rows.map(
            ([name, fact], i) => html`<tr>
              <td><input class="field" maxlength="40" aria-label=${t('facts.name.of', { n: i + 1 })} .value=${name} @change=${(/** @type {Event} */ e) => this.#on.set(i, value(e), fact)} /></td>
              <td><input class="field" maxlength="80" aria-label=${t('facts.fact.of', { n: i + 1 })} .value=${fact} @change=${(/** @type {Event} */ e) => this.#on.set(i, name, value(e))} /></td>
              <td><button class="btn sm bare" type="button" @click=${() => this.#on.remove(i)} aria-label=${t('facts.remove', { n: i + 1 })}>×</button></td>
            </tr>`,
          )}</tbody></table>
        <div class="acts"><button class="btn sm" type="button" data-act="add-fact" @click=${this.#on.add}>${t('facts.add')}</button></div>
        ${asks.length > 0 ? html`<p class="cap">${t('facts.asks')}</p><ul class="asks">${asks.map((ask) => html`<li class="serif">${ask}</li>`)}</ul>` : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('facts');
  }
}
