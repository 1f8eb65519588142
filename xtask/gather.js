/**
 * Few files where a page has many: `node xtask/gather.js FOLDER`, in a copy of `www/`.
 *
 * The style sheets that `index.html` names become one, `page.css`, in their order. Scripts are bundled, and all land in
 * `engine/`: what the first screen imports in two files, which `index.html` asks for at once; what is imported later in files
 * of its own; every worker whole. Else a browser learns of each module only from the one before it, and on a phone network
 * every step of that chain is a wait. Modules that find other files by `import.meta.url` lie in folders of the same depth
 * as `engine/`, so that the way from there stays the same. The modules themselves are taken away: nothing asks for them.
 */

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

const folder = resolve(process.argv[2]);
const SHEET = 'page.css';
const LINK = /<link rel="stylesheet" href="([^"]+)">\n/g;
const SCRIPT = '<script type="module" src="app.js"></script>';
const PAGE = 'engine/page.js';
/** What opens screens beside the playground, and which there are. */
const [OPEN, LIST] = ['chapters/open.js', 'chapters/list.js'];
const COURSE = 'app/teaching.js';
/** Scripts whose addresses are put together only when they are asked for, and the service worker. */
const APART = /^(sw|pkg\/\w+\/glassgpt)\.js$/;
const WORKER = /^engine\/(\w+-)?(worker|shard)\.js$/;

/** @param {string} path @returns {string} as seen from the page */
const nameOf = (path) => relative(folder, resolve(folder, path)).split(sep).join(posix.sep);

/** @param {import('esbuild').BuildOptions} options @returns {Promise<import('esbuild').Metafile>} */
async function bundle(options) {
  const { metafile } = await build({
    absWorkingDir: folder,
    outdir: 'engine',
    chunkNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    target: 'esnext',
    minify: true,
    metafile: true,
    allowOverwrite: true,
    logLevel: 'warning',
    ...options,
  });
  return /** @type {import('esbuild').Metafile} */ (metafile);
}

/** @typedef {Map<string, { path: string, kind: string }[]>} Graph  what every module imports */

/** Modules of the page. @param {string} entry @returns {Promise<Graph>} */
async function graphOf(entry) {
  const { inputs } = await bundle({ entryPoints: [entry], write: false });
  return new Map(Object.entries(inputs).map(([path, { imports }]) => [nameOf(path), imports]));
}

/** A module and all that it imports, directly or not, in the order in which they are found. @param {Graph} graph @param {string} entry */
function needsOf(graph, entry) {
  const found = [entry];
  for (const module of found)
    for (const { path, kind } of graph.get(module) ?? [])
      if (kind === 'import-statement' && !found.includes(nameOf(path))) found.push(nameOf(path));
  return found;
}

/**
 * Modules that are always there together are asked for together. A bundler makes a file for every set of parts that share
 * something; so every part that is imported later is made to share all of what is there before it.
 * @param {Map<string, string[]>} before   modules by the part that is imported after them
 * @returns {import('esbuild').Plugin}
 */
const together = (before) => ({
  name: 'together',
  setup(build) {
    build.onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const there = before.get(nameOf(path));
      if (!there) return undefined;
      const imports = there.map((module) => {
        const way = posix.relative(posix.dirname(nameOf(path)), module);
        return `import ${JSON.stringify(way.startsWith('.') ? way : `./${way}`)};`;
      });
      return {
        contents: `${imports.join('')}${await readFile(path, 'utf8')}`,
        loader: 'js',
        resolveDir: dirname(path),
      };
    });
  },
});

/** What a module imports when it needs it. @param {Graph} graph @param {string} module @returns {string[]} */
const laterOf = (graph, module) =>
  (graph.get(module) ?? []).filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => nameOf(path));

/**
 * What more than one screen needs and nothing else, but for the course of the last chapters, which is large: all of it comes
 * with each.
 * @param {Graph} graph @param {string[]} screens @param {string[]} others  that need what they need for themselves
 */
function sharedBy(graph, screens, others) {
  const needs = screens.map((screen) => needsOf(graph, screen));
  const taken = new Set(others.flatMap((part) => needsOf(graph, part)));
  const shared = needs.flat().filter((module) => {
    const users = needs.filter((of) => of.includes(module));
    return !taken.has(module) && users.length > 1 && users.some((of) => !of.includes(COURSE));
  });
  return [...new Set(shared)];
}

/** Bundles what the page itself runs. @returns {Promise<{ made: string[], first: string[] }>} files, and those needed at once */
async function bundlePage() {
  const graph = await graphOf('app.js');
  const first = needsOf(graph, 'app.js').slice(1);
  const later = [...graph.keys()].flatMap((module) => laterOf(graph, module)).filter((part) => !first.includes(part));
  const before = new Map(later.map((part) => [part, first]));
  const screens = [OPEN, ...laterOf(graph, LIST)];
  const others = later.filter((part) => !screens.includes(part));
  const shared = sharedBy(graph, screens, ['app.js', ...others]);
  for (const screen of screens) before.set(screen, [...first, ...shared]);
  const { outputs } = await bundle({
    entryPoints: [{ in: 'app.js', out: 'page' }],
    splitting: true,
    plugins: [together(before)],
  });
  const needed = outputs[PAGE].imports.filter(({ kind }) => kind === 'import-statement');
  return { made: Object.keys(outputs).map(nameOf), first: needed.map(({ path }) => nameOf(path)) };
}

/** Every script below the folder. @returns {Promise<string[]>} */
async function scripts() {
  const files = await readdir(folder, { recursive: true });
  return files.map((file) => file.split(sep).join(posix.sep)).filter((file) => file.endsWith('.js'));
}

/** @returns {Promise<string[]>} files that the page needs at once, beside its own script */
async function gatherScripts() {
  const all = await scripts();
  const workers = all.filter((file) => WORKER.test(file));
  const { made, first } = await bundlePage();
  await bundle({ entryPoints: workers });
  const kept = new Set([...made, ...workers]);
  await Promise.all(all.filter((file) => !kept.has(file) && !APART.test(file)).map((file) => rm(join(folder, file))));
  return first;
}

/** @param {string[]} sheets */
async function gatherStyles(sheets) {
  const styles = await Promise.all(sheets.map((sheet) => readFile(join(folder, sheet), 'utf8')));
  const outside = styles.join('').match(/url\((?!"?data:)[^)]*\)|@import[^;]*/);
  if (outside) throw new Error(`${outside[0]} would be looked for in another folder`);
  await writeFile(join(folder, SHEET), styles.join(''));
  await Promise.all(sheets.map((sheet) => rm(join(folder, sheet))));
}

const path = join(folder, 'index.html');
const page = await readFile(path, 'utf8');
const sheets = [...page.matchAll(LINK)].map(([, sheet]) => sheet);
if (sheets.length === 0 || !page.includes(SCRIPT)) throw new Error(`${path} names no style sheets, or not its script`);
await gatherStyles(sheets);
const preloads = (await gatherScripts()).map((script) => `<link rel="modulepreload" href="${script}">\n`);
let first = true;
const gathered = page
  .replace(LINK, () => {
    if (!first) return '';
    first = false;
    return `<link rel="stylesheet" href="${SHEET}">\n`;
  })
  .replace(SCRIPT, `${preloads.join('')}<script type="module" src="${PAGE}"></script>`);
await writeFile(path, gathered);
