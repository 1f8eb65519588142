/** How fluid the page itself is, for `cargo xtask bench page`: tasks of its main thread, memory of a long run, a second visit. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { median } from './bench-tables.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */

const WATCHED_MS = 15_000;
const LONG_RUN = {
  steps: 10_000,
  early: 1_000,
  model: 'layers=1&heads=2&width=32&context=32&size=400&steps=10000&batch=4',
};
const VISITS = 5;

/** @param {Page} page @param {string} url */
async function opened(page, url) {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(url);
  await page.waitForSelector('.prediction .bar', { timeout: 120_000 });
  await page.waitForSelector('.model .primary:not([aria-disabled=true])', { timeout: 120_000 });
}

/** Lengths of the main thread's tasks of 50 ms and more in the next seconds. @param {Page} page @param {number} ms @returns {Promise<number[]>} */
const longTasks = (page, ms) =>
  page.evaluate(
    (ms) =>
      new Promise((resolve) => {
        /** @type {number[]} */
        const tasks = [];
        const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
        observer.observe({ type: 'longtask' });
        setTimeout(() => {
          observer.disconnect();
          resolve(tasks);
        }, ms);
      }),
    ms,
  );

/** @param {Browser} browser @param {string} origin @param {string} screen @param {number} slower */
async function whileTraining(browser, origin, screen, slower) {
  const page = await browser.newPage();
  try {
    await opened(page, `${origin}/#lang=en&steps=20000`);
    await page.$eval('.model .primary', (e) => /** @type {HTMLElement} */ (e).click());
    if (screen !== 'play') await page.$eval(`a[href$="screen=ch1"]`, (e) => /** @type {HTMLElement} */ (e).click());
    if (screen !== 'play' && screen !== 'ch1') {
      await page.waitForSelector(`.rail a[href$="${screen}"]`);
      await page.$eval(`.rail a[href$="${screen}"]`, (e) => /** @type {HTMLElement} */ (e).click());
    }
    // What is loaded first is no part of it.
    await new Promise((done) => setTimeout(done, 4_000));
    await page.emulateCPUThrottling(slower > 1 ? slower : null);
    return await longTasks(page, WATCHED_MS);
  } finally {
    await page.close();
  }
}

/** Resident memory of a page's process in bytes, or null where the system does not tell. @param {Browser} browser */
function resident(browser) {
  try {
    const pid = browser.process()?.pid;
    const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((l) => l.trim().match(/^(\d+)\s+(\d+)\s+(.*)$/));
    const rows = all.flatMap((m) => (m ? [{ pid: Number(m[1]), parent: Number(m[2]), args: m[3] }] : []));
    /** @type {number[]} */
    const family = [pid ?? -1];
    for (const at of family) family.push(...rows.filter((r) => r.parent === at).map((r) => r.pid));
    const pages = rows.filter((r) => family.includes(r.pid) && r.args.includes('--type=renderer'));
    const sizes = pages.map(
      (r) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${r.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    );
    return Math.max(...sizes);
  } catch {
    return null;
  }
}

/** @param {Browser} browser @param {string} origin */
async function longRun(browser, origin) {
  const page = await browser.newPage();
  try {
    await opened(page, `${origin}/#lang=en&${LONG_RUN.model}`);
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    const at = async (/** @type {number} */ step) => {
      await page.waitForFunction(
        (step) => Number(document.querySelector('.model [role=progressbar]')?.getAttribute('aria-valuenow')) >= step,
        { timeout: 900_000, polling: 200 },
        step,
      );
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      return { heap: metrics.find((m) => m.name === 'JSHeapUsedSize')?.value ?? 0, resident: resident(browser) };
    };
    await page.$eval('.model .primary', (e) => /** @type {HTMLElement} */ (e).click());
    const began = performance.now();
    const early = await at(LONG_RUN.early);
    const late = await at(LONG_RUN.steps);
    return { early, late, seconds: (performance.now() - began) / 1000 };
  } finally {
    await page.close();
  }
}

/** Milliseconds from the start of a visit to a button that trains, and to attention and prediction on screen; everything in the cache. @param {Browser} browser @param {string} origin */
async function secondVisit(browser, origin) {
  const page = await browser.newPage();
  try {
    await page.evaluateOnNewDocument(() => {
      const seen = /** @type {Record<string, number>} */ ({});
      Object.assign(window, { seen });
      const look = () => {
        for (const [name, selector] of [
          ['text', '.text textarea, #text textarea'],
          ['train', '.model .primary:not([aria-disabled=true])'],
          ['shown', '.prediction .bar'],
        ])
          if (!(name in seen) && document.querySelector(selector)) seen[name] = performance.now();
        if (Object.keys(seen).length < 3) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const visits = [];
    for (let visit = 0; visit <= VISITS; visit++) {
      await opened(page, `${origin}/?visit=${visit}#lang=en`);
      await page.waitForFunction(() => Object.keys(/** @type {any} */ (window).seen).length === 3);
      if (visit > 0) visits.push(await page.evaluate(() => /** @type {any} */ (window).seen));
    }
    const of = (/** @type {string} */ name) => median(visits.map((v) => v[name]));
    return { text: of('text'), train: of('train'), shown: of('shown') };
  } finally {
    await page.close();
  }
}

/** @param {Browser} browser @param {string} origin @param {import('./bench-tables.js').Tables} tables */
export async function measurePage(browser, origin, tables) {
  const rows = [];
  for (const screen of ['play', 'ch2', 'ch3', 'ch4']) {
    for (const slower of [1, 4]) {
      const tasks = await whileTraining(browser, origin, screen, slower);
      const longest = tasks.length ? Math.max(...tasks).toFixed(0) : 'under 50';
      rows.push([
        screen === 'play' ? 'playground' : `chapter ${screen.slice(2)}`,
        `${slower}×`,
        longest,
        String(tasks.length),
      ]);
    }
  }
  tables.add({
    title: 'The page while a model learns',
    about: `The default model at 1280 × 800: tasks of the main thread of 50 ms and more in ${WATCHED_MS / 1000} s. Slowed by the browser's own throttling.`,
    columns: ['screen', 'slower', 'longest, ms', 'how many'],
    rows,
  });
  const { early, late, seconds } = await longRun(browser, origin);
  const mb = (/** @type {number | null} */ bytes) => (bytes === null ? '–' : (bytes / 1e6).toFixed(1));
  tables.add({
    title: 'Memory of a long run',
    about: `A tiny model, ${LONG_RUN.steps} steps in ${seconds.toFixed(0)} s, after collecting garbage. The process holds page and workers with their WebAssembly memory.`,
    columns: ['MB', `at step ${LONG_RUN.early}`, `at step ${LONG_RUN.steps}`],
    rows: [
      ['JavaScript of the page', mb(early.heap), mb(late.heap)],
      ['process of the page', mb(early.resident), mb(late.resident)],
    ],
  });
  const visit = await secondVisit(browser, origin);
  tables.add({
    title: 'A second visit',
    about: `From the start of loading, everything in the cache; medians of ${VISITS}.`,
    columns: ['what', 'ms'],
    rows: [
      ['a text can be typed', visit.text.toFixed(0)],
      ['the model is there, Train can be pressed', visit.train.toFixed(0)],
      ['attention and prediction are shown', visit.shown.toFixed(0)],
    ],
  });
}
