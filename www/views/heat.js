/**
 * Heat maps of lower triangles on canvas. Colour = weight^0.6 on the ramp `--w0 … --w8`; the future is left unpainted,
 * so paper shows. Knows nothing of heads or tokens: a square of weights, a size in CSS pixels.
 */

import { Probe, themeKey } from './colour.js';

const STOPS = 9;
const LEVELS = 256;
const GAMMA = 0.6;

/** @typedef {{ weights: Uint32Array, ink: string, ink3: string }} Palette weights = RGBA per level, little-endian */

/** @type {{ theme: string, palette: Palette } | null} */
let cached = null;

/** The ramp and ink of the current theme; computed once per theme. @returns {Palette} */
export function palette() {
  const theme = themeKey();
  if (cached?.theme === theme) return cached.palette;
  const probe = new Probe();
  const stops = Array.from({ length: STOPS }, (_, i) => probe.rgba(`--w${i}`));
  const weights = new Uint32Array(LEVELS);
  for (let level = 0; level < LEVELS; level++) {
    const at = (level / (LEVELS - 1)) * (STOPS - 1);
    const stop = Math.min(STOPS - 2, Math.floor(at));
    const [r, g, b] = [0, 1, 2].map((c) =>
      Math.round(stops[stop][c] + (stops[stop + 1][c] - stops[stop][c]) * (at - stop)),
    );
    weights[level] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  const made = { weights, ink: probe.css('--ink'), ink3: probe.css('--ink-3') };
  probe.remove();
  cached = { theme, palette: made };
  return made;
}

/** Level of the ramp for a weight in 0..1. @param {number} weight */
export const exactLevel = (weight) => Math.round(Math.min(1, Math.max(0, weight)) ** GAMMA * (LEVELS - 1));

/** Entries by the root of the weight, so that small weights, whose levels lie close together, have enough of them. */
const ENTRIES = 4096;
const TABLE = Uint8Array.from({ length: ENTRIES }, (_, i) => exactLevel((i / (ENTRIES - 1)) ** 2));

/** The same from a table, at most one level off: a power for each of 33,000 cells would be felt. @param {number} weight */
export const level = (weight) => TABLE[Math.round(Math.sqrt(Math.min(1, Math.max(0, weight))) * (ENTRIES - 1))];

/**
 * Where cell edges fall, in device pixels: `count` cells over `pixels`.
 * @param {number} count @param {number} pixels @returns {Uint16Array} count + 1 edges
 */
export const edges = (count, pixels) =>
  Uint16Array.from({ length: count + 1 }, (_, i) => Math.round((i * pixels) / count));

/**
 * Paints the triangle of `time` × `time` weights (row-major from `offset`), cells `first..time` of both axes.
 * Several cells may fall on one device pixel: the largest weight is painted, so that thin lines never vanish.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} weights
 * @param {{ offset: number, time: number, first: number, size: number }} square  `size` in CSS pixels
 * @returns {ImageData} what was painted, to be put back under other outlines
 */
export function paint(canvas, weights, { offset, time, first, size }) {
  const scale = globalThis.devicePixelRatio || 1;
  const pixels = Math.max(1, Math.round(size * scale));
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const count = time - first;
  const image = context.createImageData(pixels, pixels);
  const out = new Uint32Array(image.data.buffer);
  const ramp = palette().weights;
  const edge = edges(count, pixels);
  if (count > pixels) {
    paintDense(out, weights, { offset, time, first, pixels, edge, ramp });
    context.putImageData(image, 0, 0);
    return image;
  }
  const gap = pixels / count > 7 * scale ? Math.round(scale) : 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      const colour = ramp[level(weights[offset + (first + row) * time + first + column])];
      const [y1, x1] = [
        Math.max(edge[row] + 1, edge[row + 1] - gap),
        Math.max(edge[column] + 1, edge[column + 1] - gap),
      ];
      for (let y = edge[row]; y < y1 && y < pixels; y++) {
        for (let x = edge[column]; x < x1 && x < pixels; x++) out[y * pixels + x] = colour;
      }
    }
  }
  context.putImageData(image, 0, 0);
  return image;
}

/** Puts back what was painted, without outlines. @param {HTMLCanvasElement} canvas @param {ImageData} image */
export const putBack = (canvas, image) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).putImageData(image, 0, 0);

/**
 * Several cells a pixel: the strongest of them first, then one colour a pixel. All heads of a long context at once are millions
 * of cells, and a power for each would be felt.
 * @param {Uint32Array} out @param {Float32Array} weights
 * @param {{ offset: number, time: number, first: number, pixels: number, edge: Uint16Array, ramp: Uint32Array }} square
 */
function paintDense(out, weights, { offset, time, first, pixels, edge, ramp }) {
  const strongest = new Float32Array(pixels * pixels).fill(-1);
  for (let row = 0; row < time - first; row++) {
    const from = offset + (first + row) * time + first;
    const line = Math.min(edge[row], pixels - 1) * pixels;
    for (let column = 0; column <= row; column++) {
      const at = line + Math.min(edge[column], pixels - 1);
      if (weights[from + column] > strongest[at]) strongest[at] = weights[from + column];
    }
  }
  for (let at = 0; at < out.length; at++) if (strongest[at] >= 0) out[at] = ramp[level(strongest[at])];
}

/**
 * Outlines the row `row` up to its diagonal and dashes column `column` down from its diagonal.
 * @param {HTMLCanvasElement} canvas
 * @param {{ count: number, row: number, column: number }} marks  -1 = none
 */
export function outline(canvas, { count, row, column }) {
  const scale = globalThis.devicePixelRatio || 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const edge = edges(count, canvas.width);
  const { ink, ink3 } = palette();
  context.save();
  if (column >= 0 && row > column) {
    context.strokeStyle = ink3;
    context.lineWidth = scale;
    context.setLineDash([2 * scale, 2 * scale]);
    const width = edge[column + 1] - edge[column];
    context.strokeRect(edge[column] + 0.5, edge[column], width, edge[row + 1] - edge[column]);
    context.setLineDash([]);
  }
  if (row >= 0) {
    context.strokeStyle = ink;
    context.lineWidth = 1.5 * scale;
    const inset = 0.75 * scale;
    context.strokeRect(
      inset,
      edge[row] + inset / 2,
      Math.max(edge[row + 1], 3) - inset,
      edge[row + 1] - edge[row] - inset / 2,
    );
  }
  context.restore();
}

/** The cell under a pointer, or null outside the triangle. @param {HTMLCanvasElement} canvas @param {PointerEvent} event @param {number} count */
export function cellAt(canvas, event, count) {
  const box = canvas.getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * count);
  const row = Math.floor(((event.clientY - box.top) / box.height) * count);
  return row >= 0 && row < count && column >= 0 && column <= row ? { row, column } : null;
}
