/** `docs/performance.md` out of the figures in `target/bench/`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, ROOT } from './bench-tables.js';

/** @typedef {import('./bench-tables.js').Figures} Figures */

const NAMES = ['engine', 'workers', 'page', 'tokenizer'];

const row = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;

/** @param {import('./bench-tables.js').Table} table */
const section = ({ title, about, columns, rows }) =>
  [
    `## ${title}`,
    ...(about ? ['', about] : []),
    '',
    row(columns),
    row(columns.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(row),
  ].join('\n');

const all = NAMES.map(
  (name) => /** @type {Figures} */ (JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))),
);
const { date, processor, cores, system, browser } = all[0].machine;
const text = `# Performance

Written by \`cargo xtask bench\`; the same figures as JSON are in \`target/bench/\`. Medians, on ${date}: ${browser}, headless, on
${cores} cores of ${processor}, ${system}. The machine is shared with others: times move by a third from run to run,
and what counts are the ratios within one table. None of these figures decides whether a test passes: \`cargo xtask test\` asks
for ratios (\`tests/browser/speed-gate.js\`). In one process, in turns, medians: kernels against plain loops, whole steps against
the matrix product of the same build, SIMD against none. Its limits are about half of what a quiet machine measures, and what
misses is measured anew with more rounds before it fails.

${all.flatMap(({ tables }) => tables.map(section)).join('\n\n')}
`;
writeFileSync(join(ROOT, 'docs/performance.md'), text);
process.stdout.write('docs/performance.md is written\n');
