/** The frame of a chapter: rail, parts with prose and figure side by side, and on a phone a bar that opens the chapters. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/**
 * @typedef {object} ChapterEntry
 * @property {Exclude<Screen, 'play'>} screen
 * @property {number} n
 * @property {string} title
 * @property {boolean} done    all of its checkpoints are met
 */

/**
 * @typedef {object} ChapterData
 * @property {ChapterEntry[]} chapters          that exist
 * @property {string} screen                    of the one that is shown
 * @property {{ id: string, title: string }[]} parts   headings within it
 */

/** @typedef {'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7'} Screen */
/** @typedef {{ go(screen: Screen): void }} ChapterEvents */

export class ChapterView {
  #root;
  #on;

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

  destroy() {
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
              ? html`<ol>${parts.map((p) => html`<li><button type="button" @click=${() => this.#show(p.id)}>${p.title}</button></li>`)}</ol>`
              : nothing
          }
        </li>`,
      )}
    </ol>`;
  }

  /** The part after `#` is the page's state, so places within the page are no links. @param {string} id */
  #show(id) {
    const heading = document.getElementById(id);
    if (!heading) return;
    this.#sheet().close();
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }

  /** @param {Screen} screen @param {unknown} words @param {string} [classes] @param {boolean} [here] */
  #link(screen, words, classes = '', here = false) {
    const follow = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#on.go(screen);
    };
    return html`<a class=${classes} href=${`#screen=${screen}`} aria-current=${here ? 'step' : nothing} @click=${follow}>${words}</a>`;
  }
}
