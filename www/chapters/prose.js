/** Pieces of a chapter's prose. */

import { t } from '../i18n/index.js';
import { html } from '../vendor/lit-html/lit-html.js';
import { num, shown } from '../views/format.js';

const encoder = new TextEncoder();

/** In place of a number that is not known yet: a dash and spaces of a digit's width, so that no line is broken anew. */
export const LATER = '–\u2007\u2007\u2007';

/** A number that may not be known yet. @param {number | undefined} value @param {number} [digits] behind the point */
export const known = (value, digits = 0) => (value === undefined ? LATER : num(value, digits));

/** A number of the figure beside the text. @param {string | number} value */
export const live = (value) => html`<span class="live">${value}</span>`;

/** What the model reads or writes. @param {string} text */
export const quoted = (text) => html`<span class="q">${shown(encoder.encode(text))}</span>`;

/** What the machine counts. @param {string} text */
export const machine = (text) => html`<span class="mono">${text}</span>`;

/** The head of a part. @param {string} id @param {string} title */
export const partHeading = (id, title) => html`<h2 id=${id} tabindex="-1">${title}</h2>`;

/** @param {number} n @param {string} id @param {string} title */
export const chapterHeading = (n, id, title) =>
  html`<p class="kick">${t('chapter.number', { number: n })}</p><h1 id=${id} tabindex="-1">${title}</h1>`;

/** @param {unknown} words */
export const tryIt = (words) => html`<section class="todo"><h2>${t('chapter.try')}</h2><p>${words}</p></section>`;
