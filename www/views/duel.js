/** One question, two models: what each says, side by side. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { authorsKey, endingOf, spokenSequence } from './spoken.js';

/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** @typedef {{ id: number, name: string }} Option */
/** @typedef {{ id: number | null, aside: string, spoken: Spoken | null }} Side */
/** @typedef {{ question: string, options: Option[], sides: [Side, Side], ready: boolean, wrong: string | null }} DuelData */

export class DuelView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ type(text: string): void, ask(): void, another(): void, choose(side: 0 | 1, id: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('duel');
  }

  /** @param {DuelData} data */
  update({ question, options, sides, ready, wrong }) {
    const submit = (/** @type {Event} */ e) => {
      e.preventDefault();
      if (ready) this.#on.ask();
    };
    // A question is one line, however many it takes to show.
    const typed = (/** @type {Event} */ e) => {
      const field = /** @type {HTMLTextAreaElement} */ (e.target);
      if (/[\r\n]/.test(field.value)) field.value = field.value.replace(/[\r\n]+/g, ' ');
      this.#on.type(field.value);
    };
    const enter = (/** @type {KeyboardEvent} */ e) => {
      if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229) return;
      e.preventDefault();
      if (ready && question.trim() !== '') this.#on.ask();
    };
    render(
      html`<header><h3>${t('duel.title')}</h3><span class="aside">${t('duel.same')}</span></header>
        <form class="asking" @submit=${submit} @keydown=${keepEnter}>
          <div class="grows" data-text=${question}><textarea class="field serif" rows="1" maxlength="300" autocomplete="off" aria-label=${t('duel.question')} .value=${question} @input=${typed} @keydown=${enter}></textarea></div>
          <button class="btn primary" ?disabled=${!ready || question.trim() === ''}>${t('duel.ask')}</button>
        </form>
        <button class="btn sm bare" type="button" data-act="another" ?disabled=${!ready} @click=${this.#on.another}>${t('duel.another')}</button>
        ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : nothing}
        <div class="cols2 sides">${sides.map((side, i) => this.#side(side, /** @type {0 | 1} */ (i), options))}</div>
        ${authorsKey(['given', 'model'])}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('duel');
  }

  /** @param {Side} side @param {0 | 1} i @param {Option[]} options */
  #side({ id, aside, spoken }, i, options) {
    const chosen = (/** @type {Event} */ e) =>
      this.#on.choose(i, Number(/** @type {HTMLSelectElement} */ (e.target).value));
    return html`<section>
      <h4>
        <select aria-label=${t('duel.side', { n: i + 1 })} @change=${chosen} ?disabled=${options.length === 0}>
          ${options.map((o) => html`<option value=${o.id} ?selected=${o.id === id} .selected=${o.id === id}>${o.name}</option>`)}
          ${id === null ? html`<option selected .selected=${true}>${t('duel.none')}</option>` : nothing}
        </select>
        <span class="cap">${aside}</span>
      </h4>
      <div class="said" aria-live="polite">${spoken ? html`<p>${spokenSequence(spoken)}</p><p class="cap">${endingOf(spoken)}</p>` : html`<p class="cap">${t('duel.empty')}</p>`}</div>
    </section>`;
  }
}

/** Enter that an input method uses sends nothing. @param {KeyboardEvent} event */
export function keepEnter(event) {
  if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) event.preventDefault();
}
