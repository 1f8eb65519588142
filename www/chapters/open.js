/** Opens the chapter that the page's state names: words of the frame, then the chapter itself. */

import { drawn, wake } from '../app/paint.js';
import en from '../i18n/en/chapters.js';
import { addWords } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapters.js';
import { entryOf, fetchEntry } from './list.js';

addWords(en, zh);

/** Chapters that are open, each in a place of its own. @type {Map<string, HTMLElement>} */
const places = new Map();

/**
 * @param {HTMLElement} root
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function openChapter(root, parts) {
  const { screen } = parts.store;
  for (const [name, place] of places) place.hidden = name !== screen.peek();
  wake();
  const chapter = entryOf(screen.peek());
  if (!chapter || places.has(chapter.screen)) return;
  const place = document.createElement('div');
  root.append(place);
  places.set(chapter.screen, place);
  // Its parts keep a screen's room each until all are there: else they would push one another about.
  place.classList.add('opening');
  try {
    const { open } = await fetchEntry(chapter);
    await open(place, parts);
    void drawn().then(() => place.classList.remove('opening'));
  } catch (error) {
    places.delete(chapter.screen);
    place.remove();
    throw error;
  }
}
