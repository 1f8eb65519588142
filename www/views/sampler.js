/** Be the sampler: tokens chosen by hand from the bars, and what the text so written costs. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bars } from './bars.js';
import { bytesOf, num, pct, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} SamplerData
 * @property {TokenList | null} vocabulary      every id of the model
 * @property {readonly number[]} given          ids before the chosen ones
 * @property {readonly { id: number, p: number }[]} chosen   with the probability that each had
 * @property {Float32Array | null} next         probability of every id at this place; null: not known yet
 * @property {boolean} ready                    `next` is that of this very place
 */

/** Rows to choose from, and tokens of the text shown before them. */
const ROWS = 10;
const GIVEN = 12;

/** The most probable ids, most probable first, equal ones by id. @param {Float32Array} probs @param {number} count */
export function best(probs, count) {
  const order = Array.from(probs.keys()).sort((a, b) => probs[b] - probs[a] || a - b);
  return order.slice(0, count).map((id) => ({ id, raw: probs[id], shaped: probs[id] }));
}

/** A perplexity, everywhere with the same digits. @param {number} perplexity */
export const shortly = (perplexity) => num(perplexity, perplexity < 100 ? 1 : 0);

/** What chosen tokens cost. @param {readonly { p: number }[]} chosen */
export function costOf(chosen) {
  const nats = chosen.reduce((sum, { p }) => sum - Math.log(p), 0);
  return { nats, perplexity: chosen.length ? Math.exp(nats / chosen.length) : null };
}

export class SamplerView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ choose(id: number): void, undo(): void, restart(): void, draw(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('sampler');
  }

  /** @param {SamplerData} data */
  update(data) {
    const { vocabulary, chosen, next } = data;
    this.#root.setAttribute('aria-busy', String(!data.ready));
    const rows = next ? best(next, ROWS) : [];
    const rest = 1 - rows.reduce((sum, row) => sum + row.raw, 0);
    render(
      html`<header><h3>${t('sampler.title')}</h3><span class="aside">${t('sampler.count', { n: chosen.length })}</span></header>
        ${vocabulary ? this.#text(data, vocabulary) : nothing} ${this.#sums(data)}
        ${
          vocabulary && next
            ? bars({ rows, vocabulary, rest: Math.max(0, rest), take: this.#on.choose, label: t('prediction.label') })
            : html`<p class="cap">${t(data.given.length === 0 && vocabulary ? 'prediction.empty' : 'prediction.waiting')}</p>`
        }
        <div class="acts">
          <button class="btn sm" type="button" ?disabled=${!next} @click=${this.#on.draw}>${t('sampler.draw')}</button>
          <button class="btn sm" type="button" ?disabled=${chosen.length === 0} @click=${this.#on.undo}>${t('sampler.undo')}</button>
          <button class="btn sm bare" type="button" ?disabled=${chosen.length === 0} @click=${this.#on.restart}>${t('sampler.restart')}</button>
        </div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.removeAttribute('aria-busy');
    this.#root.classList.remove('sampler');
  }

  /** @param {SamplerData} data @param {TokenList} vocabulary */
  #text({ given, chosen }, vocabulary) {
    const token = (/** @type {number} */ id) => shown(bytesOf(vocabulary, id));
    const before = given.slice(-GIVEN);
    return html`<div class="toks gen chosen" role="group" aria-label=${t('sampler.text')} dir="auto">
      ${given.length > before.length ? html`<span class="more">…</span>` : nothing}${before.map(
        (id) => html`<span class="given">${token(id)}</span><wbr />`,
      )}${chosen.map(({ id, p }, i) => html`<span class="tok made t${i % 4}" title=${pct(p)}>${token(id)}</span><wbr />`)}<span class="caret"></span>
    </div>`;
  }

  /** @param {SamplerData} data */
  #sums({ chosen }) {
    const { nats, perplexity } = costOf(chosen);
    const item = (/** @type {string} */ name, /** @type {unknown} */ value) =>
      html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<dl class="sums">
        ${item(t('sampler.log'), chosen.length ? `−${num(nats, 2)}` : '0')}
        ${item(t('sampler.probability'), chance(nats))}
        ${item(t('sampler.perplexity'), perplexity === null ? '–' : shortly(perplexity))}
      </dl>
      <p class="vh" role="status">${
        chosen.length
          ? rich('sampler.sentence', { n: chosen.length, nats: num(nats, 2), perplexity: shortly(perplexity ?? 1) })
          : nothing
      }</p>`;
  }
}

/** A probability by its logarithm, small ones as powers of ten. @param {number} nats */
export function chance(nats) {
  if (nats < Math.log(1000)) return pct(Math.exp(-nats));
  // Rounded to two digits first: 9.99 becomes 1.0 of the next power.
  const [lead, power] = digits(nats);
  return html`${lead} × 10<sup>${power}</sup>`;
}

/** Two digits and a power of ten of e^-nats, which may be too small for a number. @param {number} nats */
function digits(nats) {
  const tens = Math.floor(-nats / Math.LN10 + 1e-9);
  const lead = Math.exp(-nats - tens * Math.LN10).toFixed(1);
  return lead === '10.0' ? ['1.0', `−${-tens - 1}`] : [lead, `−${-tens}`];
}
