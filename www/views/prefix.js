/** The text that a prediction follows: a box, and its tokens with the one after which to predict. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, say } from './format.js';
import { fillBox, textBox } from './text-box.js';
import { TokenLine } from './tokens.js';

/**
 * @typedef {object} PrefixData
 * @property {string} text
 * @property {import('../engine/protocol.js').TokenList | null} tokens
 * @property {number} selected   the prefix ends with this token
 * @property {number} hovered
 * @property {unknown} [notice]
 */

/** How many there are: each box has a label of its own. */
let count = 0;

export class PrefixView {
  #root;
  #on;
  #id = count++ === 0 ? 'prefix-source' : `prefix-source-${count}`;
  /** @type {TokenLine | null} */
  #line = null;

  /** @param {HTMLElement} root @param {{ text(value: string): void, select(i: number): void, hover(i: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('prefix');
  }

  /** @param {PrefixData} data */
  update(data) {
    render(
      html`<header><h3>${t('prefix.title')}</h3><span class="aside">${t('prefix.hint')}</span></header>
        ${textBox(this.#id, 'text.box', this.#on.text)}
        ${data.notice ? html`<div class="slot">${data.notice}</div>` : nothing}
        <div class="scroll"></div>`,
      this.#root,
    );
    fillBox(this.#root, data.text);
    this.#draw(data);
  }

  destroy() {
    this.#line?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('prefix');
  }

  /** @param {PrefixData} data */
  #draw({ tokens, selected, hovered }) {
    if (!tokens) return;
    this.#line ??= new TokenLine(/** @type {HTMLElement} */ (this.#root.querySelector('.scroll')), {
      select: this.#on.select,
      hover: this.#on.hover,
    });
    this.#line.update({
      tokens,
      label: t('prefix.tokens'),
      selected,
      cursor: hovered >= 0 ? hovered : selected,
      describe: (i) => t('text.token', { n: i + 1, token: say(bytesOf(tokens, i)), id: tokens.ids[i] }),
    });
  }
}
