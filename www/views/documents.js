/** A look at the documents of a text: what a model would learn from, and what simple rules would leave out. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, size } from './format.js';

/** @typedef {'stories-en' | 'stories-zh' | 'names' | 'moby-dick' | 'own'} Corpus */
/** @typedef {'short' | 'letters' | 'again' | 'repeats'} Flag */
/** @typedef {{ n: number, text: string, bytes: number, flags: Flag[] }} Document */
/** @typedef {'all' | 'flagged' | 'longest'} Order */

const CORPORA = /** @type {readonly Corpus[]} */ (['stories-en', 'stories-zh', 'names', 'moby-dick', 'own']);
const ORDERS = /** @type {readonly Order[]} */ (['all', 'flagged', 'longest']);
const SHOWN = 5;
const CLIP = 420;
// Spaces and line ends read as such here; all else that is invisible, or turns text around, is shown.
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu;

/** A text to be read, as it is. @param {string} text */
export const readable = (text) =>
  text.replace(
    HIDDEN,
    (c) => `[U+${/** @type {number} */ (c.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}]`,
  );

/** Documents in an order. @param {readonly Document[]} documents @param {Order} order */
export function ordered(documents, order) {
  if (order === 'flagged') return documents.filter((d) => d.flags.length > 0);
  return order === 'longest' ? [...documents].sort((a, b) => b.bytes - a.bytes || a.n - b.n) : [...documents];
}

/**
 * @typedef {object} DocumentsData
 * @property {Corpus} corpus              that is looked at
 * @property {Corpus} model               that the model learns from
 * @property {boolean} hasOwn
 * @property {Document[] | null} documents   null: on their way
 */

export class DocumentsView {
  #root;
  #on;
  /** @type {Order} */
  #order = 'all';
  #page = 0;
  /** @type {DocumentsData | null} */
  #data = null;

  /** @param {HTMLElement} root @param {{ corpus(name: Corpus): void, learn(name: Corpus): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('documents');
  }

  /** @param {DocumentsData} data */
  update(data) {
    if (data.documents !== this.#data?.documents) this.#page = 0;
    this.#data = data;
    const { corpus, model, documents } = data;
    render(
      html`<header><h3>${t('documents.title')}</h3></header>
        <div class="seg" role="group" aria-label=${t('documents.corpus')}>
          ${CORPORA.filter((name) => name !== 'own' || data.hasOwn).map(
            (name) =>
              html`<button type="button" aria-pressed=${name === corpus} @click=${() => this.#on.corpus(name)}>${t(`corpus.${name}`)}</button>`,
          )}
        </div>
        ${documents ? this.#list(documents) : html`<p class="cap" role="status">${t('documents.waiting')}</p>`}
        <p class="tools">
          ${
            corpus === model
              ? html`<span class="cap">${t('documents.learned')}</span>`
              : html`<button class="btn sm" type="button" @click=${() => this.#on.learn(corpus)}>${t('documents.learn')}</button>`
          }
        </p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('documents');
  }

  #again() {
    if (this.#data) this.update(this.#data);
  }

  /** @param {Document[]} documents */
  #list(documents) {
    const all = ordered(documents, this.#order);
    const pages = Math.max(1, Math.ceil(all.length / SHOWN));
    const page = Math.min(this.#page, pages - 1);
    const turn = (/** @type {number} */ by) => {
      this.#page = (page + by + pages) % pages;
      this.#again();
    };
    const flagged = documents.filter((d) => d.flags.length > 0).length;
    const params = {
      n: num(flagged),
      of: num(documents.length),
      share: `${Math.round((100 * flagged) / Math.max(1, documents.length))}%`,
    };
    return html`<p class="cap">${t('documents.flagged', params)}</p>
      <div class="tools">
        <div class="seg" role="group" aria-label=${t('documents.order')}>
          ${ORDERS.map(
            (order) =>
              html`<button type="button" aria-pressed=${order === this.#order} @click=${() => this.#choose(order)}>${t(`documents.order.${order}`)}</button>`,
          )}
        </div>
        <span class="turn">
          <button class="btn sm bare" type="button" aria-label=${t('documents.before')} ?disabled=${pages < 2} @click=${() => turn(-1)}>‹</button>
          <span role="status">${t('documents.page', { page: page + 1, pages: num(pages) })}</span>
          <button class="btn sm bare" type="button" aria-label=${t('documents.after')} ?disabled=${pages < 2} @click=${() => turn(1)}>›</button>
        </span>
      </div>
      <ol class="docs">${all.slice(page * SHOWN, (page + 1) * SHOWN).map((d) => this.#one(d))}</ol>
      ${all.length === 0 ? html`<p class="cap">${t('documents.none')}</p>` : nothing}`;
  }

  /** @param {Order} order */
  #choose(order) {
    this.#order = order;
    this.#page = 0;
    this.#again();
  }

  /** @param {Document} document */
  #one({ n, text, bytes, flags }) {
    const whole = text.trim();
    const cut = whole.length > CLIP ? `${whole.slice(0, CLIP)}…` : whole;
    return html`<li class=${flags.length ? 'off' : ''}>
      <span class="meta">${t('documents.number', { number: num(n) })} · ${bytes < 1000 ? t('documents.bytes', { n: bytes }) : size(bytes)}${flags.map(
        (flag) => html` · <b>${t(`documents.flag.${flag}`)}</b>`,
      )}</span>
      <span class="tx" dir="auto">${readable(cut)}</span>
    </li>`;
  }
}
