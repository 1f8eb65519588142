/** The course of chapters 5 to 7 on this device: it survives a reload, a torn file, a second tab, and is gone when begun anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leave, listed, NO_SERVICE_WORKER, press, put, TINY } from './chapter-page.js';
import { browsers, until, withBrowser } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

/** A page that is left may have asked for something. @type {import('./harness.js').Options} */
const LEAVING = { ...NO_SERVICE_WORKER, allow: [...(NO_SERVICE_WORKER.allow ?? []), /NS_BINDING_ABORTED|ERR_ABORTED/] };

/** Numbers and figures of all stages, once they are kept and have been at rest for more than it takes to begin the next examination. @param {Page} page @param {number} n */
const stagesOf = (page, n) =>
  until(
    page,
    `${n} stages, at rest and kept`,
    (/** @type {number} */ n) => {
      // Chapters that were opened stay in the document.
      const course = [...document.querySelectorAll('.course')].find((e) => e.checkVisibility());
      const rows = [...(course?.querySelectorAll('.stages li') ?? [])].map((e) => e.textContent?.replace(/\s+/g, ' '));
      const rest = !course?.querySelector('.lesson, :scope > p.cap[role=status]');
      const kept = course?.querySelector('.kept')?.textContent?.includes('Kept on');
      const { resting } = /** @type {any} */ (window);
      const before = resting?.n === n ? resting.at : Infinity;
      const at = rows.length === n && rest && kept ? Math.min(before, performance.now()) : Infinity;
      Object.assign(window, { resting: { n, at } });
      return performance.now() - at > 500 && rows;
    },
    60_000,
    n,
  );

/** What both models answer. @param {Page} page */
const answers = (page) =>
  until(page, 'two answers', () => {
    const duel = [...document.querySelectorAll('.duel')].find((e) => e.checkVisibility());
    const said = [...(duel?.querySelectorAll('.said .seq') ?? [])].map((e) => e.textContent);
    return said.length === 2 && said;
  });

/** Changes the newest list on the device. @param {Page} page @param {'tear' | 'names'} how */
const onDevice = (page, how) =>
  page.evaluate(async (how) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt', { create: true });
    const names = [];
    for await (const name of /** @type {any} */ (folder).keys()) if (name.startsWith('course')) names.push(name);
    if (how === 'tear') {
      const handle = await folder.getFileHandle('course');
      const text = await (await handle.getFile()).text();
      const writer = await handle.createWritable();
      await writer.write(text.slice(0, -10));
      await writer.close();
    }
    return names;
  }, how);

