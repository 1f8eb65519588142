/** The surprise of every token, and what model and tables expect next, as the page asks for them. */

import assert from 'node:assert/strict';
import { blankTests } from './blank-tests.js';
import { browsers } from './harness.js';

for (const name of browsers) {
  const check = blankTests(name);

  check(
    'scores agree with the predictions, and probabilities of all predictors add up',
    async (/** @type {any} */ inPage) => {
      const found = await inPage(async ({ connect, small, sampling }) => {
        const { client } = connect();
        await client.call('open', { settings: small });
        const text = ' Mia has a red ball.';
        const { tokens, model, trigram, context, step } = await client.call('score', { text });
        const { predictions } = await client.call('inspect', { text, sampling });
        let worst = 0;
        let compared = 0;
        for (let i = 1; i < model.length; i++) {
          const k = predictions.ids.subarray((i - 1) * predictions.shown, i * predictions.shown).indexOf(tokens.ids[i]);
          if (k < 0) continue;
          compared++;
          worst = Math.max(worst, Math.abs(-Math.log(predictions.raw[(i - 1) * predictions.shown + k]) - model[i]));
        }
        const last = tokens.ids.length - 1;
        const prefix = tokens.ids.slice(0, last);
        const sums = [];
        for (const n of [0, 1, 2, 3])
          sums.push(
            (await client.call('next', { ids: prefix, n })).reduce(
              (/** @type {number} */ a, /** @type {number} */ b) => a + b,
              0,
            ),
          );
        const byModel = await client.call('next', { ids: prefix, n: 0 });
        const byTrigram = await client.call('next', { ids: prefix, n: 3 });
        return {
          worst,
          compared,
          sums,
          step,
          first: Number.isNaN(model[0]),
          contexts: context.every((/** @type {number} */ c, /** @type {number} */ i) => c === i),
          modelApart: Math.abs(-Math.log(byModel[tokens.ids[last]]) - model[last]),
          trigramApart: Math.abs(-Math.log(byTrigram[tokens.ids[last]]) - trigram[last]),
        };
      });
      assert.ok(found.first && found.contexts && found.step === 0);
      assert.ok(found.worst < 1e-4, `${found.compared} compared, ${found.worst}`);
      for (const sum of found.sums) assert.ok(Math.abs(sum - 1) < 1e-4, String(found.sums));
      assert.ok(found.modelApart < 1e-4 && found.trigramApart < 1e-4, JSON.stringify(found));
    },
  );

  check(
    'a long text is scored in slices beside the training, and can be given up',
    async (/** @type {any} */ inPage) => {
      const found = await inPage(async ({ connect, codeOf }) => {
        const engine = connect();
        await engine.openTiny();
        await engine.client.call('train', { untilStep: 100_000, workers: 1 });
        await engine.event('tick', (n) => n.step > 2);
        const text = 'the cat and the hat sat '.repeat(400);
        const stop = new AbortController();
        const given = codeOf(engine.client.call('score', { text }, { signal: stop.signal }));
        stop.abort();
        const code = await given;
        const scores = await engine.client.call('score', { text });
        const training = !engine.events.some((n) => n.event === 'stopped');
        const whole = engine.client.call('score', { text });
        const replaced = codeOf(whole);
        await engine.openTiny({ seed: 2 });
        return {
          code,
          training,
          replaced: await replaced,
          length: scores.model.length,
          bytes: scores.tokens.ids.length,
          finite: scores.model.slice(1).every(Number.isFinite),
          least: Math.min(...scores.context.slice(17)),
          most: Math.max(...scores.context),
        };
      });
      assert.equal(found.code, 'cancelled');
      assert.ok(['cancelled', 'no error'].includes(found.replaced), found.replaced);
      assert.ok(found.training && found.finite);
      assert.deepEqual([found.length, found.bytes], [4_096, 9_600]);
      assert.ok(found.least >= 8 && found.most === 16, `${found.least}–${found.most}`);
    },
  );

  check('what cannot be scored is refused with a code, and the engine lives on', async (/** @type {any} */ inPage) => {
    const found = await inPage(async ({ connect, codeOf }) => {
      const { client, openTiny } = connect();
      const codes = [await codeOf(client.call('score', { text: 'a' }))];
      await openTiny();
      codes.push(await codeOf(client.call('score', { text: 'a', atStep: 77 })));
      codes.push(await codeOf(client.call('next', { ids: Uint32Array.of(9_999), n: 0 })));
      codes.push(await codeOf(client.call('next', { ids: Uint32Array.of(9_999), n: 3 })));
      codes.push(await codeOf(client.call('next', { ids: new Uint32Array(), n: 0 })));
      codes.push(await codeOf(client.call('next', { ids: new Uint32Array(), n: 2 })));
      const { model } = await client.call('score', { text: '' });
      const { model: one } = await client.call('score', { text: 'a\ud800' });
      return { codes, none: model.length, one: one.length };
    });
    assert.deepEqual(found.codes, ['no-model', 'setting', 'token-id', 'token-id', 'empty-text', 'no error']);
    assert.deepEqual([found.none, found.one], [0, 4]);
  });
}
