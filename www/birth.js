/**
 * The birth certificate of a model: how many steps it learned, a hash of its weights, and its curve, short enough for a
 * link. Settings, seed and text stand beside it in the address; whoever opens the link can train the same model, bit for
 * bit, and compare.
 */

/** Points of the curve at most. */
const POINTS = 32;
/** Losses are written in thousandths of a nat, in two bytes each. */
const SCALE = 1_000;
const MOST = 65_535;
/** Hexadecimal digits of the hash that a link carries: 64 bits. */
const DIGITS = 16;
const MOST_STEPS = 100_000;

/** What a certificate looks like in an address. */
export const PATTERN = /^1\.[1-9]\d{0,5}\.[0-9a-f]{16}\.[\w-]{3,86}$/;

/** @typedef {{ steps: number, hash: string, curve: number[] }} Birth  `curve`: mean losses of equal spans of the steps */

/** The last step of each span of a curve. @param {number} steps @param {number} points */
export const spanEnds = (steps, points) =>
  Array.from({ length: points }, (_, i) => Math.floor((steps * (i + 1)) / points));

/** Means of equal spans of a run's losses. @param {ArrayLike<number>} loss  of steps 1, 2, … @param {number} steps @returns {number[]} */
export function curveOf(loss, steps) {
  let from = 0;
  return spanEnds(steps, Math.min(POINTS, steps)).map((end) => {
    let sum = 0;
    for (let i = from; i < end; i++) sum += loss[i];
    const mean = sum / (end - from);
    from = end;
    return mean;
  });
}

/** @param {number[]} curve */
function packed(curve) {
  const bytes = curve.flatMap((value) => {
    const n = Number.isFinite(value) ? Math.max(0, Math.min(MOST, Math.round(value * SCALE))) : MOST;
    return [n >> 8, n & 255];
  });
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @param {string} text @returns {number[]} */
function unpacked(text) {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Array.from(
    { length: bytes.length >> 1 },
    (_, i) => ((bytes.charCodeAt(2 * i) << 8) | bytes.charCodeAt(2 * i + 1)) / SCALE,
  );
}

/** @param {Birth} birth */
export const writeBirth = ({ steps, hash, curve }) => `1.${steps}.${hash.slice(0, DIGITS)}.${packed(curve)}`;

/** The certificate that a text is; null if it is none. @param {string | null} written @returns {Birth | null} */
export function readBirth(written) {
  if (written === null || !PATTERN.test(written)) return null;
  const [, steps, hash, curve] = written.split('.');
  try {
    const birth = { steps: Number(steps), hash, curve: unpacked(curve) };
    return birth.steps <= MOST_STEPS && birth.curve.length === Math.min(POINTS, birth.steps) ? birth : null;
  } catch {
    return null;
  }
}

/** The hash of the weights, and all that the optimizer keeps, in a checkpoint file: of everything behind its header. @param {Uint8Array} file */
export async function hashOf(file) {
  const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const digest = await crypto.subtle.digest('SHA-256', file.slice(8 + header));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, DIGITS);
}
