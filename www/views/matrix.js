/** One head's attention as a large matrix: rows look, columns are looked at. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { themeKey } from './colour.js';
import { bytesOf, pct, say, shown } from './format.js';
import { cellAt, outline, paint, putBack } from './heat.js';
import { Told, textKey } from './told.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').Inspection} Inspection */

/**
 * @typedef {object} MatrixData
 * @property {TokenList} tokens
 * @property {Inspection} inspection
 * @property {number} from      first row and column drawn, in rows of the inspection
 * @property {number} row       selected row of the inspection
 * @property {number} [column]  marked in the selected row; -1: the strongest
 * @property {number} layer
 * @property {number} head
 * @property {number} size      in CSS pixels
 * @property {number | null} [atStep]  step of the past that is wanted; null: now
 * @property {boolean} [learning]  the model learns meanwhile
 * @property {boolean} [named]  tokens stand at both axes, as many as there is room for
 */

const MORPH_MS = 180;
/** A matrix that takes longer to paint is not painted over many frames. */
const MORPH_PAINT_MS = 4;
const LABEL_WIDTH = 108;
/** Room that the name of a token takes across its axis, in rem: names grow with a projector. */
const NAME_GAP = 13 / 16;

/**
 * Which of `count` cells are named: every one, or as many as there is room for, and always `chosen`, for which its
 * neighbours make way.
 * @param {number} count @param {number} size  of the axis in CSS pixels @param {number} chosen @param {number} [rem]  in CSS pixels
 */
export function named(count, size, chosen, rem = 16) {
  const every = Math.max(1, Math.ceil((NAME_GAP * rem * count) / size));
  return Array.from({ length: count }, (_, i) => i).filter(
    (i) => i === chosen || (i % every === 0 && Math.abs(i - chosen) >= every),
  );
}

/** Column that row `row` looks at most, from `from` on, and its weight. @param {Float32Array} weights @param {number} from @param {number} row @param {number} time */
function strongestColumn(weights, from, row, time) {
  let column = from;
  for (let j = from; j <= row; j++) if (weights[row * time + j] > weights[row * time + column]) column = j;
  return { column, weight: weights[row * time + column] };
}

/** @param {MatrixData} data @returns {import('./told.js').Looked} */
const looked = ({ tokens, inspection, row, column = -1, layer, head, atStep = null, learning = false }) => ({
  at: `${layer}/${head}/${inspection.first + row}/${column}/${textKey(tokens)}`,
  step: inspection.step,
  atStep,
  learning,
});

export class Matrix {
  #root;
  #on;
  /** @type {MatrixData | null} */
  #data = null;
  /** Weights on screen, on their way to those of the data. @type {Float32Array} */
  #weights = new Float32Array();
  /** Weights of all heads that the square was taken from. @type {Float32Array | null} */
  #source = null;
  #sourceKey = '';
  /** What is on the canvas without outlines, and how long that took. @type {{ image: ImageData, key: string, ms: number } | null} */
  #painted = null;
  #frame = 0;
  /** Whether the weights are shown as a table, too. */
  #open = false;
  #told = new Told();
  /** For screen readers, as of the last move. */
  #sentence = '';
  #abort = new AbortController();

