/** Runs beside each other: a table, two curves, what is stored, ways in and out. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { Chart } from './chart.js';
import { themeKey } from './colour.js';
import { num, size } from './format.js';
import { GoneView } from './gone.js';
import { spaced } from './loss.js';

/** Steps of each run that are told as numbers, about. */
const MOST_ROWS = 12;

/** @typedef {{ step: number, lossNats: number, bitsPerByte: number }} Evaluation */
/**
 * @typedef {object} LabRun
 * @property {string} id
 * @property {string} name
 * @property {string} letter          '' where it is not drawn
 * @property {string[] | null} changed   what differs from the first that is drawn; null: it is that one
 * @property {number} parameters
 * @property {number} step
 * @property {number} seconds
 * @property {number} weights         bytes that are kept of it; 0: none
 * @property {Evaluation | null} best
 */
/** A stage of a course; `from`: the one it was made from, or ''. @typedef {{ name: string, from: string, steps: number, figures: string }} LabStage */
/**
 * @typedef {object} LabData
 * @property {LabRun[]} runs          newest first
 * @property {{ evaluations: Evaluation[], step: number }[]} curves   at most two
 * @property {LabStage[]} stages
 * @property {string} gone            what was deleted last and can come back, or ''
 * @property {{ list: number, model: number, course: number, weights: number, all: number }} stored    bytes
 */
/**
 * @typedef {object} LabEvents
 * @property {(id: string, on: boolean) => void} choose
 * @property {(id: string, name: string) => void} rename
 * @property {(id: string) => void} remove
 * @property {() => void} undo     brings back what was deleted last
 * @property {() => void} forget   the way back
 * @property {(id: string) => void} again
 * @property {(id: string) => void} reopen   its weights in the place of the present model
 * @property {(id: string) => void} zip      its model for other programs
 * @property {() => void} removeWeights        of all runs
 * @property {() => void} csv
 * @property {() => void} png
 * @property {() => void} save
 * @property {() => void} open
 */

const HEIGHT = 260;

export class LabView {
  #root;
  #on;
  /** @type {Chart | null} */
  #chart = null;
  /** @type {GoneView | null} */
  #gone = null;
  /** @type {LabData | null} */
  #data = null;
  #observer = new ResizeObserver(() => this.#draw());

