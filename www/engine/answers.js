/**
 * A worker's side of its calls: requests become methods, what they give or refuse becomes messages. After a trap nothing is
 * called again: the page is told once.
 */

import { failure, refusal, trapped } from './failure.js';

/** @typedef {import('./calls.js').FromWorker} FromWorker */
/** @typedef {{ id: number, call: string, args: any }} Request */
/** Gives a result; `signal` tells that the page gave the request up. @typedef {(args: any, id: number, signal: AbortSignal) => unknown} Answer */
/** @typedef {(message: any, transfer?: Transferable[]) => void} Post */

export class Answers {
  #calls;
  #post;
  #transfer;
  /** Requests that are being answered. @type {Map<number, AbortController>} */
  #open = new Map();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  dead = false;

  /**
   * @param {Record<string, Answer>} calls
   * @param {Post} post
   * @param {(result: any) => Transferable[]} [transfer]   what of a result need not be copied
   */
  constructor(calls, post, transfer = () => []) {
    this.#calls = calls;
    this.#post = post;
    this.#transfer = transfer;
  }

  /** The module is dead: says so once, and never calls it again. @param {unknown} error */
  crashed(error) {
    if (this.dead) return;
    this.dead = true;
    this.#post({ event: 'trap', error: trapped(error) });
  }

  /** @param {Request} request */
  async handle({ id, call, args }) {
    if (this.dead) return;
    if (call === 'cancel') this.#open.get(args?.target)?.abort();
    const controller = new AbortController();
    this.#open.set(id, controller);
    try {
      const result = call === 'cancel' ? null : ((await this.#answer(call)(args, id, controller.signal)) ?? null);
      if (!this.dead) this.#post({ id, result }, this.#transfer(result));
    } catch (thrown) {
      const error = refusal(thrown);
      if (!error) this.crashed(thrown);
      else if (!this.dead) this.#post({ id, error });
    } finally {
      this.#open.delete(id);
    }
  }

  /** Waits for the calls before it. @template T @param {number | null} id  null: even if the page gives it up @param {() => T | Promise<T>} work @returns {Promise<T>} */
  inTurn(id, work) {
    const mine = this.#turn.then(() => {
      this.check(id ?? -1);
      return work();
    });
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Tells when the page gives a request up. @param {number} id */
  signal(id) {
    return this.#open.get(id)?.signal ?? new AbortController().signal;
  }

  /** Whether the page gave a request up. @param {number} id */
  cancelled(id) {
    return this.#open.get(id)?.signal.aborted ?? false;
  }

  /** Goes on, or not. @param {number} id */
  check(id) {
    if (this.dead) throw failure('cancelled', 'the worker has stopped');
    if (this.cancelled(id)) throw failure('cancelled', 'the request was cancelled');
  }

  /** @param {string} call */
  #answer(call) {
    if (Object.hasOwn(this.#calls, call)) return this.#calls[call];
    throw failure('unknown-call', `there is no call named ${call}`, { found: String(call) });
  }
}

/** The buffers of a message's typed arrays, each once. @param {unknown} value @returns {Transferable[]} */
export function buffers(value) {
  /** @type {Set<ArrayBuffer>} */
  const found = new Set();
  const visit = (/** @type {unknown} */ v) => {
    if (ArrayBuffer.isView(v)) found.add(/** @type {ArrayBuffer} */ (v.buffer));
    else if (v && typeof v === 'object') for (const inner of Object.values(v)) visit(inner);
  };
  visit(value);
  return [...found];
}
