/** How long training takes: measured so far, in all, and a pace at which single steps can be watched. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { duration, num } from './format.js';

/**
 * @typedef {object} PaceData
 * @property {number} step
 * @property {number} steps             where training stops
 * @property {boolean} running          at full speed
 * @property {boolean} watching         at a step a second
 * @property {{ ms: number, steps: number }} spent   at full speed, as far as this page has seen it
 * @property {number | null} stepMs     of a step at full speed, measured; null: not yet
 * @property {number} lastLoss          of the last step; NaN before the first
 * @property {number} tokensPerStep
 */

/** A short span to a tenth of a second. @param {number} ms */
const span = (ms) => (ms < 9_950 ? t('format.seconds', { s: num(Math.max(0.1, ms / 1000), 1) }) : duration(ms));

export class PaceView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ watch(on: boolean): void, train(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('pace');
  }

  /** @param {PaceData} data */
  update(data) {
    const { watching, running, step, steps, stepMs, spent } = data;
    const left = Math.max(0, steps - step);
    render(
      html`<header><h3>${t('pace.title')}</h3></header>
        <div class="tools">
          <button class="btn sm" type="button" aria-pressed=${watching} ?disabled=${running} @click=${() => this.#on.watch(!watching)}>
            ${t(watching ? 'pace.stop' : 'pace.watch')}
          </button>
          <button class="btn sm" type="button" aria-pressed=${running} @click=${this.#on.train}>${t(running ? 'pace.pause' : 'pace.full')}</button>
        </div>
        <dl class="sums">
          ${this.#sum('pace.step', num(step))} ${this.#sum('pace.loss', Number.isNaN(data.lastLoss) ? '–' : num(data.lastLoss, 3))}
          ${this.#sum('pace.step-ms', stepMs === null ? '–' : `${num(stepMs, stepMs < 10 ? 1 : 0)} ms`)}
          ${this.#sum('pace.spent', spent.steps ? span(spent.ms) : '–')}
          ${this.#sum('pace.left', stepMs === null || left === 0 ? '–' : span(left * stepMs))}
        </dl>
        <p class="cap">${
          stepMs === null
            ? t('pace.sentence.none', { tokens: num(data.tokensPerStep) })
            : t('pace.sentence', {
                tokens: num(data.tokensPerStep),
                times: num(Math.max(1, 1000 / stepMs)),
                steps: num(steps),
                watched: duration(steps * 1000),
                full: span(steps * stepMs),
              })
        }</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('pace');
  }

  /** @param {string} key @param {unknown} value */
  #sum(key, value) {
    return html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
  }
}
