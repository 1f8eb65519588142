/** Errors of the engine as sentences in the page's language. */

import { t } from '../i18n/index.js';
import { size } from '../views/format.js';

/** @typedef {{ code: string, message: string, details: Record<string, string | number> }} Failure */

/** Codes that have a sentence of their own; all others show the engine's. */
const KNOWN = /** @type {const} */ ([
  'setting',
  'memory',
  'corpus-too-short',
  'empty-text',
  'text-size',
  'format',
  'checksum',
  'version',
  'other-corpus',
  'nothing-to-choose',
  'storage',
  'read-only',
  'wasm-load',
  'build-mismatch',
  'corpus-load',
]);

/** @param {unknown} thrown @returns {Failure} */
export function failureOf(thrown) {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') {
    const details = 'details' in thrown && thrown.details && typeof thrown.details === 'object' ? thrown.details : {};
    return { code: thrown.code, message: thrown.message, details: /** @type {Failure['details']} */ (details) };
  }
  return { code: 'other', message: thrown instanceof Error ? thrown.message : String(thrown), details: {} };
}

/** @param {unknown} thrown */
export const isCancelled = (thrown) => failureOf(thrown).code === 'cancelled';

/** Sizes in bytes are written as KB or MB. @param {Failure['details']} details */
const words = (details) =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, name.endsWith('Bytes') ? size(Number(value)) : value]),
  );

/** @param {Failure} failure */
export function sentenceOf({ code, message, details }) {
  const known = KNOWN.find((name) => name === code);
  return known ? t(`error.${known}`, words(details)) : t('error.other', { message });
}
