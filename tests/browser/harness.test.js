/** The harness itself: it must not let a faulty page pass, and must set up what it promises. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { axe, blank, browsers, withBrowser } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'glassgpt-harness-'));
after(() => rmSync(folder, { recursive: true }));
const head = `<!doctype html><html lang="en"><title>x</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`;
writeFileSync(join(folder, 'index.html'), `${head}<script type="module" src="page.js"></script><img id="i" src="">`);
writeFileSync(join(folder, 'page.js'), 'document.title = "ran";');
const site = { '/': folder };

/** What each fault does in the page, and how the harness reports it. @type {Record<string, [() => unknown, RegExp]>} */
const faults = {
  'a console error': [() => console.error('something broke'), /console: something broke/],
  'an uncaught exception': [() => setTimeout(() => JSON.parse('{')), /uncaught: .*JSON/],
  'an unhandled rejection': [() => setTimeout(() => Promise.reject(new Error('lost'))), /uncaught: .*lost/],
  'a missing file': [() => fetch('missing.txt').then(() => undefined), /answer 404: .*missing\.txt/],
  'a violation of the security policy': [
    () => import('data:text/javascript,0').catch(() => {}),
    /CSP violation: script-src/,
  ],
};

for (const name of browsers) {
  for (const [fault, [cause, report]] of Object.entries(faults)) {
    test(`${fault} fails a test that says nothing of it, and is reported (${name})`, async () => {
      const visit = withBrowser(name, { site }, async ({ page, url, errors }) => {
        await page.goto(url);
        await page.evaluate(cause);
        for (let i = 0; i < 100 && !errors.some((error) => report.test(error)); i++) {
          await new Promise((done) => setTimeout(done, 20));
        }
      });
      await assert.rejects(visit, report);
    });
  }

  test(`an error that a test expects passes (${name})`, async () => {
    await withBrowser(name, { site, allow: [/404: .*missing/, /console: .*404/] }, async ({ page, url }) => {
      await page.goto(url);
      assert.equal(await page.evaluate(async () => (await fetch('missing.txt')).status), 404);
    });
  });

  test(`size, colour scheme, language and motion are as asked (${name})`, async () => {
    const seen = () => ({
      width: innerWidth,
      height: innerHeight,
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      still: matchMedia('(prefers-reduced-motion: reduce)').matches,
      lang: navigator.language,
    });
    const phone = { width: 390, height: 844 };
    await withBrowser(
      name,
      { viewport: phone, dark: true, lang: 'zh-CN', reducedMotion: true },
      async ({ page, url }) => {
        await page.goto(blank(url));
        assert.deepEqual(await page.evaluate(seen), { ...phone, dark: true, still: true, lang: 'zh-CN' });
      },
    );
    await withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      assert.deepEqual(await page.evaluate(seen), {
        width: 1280,
        height: 800,
        dark: false,
        still: false,
        lang: 'en-US',
      });
    });
  });

  test(`axe finds an image without a description, and nothing in a good page (${name})`, async () => {
    await withBrowser(name, { site }, async ({ page, url }) => {
      await page.goto(url);
      assert.match((await axe(page)).join('\n'), /image-alt \(critical\): #i/);
      await page.evaluate(() => document.querySelector('img')?.remove());
      await page.evaluate(() =>
        document.body.append(Object.assign(document.createElement('main'), { textContent: 'hello' })),
      );
      await page.evaluate(() =>
        document.querySelector('main')?.prepend(Object.assign(document.createElement('h1'), { textContent: 'x' })),
      );
      assert.deepEqual(await axe(page), []);
    });
  });
}
