/** What the model wrote, token by token, and for any token what it could have been instead. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bars } from './bars.js';
import { bytesOf, pct, say } from './format.js';
import { TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').GeneratedToken} GeneratedToken */

/**
 * @typedef {object} GeneratedData
 * @property {TokenList | null} prompt        the last few tokens of the text
 * @property {GeneratedToken[]} generated
 * @property {TokenList | null} vocabulary
 * @property {number} selected                index in `generated`, -1 = none
 * @property {boolean} running
 * @property {boolean} untrained
 */

/** Below this probability a token is dotted. */
const UNLIKELY = 0.1;
const ALTERNATIVES = 3;

/** One list of the prompt's tokens and the generated ones. @param {TokenList} prompt @param {GeneratedToken[]} generated @returns {TokenList} */
export function joined(prompt, generated) {
  const count = prompt.ids.length + generated.length;
  const bytes = new Uint8Array(prompt.bytes.length + generated.reduce((n, g) => n + g.bytes.length, 0));
  const byteStart = new Uint32Array(count + 1);
  const ids = new Uint32Array(count);
  const special = new Uint8Array(count);
  bytes.set(prompt.bytes);
  byteStart.set(prompt.byteStart);
  ids.set(prompt.ids);
  special.set(prompt.special);
  let at = prompt.bytes.length;
  for (const [i, token] of generated.entries()) {
    bytes.set(token.bytes, at);
    at += token.bytes.length;
    ids[prompt.ids.length + i] = token.id;
    byteStart[prompt.ids.length + i + 1] = at;
  }
  // Offsets into a string have no meaning across two texts and are not used here.
  return { ids, bytes, byteStart, special, utf16Start: new Uint32Array(count), utf16End: new Uint32Array(count) };
}

/** Probability of the token that was chosen. @param {GeneratedToken} token */
export const chosenProbability = (token) => token.topProbs[token.topIds.indexOf(token.id)] ?? 0;

/** The most probable alternatives, the chosen one included. @param {GeneratedToken} token */
export function alternatives(token) {
  const rows = Array.from(token.topIds, (id, k) => ({ id, raw: token.topProbs[k], shaped: token.topProbs[k] }));
  const best = rows.slice(0, ALTERNATIVES);
  const chosen = rows.find((row) => row.id === token.id);
  return chosen && !best.includes(chosen) ? [...best, chosen] : best;
}

export class GeneratedView {
  #root;
  #on;
  /** @type {TokenLine | null} */
  #line = null;
  #prompt = 0;
  #id;

  /**
   * @param {HTMLElement} root
   * @param {{ select(i: number): void, append(): void, clear(): void }} on
   * @param {string} [id]   beginning of its ids: it may stand on the page twice
   */
  constructor(root, on, id = 'generated') {
    this.#id = id;
    this.#root = root;
    this.#on = on;
    root.classList.add('generated');
  }

  /** @param {GeneratedData} data */
  update(data) {
    const { prompt, generated, vocabulary, selected, running } = data;
    const picked = generated[selected];
    const some = generated.length > 0;
    render(
      html`<header>
          <h2 id=${`${this.#id}-title`}>${t('generated.title')}</h2>
          ${some ? html`<span class="aside">${t('generated.hint')}</span>` : nothing}
        </header>
        ${some || running ? nothing : html`<p class="cap">${t('generated.empty')}</p>`}
        ${some && data.untrained ? html`<p class="cap">${t('generated.untrained')}</p>` : nothing}
        <div class="scroll"></div>
        ${generated.some((token) => token.slid) ? html`<p class="cap">${t('generated.slid')}</p>` : nothing}
        ${
          picked && vocabulary
            ? html`<div class="alts">
              <p>${t('generated.alternatives')}</p>
              ${bars({ rows: alternatives(picked), vocabulary, chosen: picked.id, label: t('generated.alternatives') })}
            </div>`
            : nothing
        }
        ${
          some && !running
            ? html`<div class="acts">
              <button class="btn sm" type="button" @click=${() => this.#on.append()}>${t('generated.append')}</button>
              <button class="btn sm bare" type="button" @click=${() => this.#on.clear()}>${t('generated.clear')}</button>
            </div>`
            : nothing
        }`,
      this.#root,
    );
    this.#updateLine(data, prompt);
  }

  destroy() {
    this.#line?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('generated');
  }

  /** @param {GeneratedData} data @param {TokenList | null} prompt */
  #updateLine(data, prompt) {
    this.#line ??= new TokenLine(/** @type {HTMLElement} */ (this.#root.querySelector('.scroll')), {
      select: (i) => i >= this.#prompt && this.#on.select(i - this.#prompt),
      hover: () => {},
    });
    const some = data.generated.length > 0 || data.running;
    const empty = {
      ids: new Uint32Array(),
      bytes: new Uint8Array(),
      byteStart: new Uint32Array(1),
      special: new Uint8Array(),
      utf16Start: new Uint32Array(),
      utf16End: new Uint32Array(),
    };
    const before = prompt && some ? prompt : empty;
    this.#prompt = before.ids.length;
    const tokens = joined(before, data.generated);
    const made = this.#prompt;
    this.#line.update({
      tokens,
      label: t('generated.label'),
      selected: data.selected < 0 ? -1 : made + data.selected,
      mode: 'generated',
      made,
      unlikely: (i) => i >= made && chosenProbability(data.generated[i - made]) < UNLIKELY,
      describe: (i) =>
        i < made
          ? t('generated.given', { token: say(bytesOf(tokens, i)) })
          : t('generated.token', {
              token: say(bytesOf(tokens, i)),
              share: pct(chosenProbability(data.generated[i - made])),
            }),
      after: data.running ? html`<span class="caret"></span>` : nothing,
    });
  }
}
