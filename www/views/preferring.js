/** Learning from choices: by pairs or by a reward, with the numbers of every step. */

import { t } from '../i18n/index.js';
import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import { num } from './format.js';

/** @typedef {import('../engine/teacher-protocol.js').LessonProgress} LessonProgress */
/** @typedef {{ ready: boolean, method: 'policy' | 'prefer', kl: number, clicks: number, trail: LessonProgress[] }} PreferringData */
/** @typedef {{ set(patch: { method?: 'policy' | 'prefer', kl?: number }): void, learn(): void }} PreferringEvents */

const KLS = [0, 0.1, 0.3, 1];
const [WIDTH, HEIGHT, PAD] = [320, 120, 28];

/** A small chart of some lines over steps. @param {{ name: string, kind: 'a' | 'b' | 'c', values: [number, number][] }[]} lines @param {string} label */
function chart(lines, label) {
  const all = lines.flatMap(({ values }) => values);
  if (all.length < 2) return nothing;
  const [from, to] = [Math.min(...all.map((v) => v[1])), Math.max(...all.map((v) => v[1]))];
  const last = Math.max(...all.map((v) => v[0]), 1);
  const x = (/** @type {number} */ step) => PAD + ((WIDTH - 2 * PAD) * step) / last;
  const y = (/** @type {number} */ v) => HEIGHT - 18 - ((HEIGHT - 30) * (v - from)) / Math.max(1e-9, to - from);
  const path = (/** @type {[number, number][]} */ values) =>
    values.map(([s, v], i) => `${i ? 'L' : 'M'}${x(s).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return html`<figure class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
      ${svg`<path class="axis" d=${`M${PAD} ${HEIGHT - 18}H${WIDTH - PAD}`}></path>
        <text x=${PAD} y=${HEIGHT - 4}>0</text><text x=${WIDTH - PAD} y=${HEIGHT - 4} text-anchor="end">${last}</text>
        <text x="0" y=${y(to) + 4}>${to.toFixed(1)}</text><text x="0" y=${y(from) + 4}>${from.toFixed(1)}</text>
        ${lines.map(({ kind, values }) => svg`<path class=${kind} d=${path(values)}></path>`)}`}
    </svg><figcaption class="cap">${lines.map(({ name, kind, values }) => html`<span class="line"><svg width="22" height="8" aria-hidden="true">${svg`<path class=${kind} d="M0 4H22"></path>`}</svg> ${name} ${num(values.at(-1)?.[1] ?? 0, 2)}</span> `)}</figcaption></figure>`;
}

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
  update({ ready, method, kl, clicks, trail }) {
    const value = (/** @type {Event} */ e) => /** @type {HTMLSelectElement} */ (e.target).value;
    const methods = /** @type {const} */ (['policy', 'prefer']);
    render(
      html`<header><h3>${t('preferring.title')}</h3><span class="aside">${t('preferring.clicks', { n: clicks })}</span></header>
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
        </div>
        ${kl === 0 && method === 'policy' ? html`<p class="cap">${t('preferring.hack')}</p>` : nothing} ${figures(trail)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('lessons');
  }
}

/** @param {LessonProgress[]} trail */
function figures(trail) {
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
      <p class="cap">${t('preferring.ln2', { first: num(pairs[0].lossNats, 3), last: num(last.lossNats, 3) })} ${last.chosen < pairs[0].chosen ? t('preferring.falls') : ''}</p>`;
  }
  if (policy.length === 0) return html`<p class="cap">${t('preferring.none')}</p>`;
  const last = policy[policy.length - 1];
  const of = (/** @type {'reward' | 'divergence'} */ key) =>
    policy.map((p) => /** @type {[number, number]} */ ([p.step, p[key]]));
  return html`<div class="cols2">${chart([{ name: t('preferring.reward'), kind: 'a', values: of('reward') }], t('preferring.reward'))}${chart([{ name: t('preferring.divergence'), kind: 'b', values: of('divergence') }], t('preferring.divergence'))}</div>
    ${last.withoutSignal > 0 ? html`<p class="cap">${t('preferring.signal', { n: last.withoutSignal })}</p>` : nothing}`;
}
