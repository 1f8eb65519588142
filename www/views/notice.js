/** Notices: what happened, the numbers expected and found, then ways out. They stand beside their cause. */
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/**
 * @typedef {object} Notice
 * @property {string} id            one notice of a kind at a time
 * @property {'engine' | 'text' | 'data'} place  under the model bar, under the text box, in the settings' data
 * @property {'warn' | 'bad' | 'ok'} kind        warn = it can be put right, bad = something was lost, ok = done or first steps
 * @property {import('./icons.js').IconName} icon
 * @property {() => unknown} body   made anew when the language changes
 * @property {(() => unknown) | null} [more]     shown on demand
 * @property {{ label: () => string, act: () => void }[]} [actions]
 */

/** @param {Notice} notice */
export const noticeTemplate = (notice) =>
  html`<div class="note ${notice.kind}" data-notice=${notice.id} role=${notice.kind === 'bad' ? 'alert' : 'status'}>
    ${icon(notice.icon)}
    <div>${notice.body()}${notice.more ? html`<p class="more">${notice.more()}</p>` : nothing}</div>
    ${
      notice.actions?.length
        ? html`<div class="acts">
          ${notice.actions.map(
            ({ label, act }, i) =>
              html`<button class="btn sm${i === 0 ? '' : ' bare'}" type="button" @click=${act}>${label()}</button>`,
          )}
        </div>`
        : nothing
    }
  </div>`;
