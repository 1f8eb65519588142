/**
 * Draws views when what they show has changed: not at all while the tab or their place is hidden, and never many of them in one
 * task. A frame draws what is in sight until its time is used up; the rest waits for the next frame, so that a click never
 * waits for all views at once. What is out of sight is drawn behind all others, first when those in sight have come to rest,
 * and not as often.
 */

import { lang } from '../i18n/index.js';
import { effect, signal } from '../vendor/signals/signals-core.js';
import { ON_PAPER } from '../views/colour.js';

/** Time that the drawing of one frame may take; a view that takes longer has a frame of its own. */
const BUDGET_MS = 8;
/** A view out of sight rests for so many times as long as it took to draw. */
const UNSEEN_REST = 20;
/** What is in sight has come to rest when nothing of it was drawn for so long; and the longest that a new view out of sight waits for that. */
const [REST_MS, PATIENCE_MS] = [400, 3_000];
/** So much of the window above and below counts as in sight. */
const MARGIN = '25%';

/** Counts how often the system changed its colours: what is painted on a canvas does not follow by itself. */
const looks = signal(0);

/**
 * @typedef {object} Job
 * @property {() => void} draw
 * @property {Element | null} place   null: always in sight
 * @property {boolean} seen
 * @property {number} madeAt
 * @property {number} restsUntil   while out of sight; 0 = not drawn yet
 */

/** What has to be drawn, in the order in which it changed. @type {Set<Job>} */
const due = new Set();
/** @type {Map<Element, Job[]>} */
const placed = new Map();
let [frame, timer] = [0, 0];
/** When something in sight was drawn last. */
let seenAt = 0;
/** Who waits until everything was drawn once. @type {(() => void)[]} */
let waiters = [];
/** Who waits until everything in sight is drawn. @type {(() => void)[]} */
let watchers = [];
/** @type {IntersectionObserver | undefined} */
let sight;

function watch() {
  if (sight) return;
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
    matchMedia(query).addEventListener('change', () => looks.value++);
  // The page's own look: see `projector` in the table of settings.
  new MutationObserver(() => looks.value++).observe(document.documentElement, { attributeFilter: ['class'] });
  addEventListener('beforeprint', () => inLight(true));
  addEventListener('afterprint', () => inLight(false));
  sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        for (const job of placed.get(target) ?? []) job.seen = isIntersecting;
      wake();
    },
    { rootMargin: `${MARGIN} 0px` },
  );
}

/** Whether a place was seen; of a new one the observer has yet to tell. @param {Element} place */
const inSight = (place) => placed.get(place)?.some(({ seen }) => seen) ?? false;

/** @param {Job} job */
const hidden = ({ place }) => place?.closest('[hidden]') != null;

/** When a job out of sight may be drawn. @param {Job} job */
const turnOf = ({ restsUntil, madeAt }) =>
  restsUntil || Math.min(Math.max(seenAt, madeAt) + REST_MS, madeAt + PATIENCE_MS);

/** Draws what is due in the next frames: to be called when a place that was hidden is shown, too. */
export function wake() {
  if (due.size > 0 && frame === 0) frame = requestAnimationFrame(turn);
}

/** @param {Job} job */
function run(job) {
  due.delete(job);
  const began = performance.now();
  job.draw();
  const now = performance.now();
  job.restsUntil = now + UNSEEN_REST * (now - began);
  if (job.seen) seenAt = now;
}

function turn() {
  frame = 0;
  clearTimeout(timer);
  const began = performance.now();
  const waiting = [...due].filter((job) => !hidden(job));
  const inSight = waiting.filter(({ seen }) => seen);
  const unseen = waiting.filter(({ seen }) => !seen).sort((a, b) => turnOf(a) - turnOf(b));
  try {
    for (const job of inSight) {
      run(job);
      if (performance.now() - began >= BUDGET_MS) return;
    }
    const quick = performance.now() - began < BUDGET_MS / 4;
    if (quick && unseen.length > 0 && began >= turnOf(unseen[0])) run(unseen[0]);
  } finally {
    // A view that fails takes no other with it.
    again();
  }
}

/** At the next frame, or when the first of those out of sight has its turn. */
function again() {
  const now = performance.now();
  const waiting = [...due].filter((job) => !hidden(job));
  if (waiting.every(({ restsUntil }) => restsUntil > 0)) {
    for (const resolve of waiters) resolve();
    waiters = [];
  }
  if (!waiting.some(({ seen }) => seen)) {
    for (const resolve of watchers) resolve();
    watchers = [];
  }
  const wait = Math.min(...waiting.map((job) => (job.seen ? 0 : turnOf(job) - now)));
  if (wait <= 0) wake();
  else if (wait < Number.POSITIVE_INFINITY) timer = window.setTimeout(wake, wait);
}

/** Resolves when everything that is not hidden was drawn once. @returns {Promise<void>} */
export const drawn = () =>
  new Promise((resolve) => {
    waiters.push(resolve);
    frame ||= requestAnimationFrame(turn);
  });

/**
 * Resolves when everything in sight is drawn, or after a time: in a tab that is hidden nothing is drawn.
 * @param {number} mostMs
 * @returns {Promise<void>}
 */
export const drawnInSight = (mostMs) =>
  new Promise((resolve) => {
    watchers.push(resolve);
    frame ||= requestAnimationFrame(turn);
    setTimeout(resolve, document.hidden ? 0 : mostMs);
  });

/** On paper everything is in sight, and in the light colours; afterwards in the reader's again. @param {boolean} on */
function inLight(on) {
  document.documentElement.toggleAttribute(ON_PAPER, on);
  looks.value++;
  for (const job of [...due]) if (!hidden(job)) run(job);
}

/**
 * What a view shows is read when it is drawn: a change in between costs no more than a note that there was one.
 * @template T
 * @param {() => T} read                 reads signals; runs before each drawing
 * @param {(data: T) => void} show
 * @param {Element | null} [place]       where it is drawn: out of sight it waits; absent: always in sight
 * @returns {() => void} ends it
 */
export function paint(read, show, place = null) {
  watch();
  let stop = () => {};
  /** @type {Job} */
  const job = { draw, place, seen: !place || inSight(place), madeAt: performance.now(), restsUntil: 0 };
  const ask = () => {
    due.add(job);
    wake();
  };
  function draw() {
    stop();
    /** @type {{ data: T } | undefined} */
    let found;
    stop = effect(() => {
      if (found) return ask();
      lang.value;
      looks.value;
      found = { data: read() };
    });
    if (found) show(/** @type {{ data: T }} */ (found).data);
  }
  if (place) {
    placed.set(place, [...(placed.get(place) ?? []), job]);
    sight?.observe(place);
  }
  ask();
  return () => {
    stop();
    due.delete(job);
    if (!place) return;
    const others = (placed.get(place) ?? []).filter((other) => other !== job);
    if (others.length > 0) placed.set(place, others);
    else {
      placed.delete(place);
      sight?.unobserve(place);
    }
  };
}
