/** Heads and MLPs as switches, each with the loss that the text would gain without it; and what the changes did. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, pct, shown } from './format.js';
import { signed, signedLevel } from './numbers.js';
import { Told, textKey } from './told.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/lab-protocol.js').LabReading} LabReading */
/** @typedef {import('../engine/lab-protocol.js').LabPrediction} LabPrediction */
/**
 * @typedef {object} AblationData
 * @property {LabReading | null} reading
 * @property {Float32Array | null} effects  (L, H + 1)
 * @property {{ plain: number, changed: number, tokens: number } | null} heldOut   nats on text that was never learned from
 * @property {ReadonlySet<string>} off      'layer,head' or 'layer,mlp'
 * @property {boolean} changed
 * @property {boolean} canUndo
 * @property {{ now: LabPrediction, plain: LabPrediction } | null} look
 * @property {TokenList | null} vocabulary
 * @property {boolean} [learning]           the model learns meanwhile
 */

const END = 0.4;

/** @param {Float32Array} values */
export const mean = (values) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length);

/** Best guesses before and after. @param {{ now: LabPrediction, plain: LabPrediction }} look @param {TokenList} vocabulary @param {boolean} changed */
export function beforeAfter({ now, plain }, vocabulary, changed) {
  const column = (/** @type {string} */ title, /** @type {LabPrediction} */ p) =>
    html`<section><h4>${title}</h4><ol class="guesses">${Array.from(
      p.ids.subarray(0, 4),
      (id, i) =>
        html`<li><span class="q">${shown(bytesOf(vocabulary, id))}</span><span class="t" .style=${`--v:${(100 * p.probs[i]).toFixed(1)}%`}><i></i></span><span class="v">${pct(p.probs[i])}</span></li>`,
    )}</ol></section>`;
  return html`<div class="beside">${column(t('change.before'), plain)}${changed ? column(t('change.after'), now) : nothing}</div>`;
}

export class AblationView {
  #root;
  #on;
  #told = new Told();

  /** @param {HTMLElement} root @param {{ toggle(key: string): void, reset(): void, undo(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('ablation');
  }

  /** @param {AblationData} data */
  update(data) {
    const { reading } = data;
    render(
      html`<header><h3>${t('ablation.title')}</h3></header>
        ${reading && reading.time > 1 ? this.#grid(data, reading) : html`<p class="cap">${t(reading ? 'ablation.short' : 'inside.waiting')}</p>`}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ablation');
  }

  /** @param {AblationData} data @param {LabReading} reading */
  #grid(data, reading) {
    const { effects, off, changed, look, vocabulary, heldOut } = data;
    const { layers, heads } = reading;
    const names = [...Array.from({ length: heads }, (_, h) => String(h)), 'mlp'];
    const at = `${[...off]}/${changed}/${textKey(reading.tokens)}`;
    const told = this.#told.may({ at, step: reading.step, atStep: null, learning: data.learning ?? false });
    const [before, after] = [mean(reading.plainLosses), mean(reading.losses)];
    return html`<div class="switches" .style=${`--n:${names.length}`}>
        <span></span>${names.map((n) => html`<span aria-hidden="true">${n === 'mlp' ? 'MLP' : `H${Number(n) + 1}`}</span>`)}
        ${Array.from({ length: layers }, (_, l) => [
          html`<span aria-hidden="true">L${l + 1}</span>`,
          names.map((n, i) => {
            const rise = effects?.[l * names.length + i];
            const isOff = off.has(`${l},${n}`);
            const words = rise === undefined ? '…' : signed(rise);
            const name =
              n === 'mlp'
                ? t('ablation.mlp', { layer: l + 1 })
                : t('attention.head', { layer: l + 1, head: Number(n) + 1 });
            return html`<button type="button" role="switch" aria-checked=${!isOff} data-level=${isOff || rise === undefined ? 0 : signedLevel(rise, END)}
              aria-label=${t('ablation.switch', { name, rise: words })} @click=${() => this.#on.toggle(`${l},${n}`)}>${isOff ? t('ablation.off') : words}</button>`;
          }),
        ])}
      </div>
      <p class="scale" aria-hidden="true"><span>${t('ablation.better')} −0.4</span><i></i><span>+0.4 ${t('ablation.worse')}</span></p>
      <p class="cap" role="status" aria-live=${told ? 'polite' : 'off'}>${
        changed
          ? rich('ablation.now', { before: num(before, 2), after: num(after, 2), change: signed(after - before) })
          : rich('ablation.all-on', { loss: num(before, 2) })
      }
        ${changed ? html`<button class="btn sm" type="button" @click=${() => this.#on.reset()}>${t('ablation.reset')}</button>` : nothing}
        ${data.canUndo ? html`<button class="btn sm" type="button" @click=${() => this.#on.undo()}>${t('change.undo')}</button>` : nothing}</p>
      ${
        heldOut === null
          ? html`<p class="cap">${t('ablation.held.later')}</p>`
          : heldOut.tokens > 0
            ? html`<p class="cap" role="status" aria-live=${told ? 'polite' : 'off'}>${
                changed
                  ? rich('ablation.held.now', {
                      n: num(heldOut.tokens),
                      before: num(heldOut.plain, 2),
                      after: num(heldOut.changed, 2),
                      change: signed(heldOut.changed - heldOut.plain),
                    })
                  : rich('ablation.held', { n: num(heldOut.tokens), loss: num(heldOut.plain, 2) })
              }</p>`
            : nothing
      }
      ${look && vocabulary ? beforeAfter(look, vocabulary, changed) : nothing}`;
  }
}
