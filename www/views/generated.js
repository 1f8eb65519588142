/** What the model wrote, one text or several drawn at once, and for any token what it could have been instead. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bars } from './bars.js';
import { bytesOf, num, pct, say } from './format.js';
import { TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('../engine/protocol.js').GeneratedToken} GeneratedToken */

/**
 * @typedef {object} GeneratedData
 * @property {TokenList | null} prompt        the last few tokens of the text
 * @property {GeneratedToken[][]} samples     texts drawn at once
 * @property {TokenList | null} vocabulary
 * @property {{ sample: number, token: number }} selected   a token of one of them; token -1 = none
 * @property {boolean} running
 * @property {number} perSecond               tokens of all samples together; 0 = not known
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

/** @type {TokenList} */
const EMPTY = {
  ids: new Uint32Array(),
  bytes: new Uint8Array(),
  byteStart: new Uint32Array(1),
  special: new Uint8Array(),
  utf16Start: new Uint32Array(),
  utf16End: new Uint32Array(),
};

export class GeneratedView {
  #root;
  #on;
  /** By sample. @type {{ line: TokenLine, place: Element }[]} */
  #lines = [];
  #prompt = 0;
  #id;

  /**
   * @param {HTMLElement} root
   * @param {{ select(sample: number, token: number): void, append(sample: number): void, clear(): void }} on
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
    const { samples, vocabulary, selected, running } = data;
    const picked = samples[selected.sample]?.[selected.token];
    const some = samples.some((sample) => sample.length > 0);
    const several = samples.length > 1;
    render(
      html`<header>
          <h2 id=${`${this.#id}-title`}>${t('generated.title')}</h2>
          ${some ? html`<span class="aside">${t('generated.hint')}</span>` : nothing}
        </header>
        ${some || running ? nothing : html`<p class="cap">${t('generated.empty')}</p>`}
        ${some && data.untrained ? html`<p class="cap">${t('generated.untrained')}</p>` : nothing}
        ${several ? samples.map((_, i) => this.#sample(data, i)) : html`<div class="scroll" data-line="0"></div>`}
        ${several ? html`<p class="cap">${speed(data)}</p>` : nothing}
        ${samples.flat().some((token) => token.slid) ? html`<p class="cap">${t('generated.slid')}</p>` : nothing}
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
              ${several ? nothing : this.#append(0)}
              <button class="btn sm bare" type="button" @click=${() => this.#on.clear()}>${t('generated.clear')}</button>
            </div>`
            : nothing
        }`,
      this.#root,
    );
    this.#updateLines(data);
  }

  destroy() {
    for (const { line } of this.#lines) line.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('generated');
  }

  /** @param {number} sample */
  #append(sample) {
    return html`<button class="btn sm" type="button" @click=${() => this.#on.append(sample)}>
      ${t('generated.append')}
    </button>`;
  }

  /** One of several texts, under its number. @param {GeneratedData} data @param {number} sample */
  #sample({ running, samples }, sample) {
    return html`<section class="sample" aria-labelledby=${`${this.#id}-${sample}`}>
      <div class="acts">
        <h3 id=${`${this.#id}-${sample}`}>${t('generated.sample', { n: sample + 1 })}</h3>
        ${running || samples[sample].length === 0 ? nothing : this.#append(sample)}
      </div>
      <div class="scroll" data-line=${sample}></div>
    </section>`;
  }

  /** @param {GeneratedData} data */
  #updateLines(data) {
    const places = [...this.#root.querySelectorAll('[data-line]')];
    // A place that is gone, or stands elsewhere now, takes its line with it.
    for (const { line } of this.#lines.filter(({ place }, i) => place !== places[i])) line.destroy();
    this.#lines = places.map((place, i) =>
      this.#lines[i]?.place === place ? this.#lines[i] : { place, line: this.#line(place, i) },
    );
    const some = data.running || data.samples.some((sample) => sample.length > 0);
    const before = data.prompt && some ? data.prompt : EMPTY;
    this.#prompt = before.ids.length;
    for (const [i, { line }] of this.#lines.entries()) this.#updateLine(data, before, line, i);
  }

  /** @param {Element} place @param {number} sample */
  #line(place, sample) {
    return new TokenLine(/** @type {HTMLElement} */ (place), {
      select: (i) => i >= this.#prompt && this.#on.select(sample, i - this.#prompt),
      hover: () => {},
    });
  }

  /** @param {GeneratedData} data @param {TokenList} before @param {TokenLine} line @param {number} sample */
  #updateLine({ samples, selected, running }, before, line, sample) {
    const generated = samples[sample] ?? [];
    const tokens = joined(before, generated);
    const made = before.ids.length;
    line.update({
      tokens,
      label: samples.length > 1 ? t('generated.label.sample', { n: sample + 1 }) : t('generated.label'),
      selected: selected.sample !== sample || selected.token < 0 ? -1 : made + selected.token,
      mode: 'generated',
      made,
      unlikely: (i) => i >= made && chosenProbability(generated[i - made]) < UNLIKELY,
      describe: (i) =>
        i < made
          ? t('generated.given', { token: say(bytesOf(tokens, i)) })
          : t('generated.token', {
              token: say(bytesOf(tokens, i)),
              share: pct(chosenProbability(generated[i - made])),
            }),
      after: running ? html`<span class="caret"></span>` : nothing,
    });
  }
}

/** How fast all samples came together. @param {GeneratedData} data */
function speed({ samples, perSecond }) {
  const tokens = samples.reduce((sum, { length }) => sum + length, 0);
  return t('generated.speed', { tokens: num(tokens), speed: perSecond ? num(perSecond) : '–' });
}
