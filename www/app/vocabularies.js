/**
 * The published vocabularies and the one that was trained on the learner's text: what chapter 1 asks of the tokenizer's
 * worker. The worker and its client are fetched with the first question.
 */

import { signal } from '../vendor/signals/signals-core.js';
import { failureOf, isCancelled, sentenceOf } from './failures.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./tokenizer-calls.js').VocabularyName} VocabularyName */
/** @typedef {import('./tokenizer-calls.js').Calls} Calls */
/** @typedef {'gpt2' | 'cl100k' | 'o200k'} PublishedName */
/** @typedef {PublishedName | 'file'} LoadedName */
/** @typedef {{ call: import('./tokenizer-calls.js').Call }} Client */

const CLIENT = new URL('../engine/tokenizer-client.js', import.meta.url).href;

/** Published vocabularies in the order of their years; what has to be fetched, compressed. */
export const PUBLISHED = /** @type {const} */ ([
  { name: 'gpt2', title: 'GPT-2', ids: 50_257, bytes: 165_000 },
  { name: 'cl100k', title: 'cl100k', ids: 100_277, bytes: 342_000 },
  { name: 'o200k', title: 'o200k', ids: 200_019, bytes: 729_000 },
]);

/**
 * @typedef {object} Loading
 * @property {'none' | 'loading' | 'ready' | 'failed'} state
 * @property {number} share
 * @property {string | null} error   a sentence
 * @property {number} size           ids in all, once known
 * @property {string} title
 */

/** The page's own script did not come: as with the engine's, only the connection helps. @returns {never} */
function notArrived() {
  throw Object.assign(new Error('the tokenizer did not arrive'), { code: 'wasm-load' });
}

/** @returns {Loading} */
const untouched = () => ({ state: 'none', share: 0, error: null, size: 0, title: '' });

export function createVocabularies() {
  const loading = signal(
    /** @type {Record<LoadedName, Loading>} */ ({
      gpt2: untouched(),
      cl100k: untouched(),
      o200k: untouched(),
      file: untouched(),
    }),
  );
  /** @type {Promise<Client> | undefined} */
  let client;

  /** The worker's client. */
  function worker() {
    client ??= import(CLIENT).catch(notArrived).then(({ TokenizerClient }) => new TokenizerClient());
    client.catch(() => {
      client = undefined;
    });
    return client;
  }

  /**
   * @template {keyof Calls} N
   * @param {N} name @param {Calls[N]['args']} args @param {Parameters<import('./tokenizer-calls.js').Call>[2]} [options]
   * @returns {Promise<Calls[N]['result']>}
   */
  const call = async (name, args, options) => (await worker()).call(name, args, options);

  /** @param {LoadedName} name @param {Partial<Loading>} patch */
  const note = (name, patch) => {
    loading.value = { ...loading.peek(), [name]: { ...loading.peek()[name], ...patch } };
  };

  /** @param {PublishedName} name */
  async function load(name) {
    const { state } = loading.peek()[name];
    if (state === 'loading' || state === 'ready') return;
    note(name, { state: 'loading', share: 0, error: null });
    try {
      const found = await call(
        'load',
        { vocabulary: name },
        { onProgress: ({ done, total }) => note(name, { share: total > 0 ? done / total : 0 }) },
      );
      note(name, { state: 'ready', share: 1, size: found.size });
    } catch (error) {
      note(name, { state: isCancelled(error) ? 'none' : 'failed', error: sentenceOf(failureOf(error)) });
    }
  }

  /** A vocabulary out of another program's file. @param {File} file */
  async function openFile(file) {
    note('file', { error: null });
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const found = await call('openFile', { name: file.name, file: bytes }, { transfer: [bytes.buffer] });
      note('file', { state: 'ready', share: 1, size: found.size, title: found.title || file.name });
      return true;
    } catch (error) {
      // The one that was open before is still there.
      note('file', { error: sentenceOf(failureOf(error)) });
      return false;
    }
  }

  return { loading, load, openFile, call };
}

/** @typedef {ReturnType<typeof createVocabularies>} Vocabularies */
