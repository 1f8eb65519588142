/** What a token is, told beside it after a moment: id, bytes, and the merge that made it. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { hex, num, shown } from './format.js';

/**
 * @typedef {object} TipData
 * @property {number} id
 * @property {Uint8Array} bytes
 * @property {{ n: number, left: Uint8Array, right: Uint8Array, count: number }} [merge]
 */

const DELAY_MS = 150;
const MARGIN = 12;

export class TokenTip {
  #tip = document.createElement('div');
  #timer = 0;

  constructor() {
    this.#tip.className = 'tip';
    this.#tip.setAttribute('role', 'tooltip');
    this.#tip.hidden = true;
  }

  /** @param {HTMLElement | null} element  the token; null hides the tip @param {() => TipData | null} [read] */
  at(element, read) {
    clearTimeout(this.#timer);
    this.#tip.hidden = true;
    if (element && read) this.#timer = window.setTimeout(() => this.#show(element, read()), DELAY_MS);
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#tip.remove();
  }

  /** @param {HTMLElement} element @param {TipData | null} data */
  #show(element, data) {
    if (!data || !element.isConnected) return;
    const { id, bytes, merge } = data;
    render(
      html`${t('text.tip.token')} <b>${id}</b> · ${t('text.tip.bytes', { n: bytes.length })}<br /><span class="mono"
          >${Array.from(bytes, hex).join(' ')}</span
        >${
          merge
            ? html`<br />${t('merges.tip', { n: num(merge.n), times: num(merge.count) })}<br />${shown(merge.left)} + ${shown(merge.right)}`
            : nothing
        }`,
      this.#tip,
    );
    // Within the landmark that it speaks of.
    if (!this.#tip.isConnected) (element.closest('main') ?? document.body).append(this.#tip);
    this.#tip.hidden = false;
    const box = element.getBoundingClientRect();
    const left = Math.min(box.left + scrollX, innerWidth - this.#tip.offsetWidth - MARGIN);
    this.#tip.style.left = `${Math.max(MARGIN, left)}px`;
    this.#tip.style.top = `${box.bottom + scrollY + 7}px`;
  }
}
