/** The sum behind a number: its terms, largest first, each of which opens in turn. */

import { PARTS, RULES } from '../engine/lab-protocol.js';
import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, say } from './format.js';
import { chip, fixed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').Place} Place */
/** @typedef {import('../engine/lab-protocol.js').LabSum} LabSum */
/** @typedef {{ path: Place[], sum: LabSum | null, reading: import('../engine/lab-protocol.js').LabReading | null }} SumData */

const SHOWN = 12;

/** Place of a term, or null. @param {Int32Array} five @param {number} i @returns {Place | null} */
export function placeAt(five, i) {
  const [part, layer, row, head, column] = five.subarray(5 * i, 5 * i + 5);
  return part < 0 ? null : { part, layer, row, head, column };
}

/** Terms by size, largest first, at most {@link SHOWN}. @param {LabSum} sum */
export function largest({ values, rule, chosen }) {
  const order = Array.from(values.keys());
  const size = (/** @type {number} */ i) => (RULES[rule] === 'softmax' ? values[i] : Math.abs(values[i]));
  order.sort((a, b) => size(b) - size(a));
  const kept = order.slice(0, SHOWN);
  if (RULES[rule] === 'softmax' && !kept.includes(chosen) && kept.length > 0) kept[kept.length - 1] = chosen;
  return kept;
}

export class SumView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ open(place: Place): void, back(to: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('sum');
  }

  /** @param {SumData} data */
  update({ path, sum, reading }) {
    const place = path.at(-1);
    render(
      html`<header><h3>${t('sum.title')}</h3></header>
        ${
          place && sum && reading
            ? html`<nav class="crumbs" aria-label=${t('sum.path')}>${path.map((p, i) => html`<button class="btn sm" type="button" aria-current=${i === path.length - 1 ? 'true' : nothing} @click=${() => this.#on.back(i)}>${this.#name(p, reading)}</button>`)}</nav>
              ${this.#body(place, sum, reading)}`
            : html`<p class="cap">${t('sum.empty')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('sum');
  }

  /** @param {Place} p @param {NonNullable<SumData['reading']>} reading */
  #name(p, reading) {
    const part = PARTS[p.part];
    const token = (/** @type {number} */ i) =>
      say(bytesOf(reading.tokens, Math.min(reading.tokens.ids.length - 1, reading.first + i)));
    const key = part === 'score' || part === 'weight' ? token(p.column) : String(p.column + 1);
    return t(`num.${part}`, { layer: p.layer + 1, head: p.head + 1, row: token(p.row), i: key });
  }

  /** @param {Place} place @param {LabSum} sum @param {NonNullable<SumData['reading']>} reading */
  #body(place, sum, reading) {
    const shown = largest(sum);
    const rule = RULES[sum.rule];
    const total = sum.values.reduce((a, b) => a + b, 0);
    const rest = shown.reduce((left, i) => left - sum.values[i], total);
    const single = sum.times.every((x) => x === 1);
    const cell = (/** @type {number} */ x, /** @type {Place | null} */ p) =>
      p
        ? chip(x, t('num.open', { name: this.#name(p, reading), value: fixed(x) }), () => this.#on.open(p))
        : html`${fixed(x)}`;
    return html`<p class="result" role="status">${this.#name(place, reading)} = <b>${fixed(sum.value)}</b></p>
      <p class="cap">${this.#formula(sum, total, place.part)}</p>
      ${
        sum.values.length === 0
          ? nothing
          : html`<div class="table" tabindex="0"><table>
              <thead><tr><th scope="col">${t('sum.number')}</th>${single ? nothing : html`<th scope="col">${t('sum.times')}</th>`}<th scope="col">${single ? t('sum.value') : t('sum.product')}</th></tr></thead>
              <tbody>
                ${shown.map(
                  (i) => html`<tr aria-current=${rule === 'softmax' && i === sum.chosen ? 'true' : nothing}>
                    <td>${cell(sum.factors[i], placeAt(sum.from, i))}</td>
                    ${single ? nothing : html`<td>× ${cell(sum.times[i], placeAt(sum.with, i))}${sum.weights[i] >= 0 ? html` <small>w</small>` : nothing}</td>`}
                    <td>${fixed(sum.values[i])}</td>
                  </tr>`,
                )}
                ${sum.values.length > shown.length && rule !== 'softmax' ? html`<tr><td colspan=${single ? 1 : 2}>${t('sum.rest', { n: sum.values.length - shown.length })}</td><td>${fixed(rest)}</td></tr>` : nothing}
              </tbody>
            </table></div>
            ${sum.tensor ? html`<p class="cap">${t('sum.tensor')} <span class="mono">${sum.tensor}</span></p>` : nothing}`
      }`;
  }

  /** @param {LabSum} sum @param {number} total @param {number} part  of the number */
  #formula(sum, total, part) {
    const rule = RULES[sum.rule];
    const params = {
      n: sum.values.length,
      total: fixed(total),
      value: fixed(sum.value),
      scale: fixed(sum.scale),
      offset: fixed(sum.offset),
    };
    if (rule !== 'sum') {
      const exps = rule === 'softmax' ? sum.values.reduce((a, x) => a + Math.exp(x - sum.values[sum.chosen]), 0) : 0;
      return t(`sum.rule.${rule}`, { ...params, total: rule === 'softmax' ? fixed(exps) : params.total });
    }
    if (sum.scale !== 1 && PARTS[part] !== 'score')
      return t(sum.offset === 0 ? 'sum.rule.normed' : 'sum.rule.normed.biased', params);
    if (sum.scale !== 1) return t(sum.offset === 0 ? 'sum.rule.scaled' : 'sum.rule.distant', params);
    return t(sum.offset === 0 ? 'sum.rule.sum' : 'sum.rule.biased', params);
  }
}
