/** The worker in which a model is taught: the only place where these bindings are loaded. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/lessons/lessons.js';
import { breathing } from './breathe.js';
import { serve } from './serve.js';
import { startModule } from './start-module.js';
import { TeacherService } from './teacher-service.js';

/** @typedef {import('./teacher-service.js').TeacherModule} TeacherModule */

const WHAT = 'the module for lessons';

await serve(WHAT, async (post) => {
  const url = new URL('../pkg/lessons/lessons_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: WHAT });
  const module = /** @type {TeacherModule} */ (/** @type {unknown} */ (bindings));
  const helper = new URL('./shard.js', import.meta.url).href;
  return new TeacherService({ module, post, breathe: breathing().breathe, helper });
});
