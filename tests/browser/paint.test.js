/** When views are drawn: what is in sight first, what is out of sight when that has come to rest, or when it is scrolled to. */
import assert from 'node:assert/strict';
import { blankTests } from './blank-tests.js';
import { browsers } from './harness.js';

for (const name of browsers) {
  const check = blankTests(name);

  check('a view out of sight waits for those in sight to come to rest, but not for ever', async (inPage) => {
    const [rested, restless] = await inPage(async () => {
      const load = (/** @type {string} */ path) => import(/** @type {any} */ (path));
      const { drawn, paint } = await load('/app/paint.js');
      const { signal } = await load('/vendor/signals/signals-core.js');
      const place = (/** @type {string} */ height) => {
        const element = document.createElement('div');
        element.style.height = height;
        document.body.append(element);
        return element;
      };
      const [top, below] = [place('300vh'), place('10px')];
      const changes = signal(0);
      /** When a view out of sight is drawn first, and how long the other one had rested, which changes for some time. @param {number} ms */
      const first = async (ms) => {
        const began = performance.now();
        const timer = setInterval(() => changes.value++, 50);
        setTimeout(() => clearInterval(timer), ms);
        let [at, rest, last] = [Number.NaN, Number.NaN, began];
        const stop = [
          paint(
            () => changes.value,
            () => (last = performance.now()),
            top,
          ),
          paint(
            () => 0,
            () => ([at, rest] = [performance.now() - began, performance.now() - last]),
            below,
          ),
        ];
        await drawn();
        for (const end of stop) end();
        clearInterval(timer);
        return { at, rest };
      };
      return [await first(1_200), await first(60_000)];
    });
    for (const { at, rest } of [rested, restless])
      assert.ok(rest >= 395 || at >= 2_995, `after ${at} ms, ${rest} of rest`);
    // A minute of changes is not waited for.
    assert.ok(restless.at < 30_000, `${restless.at} ms`);
  });

  check('a view that is scrolled to does not wait for the others', async (inPage) => {
    const { before, after } = await inPage(async () => {
      const load = (/** @type {string} */ path) => import(/** @type {any} */ (path));
      const { drawnInSight, paint } = await load('/app/paint.js');
      const { signal } = await load('/vendor/signals/signals-core.js');
      const [room, below] = [document.createElement('div'), document.createElement('div')];
      [room.style.height, below.style.height] = ['300vh', '10px'];
      document.body.append(room, below);
      const changes = signal(0);
      const timer = setInterval(() => changes.value++, 50);
      let drawnAt = 0;
      paint(
        () => changes.value,
        () => {},
        room,
      );
      paint(
        () => 0,
        () => (drawnAt = performance.now()),
        below,
      );
      await drawnInSight(1_000);
      const before = drawnAt;
      const began = performance.now();
      below.scrollIntoView();
      while (!drawnAt) await new Promise((done) => requestAnimationFrame(done));
      clearInterval(timer);
      return { before, after: drawnAt - began };
    });
    assert.equal(before, 0);
    assert.ok(after < 1_000, `${after} ms`);
  });
}
