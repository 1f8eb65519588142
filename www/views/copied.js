/** Copied or invented: of each sample the longest piece that stands word for word in the text that was learned from. */

import { gap, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, shown } from './format.js';

/** @typedef {import('../engine/pretraining-protocol.js').Copied} Copied */
/** @typedef {{ step: number, bytes: Uint8Array, copied: Copied, unseen: Copied }} Sample */

/** Share of a text that its longest piece is. @param {Copied} copied */
export const share = ({ len, of }) => (of === 0 ? 0 : len / of);

/** A text with one piece marked. @param {Uint8Array} bytes @param {number} start @param {number} len */
const marked = (bytes, start, len) =>
  html`${shown(bytes.subarray(0, start))}<mark>${shown(bytes.subarray(start, start + len))}</mark>${shown(bytes.subarray(start + len))}`;

export class CopiedView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ look(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('copied');
  }

  /** @param {{ samples: Sample[], looking: boolean, count: number }} data   `count`: samples that the run has pinned */
  update({ samples, looking, count }) {
    render(
      html`<header><h3>${t('copied.title')}</h3></header>
        <div class="tools"><button class="btn sm" type="button" aria-disabled=${looking || count === 0} @click=${() => !looking && count > 0 && this.#on.look()}>${t(looking ? 'copied.looking' : 'copied.look')}</button></div>
        <div role="status"><ol>${samples.map((s) => this.#one(s))}</ol></div>
        ${samples.length === 0 ? html`<p class="cap">${t(count === 0 ? 'copied.none' : 'copied.ready')}</p>` : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('copied');
  }

  /** @param {Sample} sample */
  #one({ step, bytes, copied, unseen }) {
    const percent = (/** @type {Copied} */ of) => `${Math.round(100 * share(of))}%`;
    return html`<li>
      <div class="meta"><b>${t('copied.share', { step: num(step), share: percent(copied) })}</b>${gap()}${t('copied.bytes', { n: num(copied.len), of: num(copied.of) })}${gap()}${t('copied.unseen', { share: percent(unseen) })}</div>
      <div class="tx" dir="auto">${marked(bytes, copied.start, copied.len)}</div>
      ${copied.len > 0 ? html`<div class="meta">${t('copied.from')}</div><div class="tx from" dir="auto">${marked(Uint8Array.from(copied.line), copied.lineStart, copied.len)}</div>` : nothing}
    </li>`;
  }
}
