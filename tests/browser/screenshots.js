/**
 * Pictures of the main screens: `cargo xtask screenshots` writes `docs/screenshots/`. Seeds are fixed, so a picture changes
 * when the page does. With `--review FOLDER`, whole pages of every screen instead, in both themes and languages, wide and
 * narrow: nothing to keep, something to look at. With `--only NAMES`, those whose names begin so, separated by commas.
 */

import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launch } from './launch.js';
import { startServer } from './server.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {'en' | 'zh-Hans'} Lang */
/** @typedef {'play' | 'ch1' | 'ch2' | 'ch3' | 'ch4' | 'ch5' | 'ch6' | 'ch7' | 'lab'} Screen */
/** @typedef {{ name: string, screen: Screen, lang?: Lang, dark?: boolean, phone?: boolean, width?: number, part?: number }} Shot */

const ROOT = resolve(import.meta.dirname, '../..');
const STEPS = 300;
const MODEL = `steps=${STEPS}&layer=2&head=1`;
const SCREENS = /** @type {const} */ (['play', 'ch1', 'ch2', 'ch3', 'ch4', 'ch5', 'ch6', 'ch7', 'lab']);
/** All together, in bytes: they are part of the repository. */
const BUDGET = 1_500_000;

/** @type {readonly Shot[]} */
const SHOTS = [
  { name: 'playground', screen: 'play' },
  { name: 'playground-dark', screen: 'play', dark: true },
  { name: 'playground-phone', screen: 'play', phone: true },
  { name: 'chapter-1', screen: 'ch1' },
  { name: 'chapter-2', screen: 'ch2' },
  { name: 'chapter-3', screen: 'ch3' },
  { name: 'chapter-3-dark', screen: 'ch3', dark: true },
  { name: 'chapter-3-phone', screen: 'ch3', phone: true, dark: true },
  { name: 'chapter-4', screen: 'ch4' },
  { name: 'chapter-4-by-hand', screen: 'ch4', part: 3 },
  { name: 'chapter-5', screen: 'ch5' },
  { name: 'chapter-6', screen: 'ch6' },
  { name: 'chapter-7', screen: 'ch7' },
  { name: 'chapter-6-dark', screen: 'ch6', dark: true },
  { name: 'chapter-7-phone', screen: 'ch7', phone: true },
  { name: 'lab', screen: 'lab' },
  { name: 'playground-zh', screen: 'play', lang: 'zh-Hans' },
  { name: 'chapter-1-zh', screen: 'ch1', lang: 'zh-Hans' },
  { name: 'chapter-3-zh-dark', screen: 'ch3', lang: 'zh-Hans', dark: true },
  { name: 'chapter-2-zh-phone', screen: 'ch2', lang: 'zh-Hans', phone: true },
];

/** @param {Page} page @param {string} selector */
const press = (page, selector) => page.$eval(selector, (e) => /** @type {HTMLElement} */ (e).click());

/**
 * A model that has learnt a little, text it wrote, and a second one that was taught to answer and to use tools.
 * @param {Page} page @param {string} origin @param {Lang} lang @param {'none' | 'quick' | 'whole'} course   whether a second one is taught, and for how long
 */
async function prepare(page, origin, lang, course) {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(`${origin}/#lang=${lang}&${MODEL}`);
  await page.waitForSelector('.prediction .bar', { timeout: 120_000 });
  await press(page, '.model .primary');
  await page.waitForFunction(
    (/** @type {number} */ steps) =>
      document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow') === String(steps),
    { timeout: 300_000 },
    STEPS,
  );
  await page.keyboard.press('g');
  await page.waitForFunction(() => document.querySelectorAll('.generated .tok').length > 3, { timeout: 60_000 });
  await settled(page);
  if (course === 'none') return;
  await go(page, 'ch5');
  await page.waitForSelector('.course [data-act=chain]', { timeout: 60_000 });
  if (course === 'quick')
    await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
  await press(page, '.course [data-act=chain]');
  await page.waitForFunction(
    () => document.querySelectorAll('.stages li').length >= 3 && document.querySelector('.course [data-act=reset]'),
    { timeout: 900_000 },
  );
  await settled(page);
}

