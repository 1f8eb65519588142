/** One text, four times: characters, code points, bytes of UTF-8, tokens. A column is a byte. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { hex, say, shown } from './format.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

/**
 * @typedef {object} LayersData
 * @property {TokenList | null} tokens
 * @property {{ name: string, title: string }[]} vocabularies  to choose from
 * @property {string} chosen
 * @property {boolean} more          the text goes on behind what is shown
 * @property {unknown} [notice]      in place of the figure: what is loading, what went wrong
 */

/**
 * Columns that belong together: they begin and end where both a character and a token do.
 * @typedef {object} Cluster
 * @property {Uint8Array} bytes
 * @property {{ at: number, width: number }[]} characters   in columns of the cluster
 * @property {{ at: number, width: number, id: number }[]} tokens
 */

/** Bytes shown at once. */
const MOST = 160;

/** @param {number} byte */
const isLead = (byte) => (byte & 0xc0) !== 0x80;

/** @param {TokenList} tokens @param {number} [most]  bytes @returns {Cluster[]} */
export function clusters({ ids, bytes, byteStart }, most = MOST) {
  /** @type {Cluster[]} */
  const out = [];
  let from = 0;
  for (let first = 0, i = 0; i < ids.length && byteStart[i] < most; i++) {
    const end = byteStart[i + 1];
    if (end < bytes.length && !isLead(bytes[end])) continue;
    const part = bytes.subarray(from, end);
    const leads = Array.from(part.keys()).filter((k) => k === 0 || isLead(part[k]));
    out.push({
      bytes: part,
      characters: leads.map((at, k) => ({ at, width: (leads[k + 1] ?? part.length) - at })),
      tokens: Array.from({ length: i + 1 - first }, (_, k) => {
        const at = byteStart[first + k] - from;
        return { at, width: byteStart[first + k + 1] - from - at, id: ids[first + k] };
      }),
    });
    from = end;
    first = i + 1;
  }
  return out;
}

/** @param {Uint8Array} bytes  of one character */
function codePoint(bytes) {
  const point = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).codePointAt(0) ?? 0;
  return point.toString(16).toUpperCase().padStart(4, '0');
}

export class LayersView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ choose(vocabulary: string): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('layers');
  }

  /** @param {LayersData} data */
  update(data) {
    const all = data.tokens ? clusters(data.tokens) : [];
    const drawn = all.reduce((sum, c) => sum + c.bytes.length, 0);
    const cut = data.more || drawn < (data.tokens?.bytes.length ?? 0);
    render(
      html`<header><h3>${t('layers.title')}</h3>${this.#choice(data)}</header>
        ${data.notice ?? nothing}
        ${
          all.length > 0
            ? html`<ul class="key" aria-hidden="true">
                <li>${t('layers.character')}</li>
                <li>${t('layers.code-point')}</li>
                <li>${t('layers.byte')}</li>
                <li>${t('layers.token')}</li>
              </ul>
              <ol class="clusters" tabindex="0" aria-label=${t('layers.title')}>${this.#drawn(all)}${cut ? html`<li class="cap">${t('layers.more')}</li>` : nothing}</ol>`
            : data.notice
              ? nothing
              : html`<p class="cap">${t('layers.empty')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('layers');
  }

  /** @param {LayersData} data */
  #choice({ vocabularies, chosen }) {
    return html`<div class="seg" role="group" aria-label=${t('layers.vocabulary')}>
      ${vocabularies.map(
        ({ name, title }) =>
          html`<button type="button" aria-pressed=${name === chosen} @click=${() => this.#on.choose(name)}>${title}</button>`,
      )}
    </div>`;
  }

  /** @param {Cluster[]} all */
  #drawn(all) {
    let token = 0;
    return all.map((cluster) => {
      const from = token;
      token += cluster.tokens.length;
      return html`<li>
        <span class="vh">${this.#sentence(cluster)}</span>
        <span class="grid" aria-hidden="true" .style=${`--n:${cluster.bytes.length}`}
          >${cluster.characters.map(({ at, width }) => {
            const bytes = cluster.bytes.subarray(at, at + width);
            return html`<span class="c" .style=${`grid-column:${at + 1}/span ${width}`}>${shown(bytes)}</span
              ><span class="p" .style=${`grid-column:${at + 1}/span ${width}`}>${codePoint(bytes)}</span>`;
          })}${Array.from(cluster.bytes, (byte, i) => html`<span class="b" .style=${`grid-column:${i + 1}`}>${hex(byte)}</span>`)}${cluster.tokens.map(
            ({ at, width, id }, i) =>
              html`<span class="k t${(from + i) % 4}" .style=${`grid-column:${at + 1}/span ${width}`}>${id}</span>`,
          )}</span
        >
      </li>`;
    });
  }

  /** @param {Cluster} cluster */
  #sentence({ bytes, tokens }) {
    return t('layers.sentence', {
      text: say(bytes),
      bytes: Array.from(bytes, hex).join(' '),
      ids: tokens.map(({ id }) => id).join(', '),
    });
  }
}
