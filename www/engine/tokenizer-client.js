/**
 * The page's side of the tokenizer: calls become promises. A worker that died, or that owes an answer and has been
 * silent for {@link SILENT_TICKS} of this page's own ticks, is replaced by a new one, which gets its vocabularies and
 * its text again; calls that were open then are refused with code 'trap'.
 */

import { EngineFailure, failure } from './failure.js';

/** @typedef {import('./tokenizer-protocol.js').CallName} CallName */
/** @typedef {import('./tokenizer-protocol.js').EngineError} EngineError */
/** @typedef {import('./tokenizer-protocol.js').FromWorker} FromWorker */
/** @typedef {import('./tokenizer-protocol.js').ProgressValue} ProgressValue */
/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: ProgressValue) => void} [onProgress]
 * @property {Transferable[]} [transfer]
 */
/** @typedef {{ name: CallName, args: any, resolve: (value: unknown) => void, reject: (error: EngineFailure) => void, onProgress?: CallOptions['onProgress'], again?: boolean }} Pending `again`: a repeated call of an earlier worker */

const TICK_MS = 1000;
/** A single call may take as long on a slow machine with a large text. */
const SILENT_TICKS = 30;
/** Restarts in a row without a single answer; then something is wrong that a restart does not cure. */
const MOST_RESTARTS = 3;

export class TokenizerClient {
  #url;
  #onFailure;
  /** @type {Worker | null} */
  #worker = null;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {EngineError | null} why no call can succeed any more */
  #over = null;
  #silentTicks = 0;
  /** Restarts since the last answer to a call of the page. */
  #restarts = 0;
  /** Calls that wait until a new worker is what the old one was. @type {(() => void)[] | null} */
  #held = null;
  /** Calls that make a new worker what the old one was, by what they set. @type {Map<string, { name: CallName, args: any }>} */
  #made = new Map();
  #text = '';
  #timer;

  /**
   * @param {object} [options]
   * @param {string | URL} [options.workerUrl]
   * @param {(error: EngineError) => void} [options.onFailure]   nothing works from here on
   */
  constructor({ workerUrl = new URL('./tokenizer-worker.js', import.meta.url), onFailure = () => {} } = {}) {
    this.#url = workerUrl;
    this.#onFailure = onFailure;
    this.#start();
    this.#timer = setInterval(() => this.#watch(), TICK_MS);
  }

  /**
   * @template {CallName} N
   * @param {N} name
   * @param {import('./tokenizer-protocol.js').Args<N>} args
   * @param {CallOptions} [options]
   * @returns {Promise<import('./tokenizer-protocol.js').Result<N>>} rejects with {@link EngineFailure}
   */
  call(name, args, options = {}) {
    return new Promise((resolve, reject) => {
      const pending = /** @type {Pending} */ ({ name, args, resolve, reject, onProgress: options.onProgress });
      const send = () => this.#send(pending, options);
      if (this.#held && !this.#over) this.#held.push(send);
      else send();
    });
  }

  /** Ends the worker; open calls are rejected as cancelled. */
  destroy() {
    this.#end({ code: 'cancelled', message: 'the tokenizer was closed', details: {} });
  }

  #start() {
    try {
      const worker = new Worker(this.#url, { type: 'module', name: 'glassgpt tokenizer' });
      worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
      worker.onerror = (event) => {
        event.preventDefault();
        if (this.#worker === worker) this.#scriptFailed(event.message);
      };
      this.#worker = worker;
      this.#silentTicks = 0;
    } catch (error) {
      this.#scriptFailed(String(error));
    }
  }

  /** @param {string | undefined} cause */
  #scriptFailed(cause) {
    const message = `the tokenizer's worker could not be started${cause ? ` (${cause})` : ''}; reload the page`;
    this.#fail({ code: 'wasm-load', message, details: { cause: cause ?? '' } });
  }

  /** @param {EngineError} error */
  #fail(error) {
    if (this.#over) return;
    this.#end(error);
    this.#onFailure(error);
  }

  /** @param {EngineError} error */
  #end(error) {
    clearInterval(this.#timer);
    this.#over = error;
    this.#worker?.terminate();
    this.#worker = null;
    this.#rejectAll(error);
    this.#release();
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const send of held) send();
  }

