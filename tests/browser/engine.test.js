/** The engine in its worker, as the page uses it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, browsers, until, withBrowser } from './harness.js';
import { pageOf } from './in-page.js';

for (const name of browsers) {
  /** A test in a page of its own. */
  const check = (/** @type {string} */ title, /** @type {any} */ options, /** @type {any} */ body) =>
    test(`${title} (${name})`, () =>
      withBrowser(name, options, async (scene) => {
        await scene.page.goto(blank(scene.url));
        await body({
          ...scene,
          inPage: (/** @type {any} */ code, /** @type {any} */ given) => pageOf(scene.page, code, given),
        });
      }));

  check('the default run opens with progress and shows an untrained model', {}, async ({ inPage }) => {
    const { info, phases, sum, above, rest, lossNats, storage } = await inPage(async ({ connect, small, sampling }) => {
      const { client, event } = connect();
      const seen = [];
      const settings = { ...small, layers: 3, heads: 3, kvHeads: 3, width: 96, context: 96, vocabSize: 768 };
      const info = await client.call('open', { settings }, { onProgress: (p) => seen.push(p) });
      const seenBy = await client.call('inspect', { text: ' Mia has a red ball.', sampling });
      const { time, heads, layers, attention, predictions } = seenBy;
      let [sum, above] = [0, 0];
      for (let row = 0; row < layers * heads * time; row++) {
        const weights = attention.slice(row * time, (row + 1) * time);
        sum = Math.max(sum, Math.abs(weights.reduce((a, b) => a + b, 0) - 1));
        above = Math.max(above, ...weights.slice((row % time) + 1), 0);
      }
      const row = predictions.shaped.slice(0, predictions.shown);
      const rest = Math.abs(row.reduce((a, b) => a + b, 0) + predictions.rest[0] - 1);
      const { evaluation } = await event('evaluated');
      const { storage } = await event('ready');
      return {
        info: { ...info, trainLoss: info.trainLoss.length },
        phases: [...new Set(seen.map((p) => p.phase))],
        sum,
        above,
        rest,
        lossNats: evaluation.lossNats,
        storage,
      };
    });
    assert.deepEqual(phases, ['corpus', 'vocabulary', 'tokens', 'model']);
    assert.equal(info.parameters, 406_368);
    assert.deepEqual([info.step, info.trainLoss, info.vocabSize, info.settings.learningRate], [0, 0, 768, 4e-3]);
    assert.ok(sum < 1e-5 && above === 0 && rest < 1e-5, `${sum} ${above} ${rest}`);
    // The first evaluation comes before any step.
    assert.ok(Math.abs(lossNats - Math.log(768)) < 0.1, `an untrained model knows nothing: ${lossNats} nats`);
    assert.equal(storage, 'opfs');
  });

  check('tokens cover the text exactly, whatever is in it', {}, async ({ inPage }) => {
    const wrong = await inPage(async ({ connect }) => {
      const { client, openTiny } = connect();
      await openTiny({ vocabulary: 'bpe', vocabSize: 280 });
      const wrong = [];
      for (const text of ['', 'the cat', 'héllo 👩‍👩‍👧 世界\u202e\0', 'x'.repeat(50_000), 'a\ud800b']) {
        const tokens = await client.call('tokenize', { text });
        const shown = text.isWellFormed() ? text : text.toWellFormed();
        const whole = new TextDecoder().decode(tokens.bytes) === shown;
        const ends = tokens.byteStart.at(-1) === tokens.bytes.length && (tokens.utf16End.at(-1) ?? 0) === text.length;
        const described = await client.call('describe', { ids: tokens.ids });
        if (!whole || !ends || described.bytes.join() !== tokens.bytes.join()) wrong.push(text.slice(0, 20));
      }
      const { left, count } = await client.call('merges', { ids: Uint32Array.of(0, 256) });
      if (left[0] !== -1 || left[1] < 0 || count[1] < 2) wrong.push('merges');
      return wrong;
    });
    assert.deepEqual(wrong, []);
  });

  check(
    '300 steps bring the validation loss under the pair baseline, with ticks, samples and kept steps',
    {},
    async ({ inPage }) => {
      const told = await inPage(async ({ connect, small }) => {
        const isSampleStep = (/** @type {number} */ step) =>
          [0, 100, 200].includes(step) || (step > 0 && step % 500 === 0);
        const { client, events, event, train } = connect();
        const text = new Uint8Array();
        await client.call('open', { settings: small, text });
        const { baselines } = await event('baselines');
        const stopped = await train(300);
        const { evaluation } = await event('evaluated', (n) => n.evaluation.step === 300);
        const ticks = events.filter((n) => n.event === 'tick');
        const losses = ticks.flatMap((n) => [...n.trainLoss]);
        const info = await client.call('inspect', {
          text: ' Mia',
          sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 1 },
          atStep: 100,
        });
        const samples = events.filter((n) => n.event === 'sample').map((n) => n.sample.step);
        const ordered = ticks.every(
          (n, i) => i === 0 || n.firstStep === ticks[i - 1].firstStep + ticks[i - 1].trainLoss.length,
        );
        return {
          baselines,
          stopped,
          evaluation,
          losses: losses.length,
          finite: losses.every(Number.isFinite),
          ordered,
          samples,
          pinned: samples.every(isSampleStep),
          atStep: info.step,
          greedy: info.predictions.shaped[0],
          speed: ticks.at(-1).tokensPerSecond,
        };
      });
      assert.ok(told.evaluation.lossNats < told.baselines.bigram, JSON.stringify(told));
      assert.deepEqual(
        [told.stopped.reason, told.stopped.step, told.losses, told.finite, told.ordered],
        ['finished', 300, 300, true, true],
      );
      assert.deepEqual([told.samples, told.pinned, told.atStep, told.greedy], [[0, 100, 200], true, 100, 1]);
      assert.ok(told.speed > 100, `${told.speed} tokens a second`);
    },
  );

  check('pausing ends the ticks, and pause and resume change no bit of what is learned', {}, async ({ inPage }) => {
    const { slowest, late, once, paused } = await inPage(async ({ connect, small, weightsOf }) => {
      const { client, events, train } = connect();
      const settings = { ...small, width: 96, heads: 3, kvHeads: 3 };
      await client.call('open', { settings });
      await train(24);
      const once = await weightsOf(await client.call('save', {}));
      await client.call('reset', {});
      let [slowest, late] = [0, 0];
      for (let i = 0; i < 5; i++) {
        await client.call('train', { untilStep: 24 });
        await client.call('train', { untilStep: 24 });
        await new Promise((resolve) => setTimeout(resolve, 20 + 17 * i));
        const start = performance.now();
        await client.call('pause', {});
        slowest = Math.max(slowest, performance.now() - start);
        const before = events.length;
        await new Promise((resolve) => setTimeout(resolve, 60));
        late += events.slice(before).filter((n) => n.event === 'tick').length;
      }
      await client.call('step', {});
      await train(24);
      return { slowest, late, once, paused: await weightsOf(await client.call('save', {})) };
    });
    assert.equal(late, 0);
    assert.equal(paused, once);
    assert.ok(slowest < 1_000, `a pause took ${slowest} ms on a busy machine`);
  });

  check(
    'text is generated and looked into while the model trains, and both can be given up',
    {},
    async ({ inPage }) => {
      const told = await inPage(async ({ connect, small, sampling, codeOf }) => {
        const { client, events, event } = connect();
        await client.call('open', { settings: small });
        await client.call('train', { untilStep: 10_000 });
        await event('tick', (n) => n.step > 2);
        const tokens = [];
        const request = { text: ' Mia', count: 60, sampling };
        const { reason } = await client.call('generate', request, { onProgress: (t) => tokens.push(t) });
        // A text may end by itself before it is known that it was given up: then another one.
        let cancelled = { reason: 'none' };
        for (let seed = 0; seed < 5 && cancelled.reason !== 'cancelled'; seed++) {
          const stop = new AbortController();
          let given = 0;
          cancelled = await client.call(
            'generate',
            { ...request, count: 100_000, text: '', sampling: { ...sampling, seed } },
            { signal: stop.signal, onProgress: () => ++given === 3 && stop.abort() },
          );
        }
        await client.call('inspect', { text: ' Mia has a ball', sampling });
        const shaped = await client.call('distribute', { sampling: { ...sampling, topK: 2 } });
        const training = events.some((n) => n.event === 'stopped') === false;
        const again = new AbortController();
        const opening = codeOf(
          client.call(
            'open',
            { settings: { ...small, seed: 2 } },
            { signal: again.signal, onProgress: () => again.abort() },
          ),
        );
        const openingCode = await opening;
        const { step } = await client.call('pause', {});
        const kept = await codeOf(client.call('tokenize', { text: 'still the old model' }));
        return {
          reason,
          count: tokens.length,
          chosen: tokens.every((t) => t.topIds.includes(t.id)),
          cancelled: cancelled.reason,
          keptCount: shaped.keptCount[0],
          training,
          openingCode,
          step,
          kept,
        };
      });
      assert.ok(told.reason === 'end' ? told.count < 60 : told.count === 60, JSON.stringify(told));
      assert.deepEqual(
        [told.chosen, told.keptCount, told.training, told.openingCode, told.kept],
        [true, 2, true, 'cancelled', 'no error'],
      );
      assert.equal(told.cancelled, 'cancelled', JSON.stringify(told));
      assert.ok(told.step > 2);
    },
  );

  check(
    'a text of 10 MB is opened in slices: other calls are answered meanwhile, and it can be given up',
    {},
    async ({ inPage }) => {
      const told = await inPage(async ({ connect, small, codeOf }) => {
        const { client } = connect();
        const words = 'It was the best of times, it was the worst of times, it was the age of wisdom.\n';
        const text = () => new TextEncoder().encode(words.repeat(Math.ceil(1e7 / words.length)));
        const settings = { ...small, corpus: 'own' };
        const stop = new AbortController();
        const onProgress = (/** @type {any} */ p) => p.phase === 'tokens' && stop.abort();
        const code = await codeOf(client.call('open', { settings, text: text() }, { signal: stop.signal, onProgress }));
        const opening = client.call('open', { settings, text: text() });
        let answers = 0;
        let open = true;
        const info = opening.finally(() => (open = false));
        while (open) {
          await client.call('estimate', { settings });
          answers++;
        }
        const { corpusBytes, trainTokens } = await info;
        const large = await client.call('open', { settings, text: new Uint8Array(20 << 20) }).catch((error) => error);
        return {
          code,
          answers,
          corpusBytes,
          tokens: trainTokens > 1e5,
          large: [large.code, large.details.expectedBytes],
        };
      });
      assert.ok(told.answers >= 10 && told.corpusBytes >= 1e7, JSON.stringify(told));
      assert.deepEqual([told.code, told.tokens, told.large], ['cancelled', true, ['text-size', String(16 << 20)]]);
    },
  );

  check('a saved file brings the run back, and a damaged one is refused', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, codeOf, weightsOf }) => {
      const first = connect();
      await first.openTiny();
      await first.train(20);
      const file = await first.client.call('save', {});
      const bad = file.slice();
      bad[bad.length - 3] ^= 4;
      await first.train(30);
      const whole = await weightsOf(await first.client.call('save', {}));
      const second = connect();
      const refused = await codeOf(second.client.call('load', { file: bad }));
      const future = await codeOf(second.client.call('load', { file: new TextEncoder().encode('{}') }));
      const info = await second.client.call('load', { file });
      await second.train(30);
      return {
        refused,
        future,
        step: info.step,
        losses: info.trainLoss.length,
        same: whole === (await weightsOf(await second.client.call('save', {}))),
      };
    });
    assert.deepEqual(told, { refused: 'checksum', future: 'format', step: 20, losses: 20, same: true });
  });

  check('wrong settings, texts and calls are refused with a code and the numbers', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, small, tiny, sampling, codeOf }) => {
      const { client, openTiny } = connect();
      const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
      const codes = [await codeOf(client.call('tokenize', { text: 'x' }))];
      for (const change of [
        { heads: 5 },
        { layers: 0 },
        { learningRate: 1e9 },
        { learningRate: Number.NaN },
        { context: 2.5 },
        { vocabSize: 9_000 },
        { style: 'other' },
      ]) {
        codes.push(await codeOf(client.call('open', { settings: { ...small, ...change } })));
      }
      codes.push(
        await codeOf(client.call('open', { settings: { ...small, width: 8_192, layers: 64, heads: 64, kvHeads: 64 } })),
      );
      codes.push(await codeOf(client.call('open', { settings: tiny, text: bytes(' ') })));
      codes.push(await codeOf(client.call('open', { settings: tiny, text: bytes('short') })));
      codes.push(await codeOf(client.call('open', { settings: tiny, text: Uint8Array.of(0xff, 0xfe) })));
      codes.push(await codeOf(client.call(/** @type {any} */ ('constructor'), {})));
      await openTiny();
      codes.push(await codeOf(client.call('describe', { ids: Uint32Array.of(9_999) })));
      codes.push(await codeOf(client.call('inspect', { text: 'a', sampling: { ...sampling, temperature: -1 } })));
      codes.push(await codeOf(client.call('inspect', { text: 'a', sampling, atStep: 77 })));
      const short = await client.call('open', { settings: tiny, text: bytes('short') }).catch((error) => error.details);
      const estimates = [];
      for (const change of [{}, { heads: 5 }, { style: 'other' }]) {
        const estimate = await client.call('estimate', { settings: { ...small, ...change } });
        estimates.push(estimate.error?.code ?? estimate.parameters > 0);
      }
      return { codes, short, estimates };
    });
    assert.deepEqual(told.codes, [
      'no-model',
      'setting',
      'setting',
      'setting',
      'setting',
      'setting',
      'setting',
      'setting',
      'memory',
      'empty-text',
      'corpus-too-short',
      'format',
      'unknown-call',
      'token-id',
      'setting',
      'setting',
    ]);
    assert.deepEqual(told.short, { expected: '34', found: '5' });
    assert.deepEqual(told.estimates, [true, 'setting', 'setting']);
  });

  check(
    'a run survives a reload, a torn file falls back to the one before, and forgetting deletes both',
    {},
    async ({ page, inPage, url }) => {
      const left = await inPage(async ({ connect, weightsOf }) => {
        const { client, event, openTiny, train } = connect();
        await openTiny();
        await train(10);
        await event('saved', (n) => n.step === 10);
        await train(20);
        await event('saved', (n) => n.step === 20);
        await event('evaluated', (n) => n.evaluation.step === 20);
        // The evaluation is saved, too. Both generations are there and nothing is being written, for half a second.
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt');
        for (let calm = 0; calm < 10; ) {
          const names = new Set();
          for await (const name of folder.keys()) names.add(name);
          calm = names.has('run') && names.has('run.previous') && !names.has('run.writing') ? calm + 1 : 0;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return weightsOf(await client.call('save', {}));
      });
      await page.goto(blank(url));
      const back = await inPage(async ({ connect, weightsOf }) => {
        const { client, events } = connect();
        const saved = await client.call('saved', {});
        const info = await client.call('resume', {});
        const weights = await weightsOf(await client.call('save', {}));
        client.destroy();
        return { saved, step: info.step, weights, storage: events.find((n) => n.event === 'ready').storage };
      });
      assert.deepEqual([back.saved.step, back.saved.settings.corpus, back.step, back.storage], [20, 'own', 20, 'opfs']);
      assert.equal(back.weights, left);
      assert.ok(back.saved.bytes > 1_000 && Date.now() - back.saved.savedAt < 600_000);
      const torn = await inPage(async ({ connect, codeOf }) => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt');
        const file = await folder.getFileHandle('run');
        const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
        const writable = await file.createWritable();
        await writable.write(bytes.subarray(0, bytes.length - 100));
        await writable.close();
        const { client } = connect();
        const saved = await client.call('saved', {});
        const { step } = await client.call('resume', {});
        await client.call('forget', {});
        return {
          saved: saved?.step,
          step,
          after: await client.call('saved', {}),
          resume: await codeOf(client.call('resume', {})),
        };
      });
      assert.ok(torn.saved === torn.step && (torn.step === 10 || torn.step === 20), JSON.stringify(torn));
      assert.deepEqual([torn.after, torn.resume], [null, 'storage']);
    },
  );

  check('a second tab only reads what the first one saves', {}, async ({ inPage, newPage, url, page }) => {
    await inPage(async (tools) => {
      globalThis.first = tools.connect();
      await globalThis.first.openTiny();
      await globalThis.first.train(10);
      await globalThis.first.event('saved');
    });
    const other = await newPage();
    await other.goto(blank(url));
    const told = await pageOf(other, async ({ connect, codeOf }) => {
      const { client, event, openTiny, train } = connect();
      const { storage } = await event('ready');
      const saved = await client.call('saved', {});
      await openTiny({ seed: 2 });
      await train(15);
      return {
        storage,
        saved: saved.step,
        forget: await codeOf(client.call('forget', {})),
        after: (await client.call('saved', {})).step,
      };
    });
    assert.deepEqual(told, { storage: 'read-only', saved: 10, forget: 'read-only', after: 10 });
    await page.evaluate(() => globalThis.first.client.destroy());
  });

  check('the build with relaxed SIMD takes over with the model, and gives it back', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect, weightsOf }) => {
      const { client, events, restarts, openTiny, train } = connect();
      await openTiny();
      await train(5);
      const before = await weightsOf(await client.call('save', {}));
      const waiting = [];
      const builds = [];
      for (const build of ['/engine/worker.js?relaxed', '/engine/worker.js']) {
        const exchanged = client.exchange(build);
        const info = await exchanged;
        waiting.push(info.step, (await weightsOf(await client.call('save', {}))) === before);
        builds.push(events.filter((n) => n.event === 'ready').at(-1).variant);
      }
      const stopped = await train(8);
      return { waiting, builds, step: stopped.step, restarts: restarts.length };
    });
    assert.deepEqual(told, {
      waiting: [5, true, 5, true],
      builds: ['relaxed', 'simd'],
      step: 8,
      restarts: 0,
    });
  });

  check('without a file system or SIMD everything works, in memory', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect }) => {
      const told = [];
      for (const worker of ['no-opfs', 'no-simd']) {
        const { client, event, openTiny, train } = connect(worker);
        const { storage, variant } = await event('ready');
        await openTiny();
        const { step } = await train(5);
        told.push([storage, variant, step, worker === 'no-opfs' ? await client.call('saved', {}) : null]);
        client.destroy();
      }
      return told;
    });
    assert.deepEqual(told, [
      ['memory', 'simd', 5, null],
      ['opfs', 'scalar', 5, null],
    ]);
  });

  check(
    'a trapped engine is replaced by one with the last checkpoint, and the page is told',
    {},
    async ({ inPage }) => {
      const told = await inPage(async ({ connect, codeOf, sampling }) => {
        const { client, events, restart, openTiny, train } = connect('trap');
        await openTiny();
        await train(8);
        await client.call('train', { untilStep: 30 });
        const asked = codeOf(client.call('generate', { text: 'the', count: 1e6, sampling }));
        const { fromStep, lostSteps, error, info } = await restart();
        const stopped = await train(30);
        return {
          fromStep,
          lostSteps,
          code: error.code,
          losses: info.trainLoss.length,
          corpus: info.settings.corpus,
          asked: await asked,
          step: stopped.step,
          shown: events.some((n) => n.event === 'trap'),
        };
      });
      assert.deepEqual([told.code, told.corpus, told.step, told.shown], ['trap', 'own', 30, false]);
      assert.ok(told.fromStep === 8 && told.losses === 8 && told.lostSteps <= 4, JSON.stringify(told));
      assert.ok(['trap', 'no error'].includes(told.asked), told.asked);
    },
  );

  check('an engine that hangs is replaced, one that has nothing to do is not', {}, async ({ inPage }) => {
    const told = await inPage(async ({ connect }) => {
      const idle = connect();
      await idle.openTiny();
      await idle.client.call('step', {});
      const { client, restart, openTiny } = connect('hang');
      await openTiny();
      await client.call('train', { untilStep: 9 });
      const { error, info } = await restart();
      return [
        error.code,
        error.details.cause,
        info.step,
        (await client.call('tokenize', { text: 'ab' })).ids.length,
        idle.restarts.length,
      ];
    });
    assert.deepEqual(told, ['trap', 'silent', 0, 2, 0]);
  });

  const missing = {
    fault: (/** @type {string} */ path) => (path.endsWith('.wasm') ? { status: 404 } : undefined),
    allow: [/404/],
  };
  check('an engine that can not be loaded says so to every call', missing, async ({ inPage }) => {
    const told = await inPage(async ({ connect, codeOf }) => {
      const { client, event } = connect();
      const early = await codeOf(client.call('saved', {}));
      const { error } = await event('failed');
      return [early, error.code, await codeOf(client.call('saved', {}))];
    });
    assert.deepEqual(told, ['wasm-load', 'wasm-load', 'wasm-load']);
  });

  const other = {
    fault: (/** @type {string} */ path) =>
      path.endsWith('/pkg/build.js') ? { body: "export const BUILD_ID = 'another';" } : undefined,
  };
  check('an engine of another build makes the page reload once, then says so', other, async ({ page, inPage }) => {
    const loads = [];
    page.on('load', () => loads.push(1));
    const start = () =>
      inPage(async ({ connect }) => {
        globalThis.told = [];
        const { event } = connect();
        event('failed').then(({ error }) => globalThis.told.push(error.code));
      });
    await start();
    for (let i = 0; i < 200 && loads.length < 1; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(loads.length, 1, 'reloads');
    await start();
    await until(page, 'the error', () => globalThis.told?.[0]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([await page.evaluate(() => globalThis.told), loads.length], [['build-mismatch'], 1]);
  });

  check('memory stays flat while training, saving and looking', {}, async ({ inPage }) => {
    const [early, late] = await inPage(async ({ small, sampling }) => {
      const bindings = await import('/pkg/simd/glassgpt.js');
      const { memory } = await bindings.default({ module_or_path: fetch('/pkg/simd/glassgpt_bg.wasm') });
      const opening = bindings.Opening.fresh({ ...small, layers: 1, width: 32 });
      while (!opening.advance(() => {}));
      const run = opening.finish();
      const sizes = [];
      for (const until of [150, 400]) {
        while (run.step() < until) {
          if (run.hasTask()) run.doTask();
          else run.advance();
          if (run.step() % 10 === 0) {
            run.inspect(' Mia has a red ball', sampling, undefined);
            run.save();
            const writing = run.generate(' Mia', sampling, undefined);
            for (let i = 0; i < 5 && writing.next(); i++);
            writing.free();
          }
        }
        sizes.push(memory.buffer.byteLength);
      }
      run.free();
      return sizes;
    });
    // The time machine keeps up to 32 copies of the weights, some of them new since the first look.
    assert.ok(late - early < 2 << 20, `${early} bytes, then ${late}`);
  });
}
