/** The golden checks of `tests/golden`, compiled to WebAssembly: the engine gives the same numbers in every browser. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { blank, browsers, fixtures, withBrowser } from './harness.js';

/** @typedef {{ kind: string, file: string, ok: boolean, text: string }} Result */

const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(fixtures.length + 1).replaceAll('\\', '/'))
  .sort();

/**
 * Runs in the page.
 * @param {string} module @param {string[]} paths
 * @returns {Promise<{ kinds: string[], results: Result[] }>}
 */
async function runGolden(module, paths) {
  const golden = await import(module);
  await golden.default();
  const contents = paths.map(async (path) => {
    const answer = await fetch(`/fixtures/${path.split('/').map(encodeURIComponent).join('/')}`);
    return new Uint8Array(await answer.arrayBuffer());
  });
  return { kinds: golden.kinds(), results: JSON.parse(golden.run(paths, await Promise.all(contents))) };
}

for (const name of browsers) {
  test(`engine agrees with the golden data (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const { kinds, results } = await page.evaluate(runGolden, '/golden-web/simd/golden.js', files);
      assert.ok(results.length > 0, `${fixtures} holds no golden file`);
      // The project's own fixtures hold every kind; a folder given from outside may hold some.
      if (!process.env.GLASSGPT_FIXTURES) {
        assert.deepEqual([...new Set(results.map((result) => result.kind))], kinds, 'a kind has no file');
      }
      const failed = results.filter((result) => !result.ok);
      assert.deepEqual(failed, [], `${failed.length} of ${results.length} files fail`);
    }));
}
