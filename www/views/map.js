/** The embedding table on its two principal axes: a dot a token, and whose vectors point the same way. */

import { lang, rich, t } from '../i18n/index.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { colours, themeKey } from './colour.js';
import { bytesOf, pct, say, segments, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {{ id: number, ids: Uint32Array, cosines: Float32Array }} Near */
/**
 * @typedef {object} MapData
 * @property {import('../engine/lab-protocol.js').LabMap | null} map
 * @property {Near | null} near
 * @property {number} selected       id
 * @property {TokenList | null} vocabulary
 * @property {Uint32Array | null} inText    ids of the text: they are labelled
 * @property {number} step
 */

const HEIGHT = 340;
const PADDING = 26;
const MORPH_MS = 320;
const REACH = 14;
const LABELS = 40;
const FONT = '13px serif';
const LINE = 14;
/** Lines that a neighbour's name may be away from its point. */
const FAR = 5;
const MOST_CHOICES = 1_000;

/** A token as a label. @param {Uint8Array} bytes */
const named = (bytes) =>
  segments(bytes)
    .map((s) => s.value)
    .join('')
    .replaceAll(' ', '·')
    .replaceAll('\n', '↵');

/** Where points lie on a canvas, x and y in turn; each axis on a scale of its own. @param {Float32Array} points @param {number} width @param {number} height */
export function placed(points, width, height) {
  const most = [1e-9, 1e-9];
  points.forEach((x, i) => {
    most[i % 2] = Math.max(most[i % 2], Math.abs(x));
  });
  const [sx, sy] = [(width / 2 - PADDING) / most[0], (height / 2 - PADDING) / most[1]];
  return points.map((x, i) => (i % 2 ? height / 2 - x * sy : width / 2 + x * sx));
}

/** @typedef {{ left: number, right: number, base: number }} Label  in CSS pixels; `base`: where its letters stand */

/**
 * Where a label stands beside a point: above or below it, to the right or to the left, in the picture and over no other.
 * @param {number} x @param {number} y @param {number} wide @param {readonly Label[]} taken @param {number} width  of the picture
 * @param {number} [far]   lines that it may be away
 * @returns {Label | null}
 */
export function beside(x, y, wide, taken, width, far = 0) {
  const bases = Array.from({ length: far + 1 }, (_, n) => [y - 3 - n * LINE, y + LINE - 1 + n * LINE]).flat();
  const places = bases.flatMap((base) => [x + 4, x - 4 - wide].map((left) => ({ left, right: left + wide, base })));
  const free = (/** @type {Label} */ a) =>
    taken.every((b) => a.right <= b.left || a.left >= b.right || Math.abs(a.base - b.base) >= LINE);
  const inside = (/** @type {Label} */ { left, right, base }) =>
    left >= 0 && right <= width && base >= LINE && base <= HEIGHT;
  return places.find((place) => inside(place) && free(place)) ?? null;
}

export class MapView {
  #root;
  #on;
  /** @type {MapData | null} */
  #data = null;
  /** @type {Float32Array} points on screen */
  #at = new Float32Array();
  /** Labels, and where each stands from its point; the most important ones last. @type {{ id: number, words: string, x: number, y: number, colour: 'ink' | 'ink-2' | 'glass' }[]} */
  #labels = [];
  #frame = 0;
  /** Of the root; asking for it while the page is being drawn would lay the page out in between. */
  #width = 0;
  /** Whether all tokens are there to choose from, or, until somebody does, those of the text. */
  #all = false;
  #observer = new ResizeObserver(() => {
    this.#width = this.#root.clientWidth;
    this.#move(false);
  });

  /** @param {HTMLElement} root @param {{ select(id: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('map');
    this.#observer.observe(root);
  }

  /** @param {MapData} data */
  update(data) {
    const moved = this.#data?.map !== data.map;
    this.#data = data;
    const { map, near, selected, vocabulary } = data;
    const known = map && vocabulary && map.points.length === 2 * vocabulary.ids.length;
    const token = (/** @type {number} */ id) =>
      html`<span class="q">${vocabulary ? shown(bytesOf(vocabulary, id)) : ''}</span>`;
    render(
      html`<header><h3>${t('map.title')}</h3>${map ? html`<span class="aside">${t('map.explained', { first: pct(map.explained[0]), second: pct(map.explained[1]) })}</span>` : nothing}</header>
        <canvas ?hidden=${!known} role="img" aria-label=${t('map.label')} height=${HEIGHT}
          @pointermove=${(/** @type {PointerEvent} */ e) => e.pointerType !== 'touch' && this.#point(e)} @pointerdown=${(/** @type {PointerEvent} */ e) => this.#point(e)}></canvas>
        ${
          known
            ? html`<p class="pick"><label>${t('map.token')} <select class="field" @focus=${this.#offerAll} @pointerdown=${this.#offerAll} @change=${(/** @type {Event} */ e) => this.#on.select(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
                  ${guard([data.inText?.join(), vocabulary, selected, lang.value, this.#all], () =>
                    this.#choices(data).map(
                      (id) =>
                        html`<option value=${id} .selected=${id === selected}>${say(bytesOf(vocabulary, id))} · ${id}</option>`,
                    ),
                  )}
                </select></label></p>
                ${
                  near && near.id < vocabulary.ids.length
                    ? html`<p class="cap" role="status">${rich('map.near', { token: token(near.id) })}</p>
                      <ol class="near">${Array.from(near.ids, (id, i) => html`<li><button type="button" class="link" @click=${() => this.#on.select(id)}>${token(id)}</button> <span>${near.cosines[i].toFixed(2).replace('-', '−')}</span></li>`)}</ol>`
                    : nothing
                }`
            : html`<p class="cap">${t('inside.waiting')}</p>`
        }`,
      this.#root,
    );
    if (known) this.#move(moved);
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    render(nothing, this.#root);
    this.#root.classList.remove('map');
  }

  #offerAll = () => {
    if (this.#all || !this.#data) return;
    this.#all = true;
    this.update(this.#data);
  };

  /** Tokens to choose from: those of the text first. @param {MapData} data */
  #choices({ inText, vocabulary, selected }) {
    const all = new Set([...(inText ?? []), ...(selected >= 0 ? [selected] : [])]);
    for (let id = 0; this.#all && id < (vocabulary?.ids.length ?? 0) && all.size < MOST_CHOICES; id++) all.add(id);
    return [...all];
  }

  /** @param {boolean} smoothly */
  #move(smoothly) {
    cancelAnimationFrame(this.#frame);
    const canvas = this.#root.querySelector('canvas');
    const map = this.#data?.map;
    if (!canvas || canvas.hidden || !map || this.#width === 0) return;
    const width = this.#width;
    const target = placed(map.points, width, HEIGHT);
    this.#label(canvas, target, width);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!smoothly || still || this.#at.length !== target.length) {
      this.#at = target;
      return this.#paint(canvas, width);
    }
    const [start, began] = [this.#at.slice(), performance.now()];
    const frame = () => {
      const share = Math.min(1, (performance.now() - began) / MORPH_MS);
      this.#at = target.map((x, i) => start[i] + (x - start[i]) * share);
      this.#paint(canvas, width);
      if (share < 1) this.#frame = requestAnimationFrame(frame);
    };
    frame();
  }

  /**
   * Finds a place for every label: the chosen token first, then its neighbours, with a line to those that stand away; then those of
   * the text that there is room for.
   * @param {HTMLCanvasElement} canvas @param {Float32Array} at @param {number} width
   */
  #label(canvas, at, width) {
    this.#labels = [];
    const { selected, inText, near, vocabulary } = /** @type {MapData} */ (this.#data);
    const context = canvas.getContext('2d');
    if (!context || !vocabulary) return;
    context.font = FONT;
    const neighbours = near?.id === selected ? [...near.ids] : [];
    const chosen = selected >= 0 && selected < at.length / 2 ? [selected] : [];
    /** @type {Label[]} */
    const taken = [];
    for (const id of new Set([...chosen, ...neighbours, ...[...new Set(inText)].slice(0, LABELS)])) {
      const [x, y] = [at[2 * id], at[2 * id + 1]];
      const words = named(bytesOf(vocabulary, id));
      const wide = context.measureText(words).width;
      const neighbour = neighbours.includes(id);
      const place = beside(x, y, wide, taken, width, neighbour ? FAR : 0);
      if (!place) continue;
      taken.push(place);
      const colour = id === selected ? 'ink' : neighbour ? 'glass' : 'ink-2';
      this.#labels.unshift({ id, words, x: place.left - x, y: place.base - y, colour });
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {number} width */
  #paint(canvas, width) {
    const data = this.#data;
    if (!data?.vocabulary) return;
    const scale = devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(HEIGHT * scale)];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.scale(scale, scale);
    const ink = this.#colours();
    const near = new Set(data.near?.id === data.selected ? data.near?.ids : []);
    const [xs, ys] = [
      (/** @type {number} */ id) => this.#at[2 * id],
      (/** @type {number} */ id) => this.#at[2 * id + 1],
    ];
    context.fillStyle = ink['ink-3'];
    for (let id = 0; id < this.#at.length / 2; id++) context.fillRect(xs(id) - 1, ys(id) - 1, 2, 2);
    for (const id of near) {
      context.strokeStyle = ink.glass;
      context.beginPath();
      context.moveTo(xs(data.selected), ys(data.selected));
      context.lineTo(xs(id), ys(id));
      context.stroke();
    }
    if (data.selected >= 0 && data.selected < this.#at.length / 2) {
      context.fillStyle = ink.ink;
      context.beginPath();
      context.arc(xs(data.selected), ys(data.selected), 4, 0, 2 * Math.PI);
      context.fill();
    }
    context.font = FONT;
    for (const { id, words, x, y, colour } of this.#labels) {
      context.fillStyle = ink[colour];
      context.fillText(words, xs(id) + x, ys(id) + y);
      if (Math.abs(y) < 2 * LINE) continue;
      context.strokeStyle = ink['ink-3'];
      context.lineWidth = 0.5;
      context.beginPath();
      context.moveTo(xs(id), ys(id));
      context.lineTo(xs(id) + (x < 0 ? -4 : 4), ys(id) + y + (y > 0 ? 3 - LINE : 3));
      context.stroke();
    }
  }

  #theme = '';
  /** @type {Record<string, string>} */
  #known = {};
  #colours() {
    const theme = themeKey();
    if (this.#theme !== theme) {
      this.#theme = theme;
      this.#known = colours(['ink', 'ink-2', 'ink-3', 'glass']);
    }
    return this.#known;
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, nearest] = [-1, REACH ** 2];
    for (let id = 0; id < this.#at.length / 2; id++) {
      const d = (this.#at[2 * id] - x) ** 2 + (this.#at[2 * id + 1] - y) ** 2;
      if (d < nearest) [best, nearest] = [id, d];
    }
    if (best >= 0 && best !== this.#data?.selected) this.#on.select(best);
  }
}
