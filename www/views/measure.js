/** Two measurements on this machine: one pass against one token at a time, and positions beyond the context. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';
import { behind } from './numbers.js';

/** @typedef {import('../engine/lab-protocol.js').LabBeyond} LabBeyond */

/** Means of `parts` equal stretches; NaN where any value is. @param {Float32Array} values @param {number} parts */
export function stretches(values, parts) {
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [
      Math.floor((i * values.length) / parts),
      Math.max(1, Math.floor(((i + 1) * values.length) / parts)),
    ];
    const part = values.subarray(from, to);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/** Ratios that are nearer to 1 than this count as 1: two measurements of the same thing differ by as much. */
const NEAR = 0.1;

/** Which is faster: one pass, token by token, or neither. @param {{ pass: number, step: number }} race @returns {'pass' | 'step' | 'same'} */
export function faster({ pass, step }) {
  const ratio = pass / step;
  return ratio >= 1 + NEAR ? 'pass' : ratio <= 1 - NEAR ? 'step' : 'same';
}

export class RaceView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ measure(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('race');
  }

  /** @param {{ race: { pass: number, step: number } | null, busy: boolean, ready: boolean, context: number }} data */
  update({ race, busy, ready, context }) {
    const most = race ? Math.max(race.pass, race.step) : 1;
    const line = (/** @type {string} */ name, /** @type {number} */ speed) =>
      html`<li class="on"><span class="name">${name}</span><span class="t" .style=${`--v:${((100 * speed) / most).toFixed(1)}%`}><i></i></span><span class="v">${t('race.speed', { n: num(speed) })}</span></li>`;
    render(
      html`<header><h3>${t('race.title')}</h3><span class="aside">${t('race.aside')}</span></header>
        ${race ? html`<ol class="lines">${line(t('race.pass', { n: context }), race.pass)}${line(t('race.step'), race.step)}</ol>` : nothing}
        <p class="cap" role="status">${busy ? t('race.busy') : race ? t(`race.ratio.${faster(race)}`, { n: num(race.pass / race.step, 1), context: num(context) }) : t('race.never')}</p>
        <button class="btn sm" type="button" ?disabled=${busy || !ready} @click=${() => this.#on.measure()}>${t('race.measure')}</button>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('race');
  }
}

const PARTS = 16;
const [WIDTH, HEIGHT] = [480, 150];

export class BeyondView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ measure(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('beyond');
  }

  /** @param {{ beyond: LabBeyond | null, busy: boolean, ready: boolean }} data */
  update({ beyond, busy, ready }) {
    render(
      html`<header><h3>${t('beyond.title')}</h3><span class="aside">${t('beyond.aside')}</span></header>
        ${beyond && beyond.windows > 0 ? this.#figure(beyond) : nothing}
        <p class="cap" role="status">${busy ? t('race.busy') : beyond ? (beyond.windows > 0 ? this.#sentence(beyond) : t('beyond.short')) : t('beyond.never')}</p>
        <button class="btn sm" type="button" ?disabled=${busy || !ready} @click=${() => this.#on.measure()}>${t('race.measure')}</button>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('beyond');
  }

  /** @param {LabBeyond} beyond */
  #sentence({ whole, sliding, context }) {
    const mean = (/** @type {Float32Array} */ v) => v.reduce((a, b) => a + b, 0) / v.length;
    const far = mean(whole.subarray(context));
    const params = {
      n: context,
      inside: num(mean(sliding.subarray(0, context)), 2),
      slid: num(mean(sliding.subarray(context)), 2),
    };
    return Number.isNaN(far) ? t('beyond.none', params) : t('beyond.both', { ...params, whole: num(far, 2) });
  }

  /** @param {LabBeyond} beyond */
  #figure({ whole, sliding, context }) {
    const [a, b] = [stretches(whole, PARTS), stretches(sliding, PARTS)];
    const known = [...a, ...b].filter((x) => !Number.isNaN(x));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const x = (/** @type {number} */ i) => ((i + 0.5) * WIDTH) / PARTS;
    const y = (/** @type {number} */ v) => 10 + ((high - v) / Math.max(1e-6, high - low)) * (HEIGHT - 20);
    const line = (/** @type {number[]} */ values) =>
      values
        .map((v, i) => (Number.isNaN(v) ? '' : `${x(i).toFixed(1)},${y(v).toFixed(1)}`))
        .filter(Boolean)
        .join(' ');
    const place = (/** @type {number} */ i) =>
      `${Math.floor((i * 2 * context) / PARTS) + 1}–${Math.floor(((i + 1) * 2 * context) / PARTS)}`;
    const cell = (/** @type {number} */ v) => (Number.isNaN(v) ? '–' : num(v, 2));
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('beyond.label')}>
        <line class="edge" x1=${WIDTH / 2} x2=${WIDTH / 2} y1="0" y2=${HEIGHT}></line>
        <polyline class="whole" points=${line(a)}></polyline><polyline class="sliding" points=${line(b)}></polyline>
        <text x="4" y="12">${num(high, 2)}</text><text x="4" y=${HEIGHT - 2}>${num(low, 2)}</text>
        <text x=${WIDTH / 2 + 5} y=${HEIGHT - 2}>${t('beyond.edge', { n: context })}</text>
      </svg>
      <p class="keys"><span class="whole">${t('beyond.whole')}</span><span class="sliding">${t('beyond.sliding')}</span></p>
      ${behind(
        t('beyond.table'),
        html`<table><thead><tr><th scope="col">${t('beyond.position')}</th><th scope="col">${t('beyond.whole')}</th><th scope="col">${t('beyond.sliding')}</th></tr></thead>
          <tbody>${a.map((v, i) => html`<tr><th scope="row">${place(i)}</th><td>${cell(v)}</td><td>${cell(b[i])}</td></tr>`)}</tbody></table>`,
      )}`;
  }
}
