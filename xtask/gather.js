/**
 * What the first screen needs, asked for at once: `node xtask/gather.js FOLDER`, in a built page.
 *
 * The style sheets that `index.html` names become one, `page.css`, in their order; and every module that `app.js` imports,
 * directly or not, is named for preloading. Else a browser learns of each only from the one before it, and on a phone
 * network every step of that chain is a wait. Modules stay files of their own.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
const SHEET = 'page.css';
const LINK = /<link rel="stylesheet" href="([^"]+)">\n/g;
const SCRIPT = '<script type="module" src="app.js"></script>';

/** Modules of the page in the order in which they would be found. @param {string} entry @returns {Promise<string[]>} */
async function modules(entry) {
  const { metafile } = await build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const name = (/** @type {string} */ path) => relative(folder, path).split(sep).join(posix.sep);
  const found = [entry];
  for (const module of found) {
    const input = Object.entries(metafile.inputs).find(([path]) => name(path) === module);
    for (const { path, kind } of input?.[1].imports ?? [])
      if (kind === 'import-statement' && !found.includes(name(path))) found.push(name(path));
  }
  return found.slice(1);
}

const path = join(folder, 'index.html');
const page = await readFile(path, 'utf8');
const sheets = [...page.matchAll(LINK)].map(([, sheet]) => sheet);
if (sheets.length === 0 || !page.includes(SCRIPT)) throw new Error(`${path} names no style sheets, or not its script`);
const styles = await Promise.all(sheets.map((sheet) => readFile(join(folder, sheet), 'utf8')));
const outside = styles.join('').match(/url\((?!"?data:)[^)]*\)|@import[^;]*/);
if (outside) throw new Error(`${outside[0]} would be looked for in another folder`);
await writeFile(join(folder, SHEET), styles.join(''));
await Promise.all(sheets.map((sheet) => rm(join(folder, sheet))));
const preloads = (await modules('app.js')).map((module) => `<link rel="modulepreload" href="${module}">\n`);
let first = true;
const gathered = page
  .replace(LINK, () => {
    if (!first) return '';
    first = false;
    return `<link rel="stylesheet" href="${SHEET}">\n`;
  })
  .replace(SCRIPT, preloads.join('') + SCRIPT);
await writeFile(path, gathered);
