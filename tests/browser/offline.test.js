/** The service worker: the page without a network, and builds that never mix. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { browsers, root, until, withBrowser } from './harness.js';

/** Without a network, a browser reports what it could not look up. */
const OFFLINE = [/request failed/, /console: .*(ERR_|failed to fetch|Failed to load)/i];
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
  };
  const list = { id: `id-${build}`, files: /** @type {Record<string, string>} */ ({}) };
  mkdirSync(join(folder, 'pkg'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    list.files[name] = `sha256-${createHash('sha256').update(content).digest('base64')}`;
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

  test(`the real page, once visited, opens and reads a text without a network (${name})`, () =>
    withBrowser(name, { site: 'dist', allow: OFFLINE }, async ({ page, url, server }) => {
      await page.goto(url);
      await until(page, 'the worker takes over', () => navigator.serviceWorker.controller !== null, 60_000);
      await server.close();
      await page.goto(url);
      await page.waitForSelector('.prediction .bar', { timeout: 60_000 });
    }));
}
