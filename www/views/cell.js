/** The arithmetic of one cell of the attention matrix: q, k, their product, mask, softmax, and what is fetched. */

import { PARTS } from '../engine/lab-protocol.js';
import { lang, rich, t } from '../i18n/index.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, say, shown } from './format.js';
import { chip, fixed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').Place} Place */
/** @typedef {import('../engine/lab-protocol.js').LabReading} LabReading */

/**
 * @typedef {object} CellData
 * @property {LabReading | null} reading
 * @property {import('../engine/lab-protocol.js').Result<'cell'> | null} cell
 * @property {number} layer
 * @property {number} head
 * @property {number} row
 * @property {number} column
 * @property {number} headDim
 */

const partOf = (/** @type {(typeof PARTS)[number]} */ name) => PARTS.indexOf(name);
/** Numbers of a vector shown at first. */
const FEW = 8;

export class CellView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ open(place: Place): void, column(j: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('cell');
  }

  /** @param {CellData} data */
  update(data) {
    const { reading, cell } = data;
    const ready = reading && cell && reading.time > data.row && data.row >= 0;
    render(
      html`<header><h3>${t('cell.title')}</h3><span class="aside">${t('attention.head', { layer: data.layer + 1, head: data.head + 1 })}</span></header>
        ${ready ? this.#steps(data, reading, cell) : html`<p class="cap">${t('inside.waiting')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('cell');
  }

  /** @param {CellData} data @param {LabReading} reading @param {NonNullable<CellData['cell']>} cell */
  #steps(data, reading, cell) {
    const { layer, head, row, column, headDim } = data;
    const token = (/** @type {number} */ i) => bytesOf(reading.tokens, reading.first + i);
    const at = (/** @type {Partial<Place>} */ more) => () =>
      this.#on.open({ part: 0, layer, head, row, column, ...more });
    const qkv = partOf('qkv');
    const sum = cell.score.values.reduce((a, b) => a + b, 0);
    const bias = cell.score.offset;
    const total = cell.weight.values.reduce((a, s) => a + Math.exp(s), 0);
    // A number that is made on the way opens the sum that it stands in.
    const inScore = (/** @type {string} */ name, /** @type {number} */ x) =>
      chip(x, t('num.open', { name, value: fixed(x) }), at({ part: partOf('score') }));
    const score = chip(
      cell.score.value,
      t('cell.open.score', { value: fixed(cell.score.value) }),
      at({ part: partOf('score') }),
    );
    const inWeight = chip(total, t('num.open', { name: 'Σ', value: fixed(total) }), at({ part: partOf('weight') }));
    const weight = chip(
      cell.weight.value,
      t('cell.open.weight', { value: pct(cell.weight.value) }),
      at({ part: partOf('weight') }),
      pct(cell.weight.value),
    );
    const words = {
      row: html`<span class="q">${shown(token(row))}</span>`,
      column: html`<span class="q">${shown(token(column))}</span>`,
    };
    return html`<p class="cap pick">
        ${rich('cell.pair', words)}
        <label><span class="vh">${t('cell.column')}</span><select class="field" @change=${(/** @type {Event} */ e) => this.#on.column(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
          ${guard([reading.tokens, reading.first, row, column, lang.value], () =>
            Array.from(
              { length: row + 1 },
              (_, j) => html`<option value=${j} .selected=${j === column}>${j + 1} · ${say(token(j))}</option>`,
            ),
          )}
        </select></label>
      </p>
      <ol class="steps">
        <li><b>q</b> ${rich('cell.q', words)} ${this.#vector(cell.q, 'q', (i) => at({ part: qkv, column: cell.first[0] + i }))}</li>
        <li><b>k</b> ${rich('cell.k', words)} ${this.#vector(cell.k, 'k', (i) => at({ part: qkv, row: column, column: cell.first[1] + i }))}</li>
        <li><b>q·k</b> ${t('cell.dot', { n: headDim })} <output>${inScore('q·k', sum)}</output></li>
        <li><b>q·k / √${headDim}</b> ${inScore('q·k', sum)} / ${fixed(Math.sqrt(headDim))}${bias === 0 ? nothing : html` ${fixed(bias)}`} =
          ${score}</li>
        <li><b>${t('cell.mask')}</b> ${t('cell.mask.words', { n: reading.time - 1 - row, left: row + 1 })}</li>
        <li><b>softmax</b> e<sup>${score}</sup> / ${inWeight} =
          ${weight}</li>
        <li><b>v</b> ${rich('cell.v', words)} ${this.#vector(cell.v, 'v', (i) => at({ part: qkv, row: column, column: cell.first[2] + i }))}</li>
        <li><b>Σ w·v</b> ${t('cell.mixed', { n: row + 1 })} ${this.#vector(cell.mixed, 'Σ', (i) => at({ part: partOf('mixed'), column: head * headDim + i }))}</li>
      </ol>`;
  }

  /** @param {Float32Array} values @param {string} name @param {(i: number) => () => void} open */
  #vector(values, name, open) {
    const one = (/** @type {number} */ x, /** @type {number} */ i) =>
      chip(x, t('num.open', { name: `${name} ${i + 1}`, value: fixed(x) }), open(i));
    const [few, rest] = [values.subarray(0, FEW), values.subarray(FEW)];
    return html`<span class="vec">${Array.from(few, one)}${
      rest.length > 0
        ? html`<details><summary>${t('num.more', { n: rest.length })}</summary>${Array.from(rest, (x, i) => one(x, i + FEW))}</details>`
        : nothing
    }</span>`;
  }
}
