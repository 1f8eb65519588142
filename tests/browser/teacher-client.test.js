/** The page's side of lessons: what is open when the worker dies is refused, and the next worker has all stages again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';

for (const name of browsers) {
  test(`a teacher that died is replaced by one with the same course and stages, three times in a row at most (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { TeacherClient } = await load('/engine/teacher-client.js');
        /** @type {any[]} */
        const told = [];
        const client = new TeacherClient({
          workerUrl: '/tests/browser/workers/teacher-fake.js',
          onRestart: (/** @type {any} */ error) => told.push([error.code, error.message]),
        });
        const code = (/** @type {Promise<any>} */ call) =>
          call.then(
            () => 'answered',
            (e) => e.code,
          );
        const opened = await client.call('open', { seed: 7 });
        await client.call('learn', { stage: 1, plan: { kind: 'base' } });
        await client.call('put', { stage: 2, weights: Float32Array.of(5, 6) });
        await client.call('put', { stage: 3, weights: Float32Array.of(7) });
        await client.call('remove', { stage: 3 });
        const refused = await code(client.call('draw', { number: 1, task: false }));
        const hanging = code(client.call('ask', { stage: 1, question: 'hang' }));
        const dying = code(client.call('ask', { stage: 1, question: 'die' }));
        const ends = [await dying, await hanging];
        const after = [];
        for (const stage of [1, 2, 3])
          after.push(
            await client.call('weights', { stage }).then(
              (/** @type {Float32Array} */ w) => [...w],
              (/** @type {any} */ e) => e.code,
            ),
          );
        // Without a finished lesson in between, the fourth death is the last.
        const deaths = [];
        for (let i = 0; i < 3; i++) {
          deaths.push(await code(client.call('ask', { stage: 1, question: 'die' })));
          deaths.push(await code(client.call('weights', { stage: 1 })));
        }
        const stop = new AbortController();
        const given = code(client.call('ask', { stage: 1, question: 'hang' }, { signal: stop.signal }));
        stop.abort();
        const gone = await given;
        const last = code(client.call('ask', { stage: 1, question: 'hang' }));
        client.destroy();
        return { opened, refused, ends, after, deaths, gone, last: await last, told };
      });
      assert.deepEqual(found.opened, { seed: 7, courses: 1 });
      assert.equal(found.refused, 'setting');
      assert.deepEqual(found.ends, ['trap', 'trap']);
      assert.deepEqual(found.after, [[1], [5, 6], 'setting']);
      assert.deepEqual(found.deaths, ['trap', 'answered', 'trap', 'answered', 'trap', 'setting']);
      assert.deepEqual([found.gone, found.last], ['cancelled', 'cancelled']);
      assert.equal(found.told.length, 3);
      assert.ok(
        found.told.every(([code, words]) => code === 'trap' && words.includes('unreachable')),
        found.told.join(),
      );
    }));
}

for (const name of browsers) {
  test(`lessons that a helper shares give the same weights, bit for bit (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { TeacherClient } = await load('/engine/teacher-client.js');
        const client = new TeacherClient();
        await client.call('open', { lang: 'en', quick: true, seed: 1 });
        const plans = [
          { kind: 'base', start: 'look-back' },
          { kind: 'tune', from: 1, own: [], replay: true },
          { kind: 'tools', from: 2, tool: true },
        ];
        // The helper is there afterwards, if not before.
        await client.call('learn', { stage: 9, plan: plans[0], workers: 2 });
        const out = [];
        for (const [i, plan] of plans.entries()) {
          const alone = await client.call('learn', { stage: i + 1, plan, workers: 1 });
          // On a busy machine a lesson may be over before the helper has come.
          let shared = null;
          for (let left = 8; left > 0 && shared?.workers !== 2; left--)
            shared = await client.call('learn', { stage: 10 + i, plan, workers: 2 });
          const differ = alone.weights.findIndex(
            (/** @type {number} */ w, /** @type {number} */ k) => w !== shared.weights[k],
          );
          out.push([alone.workers, shared.workers, alone.weights.length > 0, differ]);
        }
        client.destroy();
        return out;
      });
      assert.deepEqual(found, [
        [1, 2, true, -1],
        [1, 2, true, -1],
        [1, 2, true, -1],
      ]);
    }));
}

for (const name of browsers) {
  test(`a lesson rests without a step, is ended with what it has learned, or forgotten; its last step is told (${name})`, () =>
    withBrowser(name, async ({ page, url }) => {
      await page.goto(blank(url));
      const found = await page.evaluate(async () => {
        const load = (/** @type {string} */ path) => import(path);
        const { TeacherClient } = await load('/engine/teacher-client.js');
        const client = new TeacherClient();
        const plan = { kind: 'base', start: 'random' };
        await client.call('open', { lang: 'en', quick: true, seed: 1 });
        /** Learns, and does something once a step is told. */
        const learn = (/** @type {number} */ stage, /** @type {(steps: number[]) => Promise<unknown>} */ act) => {
          /** @type {number[]} */
          const steps = [];
          let acted = false;
          /** @type {Promise<unknown>} */
          let acting = Promise.resolve();
          const onProgress = (/** @type {any} */ { lesson }) => {
            steps.push(lesson.step);
            if (acted || lesson.step === 0) return;
            acted = true;
            acting = act(steps);
          };
          return client.call('learn', { stage, plan, workers: 1, watch: { times: 3, count: 1 } }, { onProgress }).then(
            async (/** @type {any} */ { progress, stopped, watched }) => ({
              acted: await acting,
              step: progress.step,
              stopped,
              scores: watched.map((/** @type {any} */ w) => [w.step, typeof w.lookBack]),
            }),
            (/** @type {any} */ e) => e.code,
          );
        };
        const rested = await learn(1, async (steps) => {
          await client.call('pause', { on: true });
          // What was told before it heard of the pause has come before its answer.
          const before = steps.length;
          await new Promise((r) => setTimeout(r, 400));
          const during = steps.length - before;
          await client.call('pause', { on: false });
          return during;
        });
        const ended = await learn(2, () => client.call('stop', { keep: true }));
        const forgotten = await learn(3, () => client.call('stop', { keep: false }));
        const kept = [];
        for (const stage of [1, 2, 3])
          kept.push(
            await client.call('weights', { stage }).then(
              (/** @type {Float32Array} */ w) => w.length > 0,
              (/** @type {any} */ e) => e.code,
            ),
          );
        client.destroy();
        return { rested, ended, forgotten, kept };
      });
      const score = (/** @type {number} */ step) => [step, 'number'];
      assert.deepEqual(found.rested, {
        acted: 0,
        step: 60,
        stopped: false,
        scores: [score(0), score(30), score(60)],
      });
      assert.ok(found.ended.stopped && found.ended.step > 0 && found.ended.step < 60, JSON.stringify(found.ended));
      assert.equal(found.forgotten, 'cancelled');
      assert.deepEqual(found.kept, [true, true, 'setting']);
    }));
}
