/** Model bar: the controls of training and one sentence that is always true. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { duration, num } from './format.js';
import { icon } from './icons.js';

/** @typedef {import('../engine/protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('../engine/protocol.js').Evaluation} Evaluation */

/**
 * @typedef {object} ModelBarData
 * @property {ModelInfo | null} model
 * @property {number} step
 * @property {number} steps            where training stops
 * @property {boolean} untrained      the weights are as they were drawn
 * @property {boolean} running
 * @property {boolean} hidden          the tab was not visible a moment ago
 * @property {string | null} opening   what is being prepared
 * @property {string | null} blocked   why training is not possible
 * @property {Evaluation | null} evaluation
 * @property {Evaluation | null} best
 * @property {number} tokensPerSecond
 * @property {number} workers          that share the steps; 0 before the first
 * @property {number | null} leftMs    time to the last step
 * @property {number} more             steps that Train adds when it has finished
 * @property {boolean} undo
 * @property {boolean} elsewhere        the screen is about another model
 */

/** @typedef {{ train(): void, step(): void, reset(): void, undo(): void, settings(): void }} ModelBarEvents */

/** The numbers of the sentence change at most this often while training. */
const SENTENCE_MS = 1_000;

export class ModelBarView {
  #root;
  #on;
  /** @type {ModelBarData | null} */
  #said = null;
  #saidAt = 0;

  /** @param {HTMLElement} root @param {ModelBarEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  /** @param {ModelBarData} data */
  update(data) {
    this.#root.setAttribute('aria-label', t('bar.label'));
    const said = this.#sentence(data);
    render(
      html`<div class="wrap">
          <div class="ctl">${this.#controls(data)}</div>
          <p>${data.elsewhere ? html`<span class="whose">${t('bar.whose')}</span>` : nothing}${this.#what(data.model)}${data.opening ? data.opening : this.#state(said)}</p>
          <span class="left" id="bar-left">${data.blocked ?? this.#left(said)}</span>
          <button class="btn bare settings wide" type="button" aria-label=${t('settings.title')} title=${t('settings.title')} @click=${this.#on.settings}>
            ${icon('gear')}<span>${t('bar.settings')}</span>
          </button>
        </div>
        <div
          class="line"
          role="progressbar"
          aria-label=${t('bar.progress')}
          aria-valuemin="0"
          aria-valuemax=${data.steps}
          aria-valuenow=${Math.min(data.step, data.steps)}
        >
          <i .style=${`--p:${Math.min(100, (100 * data.step) / data.steps)}%`}></i>
        </div>
        <p class="vh" role="status">${this.#announced(data)}</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
  }

  /** @param {ModelBarData} data */
  #controls(data) {
    const still = data.blocked !== null || data.opening !== null || !data.model;
    return html`<button
        class="btn primary"
        type="button"
        aria-keyshortcuts="Space"
        aria-disabled=${still}
        aria-describedby=${data.blocked ? 'bar-left' : nothing}
        title=${data.blocked ?? nothing}
        @click=${(/** @type {MouseEvent} */ e) => this.#train(e, still)}
      >
        ${data.running ? icon('pause') : icon('play')}${t(data.running ? 'bar.pause' : 'bar.train')}</button
      ><button class="btn wide" type="button" title=${t('bar.step.title')} aria-keyshortcuts="S" ?disabled=${still || data.running} @click=${this.#on.step}>
        ${icon('step')}${t('bar.step')}</button
      ><button
        class="btn wide"
        type="button"
        ?disabled=${!data.model || (data.step === 0 && !data.undo)}
        @click=${data.undo ? this.#on.undo : this.#on.reset}
      >
        ${icon('reset')}${t(data.undo ? 'bar.undo' : 'bar.reset')}</button
      >`;
  }

  /** The second click of a double click would undo the first. @param {MouseEvent} event @param {boolean} still */
  #train(event, still) {
    if (!still && event.detail < 2) this.#on.train();
  }

  /** Numbers stand still for a second while training. @param {ModelBarData} data */
  #sentence(data) {
    const now = performance.now();
    const old = this.#said;
    if (old && data.running && old.running && old.model === data.model && now - this.#saidAt < SENTENCE_MS) {
      return { ...old, hidden: data.hidden };
    }
    this.#said = data;
    this.#saidAt = now;
    return data;
  }

  /** @param {ModelInfo | null} model */
  #what(model) {
    if (!model) return nothing;
    const { layers, heads, width } = model.settings;
    return html`<button class="what" type="button" title=${t('bar.change')} @click=${this.#on.settings}>
        ${rich('bar.what', { layers, heads, width, parameters: num(model.parameters) })}</button
      ><span class="dash what">—</span>`;
  }

  /** @param {ModelBarData} data */
  #state({ model, step, running, evaluation, best, steps, tokensPerSecond, workers, hidden }) {
    if (!model) return nothing;
    const dash = html`<span class="dash">—</span>`;
    const done = !running && step >= steps;
    return html`${running ? html`<i class="pulse"></i>` : nothing}${rich('bar.at-step', { step: num(step) })}${
      evaluation
        ? html`${dash}${rich('bar.loss', { nats: evaluation.lossNats.toFixed(2), bits: evaluation.bitsPerByte.toFixed(2) })}`
        : nothing
    }${
      running && tokensPerSecond > 0
        ? html`<span class="speed">${dash}${rich(hidden ? 'bar.slowed' : 'bar.speed', { speed: num(Math.round(tokensPerSecond)) })}${
            workers > 1 ? html`${dash}${rich('bar.workers', { workers })}` : nothing
          }</span>`
        : nothing
    }${done && best ? html`${dash}${rich('bar.done', { step: num(best.step) })}` : nothing}`;
  }

  /** @param {ModelBarData} data */
  #left({ model, step, steps, running, leftMs, more }) {
    if (!model) return nothing;
    const time = leftMs === null ? null : duration(leftMs);
    if (running) return time ? t('bar.left', { time }) : nothing;
    if (step >= steps) return t('bar.more', { n: num(more) });
    if (!time) return t('bar.steps', { n: num(steps) });
    return step === 0 ? t('bar.all', { n: num(steps), time }) : t('bar.left', { time });
  }

  /** What changed, for a screen reader: states, not numbers. @param {ModelBarData} data */
  #announced({ model, step, steps, untrained, running, opening }) {
    if (opening) return opening;
    if (!model) return '';
    if (running) return t('bar.now.running');
    if (step >= steps) return t('bar.now.done');
    return untrained ? t('bar.now.untrained') : step > 0 ? t('bar.now.paused') : t('bar.now.ready');
  }
}
