/** Long range: how probable the right name is, the farther back it was said; by the model and by counting. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, pct } from './format.js';

/**
 * @typedef {object} RecallData
 * @property {{ name: string, texts: string[], bigram: number, trigram: number, context: number,
 *   model: { logProbs: Float32Array, tokens: number, read: number }[] } | null} recall
 * @property {number} distance
 */

/** @param {Float32Array} logProbs */
export const total = (logProbs) => Math.exp(logProbs.reduce((a, b) => a + b, 0));

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
        ${recall ? this.#body(recall, Math.min(distance, recall.model.length - 1)) : html`<p class="cap">${t('inside.waiting')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('recall');
  }

  /** @param {NonNullable<RecallData['recall']>} recall @param {number} at */
  #body({ name, texts, bigram, trigram, context, model }, at) {
    const { tokens, read, logProbs } = model[at];
    const rows = /** @type {const} */ ([
      ['model', total(logProbs)],
      ['trigram', Math.exp(trigram)],
      ['bigram', Math.exp(bigram)],
    ]);
    const share = (/** @type {number} */ x) => `--v:${(100 * x).toFixed(2)}%`;
    return html`<p class="told">${texts[at]}<b>${name}</b></p>
      <label class="slide"><span>${t('recall.distance')}</span><input type="range" min="0" max=${model.length - 1} step="1" .value=${String(at)} .style=${`--p:${(100 * at) / Math.max(1, model.length - 1)}%`} aria-valuetext=${t('recall.sentences', { n: at })}
        @input=${(/** @type {Event} */ e) => this.#on.distance(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)} /><output>${t('recall.sentences', { n: at })}</output></label>
      <p class="cap" role="status">${t(read < tokens ? 'recall.beyond' : 'recall.within', { tokens: num(tokens), context: num(context), read: num(read) })}</p>
      <ol class="lines">${rows.map(([who, p]) => html`<li class=${who === 'model' ? 'on' : ''}><span class="name">${t(`recall.by.${who}`)}</span><span class="t" .style=${share(p)}><i></i></span><span class="v">${pct(p)}</span></li>`)}</ol>
      <div class="table" tabindex="0"><table>
        <thead><tr><th scope="col">${t('recall.distance')}</th>${model.map((_, i) => html`<th scope="col">${i}</th>`)}</tr></thead>
        <tbody>
          <tr><th scope="row">${t('recall.tokens')}</th>${model.map((m) => html`<td>${m.tokens}</td>`)}</tr>
          <tr><th scope="row">${t('recall.by.model')}</th>${model.map((m, i) => html`<td aria-current=${i === at ? 'true' : nothing}>${pct(total(m.logProbs))}</td>`)}</tr>
        </tbody></table></div>`;
  }
}
