/** Which earlier tokens each head looks at: on the text, as small multiples, as one large matrix, and over time. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { themeKey } from './colour.js';
import { bytesOf, num, say, shown } from './format.js';
import { HeadsGrid } from './heads.js';
import { Matrix } from './matrix.js';
import { TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').Inspection} Inspection */

/** What a head tends to look at, in the order of `src/studio/habit.rs`, which has the rules. */
const HABITS = ['spread', 'previous', 'first', 'punctuation', 'same', 'followed'];

/**
 * @typedef {object} AttentionData
 * @property {TokenList | null} tokens
 * @property {Inspection | null} inspection
 * @property {number} selected      cursor in `tokens`
 * @property {number} hovered       -1 = none
 * @property {number} layer
 * @property {number} head
 * @property {number} step          steps done
 * @property {number | null} atStep step of the past that is shown; null = now
 * @property {boolean} [learning]   the model learns meanwhile
 * @property {number[]} keptSteps   ascending
 * @property {ReadonlySet<string>} [off]  heads that are switched off, as 'layer,head'
 * @property {number} [column]      marked in the selected row, -1 or absent: the strongest
 */

/** Tokens drawn in matrices and weighted text. */
export const WINDOW = 64;
/** Untrained heads look everywhere: fewer numbers on the text then. */
const TOP = { untrained: 2, trained: 4 };

/** Room for tokens beside a leading matrix, in CSS pixels. */
const NAMES = 56;
/** What the ramp below the small pictures takes with its ends, in CSS pixels. */
const RAMP = 172;

/** First drawn row: the last tokens, moved back when the cursor lies before them. @param {number} time @param {number} row @param {number} [window] */
export const windowStart = (time, row, window = WINDOW) => Math.max(0, Math.min(time - window, row));

/** Tokens `from..to` as a list of their own. @param {TokenList} tokens @param {number} from @param {number} to @returns {TokenList} */
export function slice(tokens, from, to) {
  const start = tokens.byteStart[from];
  return {
    ids: tokens.ids.subarray(from, to),
    bytes: tokens.bytes.subarray(start, tokens.byteStart[to]),
    byteStart: tokens.byteStart.subarray(from, to + 1).map((at) => at - start),
    utf16Start: tokens.utf16Start.subarray(from, to),
    utf16End: tokens.utf16End.subarray(from, to),
    special: tokens.special.subarray(from, to),
  };
}

