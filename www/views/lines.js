/** A small chart of some lines over steps, each named with its last value. */

import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';

/** `a` drawn through, `b` dashed, `c` dotted. @typedef {{ name: string, kind: 'a' | 'b' | 'c', values: [number, number][] }} Line */

const [WIDTH, HEIGHT, PAD] = [320, 120, 28];

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
  const x = (/** @type {number} */ step) => PAD + ((WIDTH - 2 * PAD) * step) / last;
  const y = (/** @type {number} */ v) => HEIGHT - 18 - ((HEIGHT - 30) * (v - from)) / Math.max(1e-9, to - from);
  const path = (/** @type {[number, number][]} */ values) =>
    values.map(([s, v], i) => `${i ? 'L' : 'M'}${x(s).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return html`<figure class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
      ${svg`<path class="axis" d=${`M${PAD} ${HEIGHT - 18}H${WIDTH - PAD}`}></path>
        <text x=${PAD} y=${HEIGHT - 4}>0</text><text x=${WIDTH - PAD} y=${HEIGHT - 4} text-anchor="end">${num(last)}</text>
        <text x="0" y=${y(to) + 4}>${to.toFixed(1)}</text><text x="0" y=${y(from) + 4}>${from.toFixed(1)}</text>
        ${lines.map(({ kind, values }) => svg`<path class=${kind} d=${path(values)}></path>`)}`}
    </svg><figcaption class="cap">${lines.map(({ name, kind, values }) => html`<span class="line"><svg width="22" height="8" aria-hidden="true">${svg`<path class=${kind} d="M0 4H22"></path>`}</svg> ${name} ${print(values.at(-1)?.[1] ?? 0)}</span> `)}</figcaption></figure>`;
}
