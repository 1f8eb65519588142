/**
 * Scripts and styles of a built page, made small in place: `node xtask/minify.js FOLDER FILE…`.
 *
 * Each file stays a file of its own (`gather.js` has made them few); only comments, white space and long local names go.
 * Notices of licences stay.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { transform } from 'esbuild';

const [folder, ...files] = process.argv.slice(2);
await Promise.all(
  files.map(async (file) => {
    const path = join(folder, file);
    const loader = extname(file) === '.css' ? 'css' : 'js';
    const { code } = await transform(await readFile(path, 'utf8'), { loader, minify: true, target: 'esnext' });
    await writeFile(path, code);
  }),
);
