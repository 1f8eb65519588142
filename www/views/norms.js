/** The next step, tensor by tensor: how hard the gradient pulls, and how far the optimizer moves. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';

/** @typedef {import('../engine/pretraining-protocol.js').Norms} Norms */

/** Three digits that count. @param {number} x */
export const short = (x) =>
  x === 0
    ? '0'
    : x
        .toPrecision(3)
        .replace(
          /e([+-])(\d+)$/,
          (_, sign, power) =>
            ` × 10${sign === '-' ? '⁻' : ''}${[...power].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('')}`,
        );

export class NormsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ look(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('norms');
  }

  /** @param {{ norms: Norms | null, looking: boolean, ready: boolean }} data */
  update({ norms, looking, ready }) {
    const most = norms ? Math.max(...norms.tensors.map((x) => x.gradient), 1e-12) : 1;
    render(
      html`<header><h3>${t('norms.title')}</h3>${norms ? html`<span class="aside">${t('norms.step', { step: num(norms.step) })}</span>` : nothing}</header>
        <div class="tools"><button class="btn sm" type="button" aria-disabled=${looking || !ready} @click=${() => !looking && ready && this.#on.look()}>${t(looking ? 'norms.looking' : 'norms.look')}</button></div>
        ${
          norms
            ? html`<p class="cap">${t(norms.clip > 0 && norms.gradient > norms.clip ? 'norms.clipped' : 'norms.whole', { gradient: short(norms.gradient), clip: short(norms.clip), update: short(norms.update) })}</p>
              <div class="table" tabindex="0" role="group" aria-label=${t('norms.title')}><table>
                <thead><tr><th scope="col">${t('norms.tensor')}</th><th scope="col" class="n">${t('norms.gradient')}</th><th scope="col" class="n">${t('norms.share')}</th><th scope="col" class="n">${t('norms.update')}</th><th scope="col" class="n">${t('norms.weights')}</th><th scope="col" class="n">${t('norms.values')}</th></tr></thead>
                <tbody>${norms.tensors.map(
                  (x) =>
                    html`<tr><td class="mono">${x.name.replace(/^(model|transformer)\./, '')}</td><td class="n pull" .style=${`--v:${((100 * x.gradient) / most).toFixed(1)}%`}>${short(x.gradient)}</td><td class="n">${x.weights > 0 ? `${((100 * x.update) / x.weights).toFixed(2)}%` : '–'}</td><td class="n">${short(x.update)}</td><td class="n">${short(x.weights)}</td><td class="n">${num(x.values)}</td></tr>`,
                )}</tbody></table></div>`
            : html`<p class="cap">${t('norms.none')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('norms');
  }
}
