/** Several workers on one run: the same bits however many there are and whatever happens to them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, withBrowser } from './harness.js';
import { pageOf } from './in-page.js';

/** Rows that do not divide evenly: shards of 1 and 2 rows. */
const UNEVEN = { batch: 7 };
const STEPS = 24;

for (const name of browsers) {
  /** A test in a page of its own. */
  const check = (/** @type {string} */ title, /** @type {any} */ options, /** @type {any} */ body) =>
    test(`${title} (${name})`, () =>
      withBrowser(name, options, async (scene) => {
        await scene.page.goto(blank(scene.url));
        const inPage = (/** @type {any} */ code, /** @type {any} */ given) =>
          pageOf(scene.page, code, { changes: UNEVEN, steps: STEPS, ...given });
        await body({ ...scene, inPage });
      }));

  /** Weights of a run that one worker has trained alone. */
  const alone = async (/** @type {any} */ { connect, small, weightsOf }, /** @type {any} */ { changes, steps }) => {
    const { client, train } = connect();
    await client.call('open', { settings: { ...small, ...changes } });
    await train(steps, 1);
    const weights = await weightsOf(await client.call('save', {}));
    client.destroy();
    return weights;
  };

  check('1, 2, 3 and 4 workers learn the same bits, pauses and single steps included', {}, async ({ inPage }) => {
    const expected = await inPage(alone);
    const { hashes, counts, slowest } = await inPage(
      async ({ connect, small, weightsOf, hired }, { changes, steps }) => {
        const [hashes, counts] = [[], []];
        let slowest = 0;
        for (const workers of [2, 3, 4]) {
          const crew = connect();
          const { client, events, train } = crew;
          await client.call('open', { settings: { ...small, ...changes } });
          await hired(crew, workers);
          await client.call('reset', {});
          for (const until of [5, 11, 12]) {
            await client.call('train', { untilStep: until + 3, workers });
            await new Promise((resolve) => setTimeout(resolve, 10 + until));
            const start = performance.now();
            const { step } = await client.call('pause', {});
            slowest = Math.max(slowest, performance.now() - start);
            if (step < until) await train(until, workers);
          }
          await client.call('step', {});
          await train(steps, workers);
          counts.push(events.filter((n) => n.event === 'tick').at(-1).workers);
          hashes.push(await weightsOf(await client.call('save', {})));
          client.destroy();
        }
        return { hashes, counts, slowest };
      },
    );
    assert.deepEqual(hashes, [expected, expected, expected]);
    assert.deepEqual(counts, [2, 3, 4]);
    assert.ok(slowest < 1_000, `a pause took ${slowest} ms on a busy machine`);
  });

  check('what helpers bring is used: one that is wrong by a hundredth changes the weights', {}, async ({ inPage }) => {
    const expected = await inPage(alone);
    const wrong = await inPage(async ({ connect, small, weightsOf, hired }, { changes, steps }) => {
      const crew = connect('crew-wrong');
      await crew.client.call('open', { settings: { ...small, ...changes } });
      await hired(crew, 2);
      await crew.client.call('reset', {});
      await crew.train(steps, 2);
      return weightsOf(await crew.client.call('save', {}));
    });
    assert.notEqual(wrong, expected);
  });

  check('the memory that is told is that of all workers together', {}, async ({ inPage }) => {
    const [alone, shared] = await inPage(async ({ connect, small, hired }, { changes }) => {
      const crew = connect('crew-huge');
      const peak = () => crew.events.filter((n) => n.event === 'tick').at(-1).peak;
      await crew.client.call('open', { settings: { ...small, ...changes } });
      await crew.train(5, 1);
      const alone = peak();
      await hired(crew, 3);
      return [alone, peak()];
    });
    assert.equal(alone.workers, 1);
    assert.equal(shared.workers, 3);
    // Each helper says a billion bytes; the engine itself has more than one and less than a hundred million.
    for (const own of [alone.bytes, shared.bytes - 2e9]) assert.ok(own > 1e6 && own < 1e8, String(own));
  });

  const faults = { trap: 'trap', hang: 'never come back', missing: 'can not be fetched' };
  for (const [fault, what] of Object.entries(faults)) {
    // A helper that can not be fetched is a failed request, which the browser tells on its console.
    const options = fault === 'missing' ? { allow: [/404|helper-missing/] } : {};
    check(
      `helpers that ${what} are replaced, then left out, and no bit changes`,
      options,
      async ({ inPage, server }) => {
        const expected = await inPage(alone, { steps: 150 });
        const told = await inPage(
          async ({ connect, small, weightsOf }, { changes, fault }) => {
            const { client, events, restarts, train } = connect(`crew-${fault}`);
            await client.call('open', { settings: { ...small, ...changes } });
            const { step, reason } = await train(150, 2);
            const { workers } = events.filter((n) => n.event === 'tick').at(-1);
            return [await weightsOf(await client.call('save', {})), step, reason, workers, restarts.length];
          },
          { fault },
        );
        assert.deepEqual(told, [expected, 150, 'finished', 1, 0]);
        const started = server.requests.filter((path) => path.endsWith(`helper-${fault}.js`)).length;
        assert.equal(started, 4, 'helpers that were started');
      },
    );
  }

  check('a gradient that is no number stops the run before the step, and the run can go on', {}, async ({ inPage }) => {
    const expected = await inPage(alone, { steps: 150 });
    const told = await inPage(async ({ connect, small, weightsOf }, { changes }) => {
      const { client, train } = connect('crew-nan');
      await client.call('open', { settings: { ...small, ...changes } });
      const { step, reason, error } = await train(150, 2);
      const { trainLoss } = await client.call('reset', {});
      await client.call('undoReset', {});
      await train(150, 1);
      const finite = step > 0 && step < 150 && trainLoss.length === 0;
      return [
        reason,
        error.code,
        Number(error.details.step) === step,
        finite,
        await weightsOf(await client.call('save', {})),
      ];
    });
    assert.deepEqual(told, ['not-finite', 'not-finite', true, true, expected]);
  });

  check('a file saved by two workers goes on with one, and the other way round', {}, async ({ inPage }) => {
    const expected = await inPage(alone);
    const hashes = await inPage(async ({ connect, small, weightsOf, hired }, { changes, steps }) => {
      const hashes = [];
      for (const [before, after] of [
        [2, 1],
        [1, 2],
      ]) {
        const first = connect();
        await first.client.call('open', { settings: { ...small, ...changes } });
        await hired(first, before);
        await first.client.call('reset', {});
        await first.train(9, before);
        const file = await first.client.call('save', {});
        first.client.destroy();
        const second = connect();
        await second.client.call('open', { settings: { ...small, ...changes, seed: 3 } });
        await hired(second, after);
        await second.client.call('load', { file });
        await second.train(steps, after);
        hashes.push(await weightsOf(await second.client.call('save', {})));
        second.client.destroy();
      }
      return hashes;
    });
    assert.deepEqual(hashes, [expected, expected]);
  });

  check('by itself a run takes no more workers than cores and shards, and says how many', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, small }) => {
      const { client, events, train } = connect();
      await client.call('open', { settings: small });
      await train(400);
      const counts = events.filter((n) => n.event === 'tick').map((n) => n.workers);
      return { most: Math.max(...counts), least: Math.min(...counts), cores: navigator.hardwareConcurrency };
    });
    assert.ok(told.least >= 1 && told.most <= Math.min(8, told.cores), JSON.stringify(told));
    assert.ok(told.most >= Math.min(2, told.cores), JSON.stringify(told));
  });

  check('text is generated and looked into while two workers train', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, small, sampling, hired }) => {
      const crew = connect();
      const { client, events, event } = crew;
      await client.call('open', { settings: small });
      await hired(crew, 2);
      const { step } = await client.call('pause', {});
      await client.call('train', { untilStep: 100_000, workers: 2 });
      const { reason } = await client.call('generate', { text: ' Mia', count: 30, sampling });
      const seen = await client.call('inspect', { text: ' Mia has a ball', sampling });
      await event('tick', (n) => n.step > step + 10 && n.workers === 2);
      const stopped = events.findLastIndex((n) => n.event === 'stopped');
      const after = events.slice(stopped + 1).some((n) => n.event === 'tick');
      await client.call('pause', {});
      return [['count', 'end'].includes(reason), seen.step >= step, after];
    });
    assert.deepEqual(told, [true, true, true]);
  });

  check('behind another tab two workers train on', {}, async ({ page, inPage, newPage }) => {
    const expected = await inPage(alone, { steps: 400 });
    await inPage(async (tools, { changes }) => {
      const crew = tools.connect();
      await crew.client.call('open', { settings: { ...tools.small, ...changes } });
      await tools.hired(crew, 2);
      await crew.client.call('reset', {});
      await crew.client.call('train', { untilStep: 400, workers: 2 });
      globalThis.crew = crew;
    });
    const front = await newPage();
    await front.bringToFront();
    const told = await inPage(async ({ weightsOf }) => {
      const { client, event, events } = globalThis.crew;
      await event('stopped', (n) => n.step === 400);
      const { workers } = events.filter((n) => n.event === 'tick').at(-1);
      return [document.visibilityState, workers, await weightsOf(await client.call('save', {}))];
    });
    assert.deepEqual(told, ['hidden', 2, expected]);
    await front.close();
    await page.bringToFront();
  });
}
