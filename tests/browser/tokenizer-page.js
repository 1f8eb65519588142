/** What the tokenizer's tests do inside the page. */

import { TokenizerClient } from '/engine/tokenizer-client.js';

/** @param {string} [worker] name of a file in tests/browser/workers/ */
export const connect = (worker) =>
  new TokenizerClient(worker ? { workerUrl: `/tests/browser/workers/${worker}.js` } : {});

export const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** The error of a call that must be refused, as `code: message`. @param {Promise<unknown>} call */
export const refused = (call) =>
  call.then(
    () => 'no error',
    (error) => `${error.code}: ${error.message}`,
  );

export const bytesOf = async (/** @type {string} */ url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

/** Whether a list of tokens covers its text without a gap, and no token halves a surrogate pair. @param {any} tokens @param {string} text */
export function covers(tokens, text) {
  const { ids, bytes, byteStart, utf16Start, utf16End } = tokens;
  const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === text.toWellFormed();
  const ends = byteStart.length === ids.length + 1 && byteStart.at(-1) === bytes.length;
  const border = (/** @type {number} */ at) =>
    !/[\ud800-\udbff]$/.test(text.slice(0, at)) || !/^[\udc00-\udfff]/.test(text.slice(at));
  let at = 0;
  for (const [i, start] of utf16Start.entries()) {
    if (start > at || !border(start) || !border(utf16End[i])) return false;
    at = utf16End[i];
  }
  return whole && ends && (ids.length === 0 ? text === '' : at === text.length);
}
