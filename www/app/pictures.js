/** Figures as pictures: drawn from the numbers as SVG, and from that as PNG. */

import { t } from '../i18n/index.js';
import { slice, windowStart } from '../views/attention.js';
import { thinned } from '../views/chart.js';
import { bytesOf, num, say } from '../views/format.js';
import { headOf } from './shown.js';

/** @typedef {import('./store.js').Store} Store */
/** @typedef {{ svg: string, width: number, height: number }} Picture */

/** Light colours: pictures go into documents. */
const INK = '#15201e';
const TRAIN = '#7c8884';
const GLASS = '#00696d';
const HAIR = '#dde4e1';
const FONT = 'font-family="sans-serif" font-size="12"';
const PNG_SCALE = 2;

/** @param {string} text */
const escaped = (text) =>
  text
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');

/** @param {number} width @param {number} height @param {string} title @param {string} body */
const picture = (width, height, title, body) => ({
  svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="#ffffff"/>${body}</svg>`,
  width,
  height,
});

/** @param {number} x @param {number} y @param {string} words @param {string} [more] */
const words = (x, y, words, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${INK}" ${FONT} ${more}>${escaped(words)}</text>`;

/**
 * The loss curves of the model at hand.
 * @param {Pick<Store, 'trainLoss' | 'evaluations' | 'step'>} store
 */
export function lossPicture({ trainLoss, evaluations, step }) {
  const [steps, values] = thinned(trainLoss.peek());
  return curvesPicture(steps, values, evaluations.peek(), step.peek());
}

/**
 * Loss curves, with axes from 0.
 * @param {number[]} steps @param {number[]} values  of the training loss
 * @param {{ step: number, lossNats: number }[]} validation
 * @param {number} last  step
 * @returns {Picture | null}
 */
export function curvesPicture(steps, values, validation, last) {
  if (steps.length === 0) return null;
  const [width, height, left, top, right, bottom] = [720, 360, 46, 34, 20, 34];
  const most = Math.max(1, ...values, ...validation.map((e) => e.lossNats)) * 1.05;
  const end = Math.max(1, last);
  const x = (/** @type {number} */ s) => left + ((width - left - right) * s) / end;
  const y = (/** @type {number} */ v) => top + (height - top - bottom) * (1 - v / most);
  const line = (/** @type {number[][]} */ points, /** @type {string} */ style) =>
    `<polyline fill="none" points="${points.map(([s, v]) => `${x(s).toFixed(1)},${y(v).toFixed(1)}`).join(' ')}" ${style}/>`;
  const ticks = Array.from(
    { length: Math.floor(most) + 1 },
    (_, v) =>
      `<path d="M${left} ${y(v).toFixed(1)}H${width - right}" stroke="${HAIR}"/>${words(left - 8, y(v) + 4, String(v), 'text-anchor="end"')}`,
  );
  const reached = validation.at(-1);
  return picture(
    width,
    height,
    t('loss.title'),
    `${words(left, 20, `${t('loss.title')}: ${t('loss.unit')}`)}${ticks.join('')}${line(
      steps.map((s, i) => [s, values[i]]),
      `stroke="${TRAIN}" stroke-width="1.25"`,
    )}${line(
      validation.map((e) => [e.step, e.lossNats]),
      `stroke="${GLASS}" stroke-width="2" stroke-dasharray="6 3"`,
    )}${words(left, height - 12, t('loss.step', { step: '0' }))}${words(width - right, height - 12, num(end), 'text-anchor="end"')}${
      reached
        ? words(width - right, 20, t('loss.validation', { value: reached.lossNats.toFixed(2) }), 'text-anchor="end"')
        : ''
    }`,
  );
}

/**
 * The matrix of the chosen head, with its tokens.
 * @param {Store} store
 * @returns {Picture | null}
 */
export function attentionPicture(store) {
  const [inspection, tokens] = [store.inspection.peek(), store.tokens.peek()];
  if (!inspection || !tokens || inspection.time === 0) return null;
  const { layer, head } = headOf(store);
  const from = windowStart(inspection.time, inspection.time - 1);
  const count = inspection.time - from;
  const shown = slice(tokens, inspection.first + from, inspection.first + inspection.time);
  const [cell, left, top] = [16, 96, 118];
  const offset = (layer * inspection.heads + head) * inspection.time ** 2;
  const weight = (/** @type {number} */ row, /** @type {number} */ column) =>
    inspection.attention[offset + (from + row) * inspection.time + from + column];
  let body = words(8, 20, t('attention.head', { layer: layer + 1, head: head + 1 }));
  for (let row = 0; row < count; row++) {
    const name = say(bytesOf(shown, row));
    body += words(left - 6, top + row * cell + 12, name, 'text-anchor="end"');
    body += words(0, 0, name, `transform="translate(${left + row * cell + 12} ${top - 6}) rotate(-90)"`);
    for (let column = 0; column <= row; column++) {
      // The ramp of the page: colour = weight^0.6.
      const opacity = Math.min(1, weight(row, column)) ** 0.6;
      body += `<rect x="${left + column * cell}" y="${top + row * cell}" width="${cell}" height="${cell}" fill="${GLASS}" fill-opacity="${opacity.toFixed(3)}" stroke="${HAIR}" stroke-width=".5"/>`;
    }
  }
  return picture(left + count * cell + 12, top + count * cell + 12, t('attention.matrix'), body);
}

/** @param {Picture} drawn @returns {Promise<Blob>} */
export async function rastered({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be drawn'))), 'image/png'),
  );
}
