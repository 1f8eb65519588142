/** The chapters that exist, in order; a later one joins by a line. Rail, sheet and "next" are made from this list. */

/** @typedef {'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7'} ChapterName   of `screen` in the table of the page's state */

/**
 * @typedef {object} Chapter
 * @property {ChapterName} screen
 * @property {number} n
 * @property {string} title   key of its words
 * @property {() => Promise<{ open(root: HTMLElement, parts: import('../app/screens.js').ChapterParts): Promise<void> }>} load
 */

/** @type {readonly Chapter[]} */
export const CHAPTERS = [
  { screen: 'ch1', n: 1, title: 'chapter.title.ch1', load: () => import('./chapter1.js') },
  { screen: 'ch2', n: 2, title: 'chapter.title.ch2', load: () => import('./chapter2.js') },
  { screen: 'ch3', n: 3, title: 'chapter.title.ch3', load: () => import('./chapter3.js') },
  { screen: 'ch4', n: 4, title: 'chapter.title.ch4', load: () => import('./chapter4.js') },
  { screen: 'ch5', n: 5, title: 'chapter.title.ch5', load: () => import('./chapter5.js') },
  { screen: 'ch6', n: 6, title: 'chapter.title.ch6', load: () => import('./chapter6.js') },
  { screen: 'ch7', n: 7, title: 'chapter.title.ch7', load: () => import('./chapter7.js') },
];
