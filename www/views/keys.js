/** Dialog that lists all keys. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

const CAPS = /** @type {const} */ ([
  'train',
  'one',
  'token',
  'head',
  'step',
  'take',
  'generate',
  'choose',
  'close',
  'all',
]);

export class KeysView {
  #dialog = document.createElement('dialog');

  /** @param {HTMLElement} root  where the dialog is put */
  constructor(root) {
    this.#dialog.className = 'keys-dialog';
    this.#dialog.setAttribute('aria-labelledby', 'keys-title');
    root.append(this.#dialog);
  }

  open() {
    if (this.#dialog.open) return;
    render(
      html`<h2 id="keys-title">${t('keys.title')}</h2>
        <table>
          <tbody>
            ${CAPS.map((name) => html`<tr><th scope="row"><kbd>${t(`keys.cap.${name}`)}</kbd></th><td>${t(`keys.long.${name}`)}</td></tr>`)}
          </tbody>
        </table>
        <p class="cap">${t('keys.when')}</p>
        <p class="acts"><button class="btn" type="button" @click=${() => this.#dialog.close()}>${t('close')}</button></p>`,
      this.#dialog,
    );
    this.#dialog.showModal();
  }

  destroy() {
    render(nothing, this.#dialog);
    this.#dialog.remove();
  }
}
