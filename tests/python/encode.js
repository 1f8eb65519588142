/**
 * The tokenizer of the page (`www/pkg/tokenizer/`), run by node for the Python scripts beside it.
 *
 *     node encode.js (NAME | trained:SPLIT | FILE) [save FILE]
 *
 * NAME is a published vocabulary; `trained:SPLIT` learns one from the project's own words. Reads a JSON string a line,
 * writes the list of its ids; with `save` writes the vocabulary as `tokenizer.json` instead.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inflateSync } from 'node:zlib';
import { initSync, Tokenizer, Training } from '../../www/pkg/tokenizer/tokenizer.js';

const root = join(import.meta.dirname, '../..');
initSync({ module: readFileSync(join(root, 'www/pkg/tokenizer/tokenizer_bg.wasm')) });

/** @param {string} what */
function open(what) {
  if (['gpt2', 'cl100k', 'o200k'].includes(what)) {
    return Tokenizer.published(
      what,
      inflateSync(readFileSync(join(root, `www/vendor/vocabularies/${what}.vocabulary`))),
    );
  }
  const split = /^trained:(.+)/.exec(what)?.[1];
  if (!split) return Tokenizer.open(readFileSync(what));
  const words =
    readFileSync(join(root, 'www/i18n/zh-hans/shell.js'), 'utf8') + readFileSync(join(root, 'README.md'), 'utf8');
  const training = new Training(new TextEncoder().encode(words), 1500, split);
  while (training.advance(1000));
  return training.finish().tokenizer;
}

const [what, save, file] = process.argv.slice(2);
const tokenizer = open(what);
if (save === 'save') writeFileSync(file, tokenizer.save());
else {
  const { nfc } = tokenizer.facts();
  for await (const line of createInterface({ input: process.stdin })) {
    const text = JSON.parse(line);
    process.stdout.write(`[${tokenizer.encode(nfc ? text.normalize('NFC') : text)}]\n`);
  }
}
