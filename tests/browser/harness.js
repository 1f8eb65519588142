/**
 * What every browser test needs: a server, a browser, a page that fails the test when anything goes wrong unnoticed.
 *
 *     import { browsers, withBrowser } from './harness.js';
 *     for (const name of browsers) {
 *       test(`typing shows tokens (${name})`, () => withBrowser(name, { dark: true }, async ({ page, url }) => { … }));
 *     }
 *
 * GLASSGPT_BROWSERS chooses browsers (default `chromium,firefox`); GLASSGPT_CHROMIUM and GLASSGPT_FIREFOX name programs.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { launch } from './launch.js';
import { startServer } from './server.js';

/** Folder of the project. */
export const root = resolve(import.meta.dirname, '../..');

/** Folder of the golden data. */
export const fixtures = resolve(process.env.GLASSGPT_FIXTURES ?? join(root, 'tests/fixtures'));

/** @typedef {import('./launch.js').BrowserName} BrowserName */

/** Browsers to test in. @type {BrowserName[]} */
export const browsers = /** @type {BrowserName[]} */ (
  (process.env.GLASSGPT_BROWSERS ?? 'chromium,firefox').split(',').map((name) => name.trim())
);

/**
 * @typedef {object} Options
 * @property {'www' | 'dist' | Record<string, string>} [site]   the page as written (default), the folder to upload under a
 *   sub-path, or folders by path
 * @property {{ width: number, height: number }} [viewport]     default 1280 × 800
 * @property {boolean} [dark]            colour scheme
 * @property {string} [lang]             language of the browser, default 'en-US'
 * @property {boolean} [reducedMotion]
 * @property {RegExp[]} [allow]          errors that the test expects
 * @property {(path: string) => import('./server.js').Fault | undefined} [fault]  answers instead of files
 *
 * @typedef {object} Scene
 * @property {import('puppeteer-core').Page} page   still blank
 * @property {string} url                address of the site's index
 * @property {string[]} errors           what has gone wrong so far
 * @property {import('./server.js').Server} server
 * @property {() => Promise<import('puppeteer-core').Page>} newPage  a further tab of the same visitor
 */

/** Running browsers by what they were started with. @type {Map<string, Promise<import('puppeteer-core').Browser>>} */
const running = new Map();
after(async () => {
  for (const browser of running.values()) await (await browser).close();
});

/**
 * Runs `body` in a fresh visitor (own storage) of a browser, on a server of its own. Fails on any console error, uncaught
 * exception, violation of the security policy, failed request or answer of 400 and above that `allow` does not name.
 *
 * @param {BrowserName} name
 * @param {Options | ((scene: Scene) => Promise<void>)} options
 * @param {(scene: Scene) => Promise<void>} [body]
 */
export async function withBrowser(name, options, body) {
  if (typeof options === 'function') return withBrowser(name, {}, options);
  assert.ok(body, 'withBrowser needs a function that uses the page');
  const { mounts, path } = site(options.site ?? 'www');
  const server = await startServer(mounts, options.fault);
  const browser = await started(name, options);
  const context = await browser.createBrowserContext();
  /** @type {string[]} */
  const errors = [];
  /** @type {import('puppeteer-core').Page[]} */
  const pages = [];
  const newPage = async () => {
    pages.push(await watched(await context.newPage(), options, errors));
    return pages[pages.length - 1];
  };
  try {
    await body({ page: await newPage(), url: server.origin + path, errors, server, newPage });
    const unexpected = errors.filter((error) => !options.allow?.some((pattern) => pattern.test(error)));
    assert.deepEqual(unexpected, [], 'the page reported errors');
  } catch (error) {
    // What the page said and shows often explains why an expectation was not met.
    if (error instanceof Error) {
      const shown = await Promise.all(pages.map(shownBy));
      const said = `\nthe page said:\n  ${[...errors, ...shown].join('\n  ')}`;
      error.message += said;
      // Most reports show the stack, which has the message as it was.
      error.stack += said;
    }
    throw error;
  } finally {
    await context.close();
    await server.close();
  }
}

