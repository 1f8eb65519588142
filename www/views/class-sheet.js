/** The head of a chapter that is printed for a class: the way to the page, and a line for the name. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { qrOf, qrPicture } from './share.js';

export class ClassSheetView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('sheet-head');
  }

  /** @param {string} link */
  update(link) {
    const code = qrOf(link);
    render(
      html`${code ? qrPicture(code) : nothing}
        <div>
          <p class="name">${t('sheet.name')}</p>
          <p>${t('sheet.open')}</p>
          <p class="mono">${link}</p>
        </div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('sheet-head');
  }
}
