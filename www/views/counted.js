/** A dialogue of fine-tuning, and which of its tokens count in the loss. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { sequence } from './spoken.js';

/** @typedef {{ example: import('../engine/teacher-protocol.js').Example | null }} CountedData */

export class CountedView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ another(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('counted');
  }

  /** @param {CountedData} data */
  update({ example }) {
    const n = example ? example.weights.reduce((sum, w) => sum + Number(w > 0), 0) : 0;
    render(
      html`<header><h3>${t('counted.title')}</h3>${example ? html`<span class="aside">${t('counted.of', { n, of: example.weights.length })}</span>` : nothing}</header>
        ${
          example
            ? html`<p>${sequence(
                example.tokens,
                (i) => (example.weights[i] > 0 ? 'model' : 'given'),
                (i) => t(example.weights[i] > 0 ? 'counted.yes' : 'counted.no'),
              )}</p>
                <p class="authors-key"><span><i class="given"></i>${t('counted.no')}</span><span><i class="model"></i>${t('counted.yes')}</span></p>`
            : html`<p class="cap">${t('counted.none')}</p>`
        }
        <button class="btn sm" type="button" ?disabled=${!example} @click=${this.#on.another}>${t('counted.another')}</button>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('counted');
  }
}
