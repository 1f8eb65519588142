/** Numbers as the model has them: short, with a true minus; and as buttons that open the sum behind them. */

import { html } from '../vendor/lit-html/lit-html.js';

/** About three digits that count. @param {number} x */
export function fixed(x) {
  if (!Number.isFinite(x)) return '–';
  const size = Math.abs(x);
  const digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 || size === 0 ? 3 : 4;
  return x.toFixed(digits).replace('-', '−');
}

/** With its sign. @param {number} x @param {number} [digits] */
export const signed = (x, digits = 2) => {
  const text = Math.abs(x).toFixed(digits);
  return Number(text) === 0 ? text : `${x < 0 ? '−' : '+'}${text}`;
};

/** A number that opens. @param {number} value @param {string} label @param {() => void} open @param {unknown} [shown] */
export const chip = (value, label, open, shown = fixed(value)) =>
  html`<button class="num" type="button" aria-label=${label} @click=${open}>${shown}</button>`;

/** Level of the ramp from blue to orange: -3..3. @param {number} x @param {number} end  where the ramp ends */
export const signedLevel = (x, end) => Math.max(-3, Math.min(3, Math.round((3 * x) / end)));

/** Words behind a button, for a table behind a figure. @param {string} summary @param {unknown} table */
export const behind = (summary, table) =>
  html`<details><summary>${summary}</summary><div class="table" tabindex="0">${table}</div></details>`;
