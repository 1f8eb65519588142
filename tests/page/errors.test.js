/** Sentences of errors: every place in them is a detail that the error brings along. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import en from '../../www/i18n/en/shell.js';

const root = resolve(import.meta.dirname, '../..');
const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8');

/** Names of details by code, out of `Error::code` and `Error::details`. */
function rustDetails() {
  const source = read('src/error.rs');
  const codes = [...source.matchAll(/Self::(\w+)[^=|]*=> "([a-z-]+)"/g)].map((m) => [m[1], m[2]]);
  const body = source.slice(source.indexOf('pub fn details'), source.indexOf('impl fmt::Display'));
  /** @type {Record<string, string[]>} */
  const names = {};
  // One arm after the other; several variants may share one.
  for (const [, variants, content] of body.matchAll(/^ {12}(Self::[^=]*)=>([\s\S]*?)(?=^ {12}Self::|^ {8}\})/gm)) {
    const found = [...content.matchAll(/\("(\w+)",/g)].map((m) => m[1]);
    for (const [, variant] of variants.matchAll(/Self::(\w+)/g)) names[variant] = found;
  }
  return Object.fromEntries(codes.map(([variant, code]) => [code, names[variant] ?? []]));
}

/** Names of details by code, of the failures that the page's own scripts make. */
function pageDetails() {
  const made = ['loader', 'start-module', 'storage', 'service'].map((name) => read(`www/engine/${name}.js`)).join('\n');
  /** @type {Record<string, string[]>} */
  const found = { 'corpus-load': ['name'] };
  for (const call of made
    .replace(/`[^`]*`/g, '')
    .split(/\bfailure\(/)
    .slice(1)) {
    const [inside] = call.split(');');
    const code = inside.match(/^\s*'([a-z-]+)'/)?.[1];
    if (!code) continue;
    const names = [...(inside.match(/\{([^}]*)\}/)?.[1] ?? '').matchAll(/(\w+)\s*(?=[:,]|$)/g)].map((m) => m[1]);
    found[code] = [...(found[code] ?? []), ...names];
  }
  return found;
}

const details = { ...pageDetails(), ...rustDetails() };
const sentences = Object.entries(en).filter(([key]) => key.startsWith('error.') && key !== 'error.other');

test('every error that has a sentence exists', () => {
  assert.ok(sentences.length > 10);
  assert.ok(details.setting.includes('expected') && details.storage.includes('cause'), JSON.stringify(details));
  for (const [key] of sentences) assert.ok(key.slice('error.'.length) in details, key);
});

test('a sentence only asks for details that its error has', () => {
  for (const [key, words] of sentences) {
    const asked = [...String(words).matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    const had = details[key.slice('error.'.length)];
    assert.deepEqual(
      asked.filter((name) => !had.includes(name)),
      [],
      `${key} has ${had}`,
    );
  }
});

test('every code that the page knows has a sentence', () => {
  const known = read('www/app/failures.js').match(/KNOWN = [^[]*\[([^\]]*)\]/)?.[1] ?? '';
  const codes = [...known.matchAll(/'([a-z-]+)'/g)].map((m) => m[1]);
  assert.deepEqual(codes.sort(), sentences.map(([key]) => key.slice('error.'.length)).sort());
});
