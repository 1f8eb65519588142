/** Learning from choices: by pairs or by a reward, with the numbers of every step. */

import { gap, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';
import { lines as chart } from './lines.js';

/** @typedef {import('../engine/teacher-protocol.js').LessonProgress} LessonProgress */
/** @typedef {{ ready: boolean, method: 'policy' | 'prefer', kl: number, clicks: number, beta: number | null, from: string, undo: string, trail: LessonProgress[] }} PreferringData  `beta`: of DPO, null while unknown; `undo`: name of the model to go back to, or '' */
/** @typedef {{ set(patch: { method?: 'policy' | 'prefer', kl?: number }): void, learn(): void, undo(): void }} PreferringEvents */

const KLS = [0, 0.1, 0.2, 0.3, 1];

export class PreferringView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {PreferringEvents} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('lessons');
  }

  /** @param {PreferringData} data */
  update({ ready, method, kl, clicks, beta, from, undo, trail }) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLSelectElement} */ (e.target).value;
    const methods = /** @type {const} */ (['policy', 'prefer']);
    render(
      html`<header><h3>${t('preferring.title')}</h3><span class="aside">${t('preferring.clicks', { n: clicks })}${from ? html` · ${t('lesson.from', { name: from })}` : nothing}</span></header>
        <div class="acts">
          <label>${t('preferring.method')} <select data-set="method" @change=${(/** @type {Event} */ e) => this.#on.set({ method: /** @type {'policy'} */ (value(e)) })}>
            ${methods.map((m) => html`<option value=${m} .selected=${m === method}>${t(`preferring.${m}`)}</option>`)}</select></label>
          ${
            method === 'policy'
              ? html`<label>${t('preferring.kl')} <select data-set="kl" @change=${(/** @type {Event} */ e) => this.#on.set({ kl: Number(value(e)) })}>
                ${KLS.map((k) => html`<option value=${k} .selected=${k === kl}>${k}</option>`)}</select></label>`
              : nothing
          }
          <button class="btn primary" type="button" data-act="prefer" ?disabled=${!ready} @click=${this.#on.learn}>${t('preferring.learn')}</button>
          ${undo ? html`<button class="btn sm bare" type="button" data-act="undo-preferring" @click=${this.#on.undo}>${t('preferring.undo', { name: undo })}</button>` : nothing}
        </div>
        ${kl === 0 && method === 'policy' ? html`<p class="cap">${t('preferring.hack')}</p>` : nothing} ${figures(trail, beta)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('lessons');
  }
}

/** @param {LessonProgress[]} trail @param {number | null} beta */
function figures(trail, beta) {
  const pairs = trail.flatMap(({ step, pairs }) => (pairs ? [{ step, ...pairs }] : []));
  const policy = trail.flatMap(({ step, policy }) => (policy ? [{ step, ...policy }] : []));
  if (pairs.length > 0) {
    const of = (/** @type {'chosen' | 'rejected' | 'lossNats' | 'margin'} */ key) =>
      pairs.map((p) => /** @type {[number, number]} */ ([p.step, p[key]]));
    const last = pairs[pairs.length - 1];
    return html`<div class="cols2">
        ${chart(
          [
            { name: t('preferring.loss'), kind: 'a', values: of('lossNats') },
            { name: t('preferring.margin'), kind: 'c', values: of('margin') },
          ],
          t('preferring.loss.chart'),
        )}
        ${chart(
          [
            { name: t('preferring.chosen'), kind: 'a', values: of('chosen') },
            { name: t('preferring.rejected'), kind: 'b', values: of('rejected') },
          ],
          t('preferring.chosen.chart'),
        )}
      </div>
      <p class="cap">${t('preferring.ln2', { first: num(pairs[0].lossNats, 3), last: num(last.lossNats, 3) })}${gap()}${last.chosen < pairs[0].chosen ? t('preferring.falls') : ''}</p>
      ${beta === null ? nothing : html`<p class="cap">${t('preferring.margin.how', { beta })}</p>`}`;
  }
  if (policy.length === 0) return html`<p class="cap">${t('preferring.none')}</p>`;
  const last = policy[policy.length - 1];
  const of = (/** @type {'reward' | 'divergence'} */ key) =>
    policy.map((p) => /** @type {[number, number]} */ ([p.step, p[key]]));
  return html`<div class="cols2">${chart([{ name: t('preferring.reward'), kind: 'a', values: of('reward') }], t('preferring.reward'))}${chart([{ name: t('preferring.divergence'), kind: 'b', values: of('divergence') }], t('preferring.divergence'))}</div>
    ${last.withoutSignal > 0 ? html`<p class="cap">${t('preferring.signal', { n: last.withoutSignal })}</p>` : nothing}`;
}
