/** A word as people see it, letter by letter, above the same word as the model gets it: numbers. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} LettersData
 * @property {string} word
 * @property {string} letter               that is counted
 * @property {TokenList | null} tokens
 * @property {string} vocabulary           its name
 */

/** Characters as people count them. @param {string} text */
export const letters = (text) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), (part) => part.segment);

/** @param {string} a @param {string} b */
const same = (a, b) => a.toLocaleLowerCase() === b.toLocaleLowerCase();

export class LettersView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ word(value: string): void, letter(value: string): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('letters');
  }

  /** @param {LettersData} data */
  update(data) {
    const all = letters(data.word);
    const found = all.filter((l) => same(l, data.letter)).length;
    const input = (/** @type {Event} */ e) => this.#on.word(/** @type {HTMLInputElement} */ (e.target).value);
    render(
      html`<header>
          <h3>${t('letters.title')}</h3>
          <span class="aside">${data.vocabulary}</span>
        </header>
        <label class="row"><span>${t('letters.word')}</span><input class="field serif" type="text" maxlength="40" autocomplete="off" spellcheck="false" .value=${data.word} @input=${input} /></label>
        <h4>${t('letters.seen')}</h4>
        <div class="seen" role="group" aria-label=${t('letters.choose')}>
          ${all.map(
            (letter) =>
              html`<button type="button" aria-pressed=${same(letter, data.letter)} @click=${() => this.#on.letter(letter)}>${shown(new TextEncoder().encode(letter))}</button>`,
          )}
        </div>
        <h4>${t('letters.read')}</h4>
        <ol class="read">${data.tokens ? this.#tokens(data.tokens) : nothing}</ol>
        <p class="cap" role="status">${
          data.tokens && all.length > 0
            ? t('letters.sentence', {
                letter: data.letter,
                n: found,
                letters: all.length,
                tokens: data.tokens.ids.length,
              })
            : nothing
        }</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('letters');
  }

  /** @param {TokenList} tokens */
  #tokens(tokens) {
    return Array.from(
      tokens.ids,
      (id, i) => html`<li class="t${i % 4}"><b>${id}</b><span>${shown(bytesOf(tokens, i))}</span></li>`,
    );
  }
}
