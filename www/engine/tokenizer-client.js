/**
 * The page's side of the tokenizer. A worker that died, or that owes an answer and has been silent for
 * {@link SILENT_TICKS} of this page's own ticks, is replaced by a new one, which gets its vocabularies and its text again;
 * calls that were open then are refused with code 'trap'.
 */

import { LastingCalls } from './lasting-calls.js';

/** @typedef {import('./tokenizer-protocol.js').CallName} CallName */
/** @typedef {import('./protocol.js').EngineError} EngineError */
/** @typedef {import('./tokenizer-protocol.js').ProgressValue} ProgressValue */
/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: ProgressValue) => void} [onProgress]
 * @property {Transferable[]} [transfer]
 */

/** A single call may take as long on a slow machine with a large text. */
const SILENT_TICKS = 30;

export class TokenizerClient {
  #calls;
  /** Calls that make a new worker what the old one was, by what they set. @type {Map<string, { name: CallName, args: any }>} */
  #made = new Map();
  #text = '';

  /**
   * @param {object} [options]
   * @param {string | URL} [options.workerUrl]
   * @param {(error: EngineError) => void} [options.onFailure]   nothing works from here on
   */
  constructor({ workerUrl = new URL('./tokenizer-worker.js', import.meta.url), onFailure = () => {} } = {}) {
    this.#calls = new LastingCalls({
      url: workerUrl,
      name: 'tokenizer',
      what: 'the tokenizer',
      silentTicks: SILENT_TICKS,
      restore: () => this.#restored(),
      onOver: onFailure,
    });
  }

  /**
   * @template {CallName} N
   * @param {N} name
   * @param {import('./tokenizer-protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./tokenizer-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  async call(name, args, options) {
    const given = /** @type {any} */ (args);
    // What is transferred is gone; a new worker may need it.
    const kept =
      name === 'train'
        ? { ...given, text: given.text.slice() }
        : name === 'openFile'
          ? { ...given, file: given.file.slice() }
          : given;
    const result = await this.#calls.send(name, args, options);
    this.#learn(name, kept, result);
    return result;
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#calls.close();
  }

  /** What a new worker would have to be told. @param {CallName} name @param {any} args @param {any} result */
  #learn(name, args, result) {
    if (name === 'load') this.#made.set(args.vocabulary, { name, args });
    else if (name === 'openFile') this.#made.set('file', { name, args });
    // A stopped training is the whole one for the size that it reached.
    else if (name === 'train') this.#made.set('trained', { name, args: { ...args, vocabSize: result.size } });
    else if (name === 'watch') this.#made.set('watch', { name, args });
    else if (name === 'setText') this.#text = args.text;
    else if (name === 'edit') this.#text = this.#text.slice(0, args.start) + args.insert + this.#text.slice(args.end);
  }

  async #restored() {
    // What can't be had again (a vocabulary without a network) is missing, and calls for it say so.
    const again = (/** @type {{ name: CallName, args: any }} */ { name, args }) =>
      this.#calls.tell(name, args).catch(() => {});
    const made = [...this.#made.values()];
    const watch = made.filter(({ name }) => name === 'watch');
    const text = { name: /** @type {CallName} */ ('setText'), args: { text: this.#text } };
    await Promise.all([...made.filter(({ name }) => name !== 'watch'), text].map(again));
    await Promise.all(watch.map(again));
  }
}
