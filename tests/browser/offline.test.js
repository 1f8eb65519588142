/** The service worker: the page without a network, and builds that never mix. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { leave, press } from './chapter-page.js';
import { browsers, root, until, withBrowser } from './harness.js';

/** Without a network, a browser reports what it could not look up. */
const OFFLINE = [/request failed/, /console: .*(ERR_|failed to fetch|Failed to load)/i];
const PUBLISHED = ['gpt2', 'cl100k', 'o200k'];
const folders = /** @type {string[]} */ ([]);
after(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

/** A page of two modules that both tell their build. @param {string} build @param {(list: any) => void} [change] of its list */
function siteOf(build, change) {
  const folder = mkdtempSync(join(tmpdir(), 'glassgpt-offline-'));
  folders.push(folder);
  return write(folder, build, change);
}

/** @param {string} folder @param {string} build @param {(list: any) => void} [change] */
function write(folder, build, change = () => {}) {
  const csp = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; img-src data:";
  const files = {
    'index.html': `<!doctype html><!-- ${build} --><meta http-equiv="Content-Security-Policy" content="${csp}"><link rel="icon" href="data:,"><script type="module" src="a.js"></script>`,
    'a.js': `import { b } from './b.js'; document.title = 'a${build} b' + b;`,
    'b.js': `export const b = '${build}';`,
    'lazy.txt': 'a text that never changes',
    'later-1.txt': 'large, and never changes',
    'later-2.txt': `large, of ${build}`,
  };
  const list = {
    id: `id-${build}`,
    files: /** @type {Record<string, string>} */ ({}),
    later: /** @type {Record<string, string>} */ ({}),
  };
  mkdirSync(join(folder, 'pkg'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    list[name.startsWith('later') ? 'later' : 'files'][name] =
      `sha256-${createHash('sha256').update(content).digest('base64')}`;
  }
  change(list);
  writeFileSync(join(folder, 'pkg/files.json'), JSON.stringify(list));
  copyFileSync(join(root, 'www/sw.js'), join(folder, 'sw.js'));
  return folder;
}

const title = (/** @type {string} */ expected) => document.title === expected && expected;
const register = () =>
  navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready.then(() => true));
const cached = () => caches.keys().then((names) => names.map((name) => name.split(' ').at(-1)));

/** What a page says when it has all it needs. */
const tell = () => navigator.serviceWorker.ready.then(({ active }) => active?.postMessage('later'));
/** Whether exactly these files that may come later are kept. @param {string} expected */
const keptLater = async (expected) => {
  const found = [];
  for (const path of ['later-1.txt', 'later-2.txt'])
    for (const name of await caches.keys()) {
      const file = await (await caches.open(name)).match(path);
      if (file) found.push(await file.text());
    }
  return found.join('|') === expected;
};

/** Whether so many vocabularies are kept. @param {number} count */
const vocabulariesKept = async (count) => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().filter(({ url }) => url.endsWith('.vocabulary')).length === count;
};

/** Whether the text is shown in the tokens of all published vocabularies. @param {string[]} names */
const threeShown = (names) => names.every((name) => document.querySelector(`.compare [data-of=${name}] .tok`));

/** Opens the site, registers the worker, waits until it serves the page. @param {import('./harness.js').Scene} scene */
async function visit({ page, url }) {
  await page.goto(url);
  await page.evaluate(register);
  await until(page, 'the worker takes over', () => navigator.serviceWorker.controller !== null);
}

