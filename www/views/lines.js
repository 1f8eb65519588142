/** A small chart of some lines over steps, each named with its last value. */

import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';

/** `a` drawn through, `b` dashed, `c` dotted. @typedef {{ name: string, kind: 'a' | 'b' | 'c', values: [number, number][] }} Line */

/** Of the lines, which are stretched to the room there is; words beside them are not. */
const SIDE = 100;

/**
 * @param {Line[]} lines
 * @param {string} label
 * @param {{ range?: [number, number], print?: (value: number) => string }} [axis]   absent: from the smallest to the largest value
 */
export function lines(lines, label, { range, print = (value) => num(value, 2) } = {}) {
  const all = lines.flatMap(({ values }) => values);
  if (all.length < 2) return nothing;
  const [from, to] = range ?? [Math.min(...all.map((v) => v[1])), Math.max(...all.map((v) => v[1]))];
  const last = Math.max(...all.map((v) => v[0]), 1);
  const x = (/** @type {number} */ step) => (SIDE * step) / last;
  const y = (/** @type {number} */ v) => SIDE - (SIDE * (v - from)) / Math.max(1e-9, to - from);
  const path = (/** @type {[number, number][]} */ values) =>
    values.map(([s, v], i) => `${i ? 'L' : 'M'}${x(s).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return html`<figure class="chart"><div class="plot">
      <span class="y" aria-hidden="true"><span>${to.toFixed(1)}</span><span>${from.toFixed(1)}</span></span>
      <svg viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" role="img" aria-label=${label}>
        ${svg`<path class="axis" d=${`M0 ${SIDE}H${SIDE}`}></path>${lines.map(({ kind, values }) => svg`<path class=${kind} d=${path(values)}></path>`)}`}
      </svg>
      <span class="x" aria-hidden="true"><span>0</span><span>${num(last)}</span></span>
    </div><figcaption class="cap">${lines.map(({ name, kind, values }) => html`<span class="line"><svg width="22" height="8" aria-hidden="true">${svg`<path class=${kind} d="M0 4H22"></path>`}</svg> ${name} ${print(values.at(-1)?.[1] ?? 0)}</span> `)}</figcaption></figure>`;
}
