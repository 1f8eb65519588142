/** A place of a figure in a chapter, with a mark that says where its numbers come from. */

import { t } from '../i18n/index.js';
import { paint } from './paint.js';

/**
 * Measured in this page on this machine, computed from such numbers, entered by the learner, or partly drawn from elsewhere.
 * @typedef {'measured' | 'derived' | 'yours' | 'mixed'} Origin
 */

/** At the end of a part's stage. @param {import('../views/chapter.js').ChapterView} view @param {number} part @param {Origin | null} origin  null: a box to write in, no figure */
export function figurePlace(view, part, origin) {
  const place = document.createElement('div');
  place.className = 'fig';
  const stage = view.slot(part, 'stage');
  stage.append(place);
  if (origin === null) return place;
  const mark = document.createElement('p');
  mark.className = 'origin';
  stage.append(mark);
  paint(
    () => t(`origin.${origin}`),
    (words) => {
      mark.textContent = words;
    },
    stage.parentElement,
  );
  return place;
}
