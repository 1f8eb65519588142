/** All heads as small multiples: a radio group of canvases, layers as rows. */

import { lang, t } from '../i18n/index.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { paint } from './heat.js';

/** @typedef {import('../engine/protocol.js').Inspection} Inspection */

/**
 * @typedef {object} HeadsData
 * @property {Inspection} inspection
 * @property {number} from      first row and column drawn
 * @property {number} layer
 * @property {number} head
 * @property {number} size      of one canvas in CSS pixels
 * @property {string} theme     changes when colours do
 * @property {(layer: number, head: number) => string} habit  in words
 * @property {ReadonlySet<string>} [off]  switched off, as 'layer,head'
 */

export class HeadsGrid {
  #root;
  #on;
  #painted = { attention: /** @type {Float32Array | null} */ (null), key: '' };
  #focus = false;
  #abort = new AbortController();
  /** @type {HeadsData | null} */
  #data = null;

  /** @param {HTMLElement} root @param {{ head(layer: number, head: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.addEventListener('keydown', (e) => this.#key(e), { signal: this.#abort.signal });
  }

  /** @param {HeadsData} data */
  update(data) {
    this.#data = data;
    const { layers, heads } = data.inspection;
    const columns = Array.from({ length: heads }, (_, h) => h);
    render(
      html`<div class="heads" role="radiogroup" aria-label=${t('attention.heads')} .style=${`--heads:${heads};--hs:${data.size}px`}>
        <span></span>${columns.map((h) => html`<span>H${h + 1}</span>`)}${Array.from({ length: layers }, (_, l) => [
          html`<span>L${l + 1}</span>`,
          columns.map((h) => {
            const on = l === data.layer && h === data.head;
            const off = data.off?.has(`${l},${h}`) ?? false;
            return guard(
              [on, off, data.inspection.habits, lang.value],
              () => html`<button
              type="button"
              role="radio"
              class=${off ? 'off' : ''}
              aria-checked=${on}
              tabindex=${on ? 0 : -1}
              data-head="${l},${h}"
              aria-label="${t('attention.head', { layer: l + 1, head: h + 1 })}: ${off ? t('attention.off') : data.habit(l, h)}"
              @click=${() => this.#on.head(l, h)}
            >
              <canvas></canvas>
            </button>`,
            );
          }),
        ])}
      </div>`,
      this.#root,
    );
    this.#paint(data);
    if (this.#focus) {
      this.#focus = false;
      /** @type {HTMLElement | null} */ (this.#root.querySelector('[aria-checked="true"]'))?.focus();
    }
  }

  destroy() {
    this.#abort.abort();
    render(nothing, this.#root);
  }

  /** Repaints only when weights, window, size or colours have changed. @param {HeadsData} data */
  #paint({ inspection, from, size, theme }) {
    const key = `${from}/${size}/${theme}/${inspection.time}/${inspection.heads}/${inspection.layers}`;
    if (this.#painted.attention === inspection.attention && this.#painted.key === key) return;
    this.#painted = { attention: inspection.attention, key };
    const area = inspection.time ** 2;
    for (const [i, canvas] of this.#root.querySelectorAll('canvas').entries()) {
      paint(canvas, inspection.attention, { offset: i * area, time: inspection.time, first: from, size });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const data = this.#data;
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layers, heads } = data.inspection;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: heads, ArrowUp: -heads }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const count = layers * heads;
    const to = (data.layer * heads + data.head + step + count) % count;
    this.#focus = true;
    this.#on.head(Math.floor(to / heads), to % heads);
  }
}
