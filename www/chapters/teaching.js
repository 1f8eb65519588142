/** What chapters 5 to 7 share when they open: words, the frame with its parts. */

import { paint } from '../app/paint.js';
import { teaching } from '../app/teaching.js';
import en from '../i18n/en/teaching.js';
import { addWords } from '../i18n/index.js';
import zh from '../i18n/zh-hans/teaching.js';
import { render } from '../vendor/lit-html/lit-html.js';
import { asking, frame } from './frame.js';

addWords(en, zh);

/**
 * @param {HTMLElement} place
 * @param {import('../app/screens.js').ChapterParts} parts
 * @param {import('./list.js').ChapterName} screen
 * @param {(() => unknown)[]} prose   part by part
 */
export async function openTeaching(place, parts, screen, prose) {
  void teaching().begin();
  const view = frame(place, parts, screen);
  const asks = prose.map((write, i) => {
    const words = document.createElement('div');
    words.className = 'words';
    const ask = document.createElement('div');
    ask.className = 'words';
    const slot = view.slot(i, 'prose');
    slot.append(words, ask);
    paint(write, (template) => render(template, words), slot.parentElement);
    return ask;
  });
  return { view, ask: asking(asks) };
}
