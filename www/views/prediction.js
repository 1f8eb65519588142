/** What the model expects after the selected token, the knobs that shape it, and the buttons that use it. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bars } from './bars.js';
import { bytesOf, pct, say, shown } from './format.js';
import { Told, textKey } from './told.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').Inspection} Inspection */
/** @typedef {import('../engine/protocol.js').SamplingSettings} SamplingSettings */

/**
 * @typedef {object} PredictionData
 * @property {TokenList | null} tokens       of the text
 * @property {Inspection | null} inspection
 * @property {number} selected               cursor in `tokens`
 * @property {TokenList | null} vocabulary   every id of the model
 * @property {number} vocabSize
 * @property {SamplingSettings} sampling
 * @property {number} samples                texts that Generate draws at once
 * @property {boolean} generating
 * @property {number | null} [atStep]       step of the past that is wanted; null: now
 * @property {boolean} [learning]           the model learns meanwhile
 */

/** A sentence for screen readers changes at most this often. */
const SENTENCE_MS = 1_000;
const MOST_SAMPLES = 4;

/**
 * The rows of the prediction after token `at` of the text, or null where the model has not read it.
 * @param {Inspection} inspection @param {number} at
 */
export function rowsAfter(inspection, at) {
  const { predictions: p, first, time } = inspection;
  const row = at - first;
  if (row < 0 || row >= time) return null;
  const rows = Array.from({ length: p.shown }, (_, k) => {
    const i = row * p.shown + k;
    return { id: p.ids[i], raw: p.raw[i], shaped: p.shaped[i] };
  });
  return { rows, rest: p.rest[row] };
}

export class PredictionView {
  #root;
  #on;
  #sentence = '';
  #sentenceAt = Number.NEGATIVE_INFINITY;
  /** Until the sentence may follow what is shown. */
  #timer = 0;
  #told = new Told();
  /** Whether a move is still to be told of. */
  #waits = false;
  #id;

  /**
   * @param {HTMLElement} root
   * @param {{ sampling(patch: Partial<SamplingSettings>): void, samples(count: number): void, take(id: number): void,
   *   generate(): void, stop(): void }} on
   * @param {string} [id]   beginning of its ids: it may stand on the page twice
   */
  constructor(root, on, id = 'prediction') {
    this.#id = id;
    this.#root = root;
    this.#on = on;
    root.classList.add('prediction');
  }

