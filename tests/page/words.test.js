/** Words in two languages: none missing, none unused, places alike. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const i18n = resolve(import.meta.dirname, '../../www/i18n');
/** Dictionaries of a language by file: those of the first load and those that come later. @param {string} folder */
const dictionaries = async (folder) =>
  Object.fromEntries(
    await Promise.all(
      readdirSync(join(i18n, folder)).map(async (file) => [file, (await import(join(i18n, folder, file))).default]),
    ),
  );
const enFiles = await dictionaries('en');
const zhFiles = await dictionaries('zh-hans');
const en = Object.assign({}, ...Object.values(enFiles));
const zh = Object.assign({}, ...Object.values(zhFiles));
const www = resolve(import.meta.dirname, '../../www');
const code = readdirSync(www, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.js') && !/^(vendor|pkg|i18n)\b/.test(file))
  .map((file) => readFileSync(join(www, file), 'utf8'))
  .join('\n');

/** @param {string | { one: string, other: string }} entry */
const texts = (entry) => (typeof entry === 'string' ? [entry] : [entry.one, entry.other]);
/** @param {string} text */
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test('both languages have the same keys, file by file', () => {
  assert.deepEqual(Object.keys(zhFiles).sort(), Object.keys(enFiles).sort());
  for (const [file, words] of Object.entries(enFiles))
    assert.deepEqual(Object.keys(zhFiles[file]).sort(), Object.keys(words).sort(), file);
});

test('no key stands in two dictionaries', () => {
  const all = Object.values(enFiles).flatMap((words) => Object.keys(words));
  assert.equal(all.length, Object.keys(en).length);
});

test('a sentence has the same places in both languages', () => {
  for (const [key, entry] of Object.entries(en)) {
    const wanted = places(texts(entry).at(-1));
    for (const text of texts(zh[key])) assert.deepEqual(places(text), wanted, key);
  }
});

test('every key that the code names literally exists', () => {
  const named = [...code.matchAll(/\b(?:t|rich)\(\s*'([\w.-]+)'/g)].map((m) => m[1]);
  assert.ok(named.length > 50, `only ${named.length} keys found`);
  assert.deepEqual(
    named.filter((key) => !(key in en)),
    [],
  );
});

test('every key is used: literally, or by the beginning that a template builds on', () => {
  const literal = new Set([...code.matchAll(/'([a-zA-Z][\w-]*(?:\.[\w-]+)*)'/g)].map((m) => m[1]));
  const beginnings = [...code.matchAll(/`([a-zA-Z][\w.-]*\.)\$\{/g)].map((m) => m[1]);
  const unused = Object.keys(en).filter((key) => !literal.has(key) && !beginnings.some((b) => key.startsWith(b)));
  assert.deepEqual(unused, []);
});

test('Chinese words are Chinese, and English words hold no Chinese but names of languages and examples', () => {
  const han = /\p{Script=Han}/u;
  const plain = (/** @type {unknown} */ entry) => texts(/** @type {string} */ (entry)).join(' ');
  const foreign = Object.keys(en).filter((key) => han.test(plain(en[key])));
  assert.deepEqual(foreign.sort(), ['lesson.sample.chinese', 'sample.hello', 'tax.pair.zh', 'text.preset.hello']);
  // Without a Han character: numbers, names and terms that stay as they are.
  const same = Object.keys(zh).filter((key) => !han.test(plain(zh[key])) && /[a-z]{4,} [a-z]{3,}/.test(plain(zh[key])));
  assert.deepEqual(
    same.filter((key) => key !== 'text.preset.hello' && key !== 'tax.pair.en'),
    [],
  );
});

test('every word that prose marks is in the glossary, nothing is marked twice in a sentence, and marks are alike', () => {
  const marks = (/** @type {string} */ text) => [...text.matchAll(/<g ([\w-]+)>/g)].map((m) => m[1]);
  let count = 0;
  for (const [key, entry] of Object.entries(en)) {
    const wanted = marks(texts(entry).at(-1));
    count += wanted.length;
    assert.equal(new Set(wanted).size, wanted.length, key);
    for (const term of wanted) assert.ok(`term.${term}.means` in en, `${key}: ${term}`);
    for (const text of texts(zh[key])) assert.deepEqual(marks(text).sort(), [...wanted].sort(), key);
  }
  assert.ok(count >= 20, `only ${count} words are marked`);
  const terms = Object.keys(en).filter((key) => /^term\..*\.means$/.test(key));
  assert.ok(terms.length >= 40, `${terms.length} terms`);
  for (const key of terms) assert.ok(key.replace('means', 'name') in en, key);
});
