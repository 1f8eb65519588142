/** Long range: how probable the right place is, the farther back it was told; by the model and by counting. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, pct } from './format.js';

/**
 * @typedef {object} RecallData
 * @property {{ name: string, texts: string[], bigram: number[], trigram: number[], context: number,
 *   model: { probs: number[], tokens: number, read: number }[] } | 'short' | null} recall   'short': the context can't hold it; probabilities of the options, the right one first
 * @property {number} distance
 */

/** Of the probability of all options, what the right one has. @param {readonly number[]} probs */
export const shareOf = (probs) => probs[0] / probs.reduce((a, b) => a + b, 0);

export class RecallView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ distance(n: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('recall');
  }

  /** @param {RecallData} data */
  update({ recall, distance }) {
    render(
      html`<header><h3>${t('recall.title')}</h3></header>
        ${
          recall && recall !== 'short'
            ? this.#body(recall, Math.min(distance, recall.model.length - 1))
            : html`<p class="cap">${t(recall ? 'recall.short' : 'inside.waiting')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('recall');
  }

  /** @param {Exclude<RecallData['recall'], 'short' | null>} recall @param {number} at */
  #body({ name, texts, bigram, trigram, context, model }, at) {
    const { tokens, read, probs } = model[at];
    const rows = /** @type {const} */ ([
      ['model', probs],
      ['trigram', trigram],
      ['bigram', bigram],
    ]);
    const chance = 1 / probs.length;
    const size = (/** @type {number[]} */ of) =>
      `--v:${(100 * shareOf(of)).toFixed(2)}%;--c:${(100 * chance).toFixed(2)}%`;
    const current = (/** @type {number} */ i) => (i === at ? 'true' : nothing);
    return html`<p class="told">${texts[at]}<b>${name}</b></p>
      <label class="slide"><span>${t('recall.distance')}</span><input type="range" min="0" max=${model.length - 1} step="1" .value=${String(at)} .style=${`--p:${(100 * at) / Math.max(1, model.length - 1)}%`} aria-valuetext=${t('recall.sentences', { n: at })}
        @input=${(/** @type {Event} */ e) => this.#on.distance(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)} /><output>${t('recall.sentences', { n: at })}</output></label>
      <p class="cap" role="status">${t(read < tokens ? 'recall.beyond' : 'recall.within', { tokens: num(tokens), context: num(context), read: num(read) })}</p>
      <ol class="lines">${rows.map(([who, of]) => html`<li class=${who === 'model' ? 'on' : ''}><span class="name">${t(`recall.by.${who}`)}</span><span class="t" .style=${size(of)}><i></i></span><span class="v">${pct(shareOf(of))}</span></li>`)}</ol>
      <p class="cap">${t('recall.chance', { n: probs.length, share: pct(chance) })}</p>
      <div class="table" tabindex="0"><table>
        <thead><tr><th scope="col">${t('recall.distance')}</th>${model.map((_, i) => html`<th scope="col">${i}</th>`)}</tr></thead>
        <tbody>
          <tr><th scope="row">${t('recall.tokens')}</th>${model.map((m) => html`<td>${m.tokens}</td>`)}</tr>
          <tr><th scope="row">${t('recall.share')}</th>${model.map((m, i) => html`<td aria-current=${current(i)}>${pct(shareOf(m.probs))}</td>`)}</tr>
          <tr><th scope="row">${t('recall.probability')}</th>${model.map((m, i) => html`<td aria-current=${current(i)}>${pct(m.probs[0])}</td>`)}</tr>
        </tbody></table></div>`;
  }
}
