/** Merges being learned: a scrubber over them, and the text as it was cut then. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, say } from './format.js';
import { icon } from './icons.js';
import { after, FIRST, isMerge } from './merge-steps.js';
import { TokenTip } from './token-tip.js';
import { TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./merge-steps.js').Learned} Learned */

/**
 * @typedef {object} MergesData
 * @property {Learned | null} learned
 * @property {TokenList | null} tokens   the text under the whole vocabulary
 * @property {number} at                 merges shown
 * @property {boolean} playing
 * @property {string} about              what it was learned from
 */

export class MergesView {
  #root;
  #on;
  /** @type {TokenLine | null} */
  #line = null;
  /** The tokens that are drawn. @type {TokenList | null} */
  #now = null;
  /** @type {Learned | null} */
  #learned = null;
  #selected = -1;
  #tip = new TokenTip();

  /**
   * @param {HTMLElement} root
   * @param {{ at(n: number): void, play(): void, pick(id: number): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('merges');
  }

  /** @param {MergesData} data */
  update(data) {
    const { learned, tokens } = data;
    const ready = learned !== null && tokens !== null;
    const now = ready ? after(tokens, learned, data.at) : null;
    render(
      html`<header><h2>${t('merges.title')}</h2><span class="aside">${data.about}</span></header>
        ${this.#scrubber(data, now?.ids.length ?? 0)}
        <div class="mrow"></div>`,
      this.#root,
    );
    this.#learned = learned;
    if (now) this.#tokens(now);
  }

  destroy() {
    this.#tip.destroy();
    this.#line?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('merges');
  }

  /** @param {MergesData} data @param {number} count */
  #scrubber({ learned, at, playing }, count) {
    const most = learned?.merges ?? 0;
    const words = t('merges.value', { merges: num(at), n: num(count) });
    return html`<div class="scrub">
      <button class="btn sm" type="button" ?disabled=${most === 0} aria-label=${t(playing ? 'merges.pause' : 'merges.play')} @click=${this.#on.play}>
        ${icon(playing ? 'pause' : 'play')}
      </button>
      <input
        type="range"
        min="0"
        .max=${String(most)}
        .value=${String(at)}
        ?disabled=${most === 0}
        aria-label=${t('merges.slider')}
        aria-valuetext=${words}
        .style=${`--p:${most ? (100 * at) / most : 0}%`}
        @input=${(/** @type {Event} */ e) => this.#on.at(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)}
      />
      <output>${num(at)} / ${num(most)}</output>
    </div>`;
  }

  /** @param {TokenList} tokens */
  #tokens(tokens) {
    this.#now = tokens;
    if (this.#selected >= tokens.ids.length) this.#selected = -1;
    this.#line ??= new TokenLine(/** @type {HTMLElement} */ (this.#root.querySelector('.mrow')), {
      select: (i) => this.#select(i),
      hover: (i, element) => this.#tip.at(element, () => this.#about(i)),
    });
    this.#line.update({
      tokens,
      label: t('merges.tokens'),
      selected: this.#selected,
      describe: (i) => t('text.token', { n: i + 1, token: say(bytesOf(tokens, i)), id: tokens.ids[i] }),
    });
  }

  /** @param {number} i @returns {import('./token-tip.js').TipData | null} */
  #about(i) {
    const [tokens, learned] = [this.#now, this.#learned];
    if (!tokens || !learned || i >= tokens.ids.length) return null;
    const id = tokens.ids[i];
    const bytes = bytesOf(tokens, i);
    if (!isMerge(learned, id)) return { id, bytes };
    const part = (/** @type {number} */ id) => bytesOf(learned.vocabulary, id);
    const merge = {
      n: id - FIRST + 1,
      left: part(learned.left[id]),
      right: part(learned.right[id]),
      count: learned.count[id],
    };
    return { id, bytes, merge };
  }

  /** @param {number} i */
  #select(i) {
    if (!this.#now) return;
    this.#selected = i;
    this.#tokens(this.#now);
    this.#on.pick(this.#now.ids[i]);
  }
}
