/** Header: mark, where you are, link, files, language, theme; below 720 px the same in a menu. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon, mark } from './icons.js';

/**
 * @typedef {object} HeaderData
 * @property {'en' | 'zh-Hans'} lang
 * @property {'' | 'light' | 'dark'} theme
 * @property {'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7' | 'lab'} screen
 * @property {boolean} copied    the link was copied a moment ago
 * @property {boolean} undo      the reset can be undone
 * @property {boolean} busy      nothing can be saved or stepped yet
 */

/**
 * @typedef {object} HeaderEvents
 * @property {(screen: 'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7' | 'lab') => void} go
 * @property {() => void} copyLink
 * @property {() => void} share
 * @property {() => void} open
 * @property {() => void} save
 * @property {(lang: 'en' | 'zh-Hans') => void} language
 * @property {() => void} theme
 * @property {() => void} step
 * @property {() => void} reset
 * @property {() => void} undo
 * @property {() => void} settings
 */

const LANGUAGES = /** @type {const} */ ([
  ['en', 'English'],
  ['zh-Hans', '中文'],
]);

/** The part of the address after `#` is the page's state; a link to a place must not touch it. @param {Event} event */
function toTop(event) {
  event.preventDefault();
  window.scrollTo({ top: 0 });
}

export class HeaderView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {HeaderEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  /** @param {HeaderData} data */
  update(data) {
    render(
      html`<div class="wrap">
        <a class="brand" href="#main" @click=${toTop}>${mark()}<span>glassgpt</span><small>${t('header.motto')}</small></a>
        <nav aria-label=${t('header.nav')}>${this.#place(data, 'play', t('header.playground'))}${this.#place(data, 'ch1', t('header.chapters'))}${this.#place(data, 'lab', t('header.lab'))}</nav>
        <div class="end">
          ${this.#pageButtons(data, 'btn bare wide')}
          <span class="sep wide"></span>
          ${this.#languages(data, 'seg wide')}
          <button class="btn bare wide" type="button" aria-label=${this.#themeName(data)} title=${this.#themeName(data)} @click=${this.#on.theme}>
            ${icon('theme')}
          </button>
          <button class="btn bare narrow" type="button" aria-haspopup="dialog" aria-label=${t('header.menu')} @click=${() => this.#menu().showModal()}>
            ${icon('menu')}
          </button>
        </div>
      </div>
      <dialog class="menu" aria-label=${t('header.menu')} @click=${(/** @type {MouseEvent} */ e) => this.#choose(e)}>${this.#items(data)}</dialog>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
  }

  /** A link, so that it can be opened in a tab of its own; a plain click stays in this page. @param {HeaderData} data @param {HeaderData['screen']} screen @param {string} words */
  #place(data, screen, words) {
    const here = data.screen === screen || (screen === 'ch1' && /^ch/.test(data.screen));
    const follow = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#on.go(screen);
    };
    return html`<a href=${`#lang=${data.lang}&screen=${screen}`} aria-current=${here ? 'page' : nothing} @click=${follow}>${words}</a>`;
  }

  #menu() {
    return /** @type {HTMLDialogElement} */ (this.#root.querySelector('dialog'));
  }

  /** Any choice closes the menu, and so does a click beside it. @param {MouseEvent} event */
  #choose(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest('button') || target === this.#menu()) this.#menu().close();
  }

  /** @param {HeaderData} data */
  #items(data) {
    const item = (
      /** @type {import('./icons.js').IconName} */ name,
      /** @type {string} */ words,
      /** @type {() => void} */ act,
    ) => html`<button class="btn bare" type="button" @click=${act}>${icon(name)}${words}</button>`;
    return html`${item('step', t('bar.step'), this.#on.step)}
      ${data.undo ? item('reset', t('bar.undo'), this.#on.undo) : item('reset', t('bar.reset'), this.#on.reset)}
      ${item('gear', t('settings.title'), this.#on.settings)}
      <hr />
      ${this.#pageButtons(data, 'btn bare')}
      <hr />
      ${this.#languages(data, 'seg')} ${item('theme', this.#themeName(data), this.#on.theme)}
      ${item('close', t('close'), () => {})}`;
  }

  /** @param {HeaderData} data @param {string} classes */
  #pageButtons(data, classes) {
    return html`<button class=${classes} type="button" @click=${this.#on.copyLink}>
        ${icon(data.copied ? 'check' : 'link')}<span aria-live="polite">${t(data.copied ? 'header.copied' : 'header.copy')}</span></button
      ><button class=${classes} type="button" aria-haspopup="dialog" @click=${this.#on.share}>${icon('share')}<span>${t('header.share')}</span></button
      ><button class=${classes} type="button" @click=${this.#on.open}>${icon('open')}<span>${t('header.open')}</span></button
      ><button class=${classes} type="button" ?disabled=${data.busy} @click=${this.#on.save}>${icon('save')}<span>${t('header.save')}</span></button>`;
  }

  /** @param {HeaderData} data @param {string} classes */
  #languages(data, classes) {
    return html`<div class=${classes} role="group" aria-label=${t('header.language')}>
      ${LANGUAGES.map(
        ([code, name]) =>
          html`<button type="button" lang=${code} aria-pressed=${data.lang === code} @click=${() => this.#on.language(code)}>${name}</button>`,
      )}
    </div>`;
  }

  /** @param {HeaderData} data */
  #themeName({ theme }) {
    return t(`header.theme.${theme || 'system'}`);
  }
}
