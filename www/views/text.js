/** The learner's text: box, tokens, bytes, counts, presets. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, hex, num, say } from './format.js';
import { fillBox, textBox } from './text-box.js';
import { drawnRange, TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} TextData
 * @property {string} text
 * @property {TokenList | null} tokens
 * @property {number} selected
 * @property {number} hovered            -1 = none
 * @property {boolean} showIds
 * @property {boolean} showBytes
 * @property {{ kind: 'bpe' | 'bytes', size: number, trained: 'corpus' | 'own' }} vocabulary
 * @property {unknown} [notice]          template, in place below the box
 * @property {string} [progress]         what is being prepared, as a sentence
 * @property {((id: number) => { left: number, right: number, count: number } | null)} [mergeOf]
 */

/** @typedef {'story' | 'hello' | 'emoji' | 'code'} Preset */

const TIP_DELAY_MS = 150;
const PRESETS = /** @type {const} */ (['story', 'hello', 'emoji', 'code']);
/** Bytes shown in the ribbon around the cursor. */
const RIBBON_TOKENS = 200;

export class TextView {
  #root;
  #on;
  /** @type {TextData | null} */
  #data = null;
  /** @type {TokenLine | null} */
  #line = null;
  #tip = document.createElement('div');
  #tipTimer = 0;

  /**
   * @param {HTMLElement} root
   * @param {{ text(value: string): void, select(i: number): void, hover(i: number): void,
   *   toggle(name: 'ids' | 'bytes', on: boolean): void, preset(name: Preset): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('text');
    this.#tip.className = 'tip';
    this.#tip.setAttribute('role', 'tooltip');
    this.#tip.hidden = true;
    document.body.append(this.#tip);
  }

  /** @param {TextData} data */
  update(data) {
    this.#data = data;
    const { tokens, vocabulary } = data;
    const bytes = tokens?.bytes.length ?? 0;
    const count = tokens?.ids.length ?? 0;
    render(
      html`<header>
          <h2 id="text-title">${t('text.title')}</h2>
          <span class="aside">${t('text.vocabulary')} <b>${t(`text.vocabulary.${vocabulary.kind === 'bytes' ? 'bytes' : vocabulary.trained}`, { size: num(vocabulary.size) })}</b></span>
        </header>
        ${textBox('source', 'text.box', this.#on.text)}
        ${data.notice ? html`<div class="slot">${data.notice}</div>` : nothing}
        <div class="tools">
          <span class="grow">${data.progress ?? t('text.as-tokens')}</span>
          ${this.#check('ids', data.showIds)} ${this.#check('bytes', data.showBytes)}
        </div>
        <div class="scroll"></div>
        ${data.showBytes && tokens && count > 0 ? this.#ribbon(tokens) : nothing}
        <dl class="counts">
          ${this.#count('characters', num(data.text.length === 0 ? 0 : [...data.text].length))}
          ${this.#count('bytes', num(bytes))} ${this.#count('tokens', num(count))}
          ${this.#count('bytes-per-token', count ? (bytes / count).toFixed(2) : '–')}
        </dl>
        <div class="try">
          <span>${t('text.try')}</span>${PRESETS.map(
            (name) =>
              html`<button type="button" @click=${() => this.#on.preset(name)}>${t(`text.preset.${name}`)}</button>`,
          )}
        </div>`,
      this.#root,
    );
    fillBox(this.#root, data.text);
    this.#updateLine(data);
    this.#scrollRibbon();
  }

  destroy() {
    clearTimeout(this.#tipTimer);
    this.#tip.remove();
    this.#line?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('text');
  }

  /** @param {TextData} data */
  #updateLine(data) {
    const { tokens } = data;
    if (!tokens) return;
    this.#line ??= new TokenLine(/** @type {HTMLElement} */ (this.#root.querySelector('.scroll')), {
      select: this.#on.select,
      hover: (i, element) => this.#hover(i, element),
    });
    this.#line.update({
      tokens,
      label: t('text.tokens.label'),
      selected: data.selected,
      cursor: data.hovered >= 0 ? data.hovered : data.selected,
      showIds: data.showIds,
      describe: (i) => t('text.token', { n: i + 1, token: say(bytesOf(tokens, i)), id: tokens.ids[i] }),
    });
  }

  /** @param {'ids' | 'bytes'} name @param {boolean} on */
  #check(name, on) {
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${on}
        @change=${(/** @type {Event} */ e) => this.#on.toggle(name, /** @type {HTMLInputElement} */ (e.target).checked)}
      />${t(`text.${name}`)}</label
    >`;
  }

