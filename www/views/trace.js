/** A tool call step by step: who wrote what, and what the tool said. Results can be edited. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { keepEnter } from './duel.js';
import { pct } from './format.js';
import { authorsKey, endingOf, markOf, sequence, spokenSequence } from './spoken.js';

/** @typedef {import('../engine/teacher-protocol.js').Spoken} Spoken */
/** `title`: name of the model; `handed`: the question as the model is given it; `called`: what the tools say to the learner's own request. @typedef {{ ready: boolean, title: string, question: string, handed: string, spoken: Spoken | null, edits: (string | null)[], wrong: string | null, called: import('../engine/teacher-protocol.js').Called | null }} TraceData */
/** @typedef {{ type(text: string): void, ask(): void, another(): void, call(request: string): void, edit(call: number, text: string | null): void }} TraceEvents */
/** @typedef {{ author: 1 | 2, from: number, to: number }} Step */

/** Runs of tokens by one author, without what was given. @param {Uint8Array} authors @returns {Step[]} */
export function stepsOf(authors) {
  /** @type {Step[]} */
  const steps = [];
  authors.forEach((author, i) => {
    const last = steps.at(-1);
    if (author === 0) return;
    if (last?.author === author) last.to = i + 1;
    else steps.push({ author: /** @type {1 | 2} */ (author), from: i, to: i + 1 });
  });
  return steps;
}

/** Some of the tokens. @param {import('../engine/protocol.js').TokenList} tokens @param {number} from @param {number} to */
const part = (tokens, from, to) => ({
  ids: tokens.ids.subarray(from, to),
  bytes: tokens.bytes,
  byteStart: tokens.byteStart.subarray(from, to + 1),
  utf16Start: tokens.utf16Start.subarray(from, to),
  utf16End: tokens.utf16End.subarray(from, to),
  special: tokens.special.subarray(from, to),
});

/** What the model does in some of its tokens; a call without an end was not answered. @param {import('../engine/protocol.js').TokenList} tokens @param {boolean} called */
function doing(tokens, called) {
  if (called) return 'trace.calls';
  const begun = tokens.special.some((special, i) => special && markOf(tokens, i) === 'tool');
  return begun ? 'trace.unfinished' : 'trace.answers';
}

export class TraceView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {TraceEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('tracing');
  }

  /** @param {TraceData} data */
  update({ ready, title, question, handed, spoken, edits, wrong, called }) {
    const submit = (/** @type {Event} */ e) => {
      e.preventDefault();
      if (ready) this.#on.ask();
    };
    render(
      html`<header><h3>${t('trace.title')}</h3><span class="aside">${title}</span></header>
        <form class="asking" @submit=${submit} @keydown=${keepEnter}>
          <input class="field serif" type="text" maxlength="300" autocomplete="off" aria-label=${t('trace.question')} .value=${question} @input=${(/** @type {Event} */ e) => this.#on.type(/** @type {HTMLInputElement} */ (e.target).value)} />
          <button class="btn primary" ?disabled=${!ready}>${t('trace.ask')}</button>
        </form>
        <button class="btn sm bare" type="button" data-act="another" ?disabled=${!ready} @click=${this.#on.another}>${t('trace.another')}</button>
        ${handed === question ? nothing : html`<p class="cap">${t('trace.handed', { text: handed })}</p>`}
        ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : nothing}
        ${spoken ? this.#steps(spoken, edits) : html`<p class="cap">${t(ready ? 'trace.empty' : 'trace.none')}</p>`}
        ${this.#own(called)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('tracing');
  }

  /** A request of the learner's own. @param {TraceData['called']} called */
  #own(called) {
    const submit = (/** @type {SubmitEvent} */ e) => {
      e.preventDefault();
      const form = /** @type {HTMLFormElement} */ (e.target);
      this.#on.call(/** @type {HTMLInputElement} */ (form.elements.namedItem('request')).value);
    };
    return html`<form class="own-call" @submit=${submit} @keydown=${keepEnter}>
        <h4>${t('trace.own')}</h4>
        <div class="asking"><input class="field mono" name="request" type="text" maxlength="80" autocomplete="off" spellcheck="false" aria-label=${t('trace.own')} placeholder="(3+4)*5" /><button class="btn" data-act="call">${t('trace.own.ask')}</button></div>
        <p role="status">${called ? html`<code>${called.request} ${called.reply === '' ? nothing : html`= ${called.reply}`}</code> · ${t(`trace.tool.${called.kind}`)}` : nothing}</p>
        <p class="cap">${t('trace.own.try')}</p>
      </form>`;
  }

  /** @param {Spoken} spoken @param {(string | null)[]} edits */
  #steps(spoken, edits) {
    const { tokens, authors, probabilities, calls } = spoken;
    const given = authors.indexOf(1);
    let call = -1;
    return html`<ol class="trace">
        <li><b>${t('trace.you')}</b><span class="what">${t('trace.given')}</span><p class="said">${sequence(part(tokens, 0, given < 0 ? authors.length : given), () => 'given')}</p></li>
        ${stepsOf(authors).map(({ author, from, to }) => {
          const some = part(tokens, from, to);
          if (author === 1) {
            call++;
            const lowest = Math.min(...probabilities.subarray(from, to));
            return html`<li class="model"><b>${t('trace.model')}</b><span class="what">${t(doing(some, calls[call] !== undefined))}</span><span class="share">${t('trace.tokens', { n: to - from, share: pct(lowest) })}</span><p class="said">${sequence(some, () => 'model')}</p></li>${calls[call] ? this.#tool(calls[call], call, edits) : nothing}`;
          }
          return html`<li class="page"><b>${t('trace.page')}</b><span class="what">${t('trace.writes')}</span><span class="share">${t('trace.forced')}</span><p class="said">${sequence(some, () => 'page')}</p></li>`;
        })}
      </ol>
      <p role="status">${endingOf(spoken)}</p>
      <h4>${t('trace.sequence')}</h4>
      <p>${spokenSequence(spoken)}</p>
      ${authorsKey(['given', 'model', 'page'])}`;
  }

  /** @param {import('../engine/teacher-protocol.js').Called} called @param {number} n @param {(string | null)[]} edits */
  #tool({ request, kind, reply }, n, edits) {
    const edited = edits[n] ?? '';
    return html`<li class="page"><b>${t('trace.page')}</b><span class="what">${t(`trace.tool.${kind}`)}</span>
      <p class="said">${request} ${reply === '' ? nothing : html`= ${reply}`}</p>
      <label class="said">${t('trace.edit')} <input class="field" type="text" maxlength="80" autocomplete="off" .value=${edited} placeholder=${reply} @change=${(/** @type {Event} */ e) => this.#on.edit(n, /** @type {HTMLInputElement} */ (e.target).value.trim() || null)} /></label>
    </li>`;
  }
}
