/** Draws a view when what it shows has changed: at most once a frame, and not at all while the tab is hidden. */

import { lang } from '../i18n/index.js';
import { effect, signal } from '../vendor/signals/signals-core.js';

/** Counts how often the system changed its colours: what is painted on a canvas does not follow by itself. */
const looks = signal(0);
let watched = false;

function watch() {
  if (watched) return;
  watched = true;
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
    matchMedia(query).addEventListener('change', () => looks.value++);
  // The page's own look: see `projector` in the table of settings.
  new MutationObserver(() => looks.value++).observe(document.documentElement, { attributeFilter: ['class'] });
}

/**
 * @template T
 * @param {() => T} read                 reads signals; runs on every change of them
 * @param {(data: T) => void} draw
 * @returns {() => void} ends it
 */
export function paint(read, draw) {
  watch();
  let frame = 0;
  /** @type {T} */
  let data;
  const stop = effect(() => {
    lang.value;
    looks.value;
    data = read();
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw(data);
    });
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}
