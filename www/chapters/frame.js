/** What every chapter has around it: its place among the others, its parts in the rail, places for questions. */

import { paint } from '../app/paint.js';
import { isDone } from '../app/progress.js';
import { t } from '../i18n/index.js';
import { PARTS } from '../parts.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ChapterView } from '../views/chapter.js';
import { CHAPTERS } from './list.js';

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 * @param {import('./list.js').ChapterName} screen
 */
export function frame(place, { address, store }, screen) {
  /** @type {readonly string[]} */
  const names = PARTS[screen];
  const view = new ChapterView(place, names.length, { go: address.go });
  paint(
    () => ({
      chapters: CHAPTERS.map(({ screen, n, title }) => ({ screen, n, title: t(title), done: isDone(screen) })),
      screen,
      parts: names.map((name) => ({ name, id: `part-${name}`, title: t(`part.${name}`) })),
    }),
    (data) => view.update(data),
  );
  effect(() => {
    const sought = store.sought.value;
    if (!sought || store.screen.value !== screen) return;
    store.sought.value = null;
    if (sought.part === null) requestAnimationFrame(() => view.focusTitle());
    else view.show(names.indexOf(sought.part), sought.smooth);
  });
  return view;
}

/** Makes places for questions, each at the end of those of its part. @param {HTMLElement[]} asks */
export const asking = (asks) => (/** @type {number} */ part) => {
  const ask = document.createElement('section');
  asks[part].append(ask);
  return ask;
};
