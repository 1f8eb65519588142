/** What heads tend to look at: every rule's score for every head, and why the first token draws weight. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { pct } from './format.js';
import { fixed } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').LabReading} LabReading */
/** @typedef {{ reading: LabReading | null, layer: number, head: number }} HabitsData */

/** As in `src/studio/habit.rs`, from the second on. */
const RULES = /** @type {const} */ (['previous', 'first', 'punctuation', 'same', 'followed']);

export class HabitsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ head(layer: number, head: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('habits');
  }

  /** @param {HabitsData} data */
  update({ reading, layer, head }) {
    render(
      html`<header><h3>${t('habits.title')}</h3><span class="aside">${t('habits.aside')}</span></header>
        ${reading && reading.time > 0 ? this.#table(reading, layer, head) : html`<p class="cap">${t('inside.waiting')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('habits');
  }

  /** @param {LabReading} reading @param {number} layer @param {number} head */
  #table(reading, layer, head) {
    const { layers, heads, habits, allShares, firstWeight, firstValue, otherValue } = reading;
    const all = Array.from({ length: layers * heads }, (_, i) => i);
    return html`<div class="table" tabindex="0"><table>
        <thead><tr><th scope="col">${t('habits.head')}</th>${RULES.map((name) => html`<th scope="col" title=${t(`habits.rule.${name}`)}>${t(`attention.habit.${name}`)}</th>`)}<th scope="col">${t('habits.length')}</th></tr></thead>
        <tbody>${all.map((i) => {
          const [l, h] = [Math.floor(i / heads), i % heads];
          return html`<tr aria-current=${l === layer && h === head ? 'true' : nothing}>
            <th scope="row"><button class="link" type="button" @click=${() => this.#on.head(l, h)}>L${l + 1} H${h + 1}</button></th>
            ${RULES.map((_, r) => {
              const share = allShares[i * RULES.length + r];
              return html`<td class=${habits[i] === r + 1 ? 'named' : ''} .style=${`--v:${Math.round(100 * share)}%`}>${pct(share)}${habits[i] === r + 1 ? html`<span class="vh"> ${t('habits.named')}</span>` : nothing}</td>`;
            })}
            <td>${fixed(firstValue[i])} / ${fixed(otherValue[i])}</td>
          </tr>`;
        })}</tbody>
      </table></div>
      <dl class="rules">${RULES.map((name) => html`<dt>${t(`attention.habit.${name}`)}</dt><dd>${t(`habits.rule.${name}`)}</dd>`)}</dl>
      <p class="cap">${t('habits.how')}</p>
      <p class="cap">${this.#first(firstWeight, firstValue, otherValue, heads)}</p>`;
  }

  /** The head that gives the first token most. @param {Float32Array} weight @param {Float32Array} first @param {Float32Array} others @param {number} heads */
  #first(weight, first, others, heads) {
    const most = weight.indexOf(weight.reduce((a, b) => Math.max(a, b), 0));
    const ratio = first[most] / others[most];
    const params = {
      layer: Math.floor(most / heads) + 1,
      head: (most % heads) + 1,
      share: pct(weight[most]),
      first: fixed(first[most]),
      others: fixed(others[most]),
    };
    return t(ratio < 0.75 ? 'habits.sink.short' : 'habits.sink.long', params);
  }
}
