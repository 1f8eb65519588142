/** Which answer is better? Two answers of one model, a click, and a rule that clicks by itself. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** @typedef {{ name: 'polite' | 'short' | 'not-rude' | 'pattern', pattern: string }} Rule */
/**
 * @typedef {object} AbData
 * @property {boolean} ready
 * @property {string} user
 * @property {string[]} answers         two, or none while they are on their way
 * @property {number} chosen            choices made
 * @property {number} wanted            choices that are enough to begin with
 * @property {number} ruled             choices that the rule adds
 * @property {boolean} canUndo
 * @property {Rule} rule
 * @property {string | null} wrong      with the rule
 * @property {boolean} choosing         the rule is at it
 */
/** @typedef {{ choose(i: number): void, equal(): void, bad(): void, undo(): void, rule(patch: Partial<Rule>): void, judge(): void, clear(): void }} AbEvents */

const RULES = /** @type {const} */ (['polite', 'short', 'not-rude', 'pattern']);

export class AbView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {AbEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('ab');
  }

  /** @param {AbData} data */
  update(data) {
    const { ready, user, answers, chosen, wanted, canUndo } = data;
    const ticks = Array.from(
      { length: Math.max(wanted, chosen) },
      (_, i) => html`<i class=${i < chosen ? 'on' : ''}></i>`,
    );
    render(
      html`<header><h3>${t('ab.title')}</h3><span class="aside" role="status">${t('ab.count', { n: chosen, of: wanted })}</span></header>
        ${
          ready
            ? html`<p class="prompt" aria-live="polite">${user}</p>
                <div class="cards">${[0, 1].map(
                  (i) =>
                    html`<button class="card" type="button" data-answer=${i} ?disabled=${answers.length < 2} @click=${() => this.#on.choose(i)}><kbd>${i + 1}</kbd><span class="q">${answers[i] ?? '…'}</span></button>`,
                )}</div>
                <div class="acts">
                  <button class="btn sm" type="button" data-act="equal" ?disabled=${answers.length < 2} @click=${this.#on.equal}>${t('ab.equal')} <kbd>0</kbd></button>
                  <button class="btn sm bare" type="button" data-act="bad" ?disabled=${answers.length < 2} @click=${this.#on.bad}>${t('ab.bad')} <kbd>9</kbd></button>
                  <button class="btn sm bare" type="button" data-act="undo" ?disabled=${!canUndo} @click=${this.#on.undo}>${t('ab.undo')} <kbd>Z</kbd></button>
                  <span class="ticks" aria-hidden="true">${ticks}</span>
                </div>`
            : html`<p class="cap">${t('ab.none')}</p>`
        }
        ${ready ? html`<p class="cap">${t('ab.left-out')}</p>` : nothing}
        ${this.#judge(data)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ab');
  }

  /** @param {AbData} data */
  #judge({ ready, rule, wrong, choosing, chosen, ruled }) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLInputElement} */ (e.target).value;
    return html`<div class="acts judge">
        <label>${t('ab.judge')} <select @change=${(/** @type {Event} */ e) => this.#on.rule({ name: /** @type {Rule['name']} */ (value(e)) })}>
          ${RULES.map((name) => html`<option value=${name} .selected=${name === rule.name}>${t(`ab.rule.${name}`)}</option>`)}</select></label>
        ${
          rule.name === 'pattern'
            ? html`<input class="field mono" type="text" maxlength="200" spellcheck="false" autocomplete="off" aria-label=${t('ab.pattern')} placeholder=${t('ab.pattern.example')} .value=${rule.pattern} @input=${(/** @type {Event} */ e) => this.#on.rule({ pattern: value(e) })} />`
            : nothing
        }
        <button class="btn sm" type="button" data-act="judge" ?disabled=${!ready || choosing} @click=${this.#on.judge}>${t('ab.judge.go', { n: ruled })}</button>
        <button class="btn sm bare" type="button" data-act="clear" ?disabled=${chosen === 0} @click=${this.#on.clear}>${t('ab.clear')}</button>
      </div>
      ${rule.name === 'pattern' ? html`<p class="cap">${t('ab.pattern.case')}</p>` : nothing}
      ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : nothing}`;
  }
}
