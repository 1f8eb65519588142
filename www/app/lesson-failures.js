/** Failures of the tokenizer's worker as sentences. */

import { t } from '../i18n/index.js';
import { failureOf, sentenceOf } from './failures.js';

/** Codes that only the tokenizer has. */
const OWN = /** @type {const} */ (['vocabulary-fetch', 'unsupported']);

/** @param {unknown} thrown */
export function lessonSentence(thrown) {
  const failure = failureOf(thrown);
  const own = OWN.find((code) => code === failure.code);
  return own ? t(`vocab.error.${own}`, failure.details) : sentenceOf(failure);
}
