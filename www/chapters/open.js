/** Opens the chapter that the page's state names: words and styles of the frame, then the chapter itself. */

import en from '../i18n/en/chapters.js';
import { addWords } from '../i18n/index.js';
import zh from '../i18n/zh-hans/chapters.js';
import { CHAPTERS } from './list.js';
import { style } from './styles.js';

addWords(en, zh);

/**
 * @param {HTMLElement} root
 * @param {import('../app/screens.js').ChapterParts} parts
 */
export async function openChapter(root, parts) {
  const chapter = CHAPTERS.find((c) => c.screen === parts.store.screen.peek());
  if (!chapter) return;
  const [{ open }] = await Promise.all([chapter.load(), style('chapters/chapter.css')]);
  await open(root, parts);
}