for (const name of browsers) {
  test(`stages, figures, choices and own pairs survive a reload and a torn file; begun anew they are gone (${name})`, () =>
    withBrowser(name, LEAVING, async ({ page, url, newPage }) => {
      const address = `${url}#lang=en&screen=ch5&${TINY}`;
      await page.goto(address);
      await page.waitForSelector('.course [data-act=base]');
      await press(page, '.course input[type=radio]', 1);
      await press(page, '.course [data-act=base]');
      await stagesOf(page, 1);
      await press(page, '[data-part="2"] [data-act=tune]');
      await stagesOf(page, 2);
      // The third one is too long for a row of training, in the tokens of this vocabulary.
      const long = JSON.stringify({ user: 'Hello there. '.repeat(60), answer: 'Ho' });
      const lines = `{"user": "Hi", "answer": "Ho"}\n{"user": "Hi", "chosen": "a"}\n${long}`;
      await put(page, '.pairs textarea', lines, 'change');
      await until(
        page,
        'one pair of its own, one error',
        () =>
          /^1 of/.test(document.querySelector('.pairs .aside')?.textContent ?? '') &&
          /Line 2: .*Line 3: question and answer have \d{3} tokens together; at most \d\d fit/s.test(
            document.querySelector('.pairs .wrong')?.textContent ?? '',
          ),
      );
      // One error a line, and none of them wider than their figure.
      assert.deepEqual(
        await page.$eval('.pairs .wrong', (e) => [getComputedStyle(e).display, e.scrollWidth <= e.clientWidth]),
        ['block', true],
      );
      await press(page, '.rail a[href$="ch6"]');
      await page.waitForSelector('.card:not([disabled])');
      await page.keyboard.press('1');
      await until(page, 'one choice', () => document.querySelector('.ab .aside')?.textContent?.startsWith('1 choice;'));
      await press(page, '.rail a[href$="ch5"]');
      const [before, said] = [await stagesOf(page, 2), await answers(page)];
      // What is kept last is the choice.
      await listed(page, '"decided":[{"user"');

      await leave(page);
      await page.goto(address);
      assert.deepEqual(await stagesOf(page, 2), before);
      assert.deepEqual(await answers(page), said);
      assert.match(await page.$eval('.pairs textarea', (e) => /** @type {any} */ (e).value), /"Ho"/);
      await press(page, '.rail a[href$="ch6"]');
      await until(page, 'the choice', () => document.querySelector('.ab .aside')?.textContent?.startsWith('1 choice;'));

      const second = await newPage();
      await second.goto(address);
      await until(second, 'the second tab reads, and says that it does not write', () => {
        const kept = document.querySelector('.kept')?.textContent ?? '';
        return document.querySelectorAll('.stages li').length === 2 && kept.includes('Another tab');
      });
      await second.close();
      await page.bringToFront();

      // The list before knows nothing of what was chosen last, but of all stages.
      await press(page, '.rail a[href$="ch5"]');
      await press(page, '[data-part="2"] [data-act=tune-bare]');
      await stagesOf(page, 3);
      await listed(page, '"id":3');
      await press(page, '[data-stage="1"] [data-act=branch]');
      await listed(page, '"branch":1');
      await leave(page);
      await page.goto(url.replace(/#.*/, ''));
      assert.equal((await onDevice(page, 'tear')).length, 5);
      await leave(page);
      await page.goto(address);
      const torn = await stagesOf(page, 3);
      assert.deepEqual(torn.slice(0, 2), before);
      assert.equal(await page.$('[data-act=branch][aria-pressed=true]'), null);

      // What goes with a stage is said before; all of it can come back, and a course begun anew as well.
      assert.equal(
        await page.$eval('[data-stage="1"] [data-act=remove]', (e) => e.getAttribute('aria-label')),
        'Remove 1 · Base model, and with it what was made from it: 2 · Fine-tuned, 3 · Fine-tuned without replay',
      );
      await press(page, '[data-stage="2"] [data-act=remove]');
      await stagesOf(page, 2);
      // Its weights are deleted on the device, and written once more when it comes back.
      await until(page, 'the list of two', async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt');
        const list = await folder
          .getFileHandle('course')
          .then((handle) => handle.getFile())
          .then((file) => file.text())
          .catch(() => '"id":2');
        return !list.includes('"id":2');
      });
      await press(page, '[data-act=undo-gone]');
      assert.deepEqual(await stagesOf(page, 3), torn);
      await listed(page, '"id":2');
      await leave(page);
      await page.goto(address);
      assert.deepEqual(await stagesOf(page, 3), torn);
      await press(page, '.course [data-act=reset]');
      await page.waitForSelector('.course [data-act=base]');
      await press(page, '[data-act=undo-gone]');
      assert.deepEqual(await stagesOf(page, 3), torn);
      await press(page, '.course [data-act=reset]');
      await page.waitForSelector('.course [data-act=base]');
      await press(page, '[data-act=forget-gone]');
      await until(page, 'nothing of it is on the device', async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('glassgpt', { create: true });
        try {
          for await (const name of /** @type {any} */ (folder).keys()) if (name.startsWith('course')) return false;
        } catch {
          // Files that are being deleted.
          return false;
        }
        return true;
      });
      await leave(page);
      await page.goto(address);
      await page.waitForSelector('.course [data-act=base]:not([disabled])');
    }));
}