for (const name of browsers) {
  test(`after the first visit everything works without a network, unseen files too (${name})`, () =>
    withBrowser(name, { site: { '/deep/er/': siteOf('1') }, allow: OFFLINE }, async (scene) => {
      const { page, url, server } = scene;
      await visit(scene);
      await server.close();
      await page.goto(`${url}#some=setting`);
      await until(page, 'the page starts', title, 5_000, 'a1 b1');
      assert.equal(await page.evaluate(async () => (await fetch('lazy.txt?x')).text()), 'a text that never changes');
    }));

  test(`a new build replaces the old one as a whole, fetching only what changed (${name})`, () => {
    const folder = siteOf('1');
    return withBrowser(name, { site: { '/': folder } }, async (scene) => {
      const { page, url, server } = scene;
      await visit(scene);
      write(folder, '2');
      const before = server.requests.length;
      await page.goto(url);
      await until(page, 'the new build shows', title, 5_000, 'a2 b2');
      const asked = server.requests.slice(before).filter((path) => !/sw\.js|favicon/.test(path));
      assert.deepEqual(asked.sort(), ['/a.js', '/b.js', '/index.html', '/pkg/files.json']);
      assert.deepEqual(await page.evaluate(cached), ['id-2']);
    });
  });

  test(`what may come later does not hold up a build, is tried again, and is kept where it did not change (${name})`, () => {
    const folder = siteOf('1');
    let broken = true;
    const fault = (/** @type {string} */ path) =>
      broken && path === '/later-1.txt' ? { body: 'not this' } : undefined;
    const allow = [...OFFLINE, /digest|integrity/i];
    return withBrowser(name, { site: { '/': folder }, fault, allow }, async (scene) => {
      const { page, url, server } = scene;
      await visit(scene);
      assert.ok(!server.requests.some((path) => path.includes('later')), 'fetched with the build');
      await page.evaluate(tell);
      await until(page, 'the second is kept, the first is not', keptLater, 5_000, 'large, of 1');
      broken = false;
      await page.evaluate(tell);
      await until(page, 'both are kept', keptLater, 5_000, 'large, and never changes|large, of 1');
      write(folder, '2');
      const before = server.requests.length;
      await page.goto(url);
      await until(page, 'the new build shows', title, 5_000, 'a2 b2');
      await page.evaluate(tell);
      await until(page, 'both of the new build are kept', keptLater, 5_000, 'large, and never changes|large, of 2');
      const asked = server.requests.slice(before).filter((path) => path.includes('later'));
      assert.deepEqual(asked, ['/later-2.txt']);
      await server.close();
      assert.equal(await page.evaluate(async () => (await fetch('later-2.txt')).text()), 'large, of 2');
    });
  });

  test(`an upload in progress is not shown: the old build stays whole (${name})`, () => {
    const folder = siteOf('1');
    // The list is new, one file does not match it yet.
    return withBrowser(name, { site: { '/': folder }, allow: [/digest|integrity/i] }, async (scene) => {
      const { page, url } = scene;
      await visit(scene);
      write(folder, '2', (list) => {
        list.files['b.js'] = list.files['a.js'];
      });
      await page.goto(url);
      await until(page, 'the old build shows', title, 5_000, 'a1 b1');
      write(folder, '2');
      await page.goto(url);
      await until(page, 'the new build shows', title, 5_000, 'a2 b2');
    });
  });

  test(`a server that does not answer delays the page by seconds only (${name})`, () => {
    const folder = siteOf('1');
    const fault = (/** @type {string} */ path) => (stuck && path === '/pkg/files.json' ? { hang: true } : undefined);
    let stuck = false;
    return withBrowser(name, { site: { '/': folder }, fault }, async (scene) => {
      await visit(scene);
      stuck = true;
      const start = Date.now();
      await scene.page.goto(scene.url);
      await until(scene.page, 'the kept build shows', title, 10_000, 'a1 b1');
      assert.ok(Date.now() - start < 8_000);
    });
  });

  test(`two copies under one origin keep their own builds (${name})`, async () => {
    const [one, two] = [siteOf('1'), siteOf('2')];
    await withBrowser(name, { site: { '/one/': one, '/two/': two }, allow: OFFLINE }, async (scene) => {
      await visit(scene);
      await visit({ ...scene, url: scene.url.replace('/one/', '/two/') });
      await scene.server.close();
      await scene.page.goto(scene.url);
      await until(scene.page, 'the first copy starts', title, 5_000, 'a1 b1');
    });
  });

  test(`the real page, once visited, opens, reads a text and loads the published vocabularies without a network (${name})`, () =>
    withBrowser(name, { site: 'dist', allow: OFFLINE }, async ({ page, url, server }) => {
      await page.goto(url);
      await until(page, 'the worker takes over', () => navigator.serviceWorker.controller !== null, 60_000);
      await until(page, 'the vocabularies are kept', vocabulariesKept, 30_000, PUBLISHED.length);
      await server.close();
      await page.goto(url);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
      await leave(page);
      await page.goto(`${url}#lang=en&screen=ch1&part=compare`);
      await page.waitForSelector('#chapter .tax .acts .btn', { timeout: 60_000 });
      await press(page, '.tax .acts .btn');
      await until(page, 'three vocabularies', threeShown, 20_000, PUBLISHED);
    }));
}
