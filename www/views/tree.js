/** The merge tree of a token: which two tokens each merge joined, down to single bytes. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { hex, num, segments, shown } from './format.js';

/** @typedef {import('./merge-steps.js').Tree} Tree */

/** Levels drawn; a longer token is cut off there, and says so. */
const DEEPEST = 14;

export class TreeView {
  #root;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    root.classList.add('tree');
  }

  /** @param {{ tree: Tree | null, vocabulary: string }} data */
  update({ tree, vocabulary }) {
    render(
      html`<header><h3>${t('tree.title')}</h3><span class="aside">${vocabulary}</span></header>
        ${
          tree
            ? html`<div class="scroll" tabindex="0" role="group" aria-label=${t('tree.title')}><ul>${this.#branch(tree, 0)}</ul></div>
              <p class="cap">${this.#sentence(tree)}</p>`
            : html`<p class="cap">${t('tree.empty')}</p>`
        }`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('tree');
  }

  /** @param {Tree} tree @param {number} depth @returns {unknown} */
  #branch(tree, depth) {
    const { left, right } = tree;
    const children = left && right && depth < DEEPEST ? [left, right] : [];
    const label = tree.rank === null ? '' : t('tree.merge', { n: num(tree.rank + 1) });
    return html`<li>
      <span class="node"><span class="q">${shown(tree.bytes)}</span><small>${label}${left && !children.length ? ' …' : nothing}</small></span
      >${children.length ? html`<ul>${children.map((child) => this.#branch(child, depth + 1))}</ul>` : nothing}
    </li>`;
  }

  /** @param {Tree} tree */
  #sentence({ id, bytes, rank, count }) {
    const hexes = Array.from(bytes, hex).join(' ');
    const whole = segments(bytes).every((s) => s.kind === 'text');
    const kind = whole ? '' : ` ${t('tree.partial')}`;
    if (rank === null && bytes.length > 1) return t('tree.special', { id: num(id) });
    if (rank === null) return t('tree.leaf', { id: num(id), bytes: hexes }) + kind;
    const words = { id: num(id), bytes: hexes, n: num(rank + 1), times: num(count ?? 0) };
    return t(count === null ? 'tree.sentence' : 'tree.sentence.count', words) + kind;
  }
}
