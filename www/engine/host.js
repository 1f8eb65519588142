/** Ties a {@link Service} to its worker. */

import { breathing } from './breathe.js';
import { serve } from './serve.js';
import { Service } from './service.js';
import { Store } from './storage.js';

const HELPER = new URL('./shard.js', import.meta.url).href;

/** @param {() => Promise<import('./module.js').LoadedEngine>} load @param {string} [helper]  script of helpers */
export const host = (load, helper = HELPER) =>
  serve('the engine', async (post) => {
    const { breathe } = breathing();
    const [{ module, build, variant, memory }, store] = await Promise.all([load(), Store.open()]);
    const service = new Service({ module, memory, store, post, breathe, helper });
    post({ event: 'ready', build, variant, storage: store.mode });
    return service;
  });
