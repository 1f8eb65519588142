/** One text under several vocabularies, side by side: tokens, count, bytes per token, price. */

import { rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, say } from './format.js';
import { TokenTip } from './token-tip.js';
import { TokenLine } from './tokens.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} Column  one vocabulary
 * @property {string} name
 * @property {string} title
 * @property {boolean} on                 the learner wants to see it
 * @property {'none' | 'loading' | 'ready' | 'failed'} state
 * @property {number} share               of what is loading
 * @property {string} detail              ids in all, or size to fetch, or what went wrong
 * @property {TokenList | null} tokens    of what is shown
 * @property {number | null} count        of the whole text
 * @property {string} price               per million tokens, as typed
 */

/** @typedef {{ line: TokenLine, tokens: TokenList, title: string, selected: number }} Line */

/**
 * @typedef {object} CompareData
 * @property {Column[]} columns
 * @property {boolean} full              no further one can be shown
 * @property {string | null} failed       why a file could not be opened
 * @property {number} characters
 * @property {number} bytes
 * @property {{ perByte: number, step: number, tokens: number, cut: boolean } | null} model  bits per byte of the current one
 */

/** Ids are written below the tokens of texts up to this length. */
const WITH_IDS = 400;

/** What so many tokens cost. @param {number} count @param {string} price  per million @returns {string | null} */
export function cost(count, price) {
  const each = Number(price.replace(',', '.'));
  if (price.trim() === '' || !Number.isFinite(each) || each < 0) return null;
  const sum = (count * each) / 1e6;
  if (sum === 0) return '0';
  // Two digits that mean something, never an exponent.
  return sum >= 1 ? num(sum, 2) : sum.toFixed(Math.min(12, 1 - Math.floor(Math.log10(sum))));
}

export class CompareView {
  #root;
  #on;
  /** By vocabulary. @type {Map<string, Line>} */
  #lines = new Map();
  #names = '';
  #tip = new TokenTip();

  /**
   * @param {HTMLElement} root
   * @param {{ toggle(name: string, on: boolean): void, open(): void, load(name: string): void, price(name: string, value: string): void, pick(name: string, id: number): void }} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('compare');
  }

  /** @param {CompareData} data */
  update(data) {
    const shown = data.columns.filter((c) => c.on);
    this.#keep(data.columns.map((c) => c.name).join(' '));
    render(
      html`<header>
          <h3>${t('compare.title')}</h3>
          <span class="aside">${t('compare.text', { n: num(data.characters), bytes: num(data.bytes) })}</span>
        </header>
        <div class="tools" role="group" aria-label=${t('layers.vocabulary')}>
          ${data.columns.map(
            (c) =>
              html`<label class="check"
                ><input type="checkbox" .checked=${c.on} ?disabled=${data.full && !c.on} @change=${(/** @type {Event} */ e) => this.#on.toggle(c.name, /** @type {HTMLInputElement} */ (e.target).checked)} />${c.title}</label
              >`,
          )}<button class="btn sm" type="button" @click=${this.#on.open}>${t('compare.open')}</button>
        </div>
        ${data.failed ? html`<p class="wrong" role="status">${t('compare.failed', { reason: data.failed })}</p>` : nothing}
        <div class="columns">${data.columns.map((c) => this.#column(c, data))}</div>
        ${shown.length === 0 ? html`<p class="cap">${t('compare.none')}</p>` : nothing} ${this.#bits(data)}`,
      this.#root,
    );
    for (const column of data.columns) this.#line(column);
  }

  destroy() {
    this.#tip.destroy();
    for (const { line } of this.#lines.values()) line.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('compare');
  }

  /** Other columns are drawn anew: a line of tokens stays with its place. @param {string} names */
  #keep(names) {
    if (names === this.#names) return;
    this.#names = names;
    for (const { line } of this.#lines.values()) line.destroy();
    this.#lines.clear();
    render(nothing, this.#root);
  }

  /** @param {Column} c @param {CompareData} data */
  #column(c, { bytes }) {
    return html`<section ?hidden=${!c.on} aria-label=${c.title}>
      <h4>${c.title} <small>${c.detail}</small></h4>
      ${this.#state(c)}
      <dl ?hidden=${c.count === null}>
        <div><dd>${num(c.count ?? 0)}</dd><dt>${t('compare.tokens', { n: num(c.count ?? 0) })}</dt></div>
        <div><dd>${c.count ? (bytes / c.count).toFixed(2) : '–'}</dd><dt>${t('compare.each')}</dt></div>
        <div>
          <dd><input class="field" type="text" inputmode="decimal" maxlength="12" aria-label=${t('compare.price.label', { vocabulary: c.title })} placeholder=${t('compare.price.none')} .value=${c.price} @input=${(/** @type {Event} */ e) => this.#on.price(c.name, /** @type {HTMLInputElement} */ (e.target).value)} /></dd>
          <dt>${t('compare.price')}</dt>
        </div>
        <div><dd>${cost(c.count ?? 0, c.price) ?? '–'}</dd><dt>${t('compare.cost')}</dt></div>
      </dl>
      <div class="lines" data-of=${c.name}></div>
    </section>`;
  }

  /** Only the current model can be asked. @param {CompareData} data */
  #bits({ model }) {
    if (!model) return nothing;
    return html`<p class="cap bits">
      ${rich('compare.bits', { bits: model.perByte.toFixed(2), step: num(model.step) })}
      ${model.cut ? t('compare.bits.cut', { n: num(model.tokens) }) : nothing}
    </p>`;
  }

  /** @param {Column} c */
  #state({ name, title, state, share }) {
    if (state === 'ready') return nothing;
    if (state === 'loading')
      return html`<progress max="1" .value=${share} aria-label=${t('compare.loading', { vocabulary: title })}></progress>`;
    return html`<button class="btn sm" type="button" @click=${() => this.#on.load(name)}>
      ${t(state === 'failed' ? 'compare.again' : 'compare.load', { vocabulary: title })}
    </button>`;
  }

  /** @param {Column} column */
  #line({ name, title, tokens }) {
    const root = /** @type {HTMLElement} */ (this.#root.querySelector(`[data-of="${name}"]`));
    if (!tokens) {
      this.#lines.get(name)?.line.destroy();
      this.#lines.delete(name);
      return;
    }
    const known = this.#lines.get(name);
    const entry = known ?? { tokens, line: this.#newLine(root, name), selected: -1, title };
    Object.assign(entry, { tokens, title });
    this.#lines.set(name, entry);
    this.#draw(entry);
  }

  /** @param {HTMLElement} root @param {string} name */
  #newLine(root, name) {
    return new TokenLine(root, {
      select: (i) => {
        const entry = this.#lines.get(name);
        if (!entry) return;
        entry.selected = i;
        this.#draw(entry);
        this.#on.pick(name, entry.tokens.ids[i]);
      },
      hover: (i, element) => this.#tip.at(element, () => this.#about(name, i)),
    });
  }

  /** @param {string} name @param {number} i */
  #about(name, i) {
    const tokens = this.#lines.get(name)?.tokens;
    return tokens && i < tokens.ids.length ? { id: tokens.ids[i], bytes: bytesOf(tokens, i) } : null;
  }

  /** @param {Line} entry */
  #draw({ line, tokens, title, selected }) {
    line.update({
      tokens,
      label: t('compare.line', { vocabulary: title }),
      selected: Math.min(selected, tokens.ids.length - 1),
      showIds: tokens.bytes.length <= WITH_IDS,
      describe: (i) => t('text.token', { n: i + 1, token: say(bytesOf(tokens, i)), id: tokens.ids[i] }),
    });
  }
}
