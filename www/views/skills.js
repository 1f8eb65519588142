/** Sums with and without a tool on held-out tasks. */

import { t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/** `gamed`: right answers of a model whose choices were gamed; `missing`: which of two trainings there is none of yet, where there is the other. @typedef {{ ready: boolean, gamed: { before: string, after: string } | null, missing: 'with' | 'without' | null, columns: string[], rows: { name: string, cells: string[] }[], samples: { user: string, answer: string, wanted: string, right: boolean }[], from: string }} SkillsData */

export class SkillsView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ learn(tool: boolean): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('skills');
  }

  /** @param {SkillsData} data */
  update({ ready, gamed, missing, columns, rows, samples, from }) {
    const learn = (/** @type {boolean} */ tool) =>
      html`<button class="btn ${tool ? 'primary' : ''}" type="button" data-act=${tool ? 'tools' : 'no-tools'} ?disabled=${!ready} @click=${() => this.#on.learn(tool)}>${t(tool ? 'skills.learn' : 'skills.learn.without')}</button>`;
    render(
      html`<header><h3>${t('skills.title')}</h3>${from ? html`<span class="aside">${t('lesson.from', { name: from })}</span>` : nothing}</header>
        ${gamed ? html`<div class="note warn" role="status">${icon('warn')}<div>${t('skills.gamed', { name: from, ...gamed })}</div></div>` : nothing}
        <div class="acts">${learn(true)} ${learn(false)}</div>
        ${
          columns.length === 0
            ? html`<p class="cap">${t('skills.none')}</p>`
            : html`<div class="scroll" tabindex="0" role="group" aria-label=${t('skills.title')}><table><thead><tr><td></td>${columns.map((c) => html`<th class="n" scope="col">${c}</th>`)}</tr></thead>
              <tbody>${rows.map(({ name, cells }) => html`<tr><th scope="row">${name}</th>${cells.map((c) => html`<td class="n">${c}</td>`)}</tr>`)}</tbody></table></div>
              ${missing ? html`<p class="cap">${t(`skills.missing.${missing}`)}</p>` : nothing}`
        }
        ${samples.length > 0 ? html`<details><summary>${t('skills.samples')}</summary><ul>${samples.map((s) => html`<li class="serif">${s.user} → ${s.answer} <span class=${s.right ? 'good' : 'worse'}>${s.right ? '✓' : `✗ ${s.wanted}`}</span></li>`)}</ul></details>` : nothing}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('skills');
  }
}
