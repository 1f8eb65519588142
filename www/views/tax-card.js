/** The share card: the sentence pair and its token counts as a picture. */

import { t } from '../i18n/index.js';
import { colours } from './colour.js';
import { num } from './format.js';

/** @typedef {import('./tax.js').TaxRow} TaxRow */

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 64;
const GAP = 56;
const COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2;
const LINES = 3;
/** The page's mark: column, row, name of the colour. */
const MARK = /** @type {const} */ ([
  [0, 0, 'w8'],
  [0, 1, 'w4'],
  [1, 1, 'w7'],
  [0, 2, 'w2'],
  [1, 2, 'w6'],
  [2, 2, 'w5'],
  [0, 3, 'w5'],
  [1, 3, 'w1'],
  [2, 3, 'w3'],
  [3, 3, 'w8'],
]);

/**
 * A text in lines that fit; what does not fit into `most` lines ends with an ellipsis.
 * @param {string} text @param {(line: string) => boolean} fits @param {number} most
 */
export function wrapped(text, fits, most) {
  const lines = [''];
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const line = lines[lines.length - 1];
    // Punctuation stays with what stands before it.
    if (line === '' || fits(line + segment) || /^[\p{P}\s]$/u.test(segment)) lines[lines.length - 1] = line + segment;
    else lines.push(segment.trimStart());
  }
  if (lines.length <= most) return lines.map((line) => line.trimEnd());
  const last = Array.from(`${lines[most - 1].trimEnd()}…`);
  while (last.length > 1 && !fits(last.join(''))) last.splice(-2, 1);
  return [...lines.slice(0, most - 1), last.join('')];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ pair: [string, string], rows: TaxRow[] }} data
 */
export function drawCard(canvas, { pair, rows }) {
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (!context) return;
  const c = colours([
    'paper',
    'paper-3',
    'ink',
    'ink-2',
    'hair',
    'glass',
    'w1',
    'w2',
    'w3',
    'w4',
    'w5',
    'w6',
    'w7',
    'w8',
  ]);
  const style = getComputedStyle(document.documentElement);
  const sans = style.getPropertyValue('--sans');
  const serif = style.getPropertyValue('--serif');
  context.fillStyle = c.paper;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const write = (
    /** @type {string} */ text,
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ font,
    colour = c.ink,
  ) => {
    context.font = font;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  for (const [column, row, name] of MARK) {
    context.fillStyle = c[name];
    context.fillRect(MARGIN + column * 10, 52 + row * 10, 8.8, 8.8);
  }
  write(t('tax.card.title'), MARGIN + 58, 84, `600 40px ${sans}`);
  context.textAlign = 'right';
  write('glassgpt', WIDTH - MARGIN, 82, `600 24px ${sans}`, c['ink-2']);
  context.textAlign = 'left';
  context.fillStyle = c.hair;
  context.fillRect(MARGIN, 116, WIDTH - 2 * MARGIN, 2);
  const most = Math.max(1, ...rows.flatMap((row) => row.counts ?? []));
  pair.forEach((sentence, which) => {
    const x = MARGIN + which * (COLUMN + GAP);
    context.font = `400 30px ${serif}`;
    const lines = wrapped(sentence, (line) => context.measureText(line).width <= COLUMN, LINES);
    lines.forEach((line, i) => void write(line, x, 172 + i * 42, `400 30px ${serif}`));
    rows.forEach((row, i) => void drawRow(row, which, x, 330 + i * 58));
  });
  write(t('tax.card.foot'), MARGIN, HEIGHT - 40, `400 20px ${sans}`, c['ink-2']);

  /** @param {TaxRow} row @param {number} which @param {number} x @param {number} y */
  function drawRow({ title, counts }, which, x, y) {
    if (!context) return;
    const from = x + 150;
    const room = COLUMN - 150 - 76;
    write(title, x, y + 8, `400 24px ${sans}`, c['ink-2']);
    context.fillStyle = c['paper-3'];
    context.fillRect(from, y - 12, room, 24);
    context.textAlign = 'right';
    write(counts ? num(counts[which]) : '–', x + COLUMN, y + 9, `600 26px ${sans}`);
    context.textAlign = 'left';
    if (!counts) return;
    context.fillStyle = c.glass;
    context.fillRect(from, y - 12, (room * counts[which]) / most, 24);
  }
}

/** The card as a file. @param {Parameters<typeof drawCard>[1]} data @returns {Promise<Blob | null>} */
export function cardFile(data) {
  const canvas = document.createElement('canvas');
  drawCard(canvas, data);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
