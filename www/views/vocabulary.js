/** Every token of a vocabulary: to search, to sort by rank or length, to see special and broken ones. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, hex, num, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {'all' | 'special' | 'partial' | 'word' | 'space'} Kind */

/**
 * @typedef {object} VocabularyData
 * @property {{ name: string, title: string }[]} vocabularies
 * @property {string} chosen
 * @property {string} search
 * @property {Kind} kind
 * @property {'rank' | 'length'} order
 * @property {number} from              number of the first token shown, from 0
 * @property {number} total             tokens found
 * @property {TokenList | null} tokens  found, from `from` on
 * @property {boolean} canSave
 * @property {number} picked            id whose tree is shown; -1 = none
 * @property {unknown} [notice]
 */

/** Tokens shown at once. */
export const PAGE = 36;
const KINDS = /** @type {const} */ (['all', 'word', 'space', 'partial', 'special']);
const ORDERS = /** @type {const} */ (['rank', 'length']);
/** Bytes of a long token that are written out. */
const BYTES = 8;

export class VocabularyView {
  #root;
  #on;

  /**
   * @param {HTMLElement} root
   * @param {{ choose(vocabulary: string): void, search(text: string): void, kind(kind: Kind): void,
   *   order(order: 'rank' | 'length'): void, from(from: number): void, pick(id: number): void, save(): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('vocabulary');
  }

  /** @param {VocabularyData} data */
  update(data) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).value;
    render(
      html`<header><h3>${t('vocabulary.title')}</h3>
          <div class="seg" role="group" aria-label=${t('layers.vocabulary')}>
            ${data.vocabularies.map(
              ({ name, title }) =>
                html`<button type="button" aria-pressed=${name === data.chosen} @click=${() => this.#on.choose(name)}>${title}</button>`,
            )}
          </div></header>
        <div class="find">
          <label><span class="vh">${t('vocabulary.search')}</span
            ><input class="field" type="search" maxlength="40" autocomplete="off" spellcheck="false" placeholder=${t('vocabulary.search')} .value=${data.search} @input=${(/** @type {Event} */ e) => this.#on.search(value(e))}
          /></label>
          <label><span class="vh">${t('vocabulary.kind')}</span
            ><select @change=${(/** @type {Event} */ e) => this.#on.kind(/** @type {Kind} */ (value(e)))}>
              ${KINDS.map((kind) => html`<option value=${kind} .selected=${kind === data.kind}>${t(`vocabulary.kind.${kind}`)}</option>`)}
            </select></label
          ><label><span class="vh">${t('vocabulary.order')}</span
            ><select @change=${(/** @type {Event} */ e) => this.#on.order(value(e) === 'length' ? 'length' : 'rank')}>
              ${ORDERS.map((order) => html`<option value=${order} .selected=${order === data.order}>${t(`vocabulary.order.${order}`)}</option>`)}
            </select></label
          >
        </div>
        ${data.notice ?? nothing} ${data.tokens ? this.#found(data, data.tokens) : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('vocabulary');
  }

  /** @param {VocabularyData} data @param {TokenList} tokens */
  #found(data, tokens) {
    const { from, total } = data;
    const until = from + tokens.ids.length;
    return html`<ul class="found">
        ${Array.from(tokens.ids, (_, i) => this.#token(data, tokens, i))}
      </ul>
      <div class="pages">
        <span role="status">${total === 0 ? t('vocabulary.none') : t('vocabulary.range', { from: num(from + 1), to: num(until), n: num(total) })}</span>
        ${data.canSave ? html`<button class="btn sm" type="button" @click=${this.#on.save}>${t('vocabulary.save')}</button>` : nothing}
        <button class="btn sm" type="button" ?disabled=${from === 0} @click=${() => this.#on.from(Math.max(0, from - PAGE))}>${t('vocabulary.before')}</button
        ><button class="btn sm" type="button" ?disabled=${until >= total} @click=${() => this.#on.from(from + PAGE)}>${t('vocabulary.after')}</button>
      </div>`;
  }

  /** @param {VocabularyData} data @param {TokenList} tokens @param {number} i */
  #token(data, tokens, i) {
    const id = tokens.ids[i];
    const bytes = bytesOf(tokens, i);
    const written = Array.from(bytes.subarray(0, BYTES), hex).join(' ') + (bytes.length > BYTES ? ' …' : '');
    return html`<li>
      <button type="button" aria-pressed=${id === data.picked} @click=${() => this.#on.pick(id)}>
        <span class=${tokens.special[i] ? 'q mono' : 'q'}>${shown(bytes)}</span><small>${id}</small><small class="mono">${written}</small>
      </button>
    </li>`;
  }
}
