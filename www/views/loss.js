/** Loss while learning, against what counting can do, and samples pinned to steps. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { Chart } from './chart.js';
import { themeKey } from './colour.js';
import { bytesOf, num, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').Sample} Sample */
/** @typedef {import('../engine/protocol.js').Evaluation} Evaluation */
/** @typedef {import('../engine/protocol.js').Baselines} Baselines */

/**
 * @typedef {object} LossData
 * @property {Float32Array} trainLoss     of steps 1, 2, …
 * @property {Evaluation[]} evaluations
 * @property {Baselines | null} baselines
 * @property {number} steps               where training stops
 * @property {number} step                steps done
 * @property {Sample[]} samples
 * @property {number} vocabSize
 * @property {number | null} atStep
 * @property {{ step: number, lossNats: number }[]} [promised]   the curve of a certificate
 */

const HEIGHT = { wide: 172, narrow: 210 };
const PIN_RADIUS = 8;

/** Rows of the table: of a long run it tells as many, at equal distances, and the last one. */
const MOST_ROWS = 60;

/** @template T @param {T[]} list @param {number} most @returns {T[]} */
export function spaced(list, most) {
  const every = Math.ceil(list.length / most);
  return list.filter((_, i) => i % every === 0 || i === list.length - 1);
}

/** The evaluation nearest to a step. @param {Evaluation[]} evaluations @param {number} step */
const nearest = (evaluations, step) =>
  evaluations.reduce((best, e) => (Math.abs(e.step - step) < Math.abs(best.step - step) ? e : best), evaluations[0]);

/** Mean of the last values: one step's loss is noise. @param {Float32Array} loss */
const recent = (loss) => {
  const last = loss.subarray(-20);
  return last.length ? last.reduce((a, b) => a + b, 0) / last.length : null;
};

export class LossView {
  #root;
  #on;
  /** @type {LossData | null} */
  #data = null;
  /** @type {Chart | null} */
  #chart = null;
  #observer = new ResizeObserver(() => this.#draw());

  /** @param {HTMLElement} root @param {{ pin(step: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('loss');
  }

  /** @param {LossData} data */
  update(data) {
    this.#data = data;
    render(
      html`<header>
          <h2 id=${this.#root.getAttribute('aria-labelledby') ?? nothing}>${t('loss.title')}</h2>
          <span class="cap">${t('loss.unit')}</span>
        </header>
        <div class="figure">
          <div class="plot"></div>
          <div class="pinned">${this.#pins(data)}</div>
          ${this.#table(data)}
        </div>
        <ol class="pins" aria-label=${t('loss.samples')}>
          ${data.samples.map((sample, i) => this.#sample(sample, i, data))}
          ${
            data.step === 0
              ? html`<li><span class="no later" aria-hidden="true"></span><div class="cap">${t('loss.later')}</div></li>`
              : nothing
          }
        </ol>`,
      this.#root,
    );
    this.#draw();
  }

  destroy() {
    this.#observer.disconnect();
    this.#chart?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('loss');
  }

