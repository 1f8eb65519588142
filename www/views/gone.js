/** What was removed last, and the way back for a while. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/** `words`: what is gone, or '' where nothing is. @typedef {{ words: string }} GoneData */

export class GoneView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ undo(): void, forget(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('gone');
    root.setAttribute('role', 'status');
  }

  /** @param {GoneData} data */
  update({ words }) {
    render(
      words
        ? html`<div class="note">${icon('reset')}
            <div>${words}</div>
            <div class="acts">
              <button class="btn sm" type="button" data-act="undo-gone" @click=${this.#on.undo}>${t('gone.undo')}</button>
              <button class="btn sm bare" type="button" data-act="forget-gone" @click=${this.#on.forget}>${t('gone.forget')}</button>
            </div>
          </div>`
        : nothing,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.removeAttribute('role');
    this.#root.classList.remove('gone');
  }
}
