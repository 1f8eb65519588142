/** The forward pass of one position, stage by stage: what happens, shapes, and the numbers of the pass that ran. */

import { PARTS } from '../engine/lab-protocol.js';
import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, say, shown } from './format.js';
import { chip, fixed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').Place} Place */
/**
 * @typedef {object} WalkData
 * @property {{ place: Place, values: Float32Array }[]} stages
 * @property {import('../engine/lab-protocol.js').LabFacts | null} facts
 * @property {import('../engine/lab-protocol.js').LabReading | null} reading
 * @property {import('../engine/protocol.js').TokenList | null} vocabulary
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
  update(data) {
    const { stages, facts, reading, layer, row } = data;
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
            : html`<p class="cap">${t('walk.first')}</p><ol class="stages">${stages.map(({ place, values }) => this.#stage(place, values, data))}</ol>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('walk');
  }

  /** The token that a number of a stage belongs to, where each has one. @param {(typeof PARTS)[number]} part @param {WalkData} data */
  #tokens(part, { reading, vocabulary }) {
    if (part === 'score' || part === 'weight')
      return reading && ((/** @type {number} */ i) => bytesOf(reading.tokens, reading.first + i));
    if (part === 'logit' || part === 'probability')
      return vocabulary && ((/** @type {number} */ i) => bytesOf(vocabulary, i));
    return null;
  }

  /** @param {Place} place @param {Float32Array} values @param {WalkData} data */
  #stage(place, values, data) {
    const part = PARTS[place.part];
    const order = Array.from(values.keys());
    // Where every number belongs to a token the largest are of interest, of a vector its beginning.
    const tokens = this.#tokens(part, data);
    if (tokens) order.sort((a, b) => values[b] - values[a]);
    const first = order.slice(0, SHOWN);
    const name = (/** @type {number} */ i) => (tokens ? say(tokens(i)) : `${i + 1}`);
    return html`<li>
      <span class="what"><b>${t(`stage.${part}`)}</b> <small>${num(values.length)}</small></span>
      <span class="vec">${first.map((i) => {
        const number = chip(
          values[i],
          t('num.open', { name: `${t(`stage.${part}`)} ${name(i)}`, value: fixed(values[i]) }),
          () => this.#on.open({ ...place, column: i }),
        );
        return tokens ? html`<span class="of"><span class="q">${shown(tokens(i))}</span>${number}</span>` : number;
      })}</span>
      <small class="rms">${t('walk.rms', { value: fixed(rms(values)) })}</small>
    </li>`;
  }
}
