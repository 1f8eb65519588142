/** What every chapter has around it: its place among the others, its parts in the rail, places for questions. */

import { paint } from '../app/paint.js';
import { isDone } from '../app/progress.js';
import { t } from '../i18n/index.js';
import { ChapterView } from '../views/chapter.js';
import { CHAPTERS } from './list.js';

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 * @param {import('./list.js').ChapterName} screen
 * @param {readonly string[]} names   of its parts
 */
export function frame(place, { address }, screen, names) {
  const view = new ChapterView(place, names.length, { go: address.go });
  paint(
    () => ({
      chapters: CHAPTERS.map(({ screen, n, title }) => ({ screen, n, title: t(title), done: isDone(screen) })),
      screen,
      parts: names.map((name) => ({ id: `part-${name}`, title: t(`part.${name}`) })),
    }),
    (data) => view.update(data),
  );
  return view;
}

/** Makes places for questions, each at the end of those of its part. @param {HTMLElement[]} asks */
export const asking = (asks) => (/** @type {number} */ part) => {
  const ask = document.createElement('section');
  asks[part].append(ask);
  return ask;
};
