/** The worker that the page starts: the only place where the generated bindings are loaded. */

import { host } from './host.js';
import { asksForRelaxed, loadEngine } from './loader.js';

const relaxed = asksForRelaxed(import.meta.url);
await host(() => loadEngine(relaxed), new URL(`./shard.js${new URL(import.meta.url).search}`, import.meta.url).href);
