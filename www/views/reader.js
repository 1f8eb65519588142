/** A model that is read with, not trained: what it is, a text, and how it goes on. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';
import { fillBox, textBox } from './text-box.js';

/**
 * @typedef {object} ReaderData
 * @property {import('../engine/files-protocol.js').ReaderFacts} facts
 * @property {string} text
 * @property {number} temperature
 * @property {boolean} running
 * @property {number} perSecond     tokens; 0: not known
 * @property {unknown} wrong        why it does not go on; null: it does
 */
/**
 * @typedef {object} ReaderEvents
 * @property {(text: string) => void} text
 * @property {(temperature: number) => void} temperature
 * @property {() => void} generate
 * @property {() => void} stop
 * @property {() => void} close
 */

const HOTTEST = 2;

export class ReaderView {
  #root;
  #on;
  /** Where what it wrote is drawn, and what its heads look at. */
  generated = document.createElement('section');
  attention = document.createElement('section');

  /** @param {HTMLElement} root @param {ReaderEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('reader');
  }

  /** @param {ReaderData} data */
  update({ facts, text, temperature, running, perSecond, wrong }) {
    const { className, parameters, layers, heads, width, context, vocabSize } = facts;
    const sizes = Object.entries({ parameters, layers, heads, width, context, vocabSize });
    const hotter = (/** @type {Event} */ e) =>
      this.#on.temperature(/** @type {HTMLInputElement} */ (e.target).valueAsNumber);
    render(
      html`<h3>${t('reader.title')}</h3>
        <p>${rich('reader.facts', { class: className, ...Object.fromEntries(sizes.map(([name, size]) => [name, num(size)])) })}</p>
        <p class="cap">${t('reader.why')}</p>
        ${textBox('reader-text', 'reader.text', this.#on.text)}
        <div class="acts">
          <button class="btn" type="button" data-act="continue" @click=${running ? this.#on.stop : this.#on.generate}>${t(running ? 'reader.stop' : 'reader.generate')}</button>
          <label>${t('prediction.temperature')} <input type="range" min="0" max=${HOTTEST} step="0.05" .value=${`${temperature}`} .style=${`--p:${(100 * temperature) / HOTTEST}%`} aria-valuetext=${temperature.toFixed(2)} @input=${hotter} /> <output>${temperature.toFixed(2)}</output></label>
          ${perSecond > 0 ? html`<span class="cap">${t('reader.speed', { speed: num(perSecond, perSecond < 10 ? 1 : 0) })}</span>` : nothing}
          <button class="btn bare" type="button" data-act="close-reader" @click=${this.#on.close}>${t('reader.close')}</button>
        </div>
        ${wrong === null ? nothing : html`<div class="note bad" role="alert"><div>${wrong}</div></div>`}
        ${this.generated}${this.attention}`,
      this.#root,
    );
    fillBox(this.#root, text);
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('reader');
  }
}
