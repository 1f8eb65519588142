/** The surprise of every token of a text: as colour and number below it, as a table, and as a sentence. */

import { gap, rich, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bytesOf, num, say, shown } from './format.js';
import { shortly } from './sampler.js';
import { fillBox, textBox } from './text-box.js';
import { TokenLine } from './tokens.js';
import { Told, textKey } from './told.js';

/** @typedef {import('../engine/protocol.js').Scores} Scores */
/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {'model' | 'trigram' | 'bigram'} Scorer */
export const SCORERS = /** @type {readonly Scorer[]} */ (['model', 'trigram', 'bigram']);

/**
 * @typedef {object} SurpriseData
 * @property {string} text
 * @property {(Scores & { tokens: TokenList }) | null} scores   null: not known yet
 * @property {number} vocabSize
 * @property {Scorer} by
 * @property {number} selected
 * @property {boolean} [learning]   the model learns meanwhile
 */

/** Rows of the table at once. */
const ROWS = 200;

/**
 * Sums over the tokens that have a score, and over their bytes.
 * @param {Scores & { tokens: TokenList }} scores @param {Scorer} by
 */
export function summed(scores, by) {
  const nats = scores[by];
  const { byteStart } = scores.tokens;
  const count = Math.max(0, nats.length - 1);
  let sum = 0;
  let most = 1;
  for (let i = 1; i < nats.length; i++) {
    sum += nats[i];
    if (nats[i] > nats[most]) most = i;
  }
  const bytes = count ? byteStart[nats.length] - byteStart[1] : 0;
  return { count, nats: sum, bytes, bitsPerByte: bytes ? sum / Math.LN2 / bytes : null, most };
}

export class SurpriseView {
  #root;
  #on;
  /** @type {TokenLine | null} */
  #line = null;
  #open = false;
  #told = new Told();
  /** @type {SurpriseData | null} */
  #data = null;

