/** What a first visit has to fetch, as a server that compresses sends it. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { NO_SERVICE_WORKER } from './chapter-page.js';
import { browsers, root, withBrowser } from './harness.js';

const WASM_BYTES = 250_000;
/** Everything but corpora. */
const PAGE_BYTES = 400_000;

test(`a first visit fetches at most ${PAGE_BYTES / 1000} kB, the engine at most ${WASM_BYTES / 1000} kB`, () =>
  withBrowser(
    browsers[0],
    {
      site: 'dist',
      ...NO_SERVICE_WORKER,
    },
    async ({ page, url, server }) => {
      await page.goto(url);
      await page.waitForSelector('#prediction .bar');
      const base = new URL(url).pathname;
      const fetched = [...new Set(server.requests)]
        .map((path) => (path === base ? 'index.html' : path.slice(base.length)))
        .filter((name) => name !== 'sw.js' && !name.startsWith('vendor/corpora/'));
      const sizes = await Promise.all(
        fetched.map(async (name) => ({
          name,
          bytes: gzipSync(await readFile(join(root, 'dist', name)), { level: 9 }).length,
        })),
      );
      const wasm = sizes.filter(({ name }) => name.endsWith('.wasm'));
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      const said = `${sizes.length} files, ${total} bytes, of them the engine ${wasm.map(({ bytes }) => bytes)}`;
      assert.equal(wasm.length, 1, said);
      assert.ok(wasm[0].bytes <= WASM_BYTES, said);
      assert.ok(total <= PAGE_BYTES, said);
      process.stdout.write(`${said}\n`);
    },
  ));
