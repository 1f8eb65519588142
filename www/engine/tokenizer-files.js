/**
 * The files of published vocabularies: fetched when somebody asks for one, and kept by the browser from then on, so
 * that they are there without a network. They lie in a cache of their own: their content never changes, whatever the
 * build of the page.
 */

import { failure } from './failure.js';

const CACHE = 'glassgpt-vocabularies';

/** @typedef {{ url: string, bytes: number }} Source  compressed (zlib) */
/** @typedef {(done: number, total: number) => void} Told */

/** Everything that a reader gives, as one array; told as it comes. @param {ReadableStream<Uint8Array>} stream @param {number} bytes @param {Told} [told] */
async function collect(stream, bytes, told) {
  const chunks = [];
  let done = 0;
  const reader = stream.getReader();
  for (;;) {
    const { value, done: end } = await reader.read();
    if (end) break;
    chunks.push(value);
    done += value.length;
    told?.(Math.min(done, bytes), bytes);
  }
  const out = new Uint8Array(done);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** The cache, where the browser has one (not on pages without https). */
async function opened() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** Unpacks a file; a torn or changed one is refused by its length or its checksum. @param {Uint8Array<ArrayBuffer>} file @param {number} bytes */
async function inflate(file, bytes) {
  if (file.length !== bytes) throw new Error(`${file.length} of ${bytes} bytes came`);
  return collect(new Blob([file]).stream().pipeThrough(new DecompressionStream('deflate')), 0);
}

/** @param {string} name @param {unknown} thrown */
function fetchFailure(name, thrown) {
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `the vocabulary ${name} could not be fetched (${cause}); check the connection and try again`;
  return failure('vocabulary-fetch', message, { name, cause });
}

/**
 * @param {string} name @param {Source} source
 * @param {{ told: Told, signal: AbortSignal }} options
 * @returns {Promise<Uint8Array>} the packed vocabulary; rejects with code 'vocabulary-fetch' or 'cancelled'
 */
export async function vocabularyFile(name, { url, bytes }, { told, signal }) {
  const cache = await opened();
  const kept = await cache?.match(url);
  if (kept) {
    try {
      const file = await inflate(new Uint8Array(await kept.arrayBuffer()), bytes);
      told(bytes, bytes);
      return file;
    } catch {
      await cache?.delete(url);
    }
  }
  try {
    told(0, bytes);
    const answer = await fetch(url, { signal, cache: kept ? 'reload' : 'default' });
    if (!answer.ok || !answer.body) throw new Error(`the server answered ${answer.status}`);
    const file = await collect(answer.body, bytes, told);
    const unpacked = await inflate(file, bytes);
    // A full storage is no reason to fail: it is fetched again the next time.
    await cache?.put(url, new Response(file)).catch(() => {});
    return unpacked;
  } catch (thrown) {
    if (signal.aborted) throw failure('cancelled', 'the request was cancelled');
    throw fetchFailure(name, thrown);
  }
}
