/** A word of the glossary, explained beside it. Stays while the pointer is on either; Escape closes it. */

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** @typedef {{ at: HTMLElement, name: string, means: string, here: string }} TermData */

const MARGIN = 12;
const ID = 'term-tip';
/** The pointer may take so long from the word to the tip. */
const LEAVE_MS = 250;

export class TermTip {
  #tip = document.createElement('div');
  #on;
  #timer = 0;
  /** @type {HTMLElement | null} */
  #at = null;
  #abort = new AbortController();

  /** @param {{ left(): void }} on   the word is not pointed at any more */
  constructor(on) {
    this.#on = on;
    this.#tip.id = ID;
    this.#tip.className = 'term-tip';
    this.#tip.setAttribute('role', 'tooltip');
    this.#tip.hidden = true;
    const { signal } = this.#abort;
    const inside = (/** @type {EventTarget | null} */ target) =>
      target instanceof Node && (this.#tip.contains(target) || (this.#at?.contains(target) ?? false));
    document.addEventListener('pointerover', (e) => (inside(e.target) ? clearTimeout(this.#timer) : this.#leave()), {
      signal,
    });
    document.addEventListener('focusout', () => this.#on.left(), { signal });
    document.addEventListener('pointerdown', (e) => !inside(e.target) && this.#on.left(), { signal });
    document.addEventListener(
      'keydown',
      (e) => {
        if (e.key !== 'Escape' || this.#tip.hidden) return;
        e.stopPropagation();
        this.#on.left();
      },
      { signal, capture: true },
    );
  }

  /** @param {TermData | null} data */
  update(data) {
    // The same word with another number stays as long as it would have.
    if (this.#at !== data?.at) clearTimeout(this.#timer);
    if (this.#at && this.#at !== data?.at) this.#forget(this.#at);
    this.#at = data?.at ?? null;
    this.#tip.hidden = data === null;
    if (!data) return;
    const { at, name, means, here } = data;
    render(html`<b>${name}</b> ${means}${here === '' ? nothing : html` <span class="here">${here}</span>`}`, this.#tip);
    // Within the landmark that it speaks of.
    const home = at.closest('main, #chapter') ?? document.body;
    if (this.#tip.parentElement !== home) home.append(this.#tip);
    at.setAttribute('aria-describedby', ID);
    at.setAttribute('aria-expanded', 'true');
    const box = at.getBoundingClientRect();
    const left = Math.min(box.left + scrollX, innerWidth - this.#tip.offsetWidth - MARGIN);
    this.#tip.style.left = `${Math.max(MARGIN, left)}px`;
    this.#tip.style.top = `${box.bottom + scrollY + 6}px`;
  }

  destroy() {
    clearTimeout(this.#timer);
    this.#abort.abort();
    if (this.#at) this.#forget(this.#at);
    this.#tip.remove();
  }

  #leave() {
    if (this.#tip.hidden || this.#at === document.activeElement) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#on.left(), LEAVE_MS);
  }

  /** @param {HTMLElement} at */
  #forget(at) {
    at.removeAttribute('aria-describedby');
    at.removeAttribute('aria-expanded');
  }
}