  /** @param {HTMLElement} root @param {{ select(i: number): void, hover(i: number): void, cell?(row: number, column: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    const signal = this.#abort.signal;
    root.addEventListener('pointermove', (e) => this.#point(e, false), { signal });
    root.addEventListener('pointerdown', (e) => this.#point(e, true), { signal });
    root.addEventListener('pointerleave', () => this.#on.hover(-1), { signal });
    root.addEventListener('keydown', (e) => this.#key(e), { signal });
  }

  /** @param {MatrixData} data */
  update(data) {
    this.#data = data;
    const { inspection, row, from, size } = data;
    const area = inspection.time ** 2;
    const offset = (data.layer * inspection.heads + data.head) * area;
    const target = inspection.attention.subarray(offset, offset + area);
    const { column, weight } = this.#marked(target, data);
    const cell = size / (inspection.time - from);
    const token = (/** @type {number} */ i) => bytesOf(data.tokens, inspection.first + i);
    const left = Math.min(size - LABEL_WIDTH, (column - from + 1) * cell + 6);
    const top = Math.max(0, (column - from) * cell - 26);
    if (this.#told.may(looked(data)))
      this.#sentence = t('attention.looks', { row: say(token(row)), column: say(token(column)), weight: pct(weight) });
    const sentence = this.#sentence;
    render(
      html`<div class="big${data.named ? ' named' : ''}" tabindex="0" role="img" aria-label="${t('attention.matrix')} ${sentence}">
          <span class="ax x" aria-hidden="true">${t('attention.columns')}</span>
          <span class="ax y" aria-hidden="true">${t('attention.rows')}</span>
          ${data.named ? this.#names(data, column, token) : nothing}
          <canvas .style=${`width:${size}px;height:${size}px`}></canvas>
          <span class="lab" aria-hidden="true" .style=${`left:${Math.max(0, left)}px;top:${top}px`}
            >${shown(token(row))} → ${shown(token(column))} <b>${pct(weight)}</b></span
          >
        </div>
        <p class="vh" aria-live="polite">${sentence}</p>
        ${this.#details(data, target, token)}`,
      this.#root,
    );
    this.#morph(target, inspection.attention, `${inspection.time}/${data.layer}/${data.head}`);
  }

  /** The selected row in numbers, made when somebody wants to read it. @param {MatrixData} data @param {Float32Array} weights @param {(i: number) => Uint8Array} token */
  #details({ inspection: { time, first }, from, row }, weights, token) {
    const toggled = (/** @type {Event} */ e) => {
      const { open } = /** @type {HTMLDetailsElement} */ (e.target);
      if (open === this.#open) return;
      this.#open = open;
      if (this.#data) this.update(this.#data);
    };
    const cells = this.#open ? Array.from(weights.subarray(row * time + from, row * time + row + 1)) : [];
    return html`<details class="weights" @toggle=${toggled}><summary>${t('attention.table', { token: say(token(row)) })}</summary>
      ${
        this.#open
          ? html`<div class="table" tabindex="0" role="group" aria-label=${t('attention.table', { token: say(token(row)) })}><table><thead><tr><th scope="col" class="n">${t('attention.table.place')}</th><th scope="col">${t('attention.table.token')}</th><th scope="col" class="n">${t('attention.table.weight')}</th></tr></thead>
        <tbody>${cells.map((weight, i) => html`<tr><td class="n">${first + from + i + 1}</td><th scope="row" class="mono">${shown(token(from + i))}</th><td class="n">${(100 * weight).toFixed(1)}%</td></tr>`)}</tbody></table></div>`
          : nothing
      }</details>`;
  }

  /** Tokens at both axes. @param {MatrixData} data @param {number} column @param {(i: number) => Uint8Array} token */
  #names({ inspection, from, row, size }, column, token) {
    const count = inspection.time - from;
    const cell = size / count;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const axis = (/** @type {'left' | 'top'} */ side, /** @type {number} */ chosen) =>
      named(count, size, chosen, rem).map(
        (i) =>
          html`<span class=${i === chosen ? 'on' : ''} .style=${`${side}:${((i + 0.5) * cell).toFixed(1)}px`}>${shown(token(from + i))}</span>`,
      );
    return html`<span class="names y" aria-hidden="true">${axis('top', row - from)}</span
      ><span class="names x" aria-hidden="true">${axis('left', column - from)}</span>`;
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.#abort.abort();
    render(nothing, this.#root);
  }

  /**
   * Paints; when only the weights of the same square changed, over a few frames; when only the row did, its outline.
   * @param {Float32Array} target @param {Float32Array} source @param {string} key
   */
  #morph(target, source, key) {
    const sameKey = this.#sourceKey === key && this.#weights.length === target.length;
    if (sameKey && this.#source === source) return this.#frame ? undefined : this.#paint(false);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#source = source;
    this.#sourceKey = key;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!sameKey || still || (this.#painted?.ms ?? 0) > MORPH_PAINT_MS) {
      this.#weights = target.slice();
      this.#paint(true);
      return;
    }
    const start = this.#weights.slice();
    const began = performance.now();
    const frame = () => {
      const share = Math.min(1, (performance.now() - began) / MORPH_MS);
      for (let i = 0; i < target.length; i++) this.#weights[i] = start[i] + (target[i] - start[i]) * share;
      this.#paint(true);
      this.#frame = share < 1 ? requestAnimationFrame(frame) : 0;
    };
    frame();
  }

  /** The column that is told of, and its weight. @param {Float32Array} weights @param {MatrixData} data */
  #marked(weights, { inspection: { time }, from, row, column = -1 }) {
    if (column < from || column > row) return strongestColumn(weights, from, row, time);
    return { column, weight: weights[row * time + column] };
  }

  /** @param {boolean} anew   the weights are not those on the canvas */
  #paint(anew) {
    const canvas = this.#root.querySelector('canvas');
    if (!canvas || !this.#data) return;
    const { inspection, from, row, size } = this.#data;
    const key = `${from}/${size}/${themeKey()}/${devicePixelRatio}`;
    if (anew || this.#painted?.key !== key) {
      const began = performance.now();
      const image = paint(canvas, this.#weights, { offset: 0, time: inspection.time, first: from, size });
      this.#painted = { image, key, ms: performance.now() - began };
    } else putBack(canvas, this.#painted.image);
    const { column } = this.#marked(this.#weights, this.#data);
    outline(canvas, { count: inspection.time - from, row: row - from, column: column - from });
  }

  /** @param {PointerEvent} event @param {boolean} pressed */
  #point(event, pressed) {
    const canvas = this.#root.querySelector('canvas');
    if (!canvas || !this.#data || (event.pointerType === 'touch' && !pressed)) return;
    const { inspection, from } = this.#data;
    const cell = cellAt(canvas, event, inspection.time - from);
    const token = cell ? inspection.first + from + cell.row : -1;
    if (pressed && cell) {
      this.#on.select(token);
      this.#on.cell?.(from + cell.row, from + cell.column);
    } else if (!pressed) this.#on.hover(token);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#data || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const { inspection, from, row } = this.#data;
    this.#on.select(inspection.first + Math.min(inspection.time - 1, Math.max(from, row + step)));
  }
}
