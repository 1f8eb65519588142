/**
 * A line of tokens as a listbox: one component for the learner's text, the text weighted by attention, and what the
 * model wrote. One token is selected; hover and drag preview, click or Enter selects, arrow keys move.
 */
import { guard } from '../vendor/lit-html/directives/guard.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, pct, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} TokenLineData
 * @property {TokenList} tokens
 * @property {string} label             name of the listbox
 * @property {number} selected          -1 = none
 * @property {number} [cursor]          token shown as selected while hovered elsewhere; default `selected`
 * @property {boolean} [showIds]
 * @property {(i: number) => string} [below]  written below a token instead of its id
 * @property {'plain' | 'weights' | 'generated'} [mode]
 * @property {Float32Array} [weights]   weight of every token, for `weights`; 0 for tokens not read
 * @property {number} [top]             how many weights carry a number
 * @property {number} [made]            index of the first token the model wrote, for `generated`
 * @property {(i: number) => boolean} [unlikely]
 * @property {(i: number) => string} describe  sentence for a screen reader, without weight
 * @property {unknown} [after]          template behind the last token (a caret)
 */

const HIT_SHARE = 0.045;
/** A percentage takes the room of so many characters. */
const NUMBER_ROOM = 3.2;
const GAMMA = 0.6;
const TINTS = 4;
/** Tokens drawn at once; a longer list shows this many around the cursor. */
export const DRAWN = 1_200;

/** Indices of the `count` largest weights of at least 4.5 %, largest first. @param {Float32Array} weights @param {number} count */
function strongest(weights, count) {
  const order = Array.from(weights.keys()).filter((i) => weights[i] >= HIT_SHARE);
  order.sort((a, b) => weights[b] - weights[a]);
  return order.slice(0, count);
}

/**
 * Which of the strongest tokens carry their number: those whose numbers would not cover a stronger one's.
 * @param {TokenList} tokens @param {Float32Array} weights @param {number} count @returns {Set<number>}
 */
export function numbered(tokens, weights, count) {
  /** @type {number[]} */
  const kept = [];
  for (const i of strongest(weights, count)) {
    if (kept.every((k) => distance(tokens, Math.min(i, k), Math.max(i, k)) >= NUMBER_ROOM)) kept.push(i);
  }
  return new Set(kept);
}

/** Characters between the middles of two tokens; endless across a line break. @param {TokenList} tokens @param {number} a @param {number} b */
function distance(tokens, a, b) {
  let sum = 0;
  for (let i = a; i <= b; i++) {
    const bytes = bytesOf(tokens, i);
    if (i < b && bytes.includes(0x0a)) return Number.POSITIVE_INFINITY;
    sum += roomFor(bytes) / (i === a || i === b ? 2 : 1);
    if (sum >= NUMBER_ROOM) return sum;
  }
  return sum;
}

/** Width of a token in characters, CJK counting double, to see whether its id fits below. @param {Uint8Array} bytes */
function roomFor(bytes) {
  let room = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) room += byte >= 0xe0 ? 2.1 : 1;
  return room;
}

/** The tokens drawn when there are too many: a window that holds the cursor. @param {number} count @param {number} cursor */
export function drawnRange(count, cursor) {
  if (count <= DRAWN) return { from: 0, to: count };
  const from = Math.min(Math.max(0, cursor - DRAWN / 2), count - DRAWN);
  return { from, to: from + DRAWN };
}

