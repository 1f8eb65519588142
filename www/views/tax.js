/** The same sentence in two languages under several vocabularies: how many tokens each costs. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';
import { icon } from './icons.js';

/**
 * @typedef {object} TaxRow
 * @property {string} name
 * @property {string} title
 * @property {'none' | 'loading' | 'ready' | 'failed'} state
 * @property {number} share
 * @property {[number, number] | null} counts   tokens of the English and of the Chinese sentence
 */

/**
 * @typedef {object} TaxData
 * @property {[string, string]} pair     English, Chinese
 * @property {TaxRow[]} rows
 * @property {boolean} editing
 * @property {boolean} copied
 * @property {string} toFetch            size of what is not loaded yet; '' = all is there
 * @property {string | null} failed      why a vocabulary did not load
 */

const LANGUAGES = /** @type {const} */ (['en', 'zh-Hans']);

export class TaxView {
  #root;
  #on;

  /**
   * @param {HTMLElement} root
   * @param {{ load(): void, edit(): void, sentence(which: 0 | 1, text: string): void, picture(): void, copyLink(): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('tax');
  }

  /** @param {TaxData} data */
  update(data) {
    render(
      html`<header><h3>${t('tax.title')}</h3></header>
        <div class="cols2">${LANGUAGES.map((_, i) => this.#column(data, /** @type {0 | 1} */ (i)))}</div>
        <p class="cap" role="status">${this.#sentence(data)}</p>
        ${data.failed ? html`<p class="wrong">${icon('warn')}<span>${t('vocab.failed', { reason: data.failed })}</span></p>` : nothing}
        <div class="acts">
          ${data.toFetch ? html`<button class="btn sm" type="button" @click=${this.#on.load}>${t('tax.load', { size: data.toFetch })}</button>` : nothing}
          <button class="btn sm" type="button" aria-pressed=${data.editing} @click=${this.#on.edit}>${t(data.editing ? 'tax.done' : 'tax.edit')}</button>
          <button class="btn sm" type="button" @click=${this.#on.picture}>${icon('save')}${t('tax.picture')}</button>
          <button class="btn sm" type="button" @click=${this.#on.copyLink}>${icon(data.copied ? 'check' : 'link')}<span aria-live="polite">${t(data.copied ? 'header.copied' : 'header.copy')}</span></button>
        </div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('tax');
  }

  /** @param {TaxData} data @param {0 | 1} which */
  #column(data, which) {
    const most = Math.max(1, ...data.rows.flatMap((row) => row.counts ?? []));
    const input = (/** @type {Event} */ e) =>
      this.#on.sentence(which, /** @type {HTMLInputElement} */ (e.target).value);
    const label = t(which === 0 ? 'tax.english' : 'tax.chinese');
    return html`<div>
      ${
        data.editing
          ? html`<textarea rows="2" maxlength="120" spellcheck="false" lang=${LANGUAGES[which]} aria-label=${label} .value=${data.pair[which]} @input=${input}></textarea>`
          : html`<p class="serif" lang=${LANGUAGES[which]}>${data.pair[which]}</p>`
      }
      <div class="bars" role="group" aria-label=${label}>
        ${data.rows.map(({ title, state, share, counts }) => {
          const value = counts ? counts[which] : null;
          const words = value !== null ? num(value) : state === 'loading' ? `${Math.round(100 * share)}%` : '–';
          return html`<div class="bar" .style=${`--v:${value === null ? 0 : (100 * value) / most}%`}>
            <span class="l">${title}</span><span class="t"><i ?hidden=${value === null}></i></span><span class="v">${words}</span>
          </div>`;
        })}
      </div>
    </div>`;
  }

  /** @param {TaxData} data */
  #sentence({ rows }) {
    const known = rows.filter((row) => row.counts && row.counts[0] > 0);
    const published = known.filter((row) => row.name !== 'own');
    const [first, last] = [published[0], published.at(-1)];
    const ratio = (/** @type {TaxRow} */ { counts }) => (counts ? (counts[1] / counts[0]).toFixed(1) : '');
    if (!first || !last)
      return known[0] ? rich('tax.one', { vocabulary: known[0].title, ratio: ratio(known[0]) }) : nothing;
    if (first === last) return rich('tax.one', { vocabulary: first.title, ratio: ratio(first) });
    return rich('tax.two', { first: first.title, a: ratio(first), last: last.title, b: ratio(last) });
  }
}
