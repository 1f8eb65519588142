/** The example of `docs/tokenizer.md`, as it stands there, run in a page that has nothing else. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blank, browsers, root, withBrowser } from './harness.js';

const guide = readFileSync(join(root, 'docs/tokenizer.md'), 'utf8');
const examples = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

for (const name of browsers) {
  test(`the examples of the tokenizer as a library do what they say (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      // Each line `expression; // value` is checked.
      const checked = examples
        .join('\n')
        .replace(/^(.+); \/\/ (.+)$/gm, (_, expression, value) => `check(${expression}, ${value});`)
        .replaceAll(/import (\w+), \{ (.+?) \} from '(.+?)';/g, "const { default: $1, $2 } = await import('$3');");
      const told = await page.evaluate(async (code) => {
        /** @type {[string, string][]} */
        const pairs = [];
        const plain = (/** @type {any} */ value) =>
          ArrayBuffer.isView(value) ? [.../** @type {any} */ (value)] : value;
        const check = (/** @type {unknown} */ found, /** @type {unknown} */ value) =>
          pairs.push([JSON.stringify(plain(found)), JSON.stringify(value)]);
        const run = new Function('check', `return (async () => {${code}})()`);
        await run(check);
        return pairs;
      }, checked);
      assert.ok(told.length >= 8, `${told.length} values checked`);
      for (const [found, value] of told) assert.equal(found, value);
    }));
}