  /** @param {HTMLElement} root @param {{ text(value: string): void, select(i: number): void, by(name: Scorer): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('surprise');
  }

  /** @param {SurpriseData} data */
  update(data) {
    this.#data = data;
    const { scores, by } = data;
    render(
      html`<header><h3>${t('surprise.title')}</h3><span class="aside">${scores ? t(by === 'model' ? 'surprise.step' : 'surprise.counted', { step: num(scores.step) }) : nothing}</span></header>
        ${textBox('surprise-source', 'text.box', this.#on.text)}
        <div class="tools">
          <span>${t('surprise.by')}</span>
          <div class="seg" role="group" aria-label=${t('surprise.by')}>
            ${SCORERS.map(
              (name) =>
                html`<button type="button" aria-pressed=${name === by} @click=${() => this.#on.by(name)}>${t(`predictor.${name}`)}</button>`,
            )}
          </div>
          <span class="key" aria-hidden="true">0 <i></i> ${t('surprise.key', { n: num(Math.log(data.vocabSize), 1) })}</span>
        </div>
        <div class="scroll"></div>
        ${scores ? this.#summary(data, scores) : nothing} ${scores ? this.#details(data, scores) : nothing}`,
      this.#root,
    );
    fillBox(this.#root, data.text);
    if (scores) this.#draw(data, scores);
  }

  destroy() {
    this.#line?.destroy();
    render(nothing, this.#root);
    this.#root.classList.remove('surprise');
  }

  /** @param {SurpriseData} data @param {Scores & { tokens: TokenList }} scores */
  #draw({ by, vocabSize, selected }, scores) {
    const { tokens } = scores;
    const nats = scores[by];
    const full = Math.log(vocabSize);
    const known = (/** @type {number} */ i) => i > 0 && i < nats.length;
    this.#line ??= new TokenLine(/** @type {HTMLElement} */ (this.#root.querySelector('.scroll')), {
      select: this.#on.select,
      hover: () => {},
    });
    this.#line.update({
      tokens,
      label: t('surprise.label'),
      selected,
      mode: 'weights',
      top: 0,
      weights: Float32Array.from(tokens.ids, (_, i) => (known(i) ? Math.min(1, nats[i] / full) ** 1.6 : 0)),
      below: (i) => (known(i) ? nats[i].toFixed(1) : ''),
      describe: (i) =>
        known(i)
          ? t('surprise.token', { token: say(bytesOf(tokens, i)), nats: nats[i].toFixed(2) })
          : t('surprise.token.none', { token: say(bytesOf(tokens, i)) }),
    });
  }

  /** @param {SurpriseData} data @param {Scores & { tokens: TokenList }} scores */
  #summary(data, scores) {
    const { by } = data;
    const { count, nats, bytes, bitsPerByte, most } = summed(scores, by);
    if (bitsPerByte === null) return html`<p class="cap">${t('surprise.short')}</p>`;
    const { tokens, context, step } = scores;
    const at = `${by}/${textKey(tokens)}`;
    const told = this.#told.may({ at, step, atStep: null, learning: data.learning ?? false });
    const item = (/** @type {string} */ name, /** @type {string} */ value) =>
      html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    const cut = tokens.ids.length > context.length;
    const longest = context.reduce((a, b) => Math.max(a, b), 0);
    return html`<dl class="sums">
        ${item(t('surprise.bits-per-byte'), num(bitsPerByte, 2))} ${item(t('surprise.nats'), num(nats / count, 2))}
        ${item(t('sampler.perplexity'), shortly(Math.exp(nats / count)))}
        ${item(t('surprise.total'), num(nats / Math.LN2, 0))}
      </dl>
      <p class="cap" role="status" aria-live=${told ? 'polite' : 'off'}>
        ${rich('surprise.sentence', {
          n: num(count),
          bytes: num(bytes),
          token: html`<span class="q">${shown(bytesOf(tokens, most))}</span>`,
          nats: num(scores[by][most], 1),
        })}${gap()}${by === 'model' ? t('surprise.context', { n: longest }) : scores[by][most] > Math.log(data.vocabSize) ? t('surprise.unseen') : nothing}${gap()}${cut ? t('surprise.cut', { n: num(context.length) }) : nothing}
      </p>`;
  }

  /** @param {SurpriseData} data @param {Scores & { tokens: TokenList }} scores */
  #details(data, scores) {
    const toggled = (/** @type {Event} */ e) => {
      this.#open = /** @type {HTMLDetailsElement} */ (e.target).open;
      if (this.#data) this.update(this.#data);
    };
    return html`<details @toggle=${toggled}>
      <summary>${t('surprise.table')}</summary>
      ${this.#open ? this.#table(data, scores) : nothing}
    </details>`;
  }

  /** @param {SurpriseData} data @param {Scores & { tokens: TokenList }} scores */
  #table({ selected, vocabSize }, scores) {
    const { tokens, context } = scores;
    const from = Math.max(0, Math.min(selected - ROWS / 2, context.length - ROWS));
    const rows = Array.from({ length: Math.min(ROWS, context.length) }, (_, k) => from + k);
    const cell = (/** @type {number} */ x) => html`<td class="n">${Number.isNaN(x) ? '–' : x.toFixed(2)}</td>`;
    return html`<div class="table" tabindex="0" role="group" aria-label=${t('surprise.table')}><table>
      <thead><tr>
        <th scope="col" class="n">${t('surprise.number')}</th><th scope="col">${t('surprise.token-name')}</th><th scope="col" class="n">${t('surprise.before')}</th>
        <th scope="col" class="n">${t('predictor.model')}</th><th scope="col" class="n">${t('predictor.trigram')}</th><th scope="col" class="n">${t('predictor.bigram')}</th><th scope="col" class="n">${t('predictor.uniform')}</th>
      </tr></thead>
      <tbody>${rows.map(
        (i) => html`<tr aria-current=${i === selected ? 'true' : nothing}>
          <td class="n">${num(i + 1)}</td><td class="tk">${shown(bytesOf(tokens, i))}</td><td class="n">${num(context[i])}</td>
          ${cell(scores.model[i])}${cell(scores.trigram[i])}${cell(scores.bigram[i])}${cell(i ? Math.log(vocabSize) : Number.NaN)}
        </tr>`,
      )}</tbody>
    </table></div>`;
  }
}