  /** @param {HTMLElement} root @param {LabEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('lab');
  }

  /** @param {LabData} data */
  update(data) {
    this.#data = data;
    const { runs, stages, stored } = data;
    const bytes = (/** @type {number} */ n) => (n === 0 ? '–' : size(n));
    render(
      html`<section><h2>${t('lab.curves')}</h2><div class="plot"></div>${this.#numbers(data.curves)}<p class="cap">${t(runs.length ? 'lab.caption' : 'lab.none')}</p></section>
        <section><h2>${t('lab.runs')}</h2>${runs.length ? this.#table(runs) : nothing}<div class="deleted"></div><p class="cap">${t('lab.text')}</p></section>
        ${stages.length ? this.#stages(stages) : nothing}
        <section><h2>${t('lab.stored')}</h2>
          <dl>${/** @type {const} */ (['list', 'model', 'weights', 'course', 'all']).map((name) => html`<div><dt>${t(`lab.stored.${name}`)}</dt><dd>${bytes(stored[name])}</dd></div>`)}</dl>
          ${stored.weights > 0 ? html`<p><button class="btn sm" type="button" @click=${this.#on.removeWeights}>${t('lab.weights.drop')}</button></p>` : nothing}</section>
        <section><h2>${t('lab.inout')}</h2><p class="acts">
          <button class="btn sm" type="button" ?disabled=${runs.length === 0} @click=${this.#on.csv}>${t('lab.csv')}</button>
          <button class="btn sm" type="button" ?disabled=${runs.length === 0} @click=${this.#on.png}>${t('lab.png')}</button>
          <button class="btn sm" type="button" @click=${this.#on.save}>${t('lab.save')}</button>
          <button class="btn sm" type="button" @click=${this.#on.open}>${t('lab.open')}</button></p></section>`,
      this.#root,
    );
    this.#gone ??= new GoneView(/** @type {HTMLElement} */ (this.#root.querySelector('.deleted')), this.#on);
    this.#gone.update({ words: data.gone });
    this.#draw();
  }

  /** The curves as numbers for screen readers. @param {LabData['curves']} curves */
  #numbers(curves) {
    if (curves.length === 0) return nothing;
    const told = new Set(curves.flatMap((run) => spaced(run.evaluations, MOST_ROWS).map(({ step }) => step)));
    const loss = (/** @type {LabData['curves'][number]} */ run, /** @type {number} */ step) =>
      run.evaluations.find((e) => e.step === step)?.lossNats.toFixed(3) ?? '–';
    return html`<div class="vh"><table>
      <caption>${t('lab.curves')}</caption>
      <thead><tr><th scope="col">${t('loss.table.step')}</th>${curves.map((_, i) => html`<th scope="col">${'AB'[i]}</th>`)}</tr></thead>
      <tbody>${[...told].sort((a, b) => a - b).map((step) => html`<tr><th scope="row">${num(step)}</th>${curves.map((run) => html`<td>${loss(run, step)}</td>`)}</tr>`)}</tbody>
    </table></div>`;
  }

  destroy() {
    this.#observer.disconnect();
    this.#chart?.destroy();
    this.#gone?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('lab');
  }

  /** @param {LabRun[]} runs */
  #table(runs) {
    return html`<div class="table" tabindex="0" role="group" aria-label=${t('lab.runs')}><table>
      <thead><tr><th scope="col"><span class="vh">${t('lab.runs')}</span></th><th scope="col">${t('lab.run')}</th><th scope="col">${t('lab.changed')}</th><th scope="col" class="n">${t('lab.parameters')}</th><th scope="col" class="n">${t('lab.steps')}</th><th scope="col" class="n">${t('lab.seconds')}</th><th scope="col" class="n">${t('lab.best')}</th><th scope="col" class="n">${t('lab.bits')}</th><th scope="col">${t('lab.weights')}</th><th scope="col"><span class="vh">${t('lab.again')}</span></th></tr></thead>
      <tbody>${runs.map((run) => this.#row(run))}</tbody></table></div>`;
  }

  /** @param {LabStage[]} stages */
  #stages(stages) {
    return html`<section><h2>${t('lab.stages')}</h2><div class="table" tabindex="0" role="group" aria-label=${t('lab.stages')}><table>
      <thead><tr><th scope="col">${t('lab.stage')}</th><th scope="col">${t('lab.from')}</th><th scope="col" class="n">${t('lab.steps')}</th><th scope="col">${t('lab.figures')}</th></tr></thead>
      <tbody>${stages.map(({ name, from, steps, figures }) => html`<tr><th scope="row">${name}</th><td>${from || '–'}</td><td class="n">${num(steps)}</td><td>${figures}</td></tr>`)}</tbody></table></div>
      <p class="cap">${t('lab.stages.text')} <a href="#screen=ch5">${t('lab.stages.open')}</a></p></section>`;
  }

  /** @param {LabRun} run */
  #row({ id, name, letter, changed, parameters, step, seconds, best, weights }) {
    return html`<tr data-run=${id}>
      <td><label class="check"><input type="checkbox" aria-label=${t('lab.draw', { name })} .checked=${letter !== ''} @change=${(/** @type {Event} */ e) => this.#on.choose(id, /** @type {HTMLInputElement} */ (e.target).checked)} /><b>${letter}</b></label></td>
      <td><input class="field" maxlength="60" aria-label=${t('lab.rename', { name })} .value=${name} @change=${(/** @type {Event} */ e) => this.#rename(id, name, /** @type {HTMLInputElement} */ (e.target))} /></td>
      <td class="changed">${changed === null ? t('lab.base') : changed.length ? changed.join(', ') : t('lab.same')}</td>
      <td class="n">${num(parameters)}</td><td class="n">${num(step)}</td><td class="n">${num(seconds, seconds < 10 ? 1 : 0)}</td>
      <td class="n">${best ? num(best.lossNats, 2) : '–'}</td><td class="n">${best ? num(best.bitsPerByte, 2) : '–'}</td>
      <td class="acts kept">${
        weights > 0
          ? html`<button class="btn sm" type="button" title=${size(weights)} aria-label=${t('lab.reopen.of', { name, size: size(weights) })} @click=${() => this.#on.reopen(id)}>${t('lab.reopen')}</button><button class="btn sm" type="button" aria-label=${t('lab.zip.of', { name })} @click=${() => this.#on.zip(id)}>.zip</button>`
          : '–'
      }</td>
      <td class="acts last"><button class="btn sm" type="button" title=${t('lab.again.of', { name })} aria-label=${t('lab.again.of', { name })} @click=${() => this.#on.again(id)}>${t('lab.again')}</button><button class="btn sm bare" type="button" aria-label=${t('lab.delete.of', { name })} @click=${() => this.#on.remove(id)}>${t('lab.delete')}</button></td>
    </tr>`;
  }

  /** @param {string} id @param {string} name  that is shown @param {HTMLInputElement} field */
  #rename(id, name, field) {
    const { value } = field;
    // Blanks give the run its own name back, which may be the one that stood there.
    if (value.trim() === '') field.value = name;
    this.#on.rename(id, value);
  }

  #draw() {
    const plot = /** @type {HTMLElement | null} */ (this.#root.querySelector('.plot'));
    const [a, b] = this.#data?.curves ?? [];
    if (!plot) return;
    plot.hidden = !a;
    if (!a) return;
    this.#observer.observe(plot);
    if (plot.clientWidth === 0) return;
    this.#chart ??= new Chart(plot);
    /** @type {import('./chart.js').Level[]} */
    const ends = [a, b].flatMap((run, i) => {
      const value = run?.evaluations.at(-1)?.lossNats;
      return value === undefined
        ? []
        : [{ value, label: `${'AB'[i]} ${value.toFixed(2)}`, tone: i === 0 ? 'val' : 'train' }];
    });
    this.#chart.update(
      {
        trainLoss: new Float32Array(),
        evaluations: a.evaluations,
        other: b?.evaluations ?? [],
        references: [],
        ends,
        steps: Math.max(a.step, b?.step ?? 0),
        atStep: null,
        printStep: (step) => (step === 0 ? t('loss.step', { step: '0' }) : num(step)),
      },
      { width: Math.max(240, plot.clientWidth), height: HEIGHT, theme: themeKey() },
    );
  }
}
