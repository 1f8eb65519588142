/**
 * The chapters that exist, in order; a later one joins by a line. Rail, sheet and "next" are made from this list, and what a
 * chapter needs is fetched by it.
 */

import { style } from './styles.js';

/** @typedef {'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7'} ChapterName   of `screen` in the table of the page's state */

/**
 * @typedef {object} Chapter
 * @property {ChapterName} screen
 * @property {number} n
 * @property {string} title   key of its words
 * @property {string[]} styles   beside `chapter.css`, in `views/`
 * @property {() => Promise<{ open(root: HTMLElement, parts: import('../app/screens.js').ChapterParts): Promise<void> }>} load
 */

/** @type {readonly Chapter[]} */
export const CHAPTERS = [
  {
    screen: 'ch1',
    n: 1,
    title: 'chapter.title.ch1',
    styles: ['merges', 'lesson-text', 'tax', 'layers', 'compare', 'letters', 'tree', 'vocabulary'],
    load: () => import('./chapter1.js'),
  },
  { screen: 'ch2', n: 2, title: 'chapter.title.ch2', styles: ['predictors'], load: () => import('./chapter2.js') },
  {
    screen: 'ch3',
    n: 3,
    title: 'chapter.title.ch3',
    styles: ['predictors', 'inside'],
    load: () => import('./chapter3.js'),
  },
  { screen: 'ch4', n: 4, title: 'chapter.title.ch4', styles: ['pretraining'], load: () => import('./chapter4.js') },
  { screen: 'ch5', n: 5, title: 'chapter.title.ch5', styles: ['teaching'], load: () => import('./chapter5.js') },
  { screen: 'ch6', n: 6, title: 'chapter.title.ch6', styles: ['teaching'], load: () => import('./chapter6.js') },
  { screen: 'ch7', n: 7, title: 'chapter.title.ch7', styles: ['teaching'], load: () => import('./chapter7.js') },
];

/** The lab is no chapter, but is fetched and shown as one. */
const LAB = { screen: /** @type {const} */ ('lab'), styles: ['lab'], load: () => import('./lab.js') };

/** What is shown as a screen, beside the playground. @param {string} screen */
export const entryOf = (screen) => [...CHAPTERS, LAB].find((entry) => entry.screen === screen);

/** Script and styles of a screen; resolves when all are there. @param {NonNullable<ReturnType<typeof entryOf>>} entry */
export async function fetchEntry({ load, styles }) {
  const sheets = ['chapters/chapter.css', ...styles.map((name) => `views/${name}.css`)];
  const [script] = await Promise.all([load(), ...sheets.map(style)]);
  return script;
}
