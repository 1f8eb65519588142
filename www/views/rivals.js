/** Four predictors side by side after one prefix: what each expects next, and what it writes. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { bars } from './bars.js';
import { bytesOf, pct, segments, shown, visible } from './format.js';
import { PREDICTORS } from './ladder.js';
import { best } from './sampler.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./ladder.js').Predictor} Predictor */

/**
 * @typedef {object} RivalsData
 * @property {TokenList | null} vocabulary
 * @property {readonly number[]} prefix
 * @property {Record<Exclude<Predictor, 'uniform'>, Float32Array> | null} next   probability of every id
 * @property {Partial<Record<Predictor, readonly number[]>>} written   ids that each wrote after the prefix
 * @property {number} context   tokens that the model can see
 */

const ROWS = 5;
const SHOWN = 3;

/** Bytes as running text: spaces stay spaces, what is no text is hex. @param {Uint8Array} bytes */
const prose = (bytes) =>
  segments(bytes).map((s) =>
    s.kind === 'hex'
      ? html`<span class="hex">${s.value}</span>`
      : s.value.split(' ').map((word, i) => (i ? [' ', visible(word)] : visible(word))),
  );

/** @param {TokenList} vocabulary @param {readonly number[]} ids */
export function bytesOfAll(vocabulary, ids) {
  const parts = ids.filter((id) => !vocabulary.special[id]).map((id) => bytesOf(vocabulary, id));
  const bytes = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export class RivalsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ write(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('rivals');
  }

  /** @param {RivalsData} data */
  update(data) {
    const { vocabulary, prefix, next } = data;
    const last = vocabulary && prefix.length ? shown(bytesOf(vocabulary, prefix[prefix.length - 1])) : '–';
    render(
      html`<header><h3>${t('rivals.title')}</h3><span class="aside">${t('rivals.after')} <span class="q">${last}</span></span></header>
        ${
          vocabulary && next
            ? html`<div class="columns">${PREDICTORS.map((name) => this.#column(name, data, vocabulary, next))}</div>`
            : html`<p class="cap">${t(prefix.length === 0 && vocabulary ? 'prediction.empty' : 'prediction.waiting')}</p>`
        }
        <div class="tools"><button class="btn sm" type="button" ?disabled=${!next} @click=${this.#on.write}>${t('rivals.write')}</button></div>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('rivals');
  }

  /** @param {Predictor} name @param {RivalsData} data @param {TokenList} vocabulary @param {NonNullable<RivalsData['next']>} next */
  #column(name, { prefix, written, context }, vocabulary, next) {
    const sees = { uniform: 0, bigram: 1, trigram: 2, model: Math.min(context, prefix.length) }[name];
    const title = t(`predictor.${name}`);
    const ids = written[name];
    const n = vocabulary.ids.length;
    const rows = name === 'uniform' ? null : best(next[name], ROWS);
    const rest = rows ? Math.max(0, 1 - rows.reduce((sum, row) => sum + row.raw, 0)) : 0;
    return html`<section aria-label=${title}>
      <h4>${title}</h4>
      <p class="cap">${t('rivals.sees', { n: sees })}</p>
      ${
        rows
          ? bars({ rows, vocabulary, rest, label: t('rivals.label', { name: title }) })
          : html`<p class="cap">${t('rivals.uniform', { n, share: pct(1 / n) })}</p>`
      }
      ${
        ids
          ? html`<p class="sample" dir="auto"><span class="from">…${prose(bytesOfAll(vocabulary, prefix.slice(-SHOWN)))}</span>${prose(bytesOfAll(vocabulary, ids))}</p>`
          : nothing
      }
    </section>`;
  }
}
