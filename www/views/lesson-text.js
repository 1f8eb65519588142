/** The chapter's own text: a box, or for a long text the place in it that is shown; and what its vocabulary learned from. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, size } from './format.js';
import { fillBox, textBox } from './text-box.js';

/** @typedef {'story' | 'education' | 'strawberry' | 'chinese' | 'emoji' | 'code'} Preset */

/**
 * @typedef {object} LessonTextData
 * @property {string} text                 '' when it is long
 * @property {{ characters: number, bytes: number, place: number, window: number } | null} long   too long for a box
 * @property {'model' | 'text'} source     what the vocabulary was learned from
 * @property {boolean} canModel            the current model has merges
 * @property {number} vocabSize            asked for
 * @property {readonly number[]} sizes     to choose from
 * @property {number} [share]              of a training that runs
 * @property {unknown} [notice]
 */

const PRESETS = /** @type {const} */ (['story', 'education', 'strawberry', 'chinese', 'emoji', 'code']);

export class LessonTextView {
  #root;
  #on;

  /**
   * @param {HTMLElement} root
   * @param {{ text(value: string): void, place(at: number): void, preset(name: Preset): void, file(): void,
   *   model(): void, learn(): void, stop(): void, size(n: number): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('lesson-text');
    root.addEventListener('paste', this.#pasted);
  }

  /** @param {LessonTextData} data */
  update(data) {
    render(
      html`${data.long ? this.#place(data.long) : textBox('lesson-source', 'lesson.box', this.#on.text)}
        <div class="try">
          <span>${t('lesson.try')}</span>${PRESETS.map(
            (name) =>
              html`<button type="button" @click=${() => this.#on.preset(name)}>${t(`lesson.preset.${name}`)}</button>`,
          )}<button type="button" @click=${this.#on.file}>${t('lesson.file')}</button>
        </div>
        ${this.#learning(data)} ${data.notice ? html`<div class="slot">${data.notice}</div>` : nothing}`,
      this.#root,
    );
    fillBox(this.#root, data.text);
  }

  destroy() {
    this.#root.removeEventListener('paste', this.#pasted);
    render(nothing, this.#root);
    this.#root.classList.remove('lesson-text');
  }

  /** A long text never goes through the box, which would take seconds. @param {ClipboardEvent} event */
  #pasted = (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!(event.target instanceof HTMLTextAreaElement) || text.length <= LONGEST) return;
    event.preventDefault();
    event.stopPropagation();
    this.#on.text(text);
  };

  /** @param {NonNullable<LessonTextData['long']>} long */
  #place({ characters, bytes, place, window }) {
    const most = Math.max(0, characters - window);
    const until = Math.min(characters, place + window);
    return html`<div class="long">
      <p>${t('lesson.long', { characters: num(characters), size: size(bytes) })}</p>
      <input
        type="range"
        min="0"
        .max=${String(most)}
        step=${Math.max(1, Math.round(window / 4))}
        .value=${String(place)}
        aria-label=${t('lesson.place')}
        aria-valuetext=${t('lesson.shown', { from: num(place + 1), to: num(until) })}
        .style=${`--p:${most ? (100 * place) / most : 0}%`}
        @input=${(/** @type {Event} */ e) => this.#on.place(/** @type {HTMLInputElement} */ (e.target).valueAsNumber)}
      />
      <p class="cap">${t('lesson.shown', { from: num(place + 1), to: num(until) })}</p>
    </div>`;
  }

  /** @param {LessonTextData} data */
  #learning({ source, canModel, vocabSize, sizes, share }) {
    if (share !== undefined) {
      return html`<div class="learn">
        <span>${t('lesson.learning')}</span><progress max="1" .value=${share} aria-label=${t('lesson.learning')}></progress>
        <button class="btn sm" type="button" @click=${this.#on.stop}>${t('lesson.stop')}</button>
      </div>`;
    }
    return html`<div class="learn">
      <span>${t('lesson.learn-from')}</span>
      <div class="seg" role="group" aria-label=${t('lesson.learn-from')}>
        <button type="button" ?disabled=${!canModel} aria-pressed=${source === 'model'} @click=${this.#on.model}>${t('lesson.source.model')}</button>
        <button type="button" aria-pressed=${source === 'text'} @click=${this.#on.learn}>${t('lesson.source.text')}</button>
      </div>
      ${source === 'text' ? html`<button class="btn sm" type="button" @click=${this.#on.learn}>${t('lesson.again')}</button>` : nothing}
      <label class="size"
        ><span>${t('lesson.size')}</span
        ><select @change=${(/** @type {Event} */ e) => this.#on.size(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
          ${sizes.map((n) => html`<option value=${n} .selected=${n === vocabSize}>${num(n)}</option>`)}
        </select></label
      >
    </div>`;
  }
}

/** Longest text of a box, in UTF-16 units. */
export const LONGEST = 20_000;
