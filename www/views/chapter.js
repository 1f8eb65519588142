/** The frame of a chapter: rail, parts with prose and figure side by side, and on a phone a bar that opens the chapters. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/**
 * @typedef {object} ChapterEntry
 * @property {Exclude<Screen, 'play' | 'lab'>} screen
 * @property {number} n
 * @property {string} title
 * @property {boolean} done    all of its checkpoints are met
 */

/**
 * @typedef {object} ChapterData
 * @property {ChapterEntry[]} chapters          that exist
 * @property {string} screen                    of the one that is shown
 * @property {{ name: string, id: string, title: string }[]} parts   headings within it
 */

/** @typedef {'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7' | 'lab'} Screen */
/** @typedef {{ go(screen: Screen, part?: string): void }} ChapterEvents */

/** A part that was gone to stays in its place for so long, while figures are drawn. */
const HOLD_MS = 6_000;

export class ChapterView {
  #root;
  #on;
  /** Ends the holding of a part in its place. */
  #settle = () => {};

  /**
   * @param {HTMLElement} root
   * @param {number} parts         how many there are
   * @param {ChapterEvents} on
   */
  constructor(root, parts, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('chap');
    render(
      html`<nav class="rail"></nav>
        ${Array.from({ length: parts }, (_, i) => html`<div class="part" data-part=${i}><article class="prose"></article><section class="stage"></section></div>`)}
        <footer class="pn"></footer>
        <button class="sheetbar" type="button" aria-haspopup="dialog" @click=${() => this.#sheet().showModal()}></button>
        <dialog class="sheet" @click=${(/** @type {MouseEvent} */ e) => this.#left(e)}></dialog>`,
      root,
    );
  }

  /** Where the prose or the figures of a part go. @param {number} part @param {'prose' | 'stage'} which */
  slot(part, which) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(`[data-part="${part}"] > .${which}`));
  }

  /** @param {ChapterData} data */
  update(data) {
    const at = data.chapters.findIndex((c) => c.screen === data.screen);
    const here = data.chapters[at];
    const into = (/** @type {string} */ selector, /** @type {unknown} */ template) =>
      render(template, /** @type {HTMLElement} */ (this.#root.querySelector(selector)));
    const nav = /** @type {HTMLElement} */ (this.#root.querySelector('.rail'));
    nav.setAttribute('aria-label', t('chapter.all'));
    data.parts.forEach(({ title }, i) => {
      this.slot(i, 'stage').setAttribute('aria-label', t('chapter.figure', { title }));
    });
    into('.rail', this.#list(data));
    into(
      '.sheetbar',
      html`<span>${here.n}${data.chapters.length > 1 ? ` / ${data.chapters.length}` : nothing}</span><b>${here.title}</b>${icon('up')}`,
    );
    this.#sheet().setAttribute('aria-label', t('chapter.all'));
    into(
      '.sheet',
      html`<button class="grab" type="button" aria-label=${t('close')}></button>
        <h2>${t('chapter.all')}</h2>
        <div class="rail">${this.#list(data)}</div>`,
    );
    const [before, next] = [data.chapters[at - 1], data.chapters[at + 1]];
    into(
      '.pn',
      html`${before ? this.#link(before.screen, t('chapter.back')) : html`<span></span>`}
      ${next ? this.#link(next.screen, html`${next.title} ${icon('next')}`, 'nx') : this.#link('play', html`${t('header.playground')} ${icon('next')}`, 'nx')}`,
    );
  }

  /**
   * Brings a part into sight, and its heading into focus. What is drawn above it does not push it away, until the reader acts
   * or all should be there.
   * @param {number} part
   * @param {boolean} smooth   the chapter was open before
   */
  show(part, smooth) {
    this.#settle();
    if (this.#sheet().open) this.#sheet().close();
    const place = /** @type {HTMLElement} */ (this.#root.querySelector(`[data-part="${part}"]`));
    const focus = () =>
      /** @type {HTMLElement | null} */ (place.querySelector('h1, h2'))?.focus({ preventScroll: true });
    const glide = smooth && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    const scroll = () => place.scrollIntoView({ behavior: glide ? 'smooth' : 'instant' });
    scroll();
    focus();
    this.#hold(() => {
      scroll();
      if (document.activeElement === document.body) focus();
    });
  }

  /** The reader has come from another screen: unless the focus is somewhere by then, it is on the title as soon as that is there. */
  focusTitle() {
    const title = /** @type {HTMLElement | null} */ (this.#root.querySelector('h1'));
    const elsewhere = document.activeElement !== document.body && document.activeElement?.checkVisibility();
    if (elsewhere || this.#root.hidden || !this.#root.isConnected) return;
    if (title) title.focus({ preventScroll: true });
    else requestAnimationFrame(() => this.focusTitle());
  }

  /** @param {() => void} again  the chapter has another height */
  #hold(again) {
    const resized = new ResizeObserver(again);
    resized.observe(this.#root);
    const acts = /** @type {const} */ (['wheel', 'touchstart', 'pointerdown', 'keydown']);
    const settle = () => {
      clearTimeout(timer);
      resized.disconnect();
      for (const act of acts) removeEventListener(act, settle, true);
    };
    const timer = setTimeout(settle, HOLD_MS);
    for (const act of acts) addEventListener(act, settle, { capture: true, passive: true });
    this.#settle = settle;
  }

  destroy() {
    this.#settle();
    render(nothing, this.#root);
    this.#root.classList.remove('chap');
  }

  #sheet() {
    return /** @type {HTMLDialogElement} */ (this.#root.querySelector('dialog'));
  }

  /** Any choice closes the sheet, and so does a tap beside it. @param {MouseEvent} event */
  #left(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest('a, button') || target === this.#sheet()) this.#sheet().close();
  }

  /** @param {ChapterData} data */
  #list({ chapters, screen, parts }) {
    return html`<ol>
      ${chapters.map(
        (c) => html`<li>
          ${this.#link(c.screen, html`<span class="no">${c.done && c.screen !== screen ? html`${icon('check')}<span class="vh">${t('chapter.done')}</span>` : c.n}</span>${c.title}`, '', c.screen === screen)}
          ${
            c.screen === screen
              ? html`<ol>${parts.map((p) => html`<li>${this.#link(c.screen, p.title, '', false, p.name)}</li>`)}</ol>`
              : nothing
          }
        </li>`,
      )}
    </ol>`;
  }

  /** @param {Screen} screen @param {unknown} words @param {string} [classes] @param {boolean} [here] @param {string} [part] */
  #link(screen, words, classes = '', here = false, part = undefined) {
    const follow = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#on.go(screen, part);
    };
    return html`<a class=${classes} href=${`#screen=${screen}${part ? `&part=${part}` : ''}`} aria-current=${here ? 'step' : nothing} @click=${follow}>${words}</a>`;
  }
}
