/** The loss curves: uPlot with reference lines, labels at the lines and numbered pins. */
import uPlot from '../vendor/uplot/uPlot.js';
import { colours } from './colour.js';

/** @typedef {{ value: number, label: string, tone: 'ref' | 'val' | 'train' }} Level  a labelled height */
/**
 * @typedef {object} ChartData
 * @property {Float32Array} trainLoss     of steps 1, 2, …
 * @property {{ step: number, lossNats: number }[]} evaluations
 * @property {{ step: number, lossNats: number }[]} [other]   of another run, dotted
 * @property {Level[]} references         dotted lines over the whole width
 * @property {Level[]} ends               labels at the end of the curves
 * @property {number} steps               right end of the axis
 * @property {number | null} atStep       step marked by a vertical line
 * @property {(step: number) => string} printStep
 */

const POINTS = 600;
/** Of the axes' words, in rem: as large as the page's smallest type. */
const TYPE_REM = 0.75;
const LABEL_GAP = 14 / 12;
const ROOM = { wide: 172, narrow: 20 };
const NARROW = 460;

/** Means over equal spans, so that a long run stays drawable. @param {Float32Array} loss @returns {[number[], number[]]} steps and values */
export function thinned(loss) {
  const span = Math.max(1, Math.ceil(loss.length / POINTS));
  /** @type {number[]} */ const steps = [];
  /** @type {number[]} */ const values = [];
  for (let from = 0; from < loss.length; from += span) {
    const part = loss.subarray(from, from + span);
    steps.push(from + part.length);
    values.push(part.reduce((a, b) => a + b, 0) / part.length);
  }
  return [steps, values];
}

/** Heights moved apart so that no two labels overlap, order kept. @param {number[]} heights ascending @param {number} gap */
export function spread(heights, gap) {
  const out = [...heights];
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i], out[i - 1] + gap);
  return out;
}

/**
 * Labels moved together, up or down and no further than they must, until none lies on a line: as they are where no place is free.
 * @param {number[]} heights of the labels' middles @param {number[]} lines @param {{ reach: number, top: number, floor: number }} room   a label needs `reach` above and below its middle; middles stay between `top` and `floor`
 */
export function offLines(heights, lines, { reach, top, floor }) {
  if (heights.length === 0) return heights;
  const fits = (/** @type {number} */ shift) =>
    heights.every(
      (y) => y + shift >= top && y + shift <= floor && lines.every((l) => Math.abs(l - y - shift) >= reach),
    );
  for (let shift = 0; shift <= floor - top; shift++) {
    const found = [shift, -shift].find(fits);
    if (found !== undefined) return heights.map((y) => y + found);
  }
  return heights;
}

/** Size of the words of a chart, in CSS pixels. */
const typePx = () => TYPE_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Lines are thicker for a projector. */
const strong = () => (document.documentElement.classList.contains('projector') ? 1.6 : 1);

/** Top of the axis: above everything drawn. @param {ChartData} data */
function top({ trainLoss, evaluations, references, other = [] }) {
  let most = 1;
  for (const level of references) most = Math.max(most, level.value);
  for (const e of [...evaluations, ...other]) most = Math.max(most, e.lossNats);
  for (const value of trainLoss) if (Number.isFinite(value)) most = Math.max(most, value);
  // A run that blew up is cut off above what is worth looking at.
  const limit = references.length > 0 ? 3 * Math.max(1, ...references.map((r) => r.value)) : most;
  return Math.min(most, limit) * 1.06;
}

