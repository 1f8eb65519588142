/** Check yourself: a question with a few answers; any answer gets its reason, and nothing is ever locked. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/**
 * @typedef {object} QuestionData
 * @property {string} question
 * @property {string[]} answers
 * @property {number | null} right  index of the right answer; null = not known before something is measured
 * @property {string} why
 * @property {number} chosen       -1 = none
 * @property {boolean} checked
 */

export class QuestionView {
  #root;
  #on;
  #name;

  /** @param {HTMLElement} root @param {string} name  of its radio group @param {{ choose(i: number): void, check(): void }} on */
  constructor(root, name, on) {
    this.#root = root;
    this.#on = on;
    this.#name = name;
    root.classList.add('ask');
  }

  /** @param {QuestionData} data */
  update(data) {
    const { chosen, checked, right } = data;
    render(
      html`<h2>${t('chapter.check')}</h2>
        <fieldset>
          <legend>${data.question}</legend>
          ${data.answers.map(
            (words, i) =>
              html`<label class="check"
                ><input type="radio" name=${this.#name} .checked=${i === chosen} @change=${() => this.#on.choose(i)} />${words}</label
              >`,
          )}
        </fieldset>
        ${
          checked
            ? nothing
            : html`<button class="btn sm" type="button" aria-disabled=${chosen < 0} @click=${() => chosen >= 0 && this.#on.check()}>${t('chapter.check.button')}</button>`
        }
        <div role="status">${
          checked
            ? html`<div class="note ${chosen === right ? 'ok' : right === null ? '' : 'warn'}">
              ${icon(chosen === right ? 'check' : 'info')}
              <div>${right === null ? nothing : html`<b>${t(chosen === right ? 'chapter.right' : 'chapter.wrong')}</b> `}${data.why}</div>
            </div>`
            : nothing
        }</div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ask');
  }
}
