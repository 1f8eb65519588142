/** Before and after on the same held-out questions: who wins, whether the content is right still, how far it went. */

import { gap, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { num, pct } from './format.js';
import { icon } from './icons.js';

/** @typedef {import('../engine/teacher-protocol.js').Compared} Compared */
/** @typedef {{ wins: number, losses: number, ties: number, share: number, low: number, high: number }} WinRate */
/** @typedef {{ rows: Compared[], rate: WinRate | null, by: string, gamed: boolean, ready: boolean, title: string, kl: number | null }} BetterData  `gamed`: far fewer answers are right; `kl`: penalty that the model was trained with, null without one */

/** Rows that are shown. */
const SHOWN = 6;

/** Wins of all decided comparisons with Wilson's interval for 95 %. @param {[number, number][]} scores  before and after @returns {WinRate} */
export function winRate(scores) {
  const wins = scores.filter(([a, b]) => b > a).length;
  const losses = scores.filter(([a, b]) => b < a).length;
  const n = wins + losses;
  const ties = scores.length - n;
  if (n === 0) return { wins, losses, ties, share: 0.5, low: 0, high: 1 };
  const [z, share] = [1.96, wins / n];
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { wins, losses, ties, share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export class BetterView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ compare(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('better');
  }

  /** @param {BetterData} data */
  update({ rows, rate, by, gamed, ready, title, kl }) {
    render(
      html`<header><h3>${t('better.title')}</h3><span class="aside">${title}</span></header>
        ${rows.length === 0 ? html`<p class="cap">${t('better.none')}</p><button class="btn sm" type="button" data-act="compare" ?disabled=${!ready} @click=${this.#on.compare}>${t('better.compare')}</button>` : this.#found(rows, rate, by, gamed, kl)}`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('better');
  }

  /** @param {Compared[]} rows @param {WinRate | null} rate @param {string} by @param {boolean} gamed @param {number | null} penalty */
  #found(rows, rate, by, gamed, penalty) {
    const share = (/** @type {(r: Compared) => boolean} */ is) => pct(rows.filter(is).length / rows.length);
    const kl = rows.reduce((sum, r) => sum + r.divergence, 0) / rows.length;
    const line = (/** @type {string} */ name, /** @type {string} */ a, /** @type {string} */ b) =>
      html`<tr><th scope="row">${name}</th><td class="n">${a}</td><td class="n">${b}</td></tr>`;
    const right = (/** @type {0 | 1} */ i) => share((r) => r.right[i]);
    return html`${rate ? winning(rate, by) : nothing}
      ${penalty === 0 || gamed ? html`<div class="note warn hacked" role="status">${icon('warn')}<div>${t(penalty === 0 ? 'better.hacked' : 'better.gamed', { before: right(0), after: right(1), nats: num(Math.max(0, kl), 1) })}${gap()}${gamed ? t('better.gamed.next') : ''}</div></div>` : nothing}
      <table><thead><tr><td></td><th class="n" scope="col">${t('better.before')}</th><th class="n" scope="col">${t('better.after')}</th></tr></thead>
        <tbody>
          ${line(t('better.right'), right(0), right(1))}
          ${line(
            t('better.polite'),
            share((r) => r.tones[0] === 'polite'),
            share((r) => r.tones[1] === 'polite'),
          )}
          ${line(
            t('better.rude'),
            share((r) => r.tones[0] === 'rude'),
            share((r) => r.tones[1] === 'rude'),
          )}
          ${line(
            t('better.short'),
            share((r) => r.tones[0] === 'short'),
            share((r) => r.tones[1] === 'short'),
          )}
          ${line(t('better.kl'), '0', t('better.nats', { nats: num(Math.max(0, kl), 2) }))}
        </tbody></table>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('better.title')}><table>
        <thead><tr><th scope="col">${t('better.question')}</th><th scope="col">${t('better.before')}</th><th scope="col">${t('better.after')}</th></tr></thead>
        <tbody>${rows
          .slice(0, SHOWN)
          .map(
            (r) =>
              html`<tr><td class="serif">${r.user}</td>${r.answers.map((a, i) => html`<td class="serif">${a} <span class=${r.right[i] ? 'good' : 'worse'}>${t(r.right[i] ? 'better.is-right' : 'better.is-wrong')}</span></td>`)}</tr>`,
          )}</tbody></table></div>`;
  }
}

/** @param {WinRate} rate @param {string} by */
function winning({ wins, losses, ties, share, low, high }, by) {
  if (wins + losses === 0) return html`<p><b>${t('better.equal', { n: ties, by })}</b></p>`;
  const at = (/** @type {number} */ x) => (200 * x).toFixed(1);
  return html`<p><b>${t('better.wins', { share: pct(share) })}</b>
      <svg class="wins" viewBox="-6 -8 212 16" width="212" height="16" aria-hidden="true"><path d="M0 0H200" stroke="var(--hair)"></path><path d="M100 -7V7" stroke="var(--ink-3)"></path><path d=${`M${at(low)} 0H${at(high)}`} stroke="var(--glass)" stroke-width="2"></path><circle cx=${at(share)} cy="0" r="5" fill="var(--glass)"></circle></svg></p>
    <p class="cap">${t('better.interval', { low: pct(low), high: pct(high), wins, losses, ties, by })}</p>`;
}
