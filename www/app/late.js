/** A view whose script is fetched when the view is wanted first, and again when it did not arrive. */

import { rich, t } from '../i18n/index.js';
import { render } from '../vendor/lit-html/lit-html.js';
import { signal } from '../vendor/signals/signals-core.js';
import { noticeTemplate } from '../views/notice.js';

/** A script that did not arrive is asked for again when its view is wanted so much later, or by a button at any time. */
const AGAIN_MS = 5_000;

/**
 * @template V
 * @param {HTMLElement} place          says, until the view is there, that it did not arrive
 * @param {() => Promise<V>} fetchView
 */
export function late(place, fetchView) {
  const view = signal(/** @type {V | null} */ (null));
  /** How often it did not arrive. */
  const failures = signal(0);
  let asking = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      view.value = await fetchView();
    } catch {
      failures.value++;
    }
    asking = false;
    askedAt = performance.now();
  }

  /** In place of the view: nothing yet, or what went wrong. */
  function wait() {
    if (performance.now() - askedAt >= AGAIN_MS) void ask();
    if (failures.value === 0) return;
    /** @type {NonNullable<import('../views/notice.js').Notice['actions']>} */
    const actions = [{ label: () => t('notice.retry'), act: () => void ask() }];
    // Some browsers remember for as long as the page is open that a script did not arrive.
    const still = failures.value > 1;
    if (still) actions.push({ label: () => t('notice.update.now'), act: () => location.reload() });
    const body = () => rich(still ? 'notice.part.still' : 'notice.part');
    render(noticeTemplate({ id: 'part', place: 'engine', kind: 'bad', icon: 'warn', body, actions }), place);
  }

  return { view, failures, wait };
}
