/** The look-back circuit in the first weights: which heads it is made of, and how runs with and without it look back. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, pct } from './format.js';
import { lines } from './lines.js';

/** A head of the circuit; `share`: of its attention that its habit explains, null where none does. @typedef {{ layer: number, head: number, role: 'previous' | 'window' | 'followed' | 'same', share: number | null }} Role */
/** Which weights read the text: those before training, or a stage. @typedef {'look-back' | 'random' | number} Which */
/**
 * @typedef {object} CircuitData
 * @property {boolean} ready                 there is a course
 * @property {{ id: Which, name: string }[]} options
 * @property {Which} which
 * @property {Role[]} roles                  none where these weights began at random
 * @property {[number, number]} head         that is shown: layer, head
 */
/**
 * One training run: loss and look-back score by step.
 * @typedef {object} Run
 * @property {'look-back' | 'random'} start
 * @property {[number, number][]} losses
 * @property {[number, number][]} scores
 */
/** @typedef {{ runs: Run[], ready: boolean, canCompare: boolean }} StartsData   `canCompare`: the run from random weights is missing */

export class CircuitView {
  #root;
  #on;
  /** Where the attention view is drawn. */
  slot = document.createElement('div');

  /** @param {HTMLElement} root @param {{ which(id: Which): void, head(layer: number, head: number): void, another(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('circuit');
  }

  /** @param {CircuitData} data */
  update({ ready, options, which, roles, head }) {
    const chosen = (/** @type {Event} */ e) => {
      const { value } = /** @type {HTMLSelectElement} */ (e.target);
      this.#on.which(value === 'look-back' || value === 'random' ? value : Number(value));
    };
    const isShown = (/** @type {Role} */ r) => r.layer === head[0] && r.head === head[1];
    render(
      html`<header><h3>${t('circuit.title')}</h3></header>
        ${
          ready
            ? html`<div class="acts">
                <label>${t('circuit.weights')} <select @change=${chosen}>${options.map(({ id, name }) => html`<option value=${id} .selected=${id === which}>${name}</option>`)}</select></label>
                <button class="btn sm bare" type="button" data-act="another-text" @click=${this.#on.another}>${t('circuit.another')}</button>
              </div>
              ${
                roles.length > 0
                  ? html`<ul class="roles">${roles.map(
                      (
                        r,
                      ) => html`<li><button class="btn sm" type="button" aria-pressed=${isShown(r)} data-role=${`${r.layer},${r.head}`} @click=${() => this.#on.head(r.layer, r.head)}>${t('attention.head', { layer: r.layer + 1, head: r.head + 1 })}</button>
                        <span>${t(`circuit.role.${r.role}`)} ${r.share === null ? nothing : html`<b>${pct(r.share)}</b>`}</span></li>`,
                    )}</ul>`
                  : html`<p class="cap">${t('circuit.none-here')}</p>`
              }`
            : html`<p class="cap">${t('circuit.none')}</p>`
        }
        ${this.slot}`,
      this.#root,
    );
    this.slot.hidden = !ready;
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('circuit');
  }
}

export class StartsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ compare(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('starts');
  }

  /** @param {StartsData} data */
  update({ runs, ready, canCompare }) {
    const of = (/** @type {'losses' | 'scores'} */ key) =>
      runs.map((run) => ({
        name: t(`course.start.${run.start}`),
        kind: /** @type {'a' | 'b'} */ (run.start === 'random' ? 'b' : 'a'),
        values: run[key],
      }));
    render(
      html`<header><h3>${t('starts.title')}</h3></header>
        ${
          runs.some(({ scores }) => scores.length > 0)
            ? html`<div class="cols2">
                <div><h4>${t('starts.score')}</h4>${lines(of('scores'), t('starts.score'), { range: [0, 1], print: pct })}</div>
                <div><h4>${t('starts.loss')}</h4>${lines(of('losses'), t('starts.loss'), { print: (nats) => num(nats, 2) })}</div>
              </div>
              <p class="cap">${t('starts.points')}</p>`
            : html`<p class="cap">${t('starts.none')}</p>`
        }
        <div class="acts"><button class="btn" type="button" data-act="random-run" ?disabled=${!ready || !canCompare} @click=${this.#on.compare}>${t('starts.compare')}</button></div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('starts');
  }
}
