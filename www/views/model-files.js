/** Dialog for model files: taking a model away, and bringing one in. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/** @typedef {'export' | 'reading' | 'corpus' | 'tokens' | 'load'} Doing */
/**
 * @typedef {object} ModelFilesData
 * @property {string} className       of the model in transformers
 * @property {string} corpus          name of the text that is chosen
 * @property {string} python          lines that go on there; empty until they are known
 * @property {{ what: Doing, share: number } | null} doing
 * @property {{ bad: boolean, words: unknown, readable: boolean } | null} said   how the last attempt ended; whether the
 *   model that was refused can be read with
 * @property {boolean} savable        there is a model
 */
/**
 * @typedef {object} ModelFilesEvents
 * @property {() => void} checkpoint
 * @property {() => void} zip
 * @property {() => void} single
 * @property {(files: File[]) => void} open  a .zip, or the files of a folder
 * @property {() => void} read      with the model that was refused
 * @property {() => void} cancel
 */

export class ModelFilesView {
  #dialog = document.createElement('dialog');
  #on;
  /** Where a model that is read with is shown. */
  reader = document.createElement('section');

  /** @param {HTMLElement} root @param {ModelFilesEvents} on */
  constructor(root, on) {
    this.#on = on;
    this.#dialog.className = 'files-dialog';
    this.#dialog.setAttribute('aria-labelledby', 'files-title');
    // Work that nobody sees must not go on.
    this.#dialog.addEventListener('close', on.cancel);
    root.append(this.#dialog);
  }

  /** @param {ModelFilesData} data */
  update(data) {
    const busy = data.doing !== null;
    render(
      html`<h2 id="files-title">${t('files.title')}</h2>
        <div role="status">${this.#now(data)}</div>
        ${this.reader}
        ${this.#save(data, busy)}
        <h3>${t('files.open')}</h3>
        <p>${rich('files.open.text', { corpus: data.corpus })}</p>
        <p class="acts">
          <button class="btn" type="button" ?disabled=${busy} @click=${() => this.#input('zip').click()}>${icon('open')}${t('files.open.zip')}</button>
          <button class="btn" type="button" ?disabled=${busy} @click=${() => this.#input('folder').click()}>${icon('open')}${t('files.open.folder')}</button>
          <input type="file" data-open="zip" accept=".zip" hidden @change=${this.#picked} />
          <input type="file" data-open="folder" webkitdirectory hidden @change=${this.#picked} />
        </p>
        <p class="acts"><button class="btn" type="button" @click=${() => this.close()}>${t('close')}</button></p>`,
      this.#dialog,
    );
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  destroy() {
    render(nothing, this.#dialog);
    this.#dialog.remove();
  }

  /** @param {ModelFilesData} data @param {boolean} busy */
  #save({ className, python, savable }, busy) {
    /** @type {['checkpoint' | 'zip' | 'single', unknown][]} */
    const ways = [
      ['checkpoint', t('files.checkpoint.text')],
      ['zip', rich('files.zip.text', { class: className })],
      ['single', nothing],
    ];
    return html`<h3>${t('files.save')}</h3>
      <p>${t('files.save.text')}</p>
      <div class="ways">
        ${ways.map(
          ([name, words]) =>
            html`<button class="btn" type="button" data-save=${name} ?disabled=${busy || !savable} @click=${this.#on[name]}>${icon('save')}${t(`files.${name}`)}</button>
              <p class="cap">${words}</p>`,
        )}
      </div>
      ${
        python === ''
          ? nothing
          : html`<p class="cap">${t('files.python')}</p>
            <pre tabindex="0"><code>${python}</code></pre>`
      }`;
  }

  /** @param {ModelFilesData} data */
  #now({ doing, said }) {
    if (doing)
      return html`<p>${t(`files.doing.${doing.what}`)}</p>
        <progress aria-label=${t(`files.doing.${doing.what}`)} .value=${doing.share}></progress>
        <p class="acts"><button class="btn sm" type="button" data-cancel @click=${this.#on.cancel}>${t('files.cancel')}</button></p>`;
    if (!said) return nothing;
    return html`<div class="note ${said.bad ? 'bad' : 'ok'}">${icon(said.bad ? 'warn' : 'check')}<div>${said.words}
      ${said.readable ? html`<p class="acts"><button class="btn sm" type="button" data-act="read" @click=${this.#on.read}>${t('files.read')}</button></p>` : nothing}</div></div>`;
  }

  /** @param {'zip' | 'folder'} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#dialog.querySelector(`[data-open=${name}]`));
  }

  #picked = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) this.#on.open(files);
  };
}
