/** Checkpoints beside the question: a number to compute, a task that the page sees done, and how many are met. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/** What a checked answer is told. @param {boolean} right @param {unknown} words */
const verdict = (right, words) =>
  html`<div class="note ${right ? 'ok' : 'warn'}">
    ${icon(right ? 'check' : 'info')}
    <div><b>${t(right ? 'chapter.right' : 'chapter.wrong')}</b> ${words}</div>
  </div>`;

/** A number as typed, full-width digits and a true minus included; NaN if it is none. @param {string} typed */
export function numberOf(typed) {
  const plain = typed.normalize('NFKC').trim().replace(',', '.').replace('−', '-');
  return plain === '' ? Number.NaN : Number(plain);
}

/**
 * @typedef {object} NumberData
 * @property {string} question
 * @property {string} typed
 * @property {boolean} checked
 * @property {boolean} right
 * @property {unknown} why
 */

export class NumberView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ type(value: string): void, check(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('ask');
  }

  /** @param {NumberData} data */
  update({ question, typed, checked, right, why }) {
    const ready = !Number.isNaN(numberOf(typed));
    const submit = (/** @type {Event} */ e) => {
      e.preventDefault();
      if (ready) this.#on.check();
    };
    render(
      html`<h2>${t('chapter.check')}</h2>
        <form @submit=${submit}>
          <label><span>${question}</span>
            <span class="number"
              ><input class="field" type="text" inputmode="decimal" maxlength="12" autocomplete="off" .value=${typed} @input=${(/** @type {Event} */ e) => this.#on.type(/** @type {HTMLInputElement} */ (e.target).value)} /><button
                class="btn sm"
                aria-disabled=${!ready}
              >
                ${t('chapter.check.button')}
              </button></span
            ></label
          >
        </form>
        <div role="status">${checked ? verdict(right, why) : nothing}</div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ask');
  }
}

/**
 * @typedef {object} TaskData
 * @property {unknown} task
 * @property {boolean} met      once met it stays met
 * @property {string} now       how it stands
 * @property {boolean} [calm]   what holds now changes by itself: only that the task is done is told
 */

export class TaskView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('ask');
  }

  /** @param {TaskData} data */
  update({ task, met, now, calm = false }) {
    render(
      html`<h2>${t('chapter.task')}</h2>
        <div class="goal${met ? ' met' : ''}">
          ${met ? icon('check') : html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6" /></svg>`}
          <div><p>${task}</p><p class="now" role="status">${met ? html`<b>${t('chapter.done')}</b> ` : nothing}<span aria-live=${calm ? 'off' : nothing}>${now}</span></p></div>
        </div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ask');
  }
}

/** How many checkpoints of a chapter are met, and a way to begin again. */
export class ProgressView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ reset(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('progress-line');
  }

  /** @param {{ met: number, of: number, some: boolean }} data */
  update({ met, of, some }) {
    render(
      html`<span role="status">${t('chapter.progress', { n: met, of })}</span>
        ${some ? html`<button class="btn sm bare" type="button" @click=${this.#on.reset}>${t('chapter.reset')}</button>` : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('progress-line');
  }
}
