/**
 * Tables of figures: printed at once, and kept in `target/bench/NAME.json` with what they were measured on.
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {string} [about]     what was measured, in a sentence
 * @property {string[]} columns
 * @property {string[][]} rows
 *
 * @typedef {object} Figures
 * @property {string} name
 * @property {{ date: string, processor: string, cores: number, system: string, browser: string }} machine
 * @property {Table[]} tables
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, type } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const FOLDER = join(ROOT, 'target/bench');

/** @param {number[]} values */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

export const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

/** A table as lines of equal columns. @param {Table} table */
export function lines({ columns, rows }) {
  const all = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const pad = (/** @type {string} */ cell, /** @type {number} */ i) =>
    i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
  return all.map((row) => row.map(pad).join('  ').trimEnd());
}

/** What a script measures. */
export class Tables {
  /** @type {Table[]} */
  #tables = [];

  /** @param {string} name @param {string} browser   its name and version */
  constructor(name, browser) {
    this.name = name;
    this.browser = browser;
  }

  /** Prints a table and keeps it. @param {Table} table */
  add(table) {
    this.#tables.push(table);
    say(`\n${table.title}`);
    for (const line of lines(table)) say(`  ${line}`);
  }

  save() {
    const [{ model }, cores] = [cpus()[0], cpus().length];
    const date = new Date().toISOString().slice(0, 10);
    const machine = { date, processor: model.trim(), cores, system: `${type()} ${release()}`, browser: this.browser };
    /** @type {Figures} */
    const figures = { name: this.name, machine, tables: this.#tables };
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `${this.name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  }
}
