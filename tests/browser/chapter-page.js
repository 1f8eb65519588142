/** What the tests of chapters do with a page: look, type, open it without a service worker. */

import { until } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** The service worker fetches everything, sooner or later: without it, only what the page asks for itself. @type {import('./harness.js').Options} */
export const NO_SERVICE_WORKER = {
  fault: (path) => (path.endsWith('/sw.js') ? { status: 404 } : undefined),
  allow: [/sw\.js|fetching the script/],
};

/** A model that is there at once. */
export const TINY = 'layers=1&heads=2&width=32&context=32&size=400&steps=60&batch=4';

/** Waits until the page has what it is fetching: what is given up when it is left would be told as failed. @param {Page} page */
export const fetched = (page) => page.waitForNetworkIdle({ idleTime: 300, timeout: 30_000 });

/** Leaves the page for another visit. @param {Page} page */
export async function leave(page) {
  await fetched(page);
  await page.goto('about:blank');
}

/** Loads the page anew. @param {Page} page */
export async function reload(page) {
  await fetched(page);
  await page.reload();
}

/** @param {Page} page @param {string} selector */
export const text = (page, selector) => page.$eval(selector, (e) => (e.textContent ?? '').replace(/\s+/g, ' ').trim());

/** @param {Page} page @param {string} selector */
export const texts = (page, selector) =>
  page.$$eval(selector, (all) => all.map((e) => (e.textContent ?? '').replace(/\s+/g, ' ').trim()));

/** Waits until every part of the chapter was drawn once: what is out of sight comes behind the rest. @param {Page} page */
export const whole = (page) =>
  until(
    page,
    'all of the chapter',
    () => ![...document.querySelectorAll('#chapter > .chap.opening')].some((e) => e.checkVisibility()),
  );

/** Waits for words in the first element that fits. @param {Page} page @param {string} selector @param {RegExp} pattern @param {number} [timeout] */
export const says = (page, selector, pattern, timeout = 20_000) =>
  until(
    page,
    `${selector} says ${pattern}`,
    (/** @type {string} */ selector, /** @type {string} */ source) =>
      new RegExp(source).test((document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ')),
    timeout,
    selector,
    pattern.source,
  );

/** Waits for other words than before: figures follow one after the other. @param {Page} page @param {string} selector @param {string} before */
export const changed = (page, selector, before) =>
  until(
    page,
    `other words in ${selector}`,
    (/** @type {string} */ selector, /** @type {string} */ before) =>
      (document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim() !== before,
    10_000,
    selector,
    before,
  );

/**
 * Clicks without scrolling about, since rows move while the model is read; as soon as it is there and can be pressed, since
 * what is out of sight is drawn behind the rest.
 * @param {Page} page @param {string} selector @param {number} [i]
 */
export const press = (page, selector, i = 0) =>
  until(
    page,
    `${selector} can be pressed`,
    (/** @type {string} */ selector, /** @type {number} */ i) => {
      const found = [...document.querySelectorAll(selector)].at(i);
      if (!found || found.matches(':disabled')) return false;
      /** @type {HTMLElement} */ (found).click();
      return true;
    },
    10_000,
    selector,
    i,
  );

/** Trains the model of {@link TINY} to its end, once the page shows a prediction. @param {Page} page */
export async function trained(page) {
  await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
  await press(page, '.model .primary');
  await until(
    page,
    'the end of training',
    () => document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow') === '60',
    60_000,
  );
}

/** Writes into a box as soon as it is there. @param {Page} page @param {string} selector @param {string | number} value @param {string} [event] */
export async function put(page, selector, value, event = 'input') {
  await page.waitForSelector(selector, { timeout: 10_000 });
  await page.$eval(
    selector,
    (e, value, event) => {
      /** @type {HTMLInputElement} */ (e).value = String(value);
      e.dispatchEvent(new Event(event, { bubbles: true }));
    },
    value,
    event,
  );
}

/** What can be pressed in a chapter: its markup's beginning and its height in px, that of its label where that is more. @param {Page} page */
export const targets = (page) =>
  page.$$eval('#chapter :is(button, select, input, textarea, a, summary)', (all) =>
    all
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('dialog, .tok, .bar:disabled'))
      .map((e) => {
        const [own, label] = [e, e.closest('label')].map((part) => part?.getBoundingClientRect().height ?? 0);
        return /** @type {[string, number]} */ ([e.outerHTML.slice(0, 90), Math.max(own, label)]);
      }),
  );

/** Waits for words in the list of a course that is kept on the device. @param {Page} page @param {string} words */
export const listed = (page, words) =>
  until(
    page,
    `${words} is on the device`,
    async (/** @type {string} */ words) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt', { create: true });
      // While it is being moved there is none of this name, and what was found a moment ago can not be read.
      const text = await folder
        .getFileHandle('course')
        .then((handle) => handle.getFile())
        .then((file) => file.text())
        .catch(() => '');
      return text.includes(words);
    },
    30_000,
    words,
  );

/**
 * Pastes a text into an element and tells for how long the page stood still at most, in ms, while `ms` went by.
 * @param {Page} page @param {string} selector @param {string} line @param {number} times  that it is repeated @param {number} ms
 */
export const standstill = (page, selector, line, times, ms) =>
  page.evaluate(
    async (selector, line, times, ms) => {
      const data = new DataTransfer();
      data.setData('text/plain', line.repeat(times));
      let [last, worst, over] = [performance.now(), 0, false];
      const beat = () => {
        const now = performance.now();
        worst = Math.max(worst, now - last);
        last = now;
        if (!over) setTimeout(beat, 10);
      };
      setTimeout(beat, 10);
      const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
      // Firefox leaves out what the constructor is given.
      Object.defineProperty(paste, 'clipboardData', { value: data });
      document.querySelector(selector)?.dispatchEvent(paste);
      await new Promise((r) => setTimeout(r, ms));
      over = true;
      return worst;
    },
    selector,
    line,
    times,
    ms,
  );
