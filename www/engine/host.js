/**
 * Ties a {@link Service} to its worker: messages that come before the engine is loaded wait, and whatever goes wrong
 * unseen is told to the page.
 */

import { breathing } from './breathe.js';
import { failure, refusal, trapped } from './failure.js';
import { Service } from './service.js';
import { Store } from './storage.js';

/** @typedef {import('./protocol.js').FromWorker} FromWorker */

const HELPER = new URL('./shard.js', import.meta.url).href;

/** @param {() => Promise<import('./module.js').LoadedEngine>} load @param {string} [helper]  script of helpers */
export async function host(load, helper = HELPER) {
  /** @param {FromWorker} message @param {Transferable[]} [transfer] */
  const post = (message, transfer = []) => self.postMessage(message, { transfer });
  /** @type {import('./protocol.js').Request[] | null} */
  let early = [];
  /** @type {Service | null} */
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
    const { breathe } = breathing();
    const [{ module, build, variant, memory }, store] = await Promise.all([load(), Store.open()]);
    service = new Service({ module, memory, store, post, breathe, helper });
    post({ event: 'ready', build, variant, storage: store.mode });
  } catch (thrown) {
    const { code, message, details } =
      refusal(thrown) ?? failure('wasm-load', `the engine could not be loaded (${thrown})`);
    post({ event: 'failed', error: { code, message, details } });
  }
  const waiting = early;
  early = null;
  for (const request of waiting) void service?.handle(request);
}