export class Chart {
  #root;
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {ChartData | null} */
  #data = null;
  #made = '';
  /** @type {Record<'ink-2' | 's-train' | 's-val' | 's-ref' | 's-alt' | 'hair' | 'paper' | 'ink', string>} */
  #colours = { 'ink-2': '', 's-train': '', 's-val': '', 's-ref': '', 's-alt': '', hair: '', paper: '', ink: '' };

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {ChartData} data @param {{ width: number, height: number, theme: string }} look */
  update(data, { width, height, theme }) {
    this.#data = data;
    // Beside the curves there is room for the references' labels, if there are any and the chart is wide.
    const room = data.references.length > 0 && width >= NARROW ? ROOM.wide : ROOM.narrow;
    const made = `${theme}/${room}`;
    if (!this.#plot || made !== this.#made) this.#build(room, width, height);
    this.#made = made;
    const plot = /** @type {uPlot} */ (this.#plot);
    if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    plot.setData(this.#table(data), false);
    plot.batch(() => {
      plot.setScale('x', { min: 0, max: Math.max(1, data.steps) });
      plot.setScale('y', { min: 0, max: top(data) });
    });
    plot.redraw(false, true);
  }

  /** Where a point lies, in CSS pixels from the chart's corner. @param {number} step @param {number} value */
  position(step, value) {
    const plot = /** @type {uPlot} */ (this.#plot);
    const ratio = devicePixelRatio || 1;
    return {
      x: plot.valToPos(step, 'x') + plot.bbox.left / ratio,
      y: plot.valToPos(value, 'y') + plot.bbox.top / ratio,
    };
  }

  destroy() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** @param {ChartData} data @returns {uPlot.AlignedData} */
  #table({ trainLoss, evaluations, other = [] }) {
    const [steps, values] = thinned(trainLoss);
    const validation = [evaluations.map((e) => e.step), evaluations.map((e) => e.lossNats)];
    const second = [other.map((e) => e.step), other.map((e) => e.lossNats)];
    if (!steps.length && !evaluations.length && !other.length) return [[0], [null], [null], [null]];
    return uPlot.join([
      /** @type {uPlot.AlignedData} */ ([steps, values]),
      /** @type {uPlot.AlignedData} */ (validation),
      /** @type {uPlot.AlignedData} */ (second),
    ]);
  }

  /** @param {number} room right of the curves @param {number} width @param {number} height */
  #build(room, width, height) {
    this.#plot?.destroy();
    this.#colours = colours(['ink-2', 's-train', 's-val', 's-ref', 's-alt', 'hair', 'paper', 'ink']);
    const c = this.#colours;
    const type = typePx();
    const font = `${type}px ${getComputedStyle(this.#root).fontFamily}`;
    const axis = { stroke: c['ink-2'], font, ticks: { show: false }, grid: { stroke: c.hair, width: 1 } };
    this.#plot = new uPlot(
      {
        width,
        height,
        padding: [8, (room * type) / 12, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        axes: [
          {
            ...axis,
            size: 15 + type,
            gap: 9,
            grid: { show: false },
            values: (_, splits) => splits.map((s) => this.#data?.printStep(s) ?? ''),
          },
          { ...axis, size: 6 + 2 * type, gap: 6, space: 34 },
        ],
        series: [
          {},
          { stroke: c['s-train'], width: 1.25 * strong(), spanGaps: true, points: { show: false } },
          { stroke: c['s-val'], width: 2 * strong(), dash: [6, 3], spanGaps: true, points: { show: false } },
          { stroke: c['s-alt'], width: 2 * strong(), dash: [2, 4], spanGaps: true, points: { show: false } },
        ],
        hooks: { drawAxes: [(plot) => this.#references(plot)], draw: [(plot) => this.#labels(plot)] },
      },
      [[0], [null], [null], [null]],
      this.#root,
    );
    this.#plot.root.setAttribute('aria-hidden', 'true');
  }

  /** @param {uPlot} plot */
  #references(plot) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.lineWidth = ratio;
    ctx.strokeStyle = this.#colours['s-ref'];
    ctx.setLineDash([ratio, 3 * ratio]);
    for (const level of this.#data?.references ?? []) {
      const y = plot.valToPos(level.value, 'y', true);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    const at = this.#data?.atStep ?? null;
    if (at !== null) {
      const x = plot.valToPos(at, 'x', true);
      ctx.setLineDash([]);
      ctx.strokeStyle = this.#colours.ink;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  /** @param {uPlot} plot */
  #labels(plot) {
    const data = this.#data;
    if (!data) return;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    const narrow = plot.width < NARROW;
    const family = getComputedStyle(this.#root).fontFamily;
    ctx.save();
    ctx.textBaseline = 'middle';
    ctx.lineJoin = 'round';
    ctx.lineWidth = 3 * ratio;
    ctx.strokeStyle = this.#colours.paper;
    const write = (/** @type {Level} */ level, /** @type {number} */ x, /** @type {number} */ y) => {
      ctx.font = `${level.tone === 'val' ? '600 ' : ''}${typePx() * ratio}px ${family}`;
      ctx.fillStyle = level.tone === 'val' ? this.#colours['s-val'] : this.#colours['ink-2'];
      ctx.strokeText(level.label, x, y);
      ctx.fillText(level.label, x, y);
    };
    const placed = (/** @type {Level[]} */ levels, /** @type {number} */ shift) => {
      const down = [...levels].sort((a, b) => b.value - a.value);
      const y = spread(
        down.map((l) => plot.valToPos(l.value, 'y', true) + shift),
        LABEL_GAP * typePx() * ratio,
      );
      return down.map((level, i) => ({ level, y: y[i] }));
    };
    ctx.textAlign = narrow ? 'right' : 'left';
    const edge = bbox.left + bbox.width;
    for (const { level, y } of placed(data.references, narrow ? -7 * ratio : 0))
      write(level, narrow ? edge : edge + 8 * ratio, y);
    const end = plot.valToPos(data.evaluations.at(-1)?.step ?? 0, 'x', true);
    const late = end > bbox.left + bbox.width * 0.7;
    ctx.textAlign = late ? 'right' : 'left';
    const ends = placed(data.ends, 16 * ratio);
    const lines = [...data.references, ...data.ends].map((level) => plot.valToPos(level.value, 'y', true));
    const heights = offLines(
      ends.map(({ y }) => y),
      lines,
      { reach: 0.6 * typePx() * ratio, top: bbox.top + 8 * ratio, floor: bbox.top + bbox.height - 8 * ratio },
    );
    for (const [i, { level }] of ends.entries()) write(level, late ? edge - 4 * ratio : end + 10 * ratio, heights[i]);
    ctx.restore();
  }
}