  #draw() {
    const data = this.#data;
    const plot = /** @type {HTMLElement | null} */ (this.#root.querySelector('.plot'));
    if (!data || !plot) return;
    // Nothing has a width on a screen that is not shown; the observer draws when it is.
    if (plot.clientWidth === 0) return this.#observer.observe(plot);
    if (!this.#chart) {
      this.#chart = new Chart(plot);
      this.#observer.observe(plot);
    }
    const width = Math.max(240, plot.clientWidth);
    this.#chart.update(
      {
        trainLoss: data.trainLoss,
        evaluations: data.evaluations,
        other: data.promised,
        references: this.#references(data),
        ends: this.#ends(data),
        steps: Math.max(data.steps, data.step),
        atStep: data.atStep,
        printStep: (step) => (step === 0 ? t('loss.step', { step: '0' }) : num(step)),
      },
      { width, height: innerWidth < 720 ? HEIGHT.narrow : HEIGHT.wide, theme: themeKey() },
    );
    this.#placePins(data);
  }

  /** @param {LossData} data @returns {import('./chart.js').Level[]} */
  #references({ baselines, vocabSize }) {
    if (!baselines) return [];
    const label = (/** @type {string} */ key, /** @type {number} */ value) =>
      t(key, { value: value.toFixed(2), size: num(vocabSize) });
    return [
      { value: baselines.uniform, label: label('loss.uniform', baselines.uniform), tone: 'ref' },
      { value: baselines.bigram, label: label('loss.bigram', baselines.bigram), tone: 'ref' },
      { value: baselines.trigram, label: label('loss.trigram', baselines.trigram), tone: 'ref' },
    ];
  }

  /** @param {LossData} data @returns {import('./chart.js').Level[]} */
  #ends({ evaluations, trainLoss }) {
    const last = evaluations.at(-1);
    const train = recent(trainLoss);
    /** @type {import('./chart.js').Level[]} */
    const ends = [];
    if (last && last.step > 0)
      ends.push({
        value: last.lossNats,
        label: t('loss.validation', { value: last.lossNats.toFixed(2) }),
        tone: 'val',
      });
    if (train !== null && last && last.step > 0)
      ends.push({ value: train, label: t('loss.train', { value: train.toFixed(2) }), tone: 'train' });
    return ends;
  }

  /** @param {LossData} data */
  #pins({ samples, evaluations, atStep }) {
    if (!evaluations.length) return nothing;
    return samples.map(
      ({ step }, i) =>
        html`<button
          type="button"
          class="pin${atStep === step ? ' on' : ''}"
          data-step=${step}
          aria-label=${t('loss.pin', { n: i + 1, step: num(step) })}
          @click=${() => this.#on.pin(step)}
        >
          ${i + 1}
        </button>`,
    );
  }

  /** @param {LossData} data */
  #placePins({ evaluations }) {
    if (!evaluations.length || !this.#chart) return;
    for (const pin of /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll('.pin'))) {
      const step = Number(pin.dataset.step);
      const { x, y } = this.#chart.position(step, nearest(evaluations, step).lossNats);
      pin.style.left = `${x - PIN_RADIUS + (step === 0 ? PIN_RADIUS + 5 : 0)}px`;
      pin.style.top = `${y - PIN_RADIUS}px`;
    }
  }

  /** @param {Sample} sample @param {number} i @param {LossData} data */
  #sample({ step, tokens }, i, { atStep }) {
    const text = Array.from(tokens.ids, (_, k) => shown(bytesOf(tokens, k)));
    return html`<li class=${atStep === step ? 'on' : ''}>
      <span class="no" aria-hidden="true">${i + 1}</span>
      <div>
        <button type="button" class="st" @click=${() => this.#on.pin(step)}>${t('loss.at', { step: num(step) })}</button>
        <div class="tx" dir="auto">${text}</div>
      </div>
    </li>`;
  }

  /** The curve as numbers for screen readers. @param {LossData} data */
  #table({ evaluations, baselines }) {
    return html`<div class="vh"><table>
      <caption>
        ${t('loss.table')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('loss.table.step')}</th>
          <th scope="col">${t('loss.table.nats')}</th>
          <th scope="col">${t('loss.table.bits')}</th>
        </tr>
      </thead>
      <tbody>
        ${spaced(evaluations, MOST_ROWS).map((e) => html`<tr><td>${num(e.step)}</td><td>${e.lossNats.toFixed(3)}</td><td>${e.bitsPerByte.toFixed(3)}</td></tr>`)}
        ${
          baselines
            ? ['uniform', 'bigram', 'trigram'].map(
                (name) =>
                  html`<tr><td>${t(`loss.table.${name}`)}</td><td>${baselines[/** @type {keyof Baselines} */ (name)].toFixed(3)}</td><td></td></tr>`,
              )
            : nothing
        }
      </tbody>
    </table></div>`;
  }
}
