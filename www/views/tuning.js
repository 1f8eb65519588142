/** Fine-tuning in its forms: what to start, and what each has learnt and forgotten. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, pct } from './format.js';

/**
 * @typedef {object} TuningRow
 * @property {string} name
 * @property {number} trained
 * @property {number} steps
 * @property {number | null} exact        share of exact answers
 * @property {number | null} fresh        the same with names and objects never tuned on
 * @property {number | null} lossNats     on text of pre-training
 * @property {number | null} change       of it
 * @property {[number, number] | null} unmerged
 */
/** `from`: name of the stage that a lesson goes on from. @typedef {{ ready: boolean, from: string, rank: number, targets: 'attention' | 'mlp' | 'blocks', rows: TuningRow[], which: 'tune' | 'adapters', total: number }} TuningData */
/** @typedef {{ tune(replay: boolean): void, adapters(): void, set(patch: { rank?: number, targets?: TuningData['targets'] }): void }} TuningEvents */

const RANKS = [1, 2, 4, 8, 16];
/** Nats by which a full bar changes. */
const FULL = 2;

const or = (/** @type {number | null} */ value, /** @type {(v: number) => string} */ words) =>
  value === null ? '–' : words(value);
const signed = (/** @type {number} */ nats) => `${nats < 0 ? '−' : '+'}${num(Math.abs(nats), 2)}`;

export class TuningView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {TuningEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('lessons');
  }

  /** @param {TuningData} data */
  update(data) {
    render(
      html`<header><h3>${t(`tuning.title.${data.which}`)}</h3>${data.from ? html`<span class="aside">${t('lesson.from', { name: data.from })}</span>` : nothing}</header>
        ${data.which === 'tune' ? this.#full(data) : this.#adapters(data)} ${data.rows.length > 0 ? this.#table(data) : html`<p class="cap">${t('tuning.none')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('lessons');
  }

  /** @param {TuningData} data */
  #full({ ready }) {
    return html`<div class="acts">
      <button class="btn primary" type="button" data-act="tune" ?disabled=${!ready} @click=${() => this.#on.tune(true)}>${t('tuning.tune')}</button>
      <button class="btn" type="button" data-act="tune-bare" ?disabled=${!ready} @click=${() => this.#on.tune(false)}>${t('tuning.bare')}</button>
    </div>`;
  }

  /** @param {TuningData} data */
  #adapters({ ready, rank, targets }) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLSelectElement} */ (e.target).value;
    const names = /** @type {const} */ (['attention', 'mlp', 'blocks']);
    return html`<div class="acts">
      <label>${t('tuning.rank')} <select @change=${(/** @type {Event} */ e) => this.#on.set({ rank: Number(value(e)) })}>
        ${RANKS.map((r) => html`<option value=${r} .selected=${r === rank}>${r}</option>`)}</select></label>
      <label>${t('tuning.targets')} <select @change=${(/** @type {Event} */ e) => this.#on.set({ targets: /** @type {TuningData['targets']} */ (value(e)) })}>
        ${names.map((n) => html`<option value=${n} .selected=${n === targets}>${t(`tuning.targets.${n}`)}</option>`)}</select></label>
      <button class="btn" type="button" data-act="adapters" ?disabled=${!ready} @click=${this.#on.adapters}>${t('tuning.adapters')}</button>
    </div>`;
  }

  /** @param {TuningData} data */
  #table({ rows, which, total }) {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t(`tuning.title.${which}`)}><table>
      <thead><tr><th>${t('tuning.stage')}</th><th class="n">${t('tuning.trained')}</th><th class="n">${t('tuning.exact')}</th><th class="n">${t('tuning.new')}</th><th class="n">${t('tuning.loss')}</th><th class="n">${t('tuning.change')}</th></tr></thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            <td>${row.name}</td>
            <td class="n">${num(row.trained)} <span class="cap">${pct(row.trained / Math.max(1, total))}</span></td>
            <td class="n">${or(row.exact, pct)}</td>
            <td class="n">${or(row.fresh, pct)}</td>
            <td class="n">${or(row.lossNats, (v) => num(v, 2))}</td>
            <td class="n ${row.change !== null && row.change > 0.005 ? 'worse' : 'good'}">${or(row.change, (v) => `${signed(v)} ${t(v > 0.005 ? 'tuning.worse' : 'tuning.kept')}`)} ${row.change === null ? nothing : bar(row.change)}</td>
          </tr>
          ${row.unmerged ? html`<tr><td colspan="6" class="cap">${t('tuning.unmerged', { out: tiny(row.unmerged[0]), with: num(row.unmerged[1], 2) })}</td></tr>` : nothing}`,
        )}
      </tbody>
    </table></div>`;
  }
}

/** A difference that may be tiny, without an exponent. @param {number} n */
const tiny = (n) => (n === 0 ? '0' : n.toFixed(Math.min(9, Math.max(2, 1 - Math.floor(Math.log10(n))))));

/** @param {number} change */
function bar(change) {
  const share = Math.min(1, Math.abs(change) / FULL);
  return html`<svg class="shift-bar" viewBox="0 0 96 8" width="96" height="8" aria-hidden="true"><rect width="96" height="8" fill="var(--paper-3)"></rect><rect width=${96 * share} height="8" fill=${change > 0.005 ? 'var(--bad)' : 'var(--glass)'}></rect></svg>`;
}
