/**
 * Texts to learn from that do not come out of the engine: those of the page's own folder, and the learner's.
 * Everything is read in chunks, so that a large file never stops the page.
 */

/** Largest text of the learner that is taken. */
export const LIMIT_BYTES = 50e6;
const CHUNK_BYTES = 1 << 20;

/** @typedef {'utf-8' | 'gb18030'} Encoding */
/**
 * @typedef {object} ReadText
 * @property {Blob} blob          UTF-8 without a byte order mark
 * @property {number} bytes       of `blob`
 * @property {Encoding} encoding  that it was read with
 * @property {number} replaced    places that are no text in it, now U+FFFD
 */

/** A text that did not come, or is too large. */
export class TextFailure extends Error {
  /** @param {'corpus-load' | 'too-large' | 'unreadable' | 'no-text'} code @param {Record<string, string | number>} details */
  constructor(code, details) {
    super(code);
    this.name = 'TextFailure';
    this.code = code;
    this.details = details;
  }
}

/** Engine-made corpora need no text from here. @param {import('../engine/protocol.js').CorpusName} name */
export const isMade = (name) => name === 'stories-en' || name === 'stories-zh';

/**
 * The bytes of a text of the page's own folder.
 * @param {'names' | 'moby-dick'} name
 * @param {AbortSignal} [signal]
 * @returns {Promise<Uint8Array>}
 */
export async function pageText(name, signal) {
  try {
    const response = await fetch(new URL(`../vendor/corpora/${name}.txt`, import.meta.url), { signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new TextFailure('corpus-load', { name });
  }
}

/** Lets the page draw between chunks. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

/** @param {Blob} source @param {(chunk: Uint8Array, last: boolean) => void} use */
async function chunks(source, use) {
  let at = 0;
  do {
    const end = Math.min(source.size, at + CHUNK_BYTES);
    use(new Uint8Array(await source.slice(at, end).arrayBuffer()), end === source.size);
    at = end;
    await breathe();
  } while (at < source.size);
}

/** Whether all of it is text in an encoding. @param {Blob} source @param {Encoding} encoding */
async function isText(source, encoding) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let text = true;
  await chunks(source, (chunk, last) => {
    if (!text) return;
    try {
      decoder.decode(chunk, { stream: !last });
    } catch {
      text = false;
    }
  });
  return text;
}

/** @param {string} text */
const replacements = (text) => text.split('\ufffd').length - 1;

/** @param {Blob} source @param {Encoding} encoding @returns {Promise<{ blob: Blob, replaced: number, characters: number, zeros: boolean }>} */
async function decoded(source, encoding) {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let [replaced, characters, zeros] = [0, 0, false];
  await chunks(source, (chunk, last) => {
    const text = decoder.decode(chunk, { stream: !last });
    replaced += replacements(text);
    characters += text.length;
    zeros ||= text.includes('\0');
    parts.push(encoder.encode(text));
  });
  return { blob: new Blob(parts), replaced, characters, zeros };
}

/** A text may have so many places that are none, or such a share of them; a file with more is no text. */
const [FEW_REPLACED, MOST_REPLACED] = [8, 0.03];

/**
 * The learner's text as UTF-8: strictly, else as GB18030, else with the places that are no text replaced.
 * @param {Blob} source
 * @param {Encoding | null} [chosen]   what the learner says it is
 * @returns {Promise<ReadText>}  fails with `no-text` for what is none: a zero byte, or too many places replaced
 */
export async function readText(source, chosen = null) {
  if (source.size > LIMIT_BYTES)
    throw new TextFailure('too-large', { foundBytes: source.size, limitBytes: LIMIT_BYTES });
  try {
    const strict = (await isText(source, 'utf-8')) ? 'utf-8' : (await isText(source, 'gb18030')) ? 'gb18030' : null;
    const encoding = chosen ?? strict ?? 'utf-8';
    const { blob, replaced, characters, zeros } = await decoded(source, encoding);
    if (zeros) throw new TextFailure('no-text', { zeros: 1, share: 0 });
    if (chosen === null && strict === null && replaced > Math.max(FEW_REPLACED, MOST_REPLACED * characters))
      throw new TextFailure('no-text', { zeros: 0, share: replaced / characters });
    // A text may hold U+FFFD of its own: only what decoding put there counts.
    return { blob, bytes: blob.size, encoding, replaced: encoding === strict ? 0 : replaced };
  } catch (error) {
    if (error instanceof TextFailure) throw error;
    throw new TextFailure('unreadable', {});
  }
}

const SURROGATES = /\p{Cs}/gu;

/**
 * A typed or pasted text without lone surrogates, which no encoding can hold.
 * @param {string} text
 * @returns {{ text: string, replaced: number }}
 */
export function wellFormed(text) {
  let replaced = 0;
  const whole = text.replace(SURROGATES, () => {
    replaced++;
    return '\ufffd';
  });
  return { text: whole, replaced };
}

/** A file that the page itself has saved begins with the length of a JSON header. @param {Blob} file */
export async function isModelFile(file) {
  const head = new Uint8Array(await file.slice(0, 9).arrayBuffer());
  return head.length === 9 && head[8] === 0x7b && head.subarray(4, 8).every((byte) => byte === 0);
}
