/** Dialog to hand something on: a link of three kinds with its QR code, a sheet for the class, and figures as pictures. */

import { t } from '../i18n/index.js';
import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import qrcode from '../vendor/qrcode/qrcode.js';
import { num, size } from './format.js';
import { icon } from './icons.js';

/** @typedef {'page' | 'lesson' | 'birth'} Kind */

const KINDS = /** @type {readonly Kind[]} */ (['page', 'lesson', 'birth']);
/** Bytes that a QR code of low redundancy can hold. */
const QR_BYTES = 2_900;
const QUIET = 4;

/**
 * The dark squares of a text's QR code as one path, and its side; null if the text is too long.
 * @param {string} text
 * @returns {{ path: string, side: number } | null}
 */
export function qrOf(text) {
  if (text.length > QR_BYTES) return null;
  try {
    const code = qrcode(0, text.length > 800 ? 'L' : 'M');
    code.addData(text);
    code.make();
    const side = code.getModuleCount();
    let path = '';
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++)
        if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    return { path, side: side + 2 * QUIET };
  } catch {
    return null;
  }
}

/** A QR code to be read from a screen or paper. @param {NonNullable<ReturnType<typeof qrOf>>} code */
export const qrPicture = ({ path, side }) =>
  html`<svg class="qr" viewBox=${`0 0 ${side} ${side}`} role="img" aria-label=${t('share.qr')} shape-rendering="crispEdges">
    ${svg`<rect width=${side} height=${side} fill="#fff" /><path d=${path} fill="#000" />`}
  </svg>`;

/**
 * @typedef {object} ShareData
 * @property {Kind} kind
 * @property {string} link        '' while there is none
 * @property {string | null} why  there is no certificate
 * @property {number | null} cut  bytes of a text that is too long for a link, which goes without it
 * @property {boolean} copied
 * @property {number} steps
 * @property {boolean} sheet      a chapter is open, which can be printed as a sheet
 * @property {{ loss: boolean, attention: boolean }} pictures
 */

export class ShareView {
  #dialog = document.createElement('dialog');
  #on;
  /** @type {{ of: string, code: ReturnType<typeof qrOf> }} */
  #code = { of: '', code: null };

  /** @param {HTMLElement} root @param {{ kind(name: Kind): void, copy(text: string): void, picture(of: 'loss' | 'attention', format: 'svg' | 'png'): void, sheet(): void, closed(): void }} on */
  constructor(root, on) {
    this.#on = on;
    this.#dialog.className = 'share-dialog';
    this.#dialog.setAttribute('aria-labelledby', 'share-title');
    this.#dialog.addEventListener('close', on.closed);
    root.append(this.#dialog);
  }

  /** @param {ShareData} data */
  update(data) {
    const { kind, link, why, cut, copied, sheet, pictures } = data;
    render(
      html`<h2 id="share-title">${t('share.title')}</h2>
        <fieldset class="kinds"><legend class="vh">${t('share.kind')}</legend>
          ${KINDS.map(
            (name) =>
              html`<label class="check"><input type="radio" name="share-kind" .checked=${name === kind} @change=${() => this.#on.kind(name)} /><span><b>${t(`share.kind.${name}`)}</b> ${t(`share.kind.${name}.text`, { steps: num(data.steps) })}</span></label>`,
          )}
        </fieldset>
        <div role="status">${cut === null ? nothing : html`<div class="note warn">${icon('info')}<div>${t('share.cut', { size: size(cut) })}</div></div>`}${why === null ? nothing : html`<div class="note warn">${icon('info')}<div>${t(`share.why.${why}`)}</div></div>`}</div>
        ${
          link === ''
            ? nothing
            : html`<div class="row"><label class="vh" for="share-link">${t('share.link')}</label><input id="share-link" class="field" readonly .value=${link} @focus=${() => this.select()} />
                <button class="btn primary" type="button" @click=${() => this.#on.copy(link)}><span aria-live="polite">${t(copied ? 'header.copied' : 'header.copy')}</span></button></div>
              ${this.#qr(link)}`
        }
        <h3>${t('share.pictures')}</h3>
        <p class="acts">
          ${
            /** @type {const} */ (['loss', 'attention']).map((of) =>
              /** @type {const} */ (['png', 'svg']).map(
                (format) =>
                  html`<button class="btn sm" type="button" ?disabled=${!pictures[of]} @click=${() => this.#on.picture(of, format)}>${t(`share.picture.${of}`)}, ${format.toUpperCase()}</button>`,
              ),
            )
          }
        </p>
        <h3>${t('share.sheet')}</h3>
        <p class="cap" id="share-sheet">${t(sheet ? 'share.sheet.text' : 'share.sheet.chapter')}</p>
        <p class="acts"><button class="btn sm" type="button" ?disabled=${!sheet} aria-describedby="share-sheet" @click=${() => this.#printed()}>${t('share.sheet.print')}</button></p>
        <p class="acts"><button class="btn" type="button" @click=${() => this.#dialog.close()}>${t('close')}</button></p>`,
      this.#dialog,
    );
  }

  /** The dialog is no part of what is printed. */
  #printed() {
    this.#dialog.close();
    this.#on.sheet();
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** The link, ready to be copied by hand. */
  select() {
    /** @type {HTMLInputElement | null} */ (this.#dialog.querySelector('#share-link'))?.select();
  }

  destroy() {
    render(nothing, this.#dialog);
    this.#dialog.remove();
  }

  /** @param {string} link */
  #qr(link) {
    if (this.#code.of !== link) this.#code = { of: link, code: qrOf(link) };
    const { code } = this.#code;
    if (!code) return html`<p class="cap">${t('share.qr.long', { n: num(link.length) })}</p>`;
    return qrPicture(code);
  }
}