/** Where a page is, and the beginning of every part of it that can be seen. @param {import('puppeteer-core').Page} page */
async function shownBy(page) {
  const read = page.evaluate(() => {
    const parts = [...document.querySelectorAll('#notices, #main, #chapter, dialog[open]')].filter((e) =>
      e.checkVisibility(),
    );
    return [location.href, ...parts.map((e) => (e.textContent ?? '').replace(/\s+/g, ' ').slice(0, 300))].join(' | ');
  });
  const late = new Promise((r) => setTimeout(r, 3_000, 'a page that does not answer'));
  return Promise.race([read, late]).catch((thrown) => `a page that can not be asked: ${thrown}`);
}

/** @param {NonNullable<Options['site']>} name @returns {{ mounts: Record<string, string>, path: string }} */
function site(name) {
  const tools = {
    '/tests/': join(root, 'tests'),
    '/fixtures/': fixtures,
    '/golden-web/': join(root, 'target/golden-web'),
    '/ranks/': join(root, 'target/vocabularies'),
  };
  if (name === 'www') return { mounts: { ...tools, '/': join(root, 'www') }, path: '/' };
  if (name === 'dist') return { mounts: { '/some/path/': join(root, 'dist') }, path: '/some/path/' };
  return { mounts: { ...tools, ...name }, path: Object.keys(name)[0] };
}

/** Address of an empty page on a server of {@link withBrowser}, for tests of single modules. @param {string} url */
export const blank = (url) => new URL('/tests/browser/blank.html', url).href;

/** @param {BrowserName} name @param {Options} options */
function started(name, { dark = false, lang = 'en-US', reducedMotion = false }) {
  const key = JSON.stringify([name, dark, lang, reducedMotion]);
  const browser = running.get(key) ?? launch(name, { dark, lang, reducedMotion });
  running.set(key, browser);
  return browser;
}

/**
 * Collects everything that goes wrong in a page.
 * @param {import('puppeteer-core').Page} page @param {Options} options @param {string[]} errors
 */
async function watched(page, options, errors) {
  await page.setViewport(options.viewport ?? { width: 1280, height: 800 });
  // Firefox keeps violations to itself; a listener in the page tells both browsers' alike.
  await page.evaluateOnNewDocument(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'assert') errors.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => errors.push(`uncaught: ${error instanceof Error ? error.stack : error}`));
  let arrival = { address: 'the start', at: Date.now() };
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) arrival = { address: frame.url(), at: Date.now() };
  });
  /** Where the page was when it asked, and how long. @type {WeakMap<import('puppeteer-core').HTTPRequest, string>} */
  const begun = new WeakMap();
  page.on('request', (request) => begun.set(request, `${Date.now() - arrival.at} ms after ${arrival.address}`));
  page.on('requestfailed', (request) => {
    const what = `${request.url()} ${request.failure()?.errorText ?? ''}`;
    const when = `asked for ${begun.get(request)}, failed ${Date.now() - arrival.at} ms after ${arrival.address}`;
    errors.push(`request failed: ${what} (${when})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`answer ${response.status()}: ${response.url()}`);
  });
  return page;
}

/**
 * Violations that axe-core finds, one line each: rule, impact, where. What is out of sight is drawn behind the rest: it is
 * waited for.
 * @param {import('puppeteer-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function axe(page) {
  await until(page, 'all of the page', () =>
    [...document.querySelectorAll('.chap.opening, #main .area:empty')].every((e) => !e.checkVisibility()),
  );
  const source = await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`if (!window.axe) { ${source} }`);
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap((/** @type {any} */ rule) =>
      rule.nodes.map(
        (/** @type {any} */ node) => `${rule.id} (${rule.impact}): ${node.target.join(' ')} ${node.failureSummary}`,
      ),
    );
  });
}

/**
 * Waits until `probe` in the page gives something truthy, and gives it.
 * @param {import('puppeteer-core').Page} page @param {string} what for the message
 * @param {(...args: any[]) => unknown} probe @param {number} [timeout] milliseconds @param {any[]} args
 */
export async function until(page, what, probe, timeout = 30_000, ...args) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await page.evaluate(probe, ...args);
    if (found) return found;
    assert.ok(Date.now() < end, `${what}: not within ${timeout} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
