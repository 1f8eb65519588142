/** The learner's own examples, conversations or preferences: a small editor, and lines of JSON in and out. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { keepEnter } from './duel.js';

/** @typedef {import('../engine/teacher-protocol.js').LineError} LineError */
/** @typedef {import('../engine/teacher-protocol.js').OwnExample} OwnExample */
/** What came of the last thing that was done; `errors`: of lines of a file. @typedef {{ key: string, params: Record<string, string | number>, errors: LineError[] }} Said */
/** @typedef {{ text: string, count: number, errors: LineError[], said: Said | null, canUndo: boolean }} PairsData */
/** `add` tells whether the example was taken. @typedef {{ read(text: string): void, open(file: File): void, add(example: OwnExample): Promise<boolean>, undo(): void, save(): void }} PairsEvents */

/** Errors that are listed. */
const MOST = 8;
const SHAPES = {
  dialogue: '{"user": "…", "answer": "…"}',
  preference: '{"user": "…", "chosen": "…", "rejected": "…"}',
};
const FIELDS = { dialogue: ['user', 'answer'], preference: ['user', 'chosen', 'rejected'] };

export class PairsView {
  #root;
  #kind;
  #on;

  /** @param {HTMLElement} root @param {'dialogue' | 'preference'} kind  what its editor makes @param {PairsEvents} on */
  constructor(root, kind, on) {
    this.#root = root;
    this.#kind = kind;
    this.#on = on;
    root.classList.add('pairs');
  }

  /** @param {PairsData} data */
  update({ text, count, errors, said, canUndo }) {
    const kind = this.#kind;
    render(
      html`<header><h3>${t(`pairs.title.${kind}`)}</h3><span class="aside" role="status">${t(count === 0 ? 'pairs.count.none' : `pairs.count.${kind}`, { n: count })}</span></header>
        <form class="asking" @submit=${(/** @type {SubmitEvent} */ e) => void this.#add(e)} @keydown=${keepEnter}>
          ${FIELDS[kind].map((name) => html`<input class="field" name=${name} maxlength="300" autocomplete="off" aria-label=${t(`pairs.${name}`)} placeholder=${t(`pairs.${name}`)} />`)}
          <button class="btn">${t('pairs.add')}</button>
        </form>
        <details>
          <summary>${t('pairs.lines')}</summary>
          <textarea rows="4" spellcheck="false" aria-label=${t('pairs.lines')} .value=${text} @change=${(/** @type {Event} */ e) => this.#on.read(/** @type {HTMLTextAreaElement} */ (e.target).value)}></textarea>
          <p class="cap">${t('pairs.shape')} <code>${SHAPES[kind]}</code></p>
          <div class="acts">
            <label class="btn sm">${t('pairs.open')}<input class="vh" type="file" accept=".jsonl,.json,.txt" @change=${(/** @type {Event} */ e) => this.#open(e)} /></label>
            <button class="btn sm bare" type="button" data-act="undo-pairs" ?disabled=${!canUndo} @click=${this.#on.undo}>${t('pairs.undo')}</button>
            <button class="btn sm" type="button" data-act="save" ?disabled=${text === ''} @click=${this.#on.save}>${t('pairs.save')}</button>
          </div>
        </details>
        ${said ? html`<p class="cap told" role="status">${t(said.key, said.params)}</p>` : nothing} ${wrong(said?.errors ?? [])} ${wrong(errors)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('pairs');
  }

  /** What was written stays where it was not taken. @param {SubmitEvent} event */
  async #add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const example = Object.fromEntries(
      FIELDS[this.#kind].map((name) => [
        name,
        /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim(),
      ]),
    );
    const missing = Object.keys(example).find((name) => example[name] === '');
    if (missing) {
      /** @type {HTMLInputElement} */ (form.elements.namedItem(missing)).focus();
      return;
    }
    if (await this.#on.add(/** @type {OwnExample} */ (/** @type {unknown} */ (example)))) form.reset();
  }

  /** @param {Event} event */
  #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = '';
    if (file) this.#on.open(file);
  }
}

/** Lines that nothing can be learned from, each with what is wrong. @param {LineError[]} errors */
const wrong = (errors) =>
  errors.length === 0
    ? nothing
    : html`<ul class="wrong" role="alert">
        ${errors.slice(0, MOST).map((e) => html`<li>${t(`pairs.error.${e.code}`, { line: e.line, expected: e.expected, found: e.found })}</li>`)}
        ${errors.length > MOST ? html`<li>${t('pairs.more', { n: errors.length - MOST })}</li>` : nothing}
      </ul>`;