  /** @param {PredictionData} data */
  update(data) {
    const { tokens, inspection, selected, vocabulary } = data;
    const prediction = inspection && vocabulary ? rowsAfter(inspection, selected) : null;
    const after = tokens && selected >= 0 && selected < tokens.ids.length ? bytesOf(tokens, selected) : null;
    render(
      html`<header>
          <h2 id=${`${this.#id}-title`}>${t('prediction.title')}</h2>
          <span class="aside">${
            after ? rich('prediction.after', { token: html`<span class="q">${shown(after)}</span>` }) : nothing
          }</span>
        </header>
        ${
          prediction && vocabulary
            ? bars({
                rows: prediction.rows,
                vocabulary,
                rest: prediction.rest,
                take: this.#on.take,
                label: t('prediction.label'),
              })
            : html`<p class="cap">${this.#absence(data)}</p>`
        }
        ${this.#knobs(data)} ${this.#actions(data, prediction?.rows.find((row) => row.shaped > 0)?.id)}
        <p class="vh" aria-live="polite">${this.#spoken(data, prediction?.rows[0], after)}</p>`,
      this.#root,
    );
  }

  destroy() {
    clearTimeout(this.#timer);
    render(nothing, this.#root);
    this.#root.classList.remove('prediction');
  }

  /** Why there is no prediction. @param {PredictionData} data */
  #absence({ tokens, inspection }) {
    if (tokens?.ids.length === 0) return t('prediction.empty');
    return tokens && inspection ? t('prediction.unread', { context: inspection.time }) : t('prediction.waiting');
  }

  /** @param {PredictionData} data */
  #knobs({ sampling, samples, vocabSize }) {
    const topK = sampling.topK === 0 ? vocabSize : sampling.topK;
    return html`<div class="knobs">
      ${this.#knob(
        'temperature',
        { value: sampling.temperature, min: 0, max: 2, step: 0.05 },
        (x) => x.toFixed(2),
        (x) => this.#on.sampling({ temperature: x }),
      )}
      ${this.#knob(
        'top-k',
        { value: topK, min: 1, max: vocabSize, step: 1 },
        (x) => (x >= vocabSize ? t('prediction.all') : `${x}`),
        (x) => this.#on.sampling({ topK: x >= vocabSize ? 0 : x }),
      )}
      ${this.#knob(
        'top-p',
        { value: sampling.topP, min: 0.05, max: 1, step: 0.01 },
        (x) => x.toFixed(2),
        (x) => this.#on.sampling({ topP: x }),
      )}
      ${this.#knob('samples', { value: samples, min: 1, max: MOST_SAMPLES, step: 1 }, String, (x) => this.#on.samples(x))}
    </div>`;
  }

  /**
   * @param {'temperature' | 'top-k' | 'top-p' | 'samples'} name
   * @param {{ value: number, min: number, max: number, step: number }} range
   * @param {(x: number) => string} print
   * @param {(x: number) => void} change
   */
  #knob(name, { value, min, max, step }, print, change) {
    const id = `${this.#id}-${name}`;
    const share = (100 * (value - min)) / Math.max(step, max - min);
    return html`<label for=${id}>${t(`prediction.${name}`)}</label
      ><input
        id=${id}
        type="range"
        .min=${`${min}`}
        .max=${`${max}`}
        .step=${`${step}`}
        .value=${`${value}`}
        .style=${`--p:${share}%`}
        aria-valuetext=${print(value)}
        @input=${(/** @type {Event} */ e) => change(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)}
      /><output for=${id}>${print(value)}</output>`;
  }

  /** @param {PredictionData} data @param {number | undefined} first */
  #actions({ generating, vocabulary }, first) {
    const word = first === undefined || !vocabulary ? nothing : shown(bytesOf(vocabulary, first));
    return html`<div class="acts">
      <button class="btn" type="button" ?disabled=${first === undefined} @click=${() => first !== undefined && this.#on.take(first)}>
        ${t('prediction.take')} <span class="serif">${word}</span> <kbd>T</kbd>
      </button>
      <button class="btn" type="button" ?disabled=${!vocabulary} @click=${() => (generating ? this.#on.stop() : this.#on.generate())}>
        ${t(generating ? 'prediction.stop' : 'prediction.generate')} <kbd>G</kbd>
      </button>
    </div>`;
  }

  /** What is spoken changes at most once in a while, and in the end it is what the bars show. @param {PredictionData} data @param {import('./bars.js').Row | undefined} row @param {Uint8Array | null} after */
  #spoken(data, row, after) {
    const { vocabulary, inspection, tokens, selected, sampling, atStep = null, learning = false } = data;
    const at = `${selected}/${JSON.stringify(sampling)}/${textKey(tokens)}`;
    if (row && inspection && !this.#told.may({ at, step: inspection.step, atStep, learning }) && !this.#waits)
      return this.#sentence;
    clearTimeout(this.#timer);
    this.#waits = false;
    const now = performance.now();
    const wait = this.#sentenceAt + SENTENCE_MS - now;
    if (!row || !after || !vocabulary) this.#sentence = '';
    else if (this.#sentence && wait > 0) {
      this.#waits = true;
      this.#timer = window.setTimeout(() => this.update(data), wait);
    } else {
      this.#sentenceAt = now;
      this.#sentence = t('prediction.sentence', {
        after: say(after),
        token: say(bytesOf(vocabulary, row.id)),
        share: pct(row.shaped),
      });
    }
    return this.#sentence;
  }
}