/** @param {Page} page @param {Screen} screen */
async function go(page, screen) {
  await page.evaluate((screen) => {
    const link = () => /** @type {HTMLElement | null} */ (document.querySelector(`a[href$="screen=${screen}"]`));
    if (!link()) /** @type {HTMLElement} */ (document.querySelector('a[href$="screen=ch1"]')).click();
    const wait = setInterval(() => {
      link()?.click();
      if (link()) clearInterval(wait);
    }, 20);
  }, screen);
  await page.waitForFunction(
    (/** @type {string} */ screen) =>
      screen === 'play'
        ? !document.getElementById('main')?.hidden
        : !document.getElementById('chapter')?.hidden &&
          new RegExp(`screen=${screen}\\b`).test(location.hash) &&
          [...(document.getElementById('chapter')?.children ?? [])].some(
            (e) => e.checkVisibility() && e.children.length,
          ),
    { timeout: 60_000 },
    screen,
  );
  await settled(page);
}

/** Waits until nothing is drawn any more: the text of the page and its animations stand still. @param {Page} page */
const settled = (page) =>
  page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let before = /** @type {string | null} */ (null);
    for (let same = 0, frames = 0; same < 40 && frames < 1_200; frames++) {
      await frame();
      const now = document.body.textContent;
      same = now === before ? same + 1 : 0;
      before = now;
    }
    await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
  });

/** Width alone makes a phone of it: a browser that is told of a touch screen opens the page anew. @param {Page} page @param {{ dark?: boolean, width: number, height: number }} look */
async function look(page, { dark = false, width, height }) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await page.setViewport({ width, height });
}

/** @param {Page} page @param {Shot} shot @param {string} folder */
async function take(page, shot, folder) {
  const size = shot.phone ? { width: 390, height: 844 } : { width: shot.width ?? 1280, height: 800 };
  await look(page, { dark: shot.dark, ...size });
  await go(page, shot.screen);
  await page.evaluate((part) => {
    const all = [...document.querySelectorAll('#chapter .part')].filter((e) => e.checkVisibility());
    const top = part ? (all[part]?.getBoundingClientRect().top ?? 0) + scrollY - 60 : 0;
    scrollTo({ top, behavior: 'instant' });
  }, shot.part ?? 0);
  await settled(page);
  const path = join(folder, `${shot.name}.webp`);
  await page.screenshot({ path: /** @type {`${string}.webp`} */ (path), type: 'webp', quality: 72 });
  return path;
}

/** @param {Page} page @param {string} folder @param {string} begin of the files' names */
async function review(page, folder, begin) {
  for (const screen of SCREENS) {
    for (const width of [1280, 390]) {
      for (const dark of [false, true]) {
        await look(page, { dark, width, height: 800 });
        await go(page, screen);
        const name = `${begin}-${screen}-${width}-${dark ? 'dark' : 'light'}.png`;
        await page.screenshot({ path: /** @type {`${string}.png`} */ (join(folder, name)), fullPage: true });
      }
    }
  }
}

const reviewed = process.argv[2] === '--review' ? process.argv[3] : undefined;
const only = process.argv[2] === '--only' ? (process.argv[3] ?? '').split(',') : [''];
const folder = resolve(reviewed ?? join(ROOT, 'docs/screenshots'));
const server = await startServer({ '/': join(ROOT, 'www') });
const browser = await launch('chromium');
try {
  if (!reviewed && only[0] === '') await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  for (const lang of /** @type {const} */ (['en', 'zh-Hans'])) {
    const shots = SHOTS.filter(
      (shot) => (shot.lang ?? 'en') === lang && only.some((name) => shot.name.startsWith(name)),
    );
    if (!reviewed && shots.length === 0) continue;
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const taught = shots.some(({ screen }) => /^ch[567]$/.test(screen));
    await prepare(page, server.origin, lang, reviewed ? 'quick' : taught ? 'whole' : 'none');
    if (reviewed) await review(page, folder, lang);
    else for (const shot of shots) bytes += (await stat(await take(page, shot, folder))).size;
    await context.close();
  }
  console.log(reviewed ? `whole pages are in ${folder}` : `pictures in ${folder}, ${bytes} bytes`);
  if (bytes > BUDGET) throw new Error(`the pictures have ${bytes} bytes together, at most ${BUDGET} are kept`);
} finally {
  await browser.close();
  await server.close();
}
