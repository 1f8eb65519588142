/** Rows of the settings: a slider over the values of the table, a choice, a number; each with its own error beside it. */
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';
import { icon } from './icons.js';

/** @typedef {import('../state.js').Row} Row */

/** @param {Row} row @param {number} value @returns {readonly number[]} values of the slider, `value` among them */
function stops(row, value) {
  const { min = 0, max = 0, step = 1 } = row;
  const all = row.stops ?? Array.from({ length: Math.round((max - min) / step) + 1 }, (_, i) => min + i * step);
  return all.includes(value) ? all : [...all, value].sort((a, b) => a - b);
}

/** A number as it is written in the settings: 768, 0.003, 2e-5. @param {number} value */
export const plain = (value) =>
  Number.isInteger(value) ? num(value) : value >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential();

/** @param {string | undefined} sentence @param {string} id */
export const wrong = (sentence, id) =>
  sentence ? html`<span class="wrong" id=${id} role="alert">${icon('warn')}<span>${sentence}</span></span>` : nothing;

/**
 * A slider with its value printed beside it.
 * @param {{ row: Row, label: string, value: number, hint?: string, error?: string, change(value: number): void }} options
 */
export function slider({ row, label, value, hint, error, change }) {
  const values = stops(row, value);
  const at = values.indexOf(value);
  const id = `set-${row.name}`;
  const pick = (/** @type {Event} */ e) =>
    change(values[/** @type {HTMLInputElement} */ (e.target).valueAsNumber] ?? value);
  return html`<div class="srow">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="range"
      min="0"
      .max=${String(values.length - 1)}
      .value=${String(at)}
      .style=${`--p:${(100 * at) / Math.max(1, values.length - 1)}%`}
      aria-valuetext=${plain(value)}
      aria-invalid=${error ? 'true' : nothing}
      aria-describedby=${error ? `${id}-wrong` : nothing}
      @input=${pick}
    />
    <output for=${id}>${plain(value)}</output>
    ${hint ? html`<small>${hint}</small>` : nothing} ${wrong(error, `${id}-wrong`)}
  </div>`;
}

/**
 * A choice among a few words.
 * @param {{ row: Row, label: string, value: string, options: [string, string][], hint?: string, error?: string, change(value: string): void }} options
 */
export function choice({ row, label, value, options, hint, error, change }) {
  const id = `set-${row.name}`;
  return html`<div class="srow">
    <label for=${id}>${label}</label>
    <select id=${id} @change=${(/** @type {Event} */ e) => change(/** @type {HTMLSelectElement} */ (e.target).value)}>
      ${options.map(([name, words]) => html`<option value=${name} .selected=${name === value}>${words}</option>`)}
    </select>
    ${hint ? html`<small>${hint}</small>` : nothing} ${wrong(error, `${id}-wrong`)}
  </div>`;
}

/**
 * A number to type. What is outside the range is refused beside the field and changes nothing.
 * @param {{ row: Row, label: string, value: number, hint?: string, error?: string, change(value: number): void }} options
 */
export function number({ row, label, value, hint, error, change }) {
  const id = `set-${row.name}`;
  return html`<div class="srow">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="number"
      inputmode="numeric"
      min=${row.min ?? 0}
      max=${row.max ?? 0}
      .value=${Number.isNaN(value) ? '' : String(value)}
      aria-invalid=${error ? 'true' : nothing}
      aria-describedby=${error ? `${id}-wrong` : nothing}
      @change=${(/** @type {Event} */ e) => change(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)}
    />
    ${hint ? html`<small>${hint}</small>` : nothing} ${wrong(error, `${id}-wrong`)}
  </div>`;
}
