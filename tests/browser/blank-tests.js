/** Tests that run in a blank page of their own. */

import { test } from 'node:test';
import { blank, withBrowser } from './harness.js';
import { pageOf } from './in-page.js';

/** @typedef {(code: any, given?: any) => Promise<any>} InPage   see {@link pageOf} */

/** @param {import('./launch.js').BrowserName} name @returns {(title: string, body: (inPage: InPage) => Promise<void>) => void} */
export const blankTests = (name) => (title, body) =>
  test(`${title} (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      await body((code, given) => pageOf(page, code, given));
    }));
