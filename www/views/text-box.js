/** The box for a text that several views have: its template, and what is written into it. */

import { lang, t } from '../i18n/index.js';
import { html } from '../vendor/lit-html/lit-html.js';

/** @param {string} id @param {string} label  key of its words @param {(value: string) => void} typed */
export const textBox = (id, label, typed) =>
  html`<label class="vh" for=${id}>${t(label)}</label>
    <textarea
      id=${id}
      rows="2"
      spellcheck="false"
      autocomplete="off"
      dir="auto"
      lang=${lang.value}
      @input=${(/** @type {Event} */ e) => typed(/** @type {HTMLTextAreaElement} */ (e.target).value)}
    ></textarea>`;

/** Writes only what came from elsewhere, so that the caret and an input method stay undisturbed. @param {HTMLElement} root @param {string} text */
export function fillBox(root, text) {
  const box = root.querySelector('textarea');
  if (box && box.value !== text) box.value = text;
}
