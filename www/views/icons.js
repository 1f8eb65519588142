/** Small drawings beside words; never alone without a name. */
import { html, svg } from '../vendor/lit-html/lit-html.js';

const PATHS = {
  play: svg`<path d="M4 2.5v11l9-5.5z" />`,
  pause: svg`<path d="M4 3h3v10H4zM9 3h3v10H9z" />`,
  step: svg`<path d="M3 3v10l6.5-5zM11 3h2v10h-2z" />`,
  reset: svg`<path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3" />`,
  theme: svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" />`,
  link: svg`<path d="M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1" />`,
  share: svg`<circle cx="4" cy="8" r="1.8" /><circle cx="12" cy="3.8" r="1.8" /><circle cx="12" cy="12.2" r="1.8" /><path d="M5.6 7.1l4.8-2.5M5.6 8.9l4.8 2.5" />`,
  save: svg`<path d="M8 3v8M4.5 8L8 11.5 11.5 8M3 13.5h10" />`,
  open: svg`<path d="M8 11V3M4.5 6L8 2.5 11.5 6M3 13.5h10" />`,
  gear: svg`<path d="M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6" /><circle cx="9.7" cy="4.5" r="1.8" /><circle cx="6.2" cy="11.5" r="1.8" />`,
  warn: svg`<path d="M8 2L1.5 13.5h13zM8 6.5v3M8 11.6v.2" />`,
  info: svg`<circle cx="8" cy="8" r="6" /><path d="M8 7.3v4M8 4.9v.2" />`,
  check: svg`<path d="M3 8.5l3.2 3L13 4.5" />`,
  close: svg`<path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />`,
  menu: svg`<path d="M2 4h12M2 8h12M2 12h12" />`,
  up: svg`<path d="M4 10l4-4 4 4" />`,
  next: svg`<path d="M6 4l4 4-4 4" />`,
  file: svg`<path d="M4 2h5l3 3v9H4zM9 2v3h3" />`,
  restart: svg`<path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3M8 5.5V8l1.8 1.2" />`,
  full: svg`<ellipse cx="8" cy="4" rx="5" ry="2" /><path d="M3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2" />`,
};

const FILLED = new Set(['play', 'pause', 'step']);

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export const icon = (name) =>
  html`<svg class=${FILLED.has(name) ? 'i f' : 'i'} viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;

// A causal mask, four rows: column, row, step of the weight ramp.
const MASK = [
  [0, 0, 8],
  [0, 1, 4],
  [1, 1, 7],
  [0, 2, 2],
  [1, 2, 6],
  [2, 2, 5],
  [0, 3, 5],
  [1, 3, 1],
  [2, 3, 3],
  [3, 3, 8],
];

/** The page's mark. */
export const mark = () =>
  html`<svg viewBox="0 0 20 20" aria-hidden="true">
    ${MASK.map(([x, y, w]) => svg`<rect x=${x * 5} y=${y * 5} width="4.4" height="4.4" fill=${`var(--w${w})`} />`)}
  </svg>`;
