/** Chapter 5 from end to end, at the size of a quick look: a base, fine-tuning, side by side, forgetting, adapters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, NO_SERVICE_WORKER, press, put, says, TINY, text } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @param {import('puppeteer-core').Page} page @param {number} n */
const stages = (page, n) =>
  until(
    page,
    `${n} stages, at rest`,
    (/** @type {number} */ n) =>
      document.querySelectorAll('.stages li').length === n &&
      !document.querySelector('.lesson, .course > p.cap[role=status]'),
    60_000,
    n,
  );

for (const name of browsers) {
  test(`a base is trained, fine-tuned, asked side by side, and what is forgotten is shown (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url, server }) => {
      await page.goto(`${url}#lang=en&screen=ch5&${TINY}`);
      await page.waitForSelector('.course [data-act=base]');
      assert.equal(
        server.requests.filter((path) => path.includes('pkg/lessons')).length,
        0,
        'nothing before it is asked for',
      );
      await says(page, '.model p', /^Playground model:/);
      await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await press(page, '.course [data-act=base]');
      await stages(page, 1);
      await until(page, 'the base continues', () => document.querySelectorAll('.duel .said .tk').length > 10);
      await says(page, '.duel .sides .cap', /continues the document/);
      // First answer token and end count, the question does not.
      await page.waitForSelector('.counted .pill');
      const marks = await page.$$eval('.counted .seq > span', (all) =>
        all.map((e) => [e.textContent, e.classList.contains('model')]),
      );
      const at = marks.findIndex(([words]) => words === 'assistant');
      assert.ok(at > 2 && marks.slice(0, at + 1).every(([, counts]) => !counts), JSON.stringify(marks));
      assert.ok(
        marks.slice(at + 1).every(([, counts]) => counts),
        JSON.stringify(marks),
      );

      await press(page, '[data-part="2"] [data-act=tune]');
      await stages(page, 2);
      await until(page, 'both have answered', () => document.querySelectorAll('.duel .said .seq').length === 2);
      await page.$eval('.duel form', (form) => /** @type {HTMLFormElement} */ (form).requestSubmit());
      await press(page, '[data-part="2"] [data-act=tune-bare]');
      await stages(page, 3);
      // What is out of sight is drawn behind the rest.
      await page.waitForSelector('[data-part="3"] select');
      await page.$eval('[data-part="3"] select', (e) => {
        /** @type {HTMLSelectElement} */ (e).value = '2';
        e.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await press(page, '[data-part="3"] [data-act=adapters]');
      await stages(page, 4);
      await says(page, '[data-part="3"] tbody tr:last-child td', /at most 0\.0000/);
      await says(page, '[data-part="3"] tbody tr:nth-last-child(2) td:nth-child(2)', /^\s*3,648 4\.7%\s*$/);

      // The circuit is in the first weights; a run without it is drawn beside.
      const role = await until(page, 'the heads of the circuit, measured', () => {
        const first = document.querySelector('.circuit .roles li')?.textContent?.replace(/\s+/g, ' ') ?? '';
        return document.querySelectorAll('.circuit canvas').length === 5 && first.includes('%') && first;
      });
      assert.match(String(role), /layer 1 head 1 looks at the token before \d\d%/);
      await press(page, '[data-role="1,0"]');
      await until(page, 'the chosen head', () =>
        document.querySelector('.circuit .attention .aside')?.textContent?.startsWith('layer 2 head 1'),
      );
      await press(page, '[data-act=random-run]');
      await stages(page, 5);
      // 12 scores each, and as many means of losses for both (the signs below count as well: one line).
      const losses = await until(page, 'the scores of both runs, and their losses', () => {
        const [scores, losses] = [...document.querySelectorAll('.starts .chart')].map((e) =>
          [...e.querySelectorAll('path.a, path.b')].map((p) => (p.getAttribute('d') ?? '').split('L').length),
        );
        return scores?.filter((n) => n > 1).join() === '12,12' && losses;
      });
      assert.ok(losses.filter((/** @type {number} */ n) => n > 4).length === 2, JSON.stringify(losses));
      // The run beside is only beside: words, the table and lessons go on from the first base, unless another is chosen.
      await until(page, 'sentences and figures of stages 1 and 2', () => {
        const words = (/** @type {string} */ selector) => document.querySelector(selector)?.textContent ?? '';
        const shown = [...document.querySelectorAll('.duel h4 select')].map(
          (e) => /** @type {HTMLSelectElement} */ (e).selectedOptions[0]?.textContent,
        );
        return (
          words('[data-part="2"] .lessons .aside').trim() === 'from 1 · Base model' &&
          /1 · Base model\s*2 · Fine-tuned$/.test(words('.honest tbody tr').trim()) &&
          !words('[data-part="0"]').includes('began at random') &&
          shown[0] === '1 · Base model'
        );
      });
      await press(page, '[data-stage="5"] [data-act=branch]');
      await until(
        page,
        'the chosen stage',
        () =>
          document.querySelector('[data-part="2"] .lessons .aside')?.textContent?.includes('from 5 · Base model') &&
          document.querySelector('[data-part="0"]')?.textContent?.includes('began at random'),
      );
      for (const [side, id] of [
        [0, 3],
        [1, 4],
      ])
        await page.$$eval(
          '.duel h4 select',
          (all, side, id) => {
            /** @type {HTMLSelectElement} */ (all[side]).value = String(id);
            all[side].dispatchEvent(new Event('change', { bubbles: true }));
          },
          side,
          id,
        );
      await until(page, 'answers of stages 3 and 4', () => {
        const names = [...document.querySelectorAll('.duel h4 select')].map(
          (e) => /** @type {HTMLSelectElement} */ (e).selectedOptions[0]?.textContent,
        );
        return (
          names.join() === '3 · Fine-tuned without replay,4 · Fine-tuned by adapters' &&
          document.querySelectorAll('.duel .said .seq').length === 2
        );
      });
      await put(page, '.circuit select', 'random', 'change');
      await until(page, 'no circuit in random weights', () =>
        document.querySelector('.circuit .cap')?.textContent?.includes('No circuit'),
      );
      assert.deepEqual(await axe(page), []);
    }));

  test(`a playground model is taken through the chapter, with its look-back score and what follows from it (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=ch5&${TINY.replace('context=32', 'context=64')}`);
      await page.waitForSelector('.course [data-act=adopt]:not([disabled])');
      await press(page, '.course [data-act=adopt]');
      await stages(page, 1);
      assert.match(await text(page, '.stages li'), /Playground model/);
      // Examinations come one after the other.
      await says(page, '.course .own', /score of your playground model: \d+(\.\d)?%\. It does not copy/);
      // Its text and sizes are not the course's.
      await page.waitForSelector('[data-act=random-run][disabled]');
      await listed(page, '"lookBack":{');
      await page.reload();
      await stages(page, 1);
      await says(page, '.course .own', /It does not copy/);
    }));
}
