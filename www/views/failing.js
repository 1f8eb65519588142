/** A run that goes wrong on purpose: its curve, what was noticed, and what was done about it. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { Chart } from './chart.js';
import { themeKey } from './colour.js';
import { num } from './format.js';

/** @typedef {import('../engine/pretraining-protocol.js').Moment} Moment */
/** @typedef {'rate' | 'corpus'} Failure */

const HEIGHT = 150;
/** Steps of the two runs, for the axis before they are done. */
const STEPS = { rate: 160, corpus: 600 };
/** A blind guess among bytes and marks. */
const UNIFORM = Math.log(261);

/** Losses without holes: where there is no number, the one before. @param {readonly Moment[]} moments */
export function filled(moments) {
  let last = UNIFORM;
  return Float32Array.from(moments, ({ lossNats }) => {
    if (Number.isFinite(lossNats)) last = lossNats;
    return last;
  });
}

export class FailingView {
  #root;
  #on;
  #failure;
  /** @type {Chart | null} */
  #chart = null;
  /** @type {Moment[]} */
  #moments = [];
  #observer = new ResizeObserver(() => this.#draw());

  /** @param {HTMLElement} root @param {Failure} failure @param {{ start(): void }} on */
  constructor(root, failure, on) {
    this.#root = root;
    this.#failure = failure;
    this.#on = on;
    root.classList.add('failing');
  }

  /** @param {{ moments: Moment[], running: boolean, theme: string }} data */
  update({ moments, running }) {
    this.#moments = moments;
    const name = this.#failure;
    render(
      html`<header><h3>${t(`failing.${name}.title`)}</h3><span class="aside">${t('failing.apart')}</span></header>
        <div class="tools"><button class="btn sm" type="button" aria-disabled=${running} @click=${() => !running && this.#on.start()}>${t(running ? 'failing.running' : `failing.${name}.start`)}</button></div>
        <div class="plot" ?hidden=${moments.length === 0}></div>
        <div role="status">${this.#told(moments)}</div>`,
      this.#root,
    );
    this.#draw();
  }

  destroy() {
    this.#observer.disconnect();
    this.#chart?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('failing');
  }

  /** What has happened so far. @param {Moment[]} moments */
  #told(moments) {
    const told = moments.filter((m) => m.event !== null);
    const last = moments.at(-1);
    return html`<ol class="events">
      ${told.map((m) => html`<li>${rich(`failing.event.${m.event}`, { step: num(m.step), loss: num(m.lossNats, 2), back: num(m.backTo ?? 0), validation: num(m.validationNats ?? 0, 2) })}</li>`)}
      ${last?.done ? html`<li>${rich(`failing.${this.#failure}.end`, { loss: num(last.lossNats, 2), validation: num(moments.findLast((m) => m.validationNats !== null)?.validationNats ?? 0, 2), best: num(Math.min(...moments.map((m) => m.validationNats ?? Number.POSITIVE_INFINITY)), 2) })}</li>` : nothing}
    </ol>`;
  }

  #draw() {
    const plot = /** @type {HTMLElement | null} */ (this.#root.querySelector('.plot'));
    if (!plot || this.#moments.length === 0) return;
    if (!this.#chart) {
      this.#observer.observe(plot);
      if (plot.clientWidth === 0) return;
      this.#chart = new Chart(plot);
    }
    const trainLoss = filled(this.#moments);
    const evaluations = this.#moments.flatMap((m) =>
      m.validationNats === null ? [] : [{ step: m.step, lossNats: m.validationNats }],
    );
    const [train, validation] = [trainLoss.at(-1) ?? UNIFORM, evaluations.at(-1)?.lossNats];
    /** @type {import('./chart.js').Level[]} */
    const ends = [{ value: train, label: t('loss.train', { value: train.toFixed(2) }), tone: 'train' }];
    if (validation !== undefined)
      ends.push({ value: validation, label: t('loss.validation', { value: validation.toFixed(2) }), tone: 'val' });
    const event = this.#moments.find((m) => m.event !== null);
    this.#chart.update(
      {
        trainLoss,
        evaluations: evaluations.length ? evaluations : [{ step: this.#moments.length, lossNats: train }],
        references: [
          { value: UNIFORM, label: t('loss.uniform', { size: '261', value: UNIFORM.toFixed(2) }), tone: 'ref' },
        ],
        ends,
        steps: STEPS[this.#failure],
        atStep: event?.step ?? null,
        printStep: (step) => (step === 0 ? t('loss.step', { step: '0' }) : num(step)),
      },
      { width: Math.max(240, plot.clientWidth), height: HEIGHT, theme: themeKey() },
    );
  }
}