export class AttentionView {
  #root;
  #on;
  /** @type {AttentionData | null} */
  #data = null;
  /** @type {{ line: TokenLine, heads: HeadsGrid, matrix: Matrix } | null} */
  #parts = null;
  /** Widths of the root and the window; asking for them in the midst of drawing would lay the page out once more. */
  #width = 0;
  #window = 0;
  #observer = new ResizeObserver(() => {
    this.#measure();
    if (this.#data) this.update(this.#data);
  });
  /** Parts that were drawn before: the first heat maps take as long as all else, so that each kind has a frame of its own. */
  #drawn = 0;
  #frame = 0;
  #most;
  #id;
  #large;

  /**
   * @param {HTMLElement} root
   * @param {{ select(i: number): void, hover(i: number): void, head(layer: number, head: number): void,
   *   atStep?(step: number | null): void, cell?(row: number, column: number): void }} on   without `atStep` there is no time machine
   * @param {{ window?: number, id?: string, large?: boolean }} [options]   tokens drawn; id of its title; whether the matrix leads
   */
  constructor(root, on, { window = WINDOW, id = 'attention', large = false } = {}) {
    this.#root = root;
    this.#on = on;
    this.#most = window;
    this.#id = id;
    this.#large = large;
    root.classList.toggle('leading', large);
    root.classList.add('attention');
    this.#observer.observe(root);
  }

  /** @param {AttentionData} data */
  update(data) {
    this.#data = data;
    if (this.#width === 0) this.#measure();
    const { tokens, inspection } = data;
    const ready = tokens !== null && inspection !== null && inspection.time > 0;
    const row = ready ? this.#row(data, inspection) : 0;
    render(
      html`<header>
          <h2 id=${`${this.#id}-title`}>${t('attention.title')}</h2>
          ${
            ready
              ? html`<span class="aside">${t('attention.head', { layer: data.layer + 1, head: data.head + 1 })}${t('attention.colon')}<b
                  >${this.#habit(inspection, data.layer, data.head)}</b></span>`
              : nothing
          }
        </header>
        <p class="cap">${
          ready
            ? rich('attention.caption', {
                token: html`<span class="q">${shown(bytesOf(tokens, inspection.first + row))}</span>`,
              })
            : t(tokens ? 'attention.empty' : 'attention.waiting')
        }</p>
        ${ready ? this.#range(inspection, windowStart(inspection.time, row, this.#most)) : nothing}
        <div class="line" ?hidden=${!ready}></div>
        <div class="attn" ?hidden=${!ready || this.#drawn < 2}>
          <div class="side">
            <div class="grid"></div>
            <div class="ramp" aria-hidden="true"><span>0</span><i></i><span>100%</span></div>
          </div>
          <div class="large"></div>
        </div>
        ${ready && this.#drawn === 2 && this.#on.atStep ? this.#scrubber(data) : nothing}`,
      this.#root,
    );
    if (ready) this.#updateParts(data, tokens, inspection, row);
  }

  destroy() {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    if (this.#parts) for (const part of Object.values(this.#parts)) part.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('attention');
  }

  /** The next part in the next frame. */
  #goOn() {
    this.#drawn++;
    this.#frame = requestAnimationFrame(() => this.#data && this.update(this.#data));
  }

  #measure() {
    this.#width = this.#root.clientWidth;
    this.#window = innerWidth;
  }

  /** Row of the inspection under the cursor. @param {AttentionData} data @param {Inspection} inspection */
  #row({ selected, hovered }, { first, time }) {
    return Math.min(time - 1, Math.max(0, (hovered >= 0 ? hovered : selected) - first));
  }

  /** @param {Inspection} inspection @param {number} layer @param {number} head */
  #habit(inspection, layer, head) {
    const i = layer * inspection.heads + head;
    return t(`attention.habit.${HABITS[inspection.habits[i]] ?? 'spread'}`);
  }

  /** @param {Inspection} inspection @param {number} from */
  #range({ first, time }, from) {
    if (time <= this.#most) return nothing;
    return html`<p class="cap">${t('attention.range', { from: first + from + 1, to: first + Math.min(time, from + this.#most) })}</p>`;
  }

  /** @param {AttentionData} data @param {TokenList} tokens @param {Inspection} inspection @param {number} row */
  #updateParts(data, tokens, inspection, row) {
    const find = (/** @type {string} */ s) => /** @type {HTMLElement} */ (this.#root.querySelector(s));
    this.#parts ??= {
      line: new TokenLine(find('.line'), {
        select: (i) => this.#on.select(this.#offset() + i),
        hover: (i) => this.#on.hover(i < 0 ? -1 : this.#offset() + i),
      }),
      heads: new HeadsGrid(find('.grid'), { head: this.#on.head }),
      matrix: new Matrix(find('.large'), {
        select: this.#on.select,
        hover: this.#on.hover,
        ...(this.#on.cell ? { cell: this.#on.cell } : {}),
      }),
    };
    const { layer, head } = data;
    const { time, first } = inspection;
    const from = windowStart(time, row, this.#most);
    const end = Math.min(time, from + this.#most);
    const square = this.#square(inspection, end);
    const sizes = this.#sizes(inspection.heads);
    const theme = themeKey();
    const view = slice(tokens, first + from, first + end);
    const start = (layer * inspection.heads + head) * time * time + row * time;
    this.#parts.line.update({
      tokens: view,
      label: t('attention.text.label'),
      selected: row - from,
      mode: 'weights',
      weights: inspection.attention.subarray(start + from, start + end),
      top: inspection.step === 0 ? TOP.untrained : TOP.trained,
      describe: (i) => t('text.token', { n: first + from + i + 1, token: say(bytesOf(view, i)), id: view.ids[i] }),
    });
    if (this.#drawn === 0) return this.#goOn();
    const habit = (/** @type {number} */ l, /** @type {number} */ h) => this.#habit(inspection, l, h);
    this.#parts.heads.update({ inspection: square, from, layer, head, size: sizes.head, theme, habit, off: data.off });
    if (this.#drawn === 1) return this.#goOn();
    const column = data.column ?? -1;
    this.#parts.matrix.update({
      tokens,
      inspection: square,
      from,
      row,
      column,
      layer,
      head,
      size: sizes.matrix,
      atStep: data.atStep,
      learning: data.learning ?? false,
      named: this.#large,
    });
  }

  /** The inspection cut to its first `end` rows, for a window that does not reach the last token. @type {{ of: Inspection, end: number, cut: Inspection } | null} */
  #cut = null;

  /** @param {Inspection} inspection @param {number} end @returns {Inspection} */
  #square(inspection, end) {
    if (end === inspection.time) return inspection;
    if (this.#cut?.of === inspection && this.#cut.end === end) return this.#cut.cut;
    const { time, layers, heads } = inspection;
    const attention = new Float32Array(layers * heads * end * end);
    for (let h = 0; h < layers * heads; h++) {
      for (let i = 0; i < end; i++) {
        const from = (h * time + i) * time;
        attention.set(inspection.attention.subarray(from, from + end), (h * end + i) * end);
      }
    }
    this.#cut = { of: inspection, end, cut: { ...inspection, time: end, attention } };
    return this.#cut.cut;
  }

  /** Token index of the first drawn token. */
  #offset() {
    const data = this.#data;
    if (!data?.inspection) return 0;
    return data.inspection.first + windowStart(data.inspection.time, this.#row(data, data.inspection), this.#most);
  }

  /** @param {number} heads */
  #sizes(heads) {
    if (this.#window < 720) {
      return {
        head: Math.min(64, Math.floor((this.#width - 24) / heads) - 5),
        matrix: Math.max(160, this.#width - 34 - (this.#large ? NAMES : 0)),
      };
    }
    if (this.#large) {
      const head = Math.min(40, Math.floor((this.#width * 0.4) / heads) - 5);
      const side = Math.max(heads * (head + 5) + 16, RAMP);
      return { head, matrix: Math.max(140, Math.min(440, this.#width - side - 60 - NAMES)) };
    }
    const wanted =
      this.#window > 1700
        ? { head: 58, matrix: 324 }
        : this.#window > 1400
          ? { head: 46, matrix: 250 }
          : { head: 40, matrix: 216 };
    const head = Math.min(wanted.head, Math.floor((this.#width * 0.5) / heads) - 5);
    const room = this.#width - Math.max(heads * (head + 5) + 16, RAMP) - 54;
    return { head, matrix: Math.max(140, Math.min(wanted.matrix, room)) };
  }

  /** @param {AttentionData} data */
  #scrubber({ step, atStep, keptSteps }) {
    const past = keptSteps.filter((kept) => kept <= step);
    const at = atStep === null ? past.length : Math.max(0, past.indexOf(atStep));
    const value = atStep ?? step;
    const change = (/** @type {Event} */ e) => {
      const i = /** @type {HTMLInputElement} */ (e.target).valueAsNumber;
      this.#on.atStep?.(i >= past.length ? null : past[i]);
    };
    return html`<label class="scrub"
        ><span>${t('attention.scrub')}</span
        ><input
          type="range"
          min="0"
          .max=${`${Math.max(1, past.length)}`}
          step="1"
          .value=${`${at}`}
          .style=${`--p:${past.length ? (100 * at) / past.length : 0}%`}
          ?disabled=${step === 0}
          aria-valuetext=${t('attention.step', { step: num(value) })}
          @input=${change}
        /><output>${t('attention.step', { step: num(value) })}</output></label
      >${
        atStep === null
          ? nothing
          : html`<p class="cap past" role="status">${t('attention.past', { step: num(value) })}
            <button class="btn sm" type="button" @click=${() => this.#on.atStep?.(null)}>${t('attention.now')} <kbd>Esc</kbd></button></p>`
      }`;
  }
}
