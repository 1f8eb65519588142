/** The worker in which a model is taught: the only place where these bindings are loaded. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { breathing } from './breathe.js';
import { failure, refusal, trapped } from './failure.js';
import { startModule } from './start-module.js';
import { TeacherService } from './teacher-service.js';

/** @param {import('./teacher-protocol.js').FromWorker} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** @type {import('./teacher-protocol.js').Request[] | null} */
let early = [];
/** @type {TeacherService | null} */
let service = null;
self.onmessage = ({ data }) => {
  if (early) early.push(data);
  else void service?.handle(data);
};
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  if (service) service.crashed(event.reason);
  else post({ event: 'trap', error: trapped(event.reason) });
});
try {
  const url = new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: 'the module for lessons' });
  const { breathe } = breathing();
  const module = /** @type {import('./teacher-service.js').TeacherModule} */ (/** @type {unknown} */ (bindings));
  service = new TeacherService({ module, post, breathe });
} catch (thrown) {
  const { code, message, details } =
    refusal(thrown) ??
    failure('wasm-load', `the module for lessons could not be loaded (${thrown}); use a current browser, or reload`);
  post({ event: 'failed', error: { code, message, details } });
}
const waiting = early;
early = null;
for (const request of waiting) void service?.handle(request);
