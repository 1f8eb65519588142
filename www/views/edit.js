/** One weight, changed by hand: what it was, what it is, and how far the change runs through layers and positions. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { beforeAfter, mean } from './ablation.js';
import { bytesOf, num, pct, say } from './format.js';
import { behind, fixed, signed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').LabFacts} LabFacts */
/** @typedef {import('../engine/lab-protocol.js').LabReading} LabReading */
/** @typedef {{ tensor: number, row: number, column: number, index: number, value: number }} Chosen */
/**
 * @typedef {object} EditData
 * @property {LabFacts | null} facts
 * @property {LabReading | null} reading
 * @property {Chosen | null} chosen     `value`: as it is in the model that learns
 * @property {number | null} edited     null: not edited
 * @property {boolean} changed          anything at all
 * @property {boolean} canUndo
 * @property {{ now: import('../engine/lab-protocol.js').LabPrediction, plain: import('../engine/lab-protocol.js').LabPrediction } | null} look
 * @property {import('../engine/protocol.js').TokenList | null} vocabulary
 */

/** Rows and columns of a tensor; one row for a vector. @param {{ shape: number[] }} tensor */
export const sizeOf = ({ shape }) => (shape.length > 1 ? [shape[0], shape[1]] : [1, shape[0]]);

const STEPS = [-10, -3, -1, 0, 1, 3, 10];

/** Below it a position counts as where it was. */
const MOVED = 1e-6;

export class EditView {
  #root;
  #on;
  /** A row or column that the table does not have. @type {{ key: 'edit.row' | 'edit.column', most: number } | null} */
  #wrong = null;
  /** @type {EditData | null} */
  #data = null;

  /** @param {HTMLElement} root @param {{ choose(tensor: number, row: number, column: number): void, set(value: number | null): void, undo(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('edit');
  }

  /** @param {EditData} data */
  update(data) {
    const { facts, reading, chosen } = data;
    if (chosen?.index !== this.#data?.chosen?.index) this.#wrong = null;
    this.#data = data;
    render(
      html`<header><h3>${t('edit.title')}</h3></header>
        ${facts && reading && chosen ? html`${this.#picker(facts, chosen, data)} ${this.#ripple(data, reading)}` : html`<p class="cap">${t('inside.waiting')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('edit');
  }

  /** @param {LabFacts} facts @param {Chosen} chosen @param {EditData} data */
  #picker(facts, chosen, { edited, canUndo }) {
    const { tensor, row, column, value } = chosen;
    const [rows, columns] = sizeOf(facts.tensors[tensor]);
    const field = (
      /** @type {'edit.row' | 'edit.column'} */ key,
      /** @type {number} */ at,
      /** @type {number} */ most,
      /** @type {(n: number) => void} */ put,
    ) =>
      html`<label>${t(key)} <input class="field" type="number" min="1" max=${most} .value=${String(at + 1)} @change=${(
        /** @type {Event} */ e,
      ) => {
        const input = /** @type {HTMLInputElement} */ (e.target);
        const n = input.valueAsNumber;
        this.#wrong = Number.isInteger(n) && n >= 1 && n <= most ? null : { key, most };
        if (!this.#wrong) return put(n - 1);
        // The field says what the value belongs to.
        input.value = String(at + 1);
        if (this.#data) this.update(this.#data);
      }} /></label>`;
    return html`<div class="pick">
        <label>${t('edit.tensor')} <select class="field" @change=${(/** @type {Event} */ e) => this.#on.choose(Number(/** @type {HTMLSelectElement} */ (e.target).value), 0, 0)}>
          ${facts.tensors.map(({ name, shape }, i) => html`<option value=${i} .selected=${i === tensor}>${name} [${shape.join(' × ')}]</option>`)}
        </select></label>
        ${rows > 1 ? field('edit.row', row, rows, (n) => this.#on.choose(tensor, n, column)) : nothing}
        ${field('edit.column', column, columns, (n) => this.#on.choose(tensor, row, n))}
      </div>
      <p class="cap" role="status" ?hidden=${!this.#wrong}>${this.#wrong ? t('edit.wrong', { what: t(this.#wrong.key), most: num(this.#wrong.most) }) : nothing}</p>
      <p>${t('edit.value')} <b>${fixed(value)}</b>${edited === null ? nothing : html` → <b>${fixed(edited)}</b>`}</p>
      <div class="acts" role="group" aria-label=${t('edit.add')}>
        <span aria-hidden="true">${t('edit.add')}</span>
        ${STEPS.map((step) => html`<button class="btn sm" type="button" aria-pressed=${edited !== null && Math.abs(edited - value - step) < 1e-6} @click=${() => this.#on.set(step === 0 ? null : value + step)}>${step === 0 ? t('edit.as-was') : signed(step, 0)}</button>`)}
        ${canUndo ? html`<button class="btn sm" type="button" @click=${() => this.#on.undo()}>${t('change.undo')}</button>` : nothing}
      </div>`;
  }

  /** @param {EditData} data @param {LabReading} reading */
  #ripple({ facts, chosen, edited, changed, look, vocabulary }, reading) {
    const { ripple, time, layers, tokens, first } = reading;
    if (!changed || time === 0) return html`<p class="cap">${t('edit.still')}</p>`;
    const moved = ripple.subarray(layers * time).reduce((n, x) => n + (x > MOVED ? 1 : 0), 0);
    // A tied table of tokens is the last matrix too, behind everything that is drawn.
    const isOutput = facts?.config.tied && chosen?.tensor === 0 && edited !== null;
    const rows = Array.from({ length: layers + 1 }, (_, l) => l);
    const from = Math.max(0, time - 64);
    const columns = Array.from({ length: time - from }, (_, i) => from + i);
    const name = (/** @type {number} */ l) => (l === 0 ? t('lens.start') : t('edit.after', { layer: l }));
    return html`<p class="cap" role="status">${t('edit.ripple', { n: moved, time, before: num(mean(reading.plainLosses), 2), after: num(mean(reading.losses), 2) })}${isOutput ? html` ${t('edit.output')}` : nothing}</p>
      <div class="ripple" aria-hidden="true">${rows
        .toReversed()
        .map(
          (l) =>
            html`<span class="name">${name(l)}</span><span class="cells">${columns.map((i) => html`<i .style=${`--v:${Math.round(100 * Math.min(1, ripple[l * time + i]) ** 0.6)}%`}></i>`)}</span>`,
        )}</div>
      ${behind(
        t('edit.table'),
        html`<table><thead><tr><th scope="col">${t('edit.token')}</th>${rows.map((l) => html`<th scope="col">${name(l)}</th>`)}</tr></thead>
          <tbody>${columns.map((i) => html`<tr><th scope="row">${say(bytesOf(tokens, first + i))}</th>${rows.map((l) => html`<td>${pct(ripple[l * time + i])}</td>`)}</tr>`)}</tbody></table>`,
      )}
      ${look && vocabulary ? beforeAfter(look, vocabulary, changed) : nothing}`;
  }
}
