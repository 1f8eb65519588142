/** A course: the stages of a model that is taught, the lesson that runs, and how to begin. */

import { gap, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { duration, num } from './format.js';
import { icon } from './icons.js';

/**
 * @typedef {object} StageRow
 * @property {number} id
 * @property {string} name
 * @property {string} about      how it was made
 * @property {string} figures
 * @property {boolean} fresh     made last
 * @property {number} depth      how many stages it was made from, one after the other
 * @property {boolean} from      lessons go on from it
 * @property {string[]} others   names of stages that were made from it, and go with it
 */
/**
 * @typedef {object} CourseData
 * @property {number | null} opening
 * @property {{ parameters: number, vocabSize: number, trainTokens: number } | null} info
 * @property {StageRow[]} stages
 * @property {{ name: string, share: number, detail: string, paused: boolean, leftMs: number | null } | null} running
 * @property {{ name: string, share: number } | null} measuring
 * @property {string | null} failure
 * @property {{ quick: boolean, start: 'look-back' | 'random' }} wish
 * @property {{ step: string, share: number, stop(): void } | null} chain
 * @property {boolean} incomplete   a stage of the chain is missing
 * @property {{ name: string, value: string }[]} report   of the whole chain
 * @property {boolean} wide         there is room for the report
 * @property {string} own           what follows from the look-back score of the playground's model, or ''
 * @property {boolean} canAdopt   the playground has a model
 * @property {boolean} restoring   what an earlier visit left is being looked for, or made again
 * @property {string} kept         what of it is on this device; '' where nothing is to be said
 * @property {boolean} foreign     it speaks another language than the page
 */
/**
 * @typedef {object} CourseEvents
 * @property {(wish: Partial<CourseData['wish']>) => void} wish
 * @property {() => void} base
 * @property {() => void} adopt
 * @property {() => void} chain
 * @property {() => void} pause
 * @property {(keep: boolean) => void} stop
 * @property {(id: number) => void} remove
 * @property {(id: number) => void} branch
 * @property {() => void} reset
 */

export class CourseView {
  #root;
  #on;
  #name;

  /** @param {HTMLElement} root @param {string} name  of its radio groups @param {CourseEvents} on */
  constructor(root, name, on) {
    this.#root = root;
    this.#on = on;
    this.#name = name;
    root.classList.add('course');
  }

  /** @param {CourseData} data */
  update(data) {
    const { info, stages, running, measuring, opening, failure, restoring } = data;
    const bare = stages.length === 0 && !running;
    render(
      html`<header>
          <h3>${t('course.title')}</h3>
          ${info ? html`<span class="aside">${t('course.size', { parameters: num(info.parameters), vocabulary: num(info.vocabSize), tokens: num(info.trainTokens) })}</span>` : nothing}
        </header>
        ${stages.length > 0 ? this.#stages(stages, running !== null) : nothing} ${bare && !restoring ? this.#begin(data) : nothing}
        ${opening === null ? nothing : html`<p class="cap" role="status">${t(restoring ? 'course.restoring' : 'course.opening', { share: Math.round(100 * opening) })}</p>`}
        ${running ? this.#lesson(running) : nothing}
        ${measuring ? html`<p class="cap" role="status">${t('course.measuring', { name: measuring.name, share: Math.round(100 * measuring.share) })}</p>` : nothing}
        ${data.own ? html`<p class="cap own">${data.own}</p>` : nothing}
        ${failure ? html`<div class="note bad" role="alert">${icon('warn')}<div>${failure}</div></div>` : nothing}
        ${this.#foot(data)} ${data.report.length > 0 ? report(data.report, data.wide) : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('course');
  }

  /** @param {CourseData} data */
  #begin({ wish, opening, canAdopt }) {
    const choice = (
      /** @type {string} */ group,
      /** @type {boolean} */ on,
      /** @type {string} */ words,
      /** @type {Partial<CourseData['wish']>} */ patch,
    ) =>
      html`<label class="check"><input type="radio" name="${this.#name}-${group}" .checked=${on} @change=${() => this.#on.wish(patch)} />${words}</label>`;
    return html`<p class="cap">${t('course.none')}</p>
      <div class="begin">
        <fieldset><legend>${t('course.scale')}</legend>
          ${choice('scale', !wish.quick, t('course.scale.whole'), { quick: false })} ${choice('scale', wish.quick, t('course.scale.quick'), { quick: true })}
        </fieldset>
        <fieldset><legend>${t('course.start')}</legend>
          ${choice('start', wish.start === 'look-back', t('course.start.look-back'), { start: 'look-back' })} ${choice('start', wish.start === 'random', t('course.start.random'), { start: 'random' })}
        </fieldset>
      </div>
      <div class="acts">
        <button class="btn primary" type="button" data-act="base" ?disabled=${opening !== null} @click=${this.#on.base}>${icon('play')}${t('course.base')}</button>
        <button class="btn" type="button" data-act="chain" ?disabled=${opening !== null} @click=${this.#on.chain}>${t('course.chain')}</button>
        <button class="btn bare" type="button" data-act="adopt" ?disabled=${opening !== null || !canAdopt} @click=${this.#on.adopt}>${t('course.adopt')}</button>
      </div>`;
  }

  /** @param {StageRow[]} stages @param {boolean} busy */
  #stages(stages, busy) {
    return html`<ol class="stages">
      ${stages.map(
        ({
          id,
          name,
          about,
          figures,
          fresh,
          depth,
          from,
          others,
        }) => html`<li data-stage=${id} class=${fresh ? 'fresh' : ''} .style=${`--depth:${depth}`}>
          <b>${name}</b><span class="about">${about}</span><span class="figures">${figures}</span>
          <button class="btn sm bare" type="button" data-act="branch" aria-pressed=${from} aria-label=${t('course.branch.of', { name })} title=${t('course.branch.of', { name })} @click=${() => this.#on.branch(id)}>${t('course.branch')}</button>
          <button class="btn sm bare" type="button" data-act="remove" ?disabled=${busy} aria-label=${removal(name, others)} title=${removal(name, others)} @click=${() => this.#on.remove(id)}>${icon('close')}</button>
        </li>`,
      )}
    </ol>`;
  }

  /** @param {NonNullable<CourseData['running']>} running */
  #lesson({ name, share, detail, paused, leftMs }) {
    return html`<div class="lesson">
      <p><b role="status">${name}</b> <span>${detail}</span>${leftMs === null ? nothing : html` <span class="cap">${t('course.left', { time: duration(leftMs) })}</span>`}</p>
      <progress max="1" .value=${share} aria-label=${name}></progress>
      <div class="acts">
        <button class="btn sm" type="button" data-act="pause" @click=${this.#on.pause}>${t(paused ? 'course.go' : 'course.pause')}</button>
        <button class="btn sm" type="button" data-act="skip" @click=${() => this.#on.stop(true)}>${t('course.skip')}</button>
        <button class="btn sm bare" type="button" data-act="cancel" @click=${() => this.#on.stop(false)}>${t('course.cancel')}</button>
      </div>
    </div>`;
  }

  /** @param {CourseData} data */
  #foot({ stages, running, chain, kept, foreign, incomplete }) {
    if (chain)
      return html`<div class="lesson chain">
        <p role="status">${t('course.chain.at', { step: chain.step })}</p>
        <progress max="1" .value=${chain.share} aria-label=${t('course.chain')}></progress>
        <div class="acts"><button class="btn sm bare" type="button" data-act="stop-chain" @click=${chain.stop}>${t('course.chain.stop')}</button></div>
      </div>`;
    if (stages.length === 0 || running) return nothing;
    return html`<div class="acts">
        ${incomplete ? html`<button class="btn sm" type="button" data-act="chain" @click=${this.#on.chain}>${t('course.chain.rest')}</button>` : nothing}
        <button class="btn sm bare" type="button" data-act="reset" title=${t('course.reset.all', { n: stages.length })} @click=${this.#on.reset}>${t('course.reset')}</button>
      </div>
      ${kept || foreign ? html`<p class="cap kept">${kept}${gap()}${foreign ? t('course.foreign') : ''}</p>` : nothing}`;
  }
}

/** @param {string} name @param {string[]} others */
const removal = (name, others) =>
  others.length > 0
    ? t('course.remove.with', { name, others: others.join(t('course.and')) })
    : t('course.remove', { name });

/** @param {CourseData['report']} rows @param {boolean} open */
const report = (rows, open) => html`<details class="report" ?open=${open}><summary>${t('course.report')}</summary>
    <table><tbody>${rows.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td class="n">${value}</td></tr>`)}</tbody></table></details>`;
