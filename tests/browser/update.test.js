/** An app to install, and a new build that never loses a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, TINY } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

for (const name of browsers)
  test(`a new build is offered, the run at work is kept, and goes on after reloading (${name})`, () => {
    let build = 'one';
    return withBrowser(
      name,
      {
        ...NO_SERVICE_WORKER,
        fault: (path) =>
          path.endsWith('/sw.js')
            ? { status: 404 }
            : path.endsWith('/pkg/files.json')
              ? { status: 200, body: JSON.stringify({ id: build, files: {} }) }
              : undefined,
      },
      async ({ page, url }) => {
        await page.goto(`${url}#lang=en&${TINY.replace('steps=60', 'steps=20000')}`);
        await page.waitForSelector('#prediction .bar', { timeout: 60_000 });
        const manifest = await page.evaluate(async () => {
          const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=manifest]'));
          const found = await (await fetch(link.href)).json();
          const icons = await Promise.all(found.icons.map((/** @type {any} */ i) => fetch(new URL(i.src, link.href))));
          return {
            start: new URL(found.start_url, link.href).href,
            display: found.display,
            icons: icons.map((i) => i.ok),
          };
        });
        assert.deepEqual(manifest, { start: url, display: 'standalone', icons: [true, true] });
        await page.click('.model .primary');
        await until(page, 'some steps', () => /step [1-9]\d/.test(document.querySelector('.model')?.textContent ?? ''));
        build = 'two';
        await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        await until(page, 'the offer', () => /new version/.test(document.getElementById('notices')?.textContent ?? ''));
        const loaded = page.waitForNavigation();
        await page.$$eval('#notices button', (all) =>
          /** @type {HTMLElement} */ (all.find((e) => /^\s*Reload/.test(e.textContent ?? ''))).click(),
        );
        await loaded;
        await until(
          page,
          'the kept run',
          () => /still here\. Step \d/.test(document.getElementById('notices')?.textContent ?? ''),
          60_000,
        );
      },
    );
  });
