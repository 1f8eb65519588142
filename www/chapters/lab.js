/** The lab as a screen. */

import { openLab } from '../app/lab.js';

/** @param {HTMLElement} place @param {import('../app/screens.js').ChapterParts} parts */
export async function open(place, parts) {
  openLab(place, parts);
}
