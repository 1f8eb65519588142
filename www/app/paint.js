/** Draws a view when what it shows has changed: at most once a frame, and not at all while the tab is hidden. */

import { lang } from '../i18n/index.js';
import { effect } from '../vendor/signals/signals-core.js';

/**
 * @template T
 * @param {() => T} read                 reads signals; runs on every change of them
 * @param {(data: T) => void} draw
 * @returns {() => void} ends it
 */
export function paint(read, draw) {
  let frame = 0;
  /** @type {T} */
  let data;
  const stop = effect(() => {
    lang.value;
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
