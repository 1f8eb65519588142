/** What the learner has answered in the chapters: remembered on this device, and reset by a button. */

import { signal } from '../vendor/signals/signals-core.js';

const KEY = 'glassgpt.answers';
const LONGEST = 40;

/** @typedef {{ answer: string, checked: boolean, met: boolean }} Answer */

/** @type {Answer} */
const NONE = { answer: '', checked: false, met: false };

/** What was remembered, as far as it is what this page writes. @param {string | null} written @returns {Record<string, Answer>} */
export function readAnswers(written) {
  try {
    const found = JSON.parse(written ?? '{}');
    if (!found || typeof found !== 'object') return {};
    const whole = Object.entries(found).filter(
      ([, a]) =>
        typeof a?.answer === 'string' &&
        a.answer.length <= LONGEST &&
        typeof a.checked === 'boolean' &&
        typeof a.met === 'boolean',
    );
    return Object.fromEntries(whole.map(([name, { answer, checked, met }]) => [name, { answer, checked, met }]));
  } catch {
    return {};
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Checkpoints by chapter. */
const CHECKPOINTS = /** @type {const} */ ({
  ch1: ['unknown'],
  ch2: ['temperature', 'sampler', 'uniform', 'train', 'surprise'],
  ch3: ['looking', 'scaling', 'habit', 'ablation', 'stream', 'edit', 'reach', 'parallel'],
  ch4: ['bits', 'garbage', 'past', 'half', 'overfit', 'failures', 'copied'],
  ch5: ['mask', 'tune', 'forget'],
  ch6: ['hack', 'prefer', 'ln2'],
  ch7: ['author', 'edit', 'tool'],
});

/** @typedef {keyof typeof CHECKPOINTS} Chapter */

/** One for the whole page. @type {import('../vendor/signals/signals-core.js').Signal<Record<string, Answer>>} */
const all = signal(readAnswers(remembered()));

/** @type {[string, readonly string[]][]} */
const NAMES = Object.entries(CHECKPOINTS);

/** Whether all checkpoints of a chapter are met. @param {string} chapter */
export const isDone = (chapter) =>
  NAMES.some(([name, checks]) => name === chapter && checks.every((check) => all.value[`${name}.${check}`]?.met));

/** Answers of one chapter. @param {Chapter} chapter */
export function createProgress(chapter) {
  /** @type {readonly string[]} */
  const names = CHECKPOINTS[chapter];
  const keyOf = (/** @type {string} */ name) => `${chapter}.${name}`;

  /** @param {Record<string, Answer>} next */
  function write(next) {
    all.value = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Private windows may refuse: the answers then last as long as the page.
    }
  }

  return {
    chapter,
    /** @param {string} name */
    of: (name) => all.value[keyOf(name)] ?? NONE,
    /** @param {string} name @param {Partial<Answer>} patch */
    set(name, patch) {
      const before = all.peek()[keyOf(name)] ?? NONE;
      const next = { ...before, ...patch };
      if (next.answer !== before.answer || next.checked !== before.checked || next.met !== before.met)
        write({ ...all.peek(), [keyOf(name)]: next });
    },
    met: () => names.filter((name) => all.value[keyOf(name)]?.met).length,
    some: () => names.some((name) => all.value[keyOf(name)] !== undefined),
    reset: () =>
      write(Object.fromEntries(Object.entries(all.peek()).filter(([key]) => !key.startsWith(`${chapter}.`)))),
    count: names.length,
  };
}

/** @typedef {ReturnType<typeof createProgress>} Progress */
