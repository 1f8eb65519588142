/** The ladder: predictors on one axis of bits per byte, from the blind guess to the Transformer. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';

/** @typedef {'uniform' | 'bigram' | 'trigram' | 'model'} Predictor */
export const PREDICTORS = /** @type {readonly Predictor[]} */ (['uniform', 'bigram', 'trigram', 'model']);

/**
 * @typedef {object} LadderData
 * @property {Record<Predictor, number> | null} nats   per token of validation text; null: not measured yet
 * @property {number} bitsPerNat   bits per byte of a nat per token
 * @property {number} step         of the model
 */

/** Right end of the axis: a whole number of bits. @param {number} most */
export const axisEnd = (most) => Math.max(1, Math.ceil(most * 1.02));

export class LadderView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('ladder');
  }

  /** @param {LadderData} data */
  update({ nats, bitsPerNat, step }) {
    const bits = (/** @type {Predictor} */ name) => (nats ? nats[name] * bitsPerNat : 0);
    const end = axisEnd(Math.max(...PREDICTORS.map(bits)));
    render(
      html`<header><h3>${t('ladder.title')}</h3><span class="aside">${t('ladder.aside', { step: num(step) })}</span></header>
        ${
          nats
            ? html`<ol>
                ${PREDICTORS.map(
                  (name) => html`<li class=${name === 'model' ? 'on' : ''}>
                    <span class="name">${t(`predictor.${name}`)}</span>
                    <span class="track" .style=${`--v:${((100 * bits(name)) / end).toFixed(2)}%`}><i></i></span>
                    <span class="value">${num(bits(name), 2)}</span>
                    <small>${t('ladder.nats', { nats: num(nats[name], 2) })}</small>
                  </li>`,
                )}
                <li class="axis" aria-hidden="true">
                  <span></span><span class="ends"><span>0</span><span>${t('ladder.bits', { n: end })}</span></span><span></span><span></span>
                </li>
              </ol>
              <p class="cap">${this.#sentence(bits)}</p>`
            : html`<p class="cap">${t('ladder.waiting')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('ladder');
  }

  /** @param {(name: Predictor) => number} bits */
  #sentence(bits) {
    const beaten = PREDICTORS.filter((name) => name !== 'model' && bits('model') < bits(name)).at(-1);
    const share = beaten ? `${Math.round(100 * (1 - bits('model') / bits(beaten)))}%` : '';
    return beaten ? t('ladder.beats', { name: t(`predictor.${beaten}`).toLowerCase(), share }) : t('ladder.beats-none');
  }
}
