/** The house's arrows point down only: who may import whom, in Rust and in JavaScript, and what no file may hold. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);
const source = (/** @type {string} */ file) => readFileSync(resolve(root, file), 'utf8');

const GROUND = ['error', 'rng', 'kernels'];
const PARTS = ['data', 'formats', 'model', 'tokenizer'];
const LEARNING = ['align', 'generate', 'studio', 'train'];
/** What each folder of src/ may import with `crate::`. */
const MAY = {
  error: [],
  rng: ['error'],
  kernels: ['error', 'rng', 'kernels'],
  ...Object.fromEntries(PARTS.map((part) => [part, [...GROUND, part]])),
  train: [...GROUND, 'model', 'tokenizer', 'data', 'train'],
  generate: [...GROUND, 'model', 'tokenizer', 'generate'],
  align: [...GROUND, 'model', 'train', 'align'],
  studio: [...GROUND, ...PARTS, ...LEARNING],
  wasm: [...GROUND, ...PARTS, ...LEARNING, 'wasm'],
};

/** Violations of the arrows in one Rust file. @param {string} file @param {string} text */
function rustViolations(file, text) {
  const folder = /^src\/(\w+)/.exec(file)?.[1] ?? '';
  if (!(folder in MAY)) return [];
  const production = text.split(/#\[cfg\(test\)\]\s*(?:pub(?:\(\w+\))? )?mod \w+ \{/)[0];
  const named = [...production.matchAll(/crate::(\w+)/g)].map((m) => m[1]);
  const grouped = [...production.matchAll(/crate::\{([^}]*)\}/g)].flatMap((m) => m[1].split(',').map((w) => w.trim()));
  const modules = [...named, ...grouped.map((w) => w.split('::')[0])].filter((m) => m in MAY);
  const wrong = modules.filter((m) => !MAY[/** @type {keyof typeof MAY} */ (folder)].includes(m));
  const js = folder !== 'wasm' && /\b(wasm_bindgen|js_sys|web_sys)\b/.test(production) ? ['JavaScript bindings'] : [];
  return [...wrong, ...js].map((what) => `${file} imports ${what}`);
}

/** Violations of the arrows in one module of the page. @param {string} file @param {string} text */
function pageViolations(file, text) {
  const imports = [
    ...text.matchAll(/^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm),
  ]
    .filter((m) => !m[0].includes('@'))
    .map((m) => m[1] ?? m[2]);
  return imports
    .filter((path) => {
      if (
        /(^|\/)pkg\//.test(path) &&
        !/^www\/engine\/(worker|loader|shard|tokenizer-worker|files-worker|lab-worker|pretraining-worker|teacher-worker)\.js$/.test(
          file,
        )
      )
        return true;
      if (file.startsWith('www/views/settings') && path === '../state.js') return false; // the form of the one table
      if (file.startsWith('www/views/') && /engine\/|state\.js|app\//.test(path))
        return !/engine\/(tokenizer-|files-|lab-|pretraining-|teacher-)?protocol\.js$/.test(path);
      if (file.startsWith('www/engine/') && /views\/|app\/|state\.js|i18n\//.test(path)) return true;
      return false;
    })
    .map((path) => `${file} imports ${path}`);
}

test('Rust imports point down, parts never import each other, only the boundary knows JavaScript', () => {
  const rust = files.filter((file) => file.startsWith('src/') && file.endsWith('.rs'));
  assert.ok(rust.length > 40);
  assert.deepEqual(
    rust.filter((f) => !f.includes('/tests')).flatMap((file) => rustViolations(file, source(file))),
    [],
  );
});

test('modules of the page import only what their floor knows', () => {
  const page = files.filter((file) => /^www\/.*\.js$/.test(file));
  assert.ok(page.length > 30);
  assert.deepEqual(
    page.flatMap((file) => pageViolations(file, source(file))),
    [],
  );
});

test('planted violations are caught', () => {
  assert.equal(rustViolations('src/kernels/x.rs', 'use crate::train::Session;').length, 1);
  assert.equal(rustViolations('src/model/x.rs', 'use crate::{error::Error, tokenizer::Tokenizer};').length, 1);
  assert.equal(rustViolations('src/train/x.rs', 'use wasm_bindgen::prelude::*;').length, 1);
  assert.equal(rustViolations('src/train/x.rs', 'use crate::formats::read;').length, 1);
  assert.equal(pageViolations('www/views/x.js', "import { EngineClient } from '../engine/client.js';").length, 1);
  assert.equal(pageViolations('www/app.js', "import init from './pkg/simd/glassgpt.js';").length, 1);
  assert.equal(pageViolations('www/engine/x.js', "import { t } from '../i18n/index.js';").length, 1);
});

/** What no file of the project may hold: pattern, where, why. @type {[RegExp, RegExp, string][]} */
const FORBIDDEN = [
  [/\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write\b/, /^www\/.*\.js$/, 'puts mark-up into the page'],
  [/Math\.random\(/, /^www\/.*\.js$/, 'is not seeded'],
  [/console\.(log|debug)\(/, /^www\/.*\.js$/, 'still prints'],
  [/\.unwrap\(\)|\.expect\(/, /^src\/(wasm)\//, 'can panic on input from outside'],
  [/registry\.npmjs\.|registry\.yarnpkg\.|static\.crates\.io|index\.crates\.io|artifactory/, /./, 'names a registry'],
  [/"resolved":/, /package-lock\.json$/, 'names where packages were fetched'],
  [/(?<![\w.])\/(work|root|home|Users)\/\w/, /./, 'names a folder of one machine'],
  [/\bunsafe\b(?!_code)/, /^src\/(?!lib\.rs)/, 'is unsafe'],
];

/** What a file holds that it must not. @param {string} file @param {string} text */
const forbidden = (file, text) =>
  FORBIDDEN.filter(([pattern, where]) => where.test(file) && pattern.test(text)).map(([, , why]) => `${file} ${why}`);

test('no file holds what the house forbids', () => {
  const written = files.filter((file) => !/^tests\/(fixtures|page\/arrows)|\.(png|safetensors)$/.test(file));
  assert.deepEqual(
    written.flatMap((file) => forbidden(file, source(file))),
    [],
  );
});

test('planted offences are found', () => {
  const offences = [
    ['www/x.js', 'element.innerHTML = text'],
    ['www/x.js', 'element.insertAdjacentHTML("beforeend", text)'],
    ['www/x.js', 'const r = Math.random();'],
    ['www/x.js', 'console.log(r)'],
    ['src/wasm/x.rs', 'let x = y.unwrap();'],
    ['src/kernels/x.rs', 'unsafe { }'],
    ['package-lock.json', '"resolved": "x"'],
    ['package-lock.json', `"https://registry.${'npmjs'}.org/x"`],
    ['README.md', `open ${'/root'}/project`],
  ];
  for (const [file, text] of offences) assert.equal(forbidden(file, text).length, 1, text);
  assert.deepEqual(forbidden('www/x.js', "import '../work/x.js'; element.textContent = html;"), []);
});
