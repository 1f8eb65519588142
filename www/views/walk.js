/** The forward pass of one position, stage by stage: what happens, shapes, and the numbers of the pass that ran. */

import { PARTS } from '../engine/lab-protocol.js';
import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, shown } from './format.js';
import { chip, fixed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').Place} Place */
/**
 * @typedef {object} WalkData
 * @property {{ place: Place, values: Float32Array }[]} stages
 * @property {import('../engine/lab-protocol.js').LabFacts | null} facts
 * @property {import('../engine/lab-protocol.js').LabReading | null} reading
 * @property {number} layer   block that is walked through
 * @property {number} row
 */

const SHOWN = 5;

/** Root mean square. @param {Float32Array} values */
export const rms = (values) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / Math.max(1, values.length));

export class WalkView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ open(place: Place): void, layer(l: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('walk');
  }

  /** @param {WalkData} data */
  update({ stages, facts, reading, layer, row }) {
    const layers = facts?.config.layers ?? 1;
    const token = reading && row >= 0 ? shown(bytesOf(reading.tokens, reading.first + row)) : nothing;
    render(
      html`<header><h3>${t('walk.title')} <span class="q">${token}</span></h3>
          <label class="aside">${t('walk.layer')} <select class="field" @change=${(/** @type {Event} */ e) => this.#on.layer(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
            ${Array.from({ length: layers }, (_, l) => html`<option value=${l} .selected=${l === layer}>${l + 1}</option>`)}
          </select></label></header>
        ${
          stages.length === 0
            ? html`<p class="cap">${t('inside.waiting')}</p>`
            : html`<ol class="stages">${stages.map(({ place, values }) => this.#stage(place, values))}</ol>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('walk');
  }

  /** @param {Place} place @param {Float32Array} values */
  #stage(place, values) {
    const part = PARTS[place.part];
    const order = Array.from(values.keys());
    // Of a distribution the largest are of interest, of a vector its beginning.
    if (part === 'logit' || part === 'probability' || part === 'weight') order.sort((a, b) => values[b] - values[a]);
    const first = order.slice(0, SHOWN);
    return html`<li>
      <span class="what"><b>${t(`stage.${part}`)}</b> <small>${num(values.length)}</small></span>
      <span class="vec">${first.map((i) => chip(values[i], t('num.open', { name: `${t(`stage.${part}`)} ${i + 1}`, value: fixed(values[i]) }), () => this.#on.open({ ...place, column: i })))}</span>
      <small class="rms">${t('walk.rms', { value: fixed(rms(values)) })}</small>
    </li>`;
  }
}