export class TokenLine {
  #root;
  #on;
  /** @type {TokenLineData | null} */
  #data = null;
  #dragging = false;
  #focusCursor = false;
  #abort = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {{ select(i: number): void, hover(i: number, element: HTMLElement | null): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    const signal = this.#abort.signal;
    root.addEventListener('pointerover', (e) => this.#hover(e), { signal });
    root.addEventListener('pointerleave', () => this.#on.hover(-1, null), { signal });
    root.addEventListener('pointerdown', (e) => this.#press(e), { signal });
    root.addEventListener('pointermove', (e) => this.#drag(e), { signal });
    for (const end of ['pointerup', 'pointercancel']) {
      root.addEventListener(end, () => this.#release(), { signal });
    }
    root.addEventListener('click', (e) => this.#click(e), { signal });
    root.addEventListener('keydown', (e) => this.#key(e), { signal });
    root.addEventListener('focusin', (e) => this.#on.hover(this.#indexOf(e.target), this.#elementOf(e.target)), {
      signal,
    });
    root.addEventListener('focusout', () => this.#on.hover(-1, null), { signal });
  }

  /** @param {TokenLineData} data */
  update(data) {
    this.#data = data;
    const { tokens, mode = 'plain', below } = data;
    const showIds = data.showIds || below !== undefined;
    const cursor = data.cursor ?? data.selected;
    const { from, to } = drawnRange(tokens.ids.length, Math.max(0, cursor));
    const hits = data.weights ? numbered(tokens, data.weights, data.top ?? 4) : new Set();
    const stop = data.selected >= from && data.selected < to ? data.selected : from;
    const items = [];
    for (let i = from; i < to; i++) items.push(this.#token(i, cursor, hits.has(i), i === stop));
    const kind = { plain: '', weights: ' w', generated: ' gen' }[mode];
    render(
      html`<div class="toks${kind}${showIds ? ' ids' : ''}" role="listbox" aria-label=${data.label} dir="auto">
        ${from > 0 ? html`<span class="more" aria-hidden="true">…</span>` : nothing}${items}${
          to < tokens.ids.length ? html`<span class="more" aria-hidden="true">…</span>` : nothing
        }${data.after ?? nothing}
      </div>`,
      this.#root,
    );
    if (this.#focusCursor) {
      this.#focusCursor = false;
      /** @type {HTMLElement | null} */ (this.#root.querySelector('[tabindex="0"]'))?.focus({ preventScroll: false });
    }
  }

  destroy() {
    this.#abort.abort();
    render(nothing, this.#root);
  }

  /** @param {number} i @param {number} cursor @param {boolean} hit @param {boolean} stop */
  #token(i, cursor, hit, stop) {
    const data = /** @type {TokenLineData} */ (this.#data);
    const { tokens, weights, made = Number.POSITIVE_INFINITY } = data;
    // Attention looks back only; other weights belong to every token.
    const seen = i <= cursor || data.below !== undefined;
    const weight = weights ? (seen ? weights[i] : 0) : -1;
    const below = data.below ? data.below(i) : data.showIds ? String(tokens.ids[i]) : null;
    const unlikely = data.unlikely?.(i) ?? false;
    // What of a weight is to be seen and told: a smaller change draws no token anew.
    const weighted = weight >= 0;
    const shade = weight > 0 ? (weight ** GAMMA).toFixed(2) : '';
    const share = weighted && seen && !data.below ? `, ${pct(weight)}` : '';
    const number = hit ? `${Math.round(weight * 100)}%` : '';
    const looks = [weighted, data.below ? weight : shade, share, number, stop, below, made, unlikely, seen];
    return guard([tokens.ids, i, i === cursor, data.label, ...looks], () => {
      const bytes = bytesOf(tokens, i);
      const narrow = below === null ? 0 : Math.ceil((below.length - roomFor(bytes)) * 6.8 + 4);
      const classes = ['tok', `t${i % TINTS}`];
      if (narrow > 4) classes.push('nar');
      if (weighted && !seen) classes.push('fut');
      if (hit) classes.push('hit');
      if (i >= made) classes.push('made');
      if (unlikely) classes.push('low');
      if (tokens.special[i]) classes.push('special');
      const styles = [shade ? `--wt:${shade}` : '', narrow > 4 ? `--nar:${narrow}px` : ''];
      return html`${bytes[0] === 0x20 || bytes[0] >= 0x80 ? html`<wbr />` : nothing}<span
          class=${classes.join(' ')}
          role="option"
          data-i=${i}
          data-id=${below ?? nothing}
          data-pc=${number || nothing}
          tabindex=${stop ? 0 : -1}
          aria-selected=${i === cursor}
          aria-label=${data.describe(i) + share}
          .style=${styles.filter(Boolean).join(';')}
          >${shown(bytes)}</span
        >${bytes.includes(0x0a) ? html`<br />` : nothing}`;
    });
  }

  /** @param {EventTarget | null} target @returns {HTMLElement | null} */
  #elementOf(target) {
    return target instanceof Element ? target.closest('.tok') : null;
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const element = this.#elementOf(target);
    return element ? Number(element.dataset.i) : -1;
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    // A finger has no hover; its preview is the drag.
    if (event.pointerType === 'touch') return;
    this.#on.hover(this.#indexOf(event.target), this.#elementOf(event.target));
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#dragging = event.pointerType === 'touch' && this.#indexOf(event.target) >= 0;
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#dragging) return;
    const i = this.#indexOf(document.elementFromPoint(event.clientX, event.clientY));
    if (i >= 0 && i !== this.#data?.selected) this.#on.select(i);
  }

  #release() {
    this.#dragging = false;
    this.#on.hover(-1, null);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const i = this.#indexOf(event.target);
    if (i >= 0) this.#on.select(i);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#data || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#data.tokens.ids.length - 1;
    const at = Math.max(0, this.#indexOf(event.target));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, Enter: at, ' ': at }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#focusCursor = true;
    this.#on.select(Math.min(last, Math.max(0, to)));
  }
}
