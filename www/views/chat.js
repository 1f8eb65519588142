/** A chat with a stage. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { keepEnter } from './duel.js';

/** `answer`: null while it is on its way, '' where none came; `by`: name of the stage. @typedef {{ user: string, answer: string | null, note: string, by: string }} Turn */
/** @typedef {{ ready: boolean, options: { id: number, name: string }[], stage: number | null, turns: Turn[], busy: boolean }} ChatData */

export class ChatView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ say(text: string): void, stop(): void, reset(): void, choose(id: number): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('chat');
  }

  /** @param {ChatData} data */
  update({ ready, options, stage, turns, busy }) {
    const submit = (/** @type {SubmitEvent} */ e) => {
      e.preventDefault();
      const input = /** @type {HTMLInputElement} */ (
        /** @type {HTMLFormElement} */ (e.target).elements.namedItem('said')
      );
      const text = input.value.trim();
      if (!ready || busy || text === '') return;
      input.value = '';
      this.#on.say(text);
    };
    render(
      html`<header><h3>${t('chat.title')}</h3>
          <select aria-label=${t('chat.stage')} ?disabled=${options.length === 0} @change=${(/** @type {Event} */ e) => this.#on.choose(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
            ${options.map((o) => html`<option value=${o.id} .selected=${o.id === stage}>${o.name}</option>`)}
            ${stage === null ? html`<option .selected=${true}>${t('duel.none')}</option>` : nothing}</select></header>
        <div class="log" role="log" aria-label=${t('chat.title')} tabindex="0"><ol>${turns.map(
          ({ user, answer, note, by }) =>
            html`<li class="you"><b>${t('trace.you')}</b><span class="serif">${user}</span></li><li><b title=${by}>${t('trace.model')}</b><span class="serif">${answer === null ? '…' : answer || '–'}</span> <span class="cap">${by}${note ? ` · ${note}` : ''}</span></li>`,
        )}</ol></div>
        <form class="asking" @submit=${submit} @keydown=${keepEnter}>
          <input class="field serif" name="said" type="text" maxlength="300" autocomplete="off" aria-label=${t('chat.say')} placeholder=${t('chat.say')} ?disabled=${!ready} />
          ${busy ? html`<button class="btn" type="button" @click=${this.#on.stop}>${t('chat.stop')}</button>` : html`<button class="btn primary" ?disabled=${!ready}>${t('chat.send')}</button>`}
          <button class="btn bare" type="button" ?disabled=${turns.length === 0} @click=${this.#on.reset}>${t('chat.reset')}</button>
        </form>
        <p class="cap">${t('chat.memory')}</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('chat');
  }
}
