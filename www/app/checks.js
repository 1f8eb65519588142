/** Checkpoints that any chapter may have: a question, a task that the page sees done, how many are met. */

import { t } from '../i18n/index.js';
import { effect } from '../vendor/signals/signals-core.js';
import { ProgressView, TaskView } from '../views/checkpoints.js';
import { QuestionView } from '../views/question.js';
import { paint } from './paint.js';

/** @typedef {import('./progress.js').Progress} Progress */

/**
 * A question with answers to choose from. Where a figure decides which of them is right, `right` is a function: null before
 * it is measured, and an answer that was checked is judged as soon as it is.
 * @param {HTMLElement} root @param {string} name @param {Progress} progress
 * @param {{ right: number | (() => number | null), answers: string[], question: () => string, why: () => string }} of
 */
export function question(root, name, progress, { right: of, answers, question: words, why }) {
  const right = typeof of === 'function' ? of : () => of;
  const view = new QuestionView(root, `${progress.chapter}-${name}`, {
    choose: (i) => progress.set(name, { answer: String(i), checked: false }),
    check: () => progress.set(name, { checked: true }),
  });
  effect(() => {
    const { answer, checked } = progress.of(name);
    if (checked && answer !== '' && Number(answer) === right()) progress.set(name, { met: true });
  });
  paint(
    () => {
      const { answer, checked } = progress.of(name);
      return {
        question: words(),
        answers: answers.map((key) => t(key)),
        right: right(),
        why: why(),
        chosen: answer === '' ? -1 : Number(answer),
        checked,
      };
    },
    (data) => view.update(data),
    root,
  );
}

/** A task that the page sees done. @param {HTMLElement} root @param {string} name @param {Progress} progress @param {() => { task: unknown, met: boolean, now: string, calm?: boolean }} read */
export function task(root, name, progress, read) {
  const view = new TaskView(root);
  effect(() => {
    if (read().met) progress.set(name, { met: true });
  });
  paint(
    () => ({ ...read(), met: progress.of(name).met }),
    (data) => view.update(data),
    root,
  );
}

/** How many checkpoints are met. @param {HTMLElement} root @param {Progress} progress */
export function progressLine(root, progress) {
  const view = new ProgressView(root, { reset: progress.reset });
  paint(
    () => ({ met: progress.met(), of: progress.count, some: progress.some() }),
    (data) => view.update(data),
    root,
  );
}
