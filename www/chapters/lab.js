/** The lab as a screen. */

import { openLab } from '../app/lab.js';
import { style } from './styles.js';

/** @param {HTMLElement} place @param {import('../app/screens.js').ChapterParts} parts */
export async function open(place, parts) {
  await style('views/lab.css');
  openLab(place, parts);
}
