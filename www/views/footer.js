/** Footer: where the data stay, and the keys. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

const CAPS = /** @type {const} */ (['train', 'token', 'head', 'step', 'take', 'generate']);

export class FooterView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ keys(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  /** @param {boolean} playing  the playground is shown, and its keys work */
  update(playing) {
    render(
      html`<div class="wrap">
        <span>${t('footer.private')} ${playing ? html`<span class="origin">${t('footer.origin')}</span>` : nothing}</span>
        <span class="keys">
          ${(playing ? CAPS : CAPS.slice(0, 1)).map((name) => html`<span><kbd>${t(`keys.cap.${name}`)}</kbd>${t(`keys.short.${name}`)}</span>`)}
          <button type="button" aria-haspopup="dialog" @click=${this.#on.keys}><kbd>?</kbd>${t('keys.short.all')}</button>
        </span>
      </div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
  }
}
