/** The learner's own dialogues: a small editor, and lines of JSON in and out. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { keepEnter } from './duel.js';

/** @typedef {import('../engine/teacher-protocol.js').LineError} LineError */
/** @typedef {{ text: string, count: number, errors: LineError[] }} PairsData */

/** Errors that are listed. */
const MOST = 8;

export class PairsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ read(text: string): void, add(user: string, answer: string): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('pairs');
  }

  /** @param {PairsData} data */
  update({ text, count, errors }) {
    render(
      html`<header><h3>${t('pairs.title')}</h3><span class="aside" role="status">${t('pairs.count', { n: count })}</span></header>
        <form class="asking" @submit=${(/** @type {SubmitEvent} */ e) => this.#add(e)} @keydown=${keepEnter}>
          <input class="field" name="user" maxlength="300" autocomplete="off" aria-label=${t('pairs.user')} placeholder=${t('pairs.user')} />
          <input class="field" name="answer" maxlength="300" autocomplete="off" aria-label=${t('pairs.answer')} placeholder=${t('pairs.answer')} />
          <button class="btn">${t('pairs.add')}</button>
        </form>
        <details>
          <summary>${t('pairs.lines')}</summary>
          <textarea rows="4" spellcheck="false" aria-label=${t('pairs.lines')} .value=${text} @change=${(/** @type {Event} */ e) => this.#on.read(/** @type {HTMLTextAreaElement} */ (e.target).value)}></textarea>
          <div class="acts">
            <label class="btn sm">${t('pairs.open')}<input class="vh" type="file" accept=".jsonl,.json,.txt" @change=${(/** @type {Event} */ e) => this.#open(e)} /></label>
            <a class="btn sm" download="glassgpt-pairs.jsonl" href=${`data:application/jsonl;charset=utf-8,${encodeURIComponent(text)}`}>${t('pairs.save')}</a>
          </div>
        </details>
        ${
          errors.length > 0
            ? html`<ul class="wrong" role="alert">${errors.slice(0, MOST).map((e) => html`<li>${t(`pairs.error.${e.code}`, { line: e.line, expected: e.expected, found: e.found })}</li>`)}</ul>`
            : nothing
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('pairs');
  }

  /** @param {SubmitEvent} event */
  #add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const value = (/** @type {string} */ name) =>
      /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim();
    const [user, answer] = [value('user'), value('answer')];
    if (user === '' || answer === '') return;
    form.reset();
    this.#on.add(user, answer);
  }

  /** @param {Event} event */
  async #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (file) this.#on.read(await file.text());
    input.value = '';
  }
}
