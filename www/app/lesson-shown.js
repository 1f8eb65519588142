/** What the figures of chapter 1 have in common: their places, the vocabularies to choose from and how it stands with them. */

import { t } from '../i18n/index.js';
import { figurePlace } from './figure.js';
import { titleOf } from './lesson.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('./lesson.js').ShownName} ShownName */
/** @typedef {import('./vocabularies.js').PublishedName} PublishedName */

/**
 * @typedef {object} Parts
 * @property {import('./lesson.js').LessonState} state
 * @property {import('./store.js').Store} store
 * @property {import('./lesson-learning.js').Learning} work
 * @property {import('./lesson-text.js').ChapterText} texts
 * @property {import('./vocabularies.js').Vocabularies} vocabularies
 * @property {import('./address.js').Address} address
 * @property {import('../views/chapter.js').ChapterView} view
 * @property {HTMLElement} ask
 */

export const NAMES = /** @type {const} */ (['own', 'gpt2', 'cl100k', 'o200k', 'file']);

/** A place of a figure. @param {Parts} parts @param {number} part @param {import('./figure.js').Origin | null} [origin] */
export const figure = ({ view }, part, origin = 'measured') => figurePlace(view, part, origin);

/** @param {Parts} parts @param {ShownName} name */
export const title = ({ state, vocabularies }, name) =>
  name === 'file'
    ? vocabularies.loading.value.file.title
    : titleOf(name, state.own.value?.learned ?? state.learned.value);

/** How it stands with a vocabulary. @param {Parts} parts @param {ShownName} name */
export function standing({ state, vocabularies }, name) {
  if (name === 'own')
    return {
      state: /** @type {const} */ ('ready'),
      share: 1,
      error: null,
      size: state.learned.value?.vocabulary.ids.length ?? 0,
    };
  return vocabularies.loading.value[name];
}

/** Choice of a vocabulary; one that is not there yet is fetched by being chosen. @param {Parts} parts @param {string} name */
export function wished({ vocabularies }, name) {
  const published = PUBLISHED.find((p) => p.name === name);
  if (published) void vocabularies.load(published.name);
  return published?.name ?? (name === 'file' ? /** @type {const} */ ('file') : /** @type {const} */ ('own'));
}

/** What stands where a vocabulary's tokens are not there yet. @param {Parts} parts @param {ShownName} name */
export function waiting(parts, name) {
  const { state, share, error } = standing(parts, name);
  if (name === 'own' && !parts.state.learned.value) return t('vocab.no-merges');
  if (state === 'loading')
    return t('vocab.loading', { vocabulary: title(parts, name), share: `${Math.round(100 * share)}%` });
  if (state === 'failed') return t('vocab.failed', { reason: error ?? '' });
  return null;
}

/** Vocabularies to choose from: without one of its own if the model reads plain bytes, without a file if none is open. @param {Parts} parts */
export const namesOf = ({ state, vocabularies }) =>
  NAMES.filter((name) =>
    name === 'own'
      ? state.learned.value !== null
      : name !== 'file' || vocabularies.loading.value.file.state === 'ready',
  );

/** @param {Parts} parts */
export const choices = (parts) => namesOf(parts).map((name) => ({ name, title: title(parts, name) }));
