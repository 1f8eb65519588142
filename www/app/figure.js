/** A place of a figure in a chapter, with a mark that says where its numbers come from. */

import { t } from '../i18n/index.js';
import { paint } from './paint.js';

/** @typedef {'measured' | 'derived'} Origin   measured in this page on this machine, or computed from such numbers */

/** At the end of a part's stage. @param {import('../views/chapter.js').ChapterView} view @param {number} part @param {Origin} origin */
export function figurePlace(view, part, origin) {
  const place = document.createElement('div');
  place.className = 'fig';
  const mark = document.createElement('p');
  mark.className = 'origin';
  view.slot(part, 'stage').append(place, mark);
  paint(
    () => t(`origin.${origin}`),
    (words) => {
      mark.textContent = words;
    },
  );
  return place;
}
