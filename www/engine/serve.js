/**
 * Ties answers to their worker: messages that come before its module is loaded wait, and whatever goes wrong unseen is told
 * to the page.
 */

import { failure, refusal, trapped } from './failure.js';

/** @typedef {import('./answers.js').Request} Request */
/** @typedef {{ handle(request: Request): unknown, crashed(error: unknown): void }} Answering */
/** @typedef {import('./answers.js').Post} Post */

/**
 * @param {string} what   in the sentence, say 'the engine'
 * @param {(post: Post) => Promise<Answering> | Answering} make
 */
export async function serve(what, make) {
  /** @type {Post} */
  const post = (message, transfer = []) => self.postMessage(message, { transfer });
  /** @type {Request[] | null} */
  let early = [];
  /** @type {Answering | null} */
  let service = null;
  self.onmessage = ({ data }) => {
    if (early) early.push(data);
    else void service?.handle(data);
  };
  const crashed = (/** @type {unknown} */ error) =>
    service ? service.crashed(error) : post({ event: 'trap', error: trapped(error) });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    crashed(event.reason);
  });
  self.addEventListener('error', (event) => {
    event.preventDefault();
    crashed(event.error ?? event.message);
  });
  try {
    service = await make(post);
  } catch (thrown) {
    const { code, message, details } =
      refusal(thrown) ??
      failure('wasm-load', `${what} could not be loaded (${thrown}); use a current browser, or reload`);
    post({ event: 'failed', error: { code, message, details } });
  }
  const waiting = early;
  early = null;
  for (const request of waiting) void service?.handle(request);
}