  /** @param {EngineError} error */
  #rejectAll(error) {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of calls) reject(new EngineFailure(error));
  }

  /** @param {Pending} pending @param {CallOptions} options */
  #send({ name, args, resolve, reject, onProgress, again }, { signal, transfer = [] }) {
    if (this.#over) return reject(new EngineFailure(this.#over));
    if (signal?.aborted) return reject(failure('cancelled', `${name} was cancelled`));
    const id = this.#nextId++;
    const cancel = () => this.#worker?.postMessage({ id: this.#nextId++, call: 'cancel', args: { target: id } });
    const done = () => signal?.removeEventListener('abort', cancel);
    // What is transferred is gone; a new worker may need it.
    const kept =
      name === 'train'
        ? { ...args, text: args.text.slice() }
        : name === 'openFile'
          ? { ...args, file: args.file.slice() }
          : args;
    this.#pending.set(id, {
      name,
      args: kept,
      onProgress,
      again,
      resolve: (value) => {
        done();
        resolve(value);
      },
      reject: (error) => {
        done();
        reject(error);
      },
    });
    signal?.addEventListener('abort', cancel);
    try {
      this.#worker?.postMessage({ id, call: name, args }, transfer);
    } catch (error) {
      // Arguments that can't be sent.
      this.#pending.delete(id);
      done();
      reject(failure('setting', `${name} was called with arguments that cannot be sent (${error})`, { name }));
    }
    this.#silentTicks = 0;
  }

  /** @param {FromWorker} message */
  #receive(message) {
    this.#silentTicks = 0;
    if ('event' in message) {
      if (message.event === 'trap') void this.#restart(message.error);
      else this.#fail(message.error);
    } else if ('progress' in message) this.#pending.get(message.id)?.onProgress?.(message.progress);
    else {
      const call = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (!call) return;
      if (!call.again) this.#restarts = 0;
      if ('error' in message) return call.reject(new EngineFailure(message.error));
      this.#learn(call, message.result);
      call.resolve(message.result);
    }
  }

  /** What a new worker would have to be told. @param {Pending} call @param {any} result */
  #learn({ name, args }, result) {
    if (name === 'load') this.#made.set(args.vocabulary, { name, args });
    else if (name === 'openFile') this.#made.set('file', { name, args });
    // A stopped training is the whole one for the size that it reached.
    else if (name === 'train') this.#made.set('trained', { name, args: { ...args, vocabSize: result.size } });
    else if (name === 'watch') this.#made.set('watch', { name, args });
    else if (name === 'setText') this.#text = args.text;
    else if (name === 'edit') this.#text = this.#text.slice(0, args.start) + args.insert + this.#text.slice(args.end);
  }

  /** One tick of the page: was the worker silent although it owes something? */
  #watch() {
    if (this.#pending.size === 0) return;
    this.#silentTicks++;
    if (this.#silentTicks <= SILENT_TICKS || !this.#worker) return;
    const message = `the tokenizer gave no sign of life for ${this.#silentTicks} s; it is started again`;
    void this.#restart({ code: 'trap', message, details: { cause: 'silent' } });
  }

  /** @param {EngineError} error */
  async #restart(error) {
    if (this.#over) return;
    this.#worker?.terminate();
    this.#held ??= [];
    this.#rejectAll(error);
    if (++this.#restarts > MOST_RESTARTS) return this.#fail(error);
    this.#start();
    const worker = this.#worker;
    const made = [...this.#made.values()];
    const watch = made.filter(({ name }) => name === 'watch');
    const text = { name: /** @type {CallName} */ ('setText'), args: { text: this.#text } };
    const calls = [...made.filter(({ name }) => name !== 'watch'), text].map((call) => this.#again(call));
    // What can't be had again (a vocabulary without a network) is missing, and calls for it say so.
    await Promise.all(calls);
    await Promise.all(watch.map((call) => this.#again(call)));
    if (this.#worker === worker) this.#release();
  }

  /** Repeats a call of an earlier worker, whatever comes of it. @param {{ name: CallName, args: any }} call */
  #again({ name, args }) {
    return new Promise((resolve) => {
      this.#send({ name, args, resolve, reject: resolve, again: true }, {});
    });
  }
}