  /** @param {'characters' | 'bytes' | 'tokens' | 'bytes-per-token'} name @param {string} value */
  #count(name, value) {
    return html`<div><dt>${t(`text.count.${name}`)}</dt><dd>${value}</dd></div>`;
  }

  /** @param {TokenList} tokens */
  #ribbon(tokens) {
    const data = /** @type {TextData} */ (this.#data);
    const cursor = data.hovered >= 0 ? data.hovered : data.selected;
    const range = drawnRange(tokens.ids.length, Math.max(0, cursor));
    const from = Math.max(range.from, cursor - RIBBON_TOKENS / 2);
    const to = Math.min(range.to, from + RIBBON_TOKENS);
    const items = [];
    for (let i = from; i < to; i++) {
      items.push(
        html`<span class="t${i % 4}${i === cursor ? ' on' : ''}">${Array.from(bytesOf(tokens, i), hex).join(' ')}</span>`,
      );
    }
    const shown = cursor >= 0 && cursor < tokens.ids.length ? Array.from(bytesOf(tokens, cursor), hex).join(' ') : '';
    return html`<div class="ribbon" tabindex="0" role="img" aria-label=${t('text.ribbon', { bytes: shown })}>${items}</div>`;
  }

  #scrollRibbon() {
    const ribbon = this.#root.querySelector('.ribbon');
    const on = /** @type {HTMLElement | null} */ (ribbon?.querySelector('.on'));
    if (ribbon && on)
      ribbon.scrollLeft = on.offsetLeft - /** @type {HTMLElement} */ (ribbon).offsetLeft - ribbon.clientWidth * 0.6;
  }

  /** @param {number} i @param {HTMLElement | null} element */
  #hover(i, element) {
    this.#on.hover(i);
    clearTimeout(this.#tipTimer);
    this.#tip.hidden = true;
    if (i >= 0 && element) this.#tipTimer = window.setTimeout(() => this.#showTip(i, element), TIP_DELAY_MS);
  }

  /** @param {number} i @param {HTMLElement} element */
  #showTip(i, element) {
    const data = this.#data;
    if (!data?.tokens || i >= data.tokens.ids.length || !element.isConnected) return;
    const id = data.tokens.ids[i];
    const bytes = bytesOf(data.tokens, i);
    const merge = data.mergeOf?.(id) ?? null;
    render(
      html`${t('text.tip.token')} <b>${id}</b> · ${t('text.tip.bytes', { n: bytes.length })}<br /><span class="mono"
          >${Array.from(bytes, hex).join(' ')}</span
        ><br />${
          merge
            ? t('text.tip.merge', { n: id - 255, left: merge.left, right: merge.right, times: num(merge.count) })
            : t(data.tokens.special[i] ? 'text.tip.special' : 'text.tip.byte')
        }`,
      this.#tip,
    );
    this.#tip.hidden = false;
    const box = element.getBoundingClientRect();
    const left = Math.min(box.left + scrollX, innerWidth - this.#tip.offsetWidth - 12);
    this.#tip.style.left = `${Math.max(12, left)}px`;
    this.#tip.style.top = `${box.bottom + scrollY + 7}px`;
  }
}
