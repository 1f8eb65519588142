/** Keeps a course on this device; it alone writes, as long as its page holds the lock. */

import { Answers } from './answers.js';
import { COURSE, CourseStore } from './course-store.js';
import { serve } from './serve.js';
import { Store } from './storage.js';

await serve('the keeper of the course', async (post) => {
  const store = new CourseStore(await Store.open(COURSE));
  /** @type {Record<import('./course-protocol.js').CallName, import('./answers.js').Answer>} */
  const calls = {
    read: (_, id) => answers.inTurn(id, async () => ({ mode: store.mode, course: await store.read() })),
    write: (args, id) => answers.inTurn(id, async () => ({ bytes: await store.write(args) })),
    clear: (_, id) => answers.inTurn(id, () => store.clear()),
  };
  const answers = new Answers(calls, post);
  return answers;
});
