/** If the model had to answer after each block; how long the residual stream is; which part spoke for a token. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, say, shown } from './format.js';
import { fixed, signed } from './numbers.js';
import { Told, textKey } from './told.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/lab-protocol.js').LabLook} LabLook */
/**
 * @typedef {object} LensData
 * @property {LabLook | null} look
 * @property {import('../engine/lab-protocol.js').LabReading | null} reading
 * @property {number} row
 * @property {TokenList | null} vocabulary
 * @property {boolean} [learning]   the model learns meanwhile
 */

/** Shares told; the others are added up. */
const SHOWN = 10;

/** @param {number} kind @param {number} layer @param {number} head */
function nameOf(kind, layer, head) {
  const name = ['embedding', 'head', 'bias', 'mlp', 'norm'][kind];
  return t(`share.${name}`, { layer: layer + 1, head: head + 1 });
}

export class LensView {
  #root;
  #on;
  #told = new Told();

  /** @param {HTMLElement} root @param {{ ask(id: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('lens');
  }

  /** @param {LensData} data */
  update({ look, reading, row, vocabulary, learning = false }) {
    render(
      look && reading && vocabulary && row >= 0 && row < reading.time
        ? html`${this.#layers(look, reading, row, vocabulary, learning)} ${this.#shares(look, vocabulary)}`
        : html`<header><h3>${t('lens.title')}</h3></header><p class="cap">${t('inside.waiting')}</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('lens');
  }

  /** @param {LabLook} look @param {NonNullable<LensData['reading']>} reading @param {number} row @param {TokenList} vocabulary @param {boolean} learning */
  #layers({ guess, id }, reading, row, vocabulary, learning) {
    const at = `${row}/${textKey(reading.tokens)}`;
    const told = this.#told.may({ at, step: reading.step, atStep: null, learning });
    const layers = guess.asked.length;
    const k = guess.ids.length / layers;
    const appears = this.#appears(guess, k, id);
    const rows = Array.from({ length: layers }, (_, l) => {
      const [best, p] = [guess.ids[l * k], guess.probs[l * k]];
      return html`<tr>
        <th scope="row">${l === 0 ? t('lens.start') : l}</th>
        <td class="q">${shown(bytesOf(vocabulary, best))}</td>
        <td><span class="t" .style=${`--v:${(100 * p).toFixed(1)}%`}><i></i></span> ${pct(p)}</td>
        <td>${pct(guess.asked[l])}</td>
        <td>${fixed(reading.residualNorms[l * reading.time + row])}</td>
      </tr>`;
    });
    const token = html`<span class="q">${shown(bytesOf(vocabulary, id))}</span>`;
    return html`<header><h3>${t('lens.title')}</h3></header>
      <div class="table" tabindex="0"><table>
        <thead><tr><th scope="col">${t('lens.layer')}</th><th scope="col">${t('lens.guess')}</th><th scope="col">${t('lens.probability')}</th><th scope="col">${rich('lens.asked', { token })}</th><th scope="col">${t('lens.norm')}</th></tr></thead>
        <tbody>${rows}</tbody>
      </table></div>
      <p class="cap" role="status" aria-live=${told ? 'polite' : 'off'}>${appears < 0 ? rich('lens.never', { token }) : appears === 0 ? rich('lens.at-once', { token }) : rich('lens.appears', { token, layer: appears })}</p>`;
  }

  /** First layer from which on the token is the best guess; -1: none. @param {LabLook['guess']} guess @param {number} k @param {number} id */
  #appears({ ids, asked }, k, id) {
    let first = -1;
    for (let l = asked.length - 1; l >= 0 && ids[l * k] === id; l--) first = l;
    return first;
  }

  /** @param {LabLook} look @param {TokenList} vocabulary */
  #shares({ shares: { sources, values }, now, id }, vocabulary) {
    const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
    const most = Math.max(1e-9, ...values.map(Math.abs));
    const kept = order.slice(0, SHOWN);
    const rest = order.slice(SHOWN).reduce((sum, i) => sum + values[i], 0);
    const total = values.reduce((a, b) => a + b, 0);
    const bar = (/** @type {string} */ name, /** @type {number} */ x) =>
      html`<li><span class="name">${name}</span><span class="t ${x < 0 ? 'neg' : ''}" .style=${`--v:${((50 * Math.min(most, Math.abs(x))) / most).toFixed(1)}%`}><i></i></span><span class="v">${signed(x)}</span></li>`;
    const choices = [...now.ids];
    if (!choices.includes(id)) choices.push(id);
    return html`<header><h3>${t('lens.share')}</h3>
        <label class="aside">${t('share.token')} <select class="field" @change=${(/** @type {Event} */ e) => this.#on.ask(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
          ${choices.map((other) => html`<option value=${other} .selected=${other === id}>${say(bytesOf(vocabulary, other))}</option>`)}
        </select></label></header>
      <ol class="shares">${kept.map((i) => bar(nameOf(sources[3 * i], sources[3 * i + 1], sources[3 * i + 2]), values[i]))}
        ${order.length > SHOWN ? bar(t('share.rest', { n: order.length - SHOWN }), rest) : nothing}</ol>
      <p class="cap">${rich('share.total', { total: signed(total), token: html`<span class="q">${shown(bytesOf(vocabulary, id))}</span>` })}</p>`;
  }
}
