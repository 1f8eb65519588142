/** Chapters 6 and 7 from end to end, at the size of a quick look: choices, preferences, tools, the whole chain, the chat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SERVICE_WORKER, press, put, says, TINY } from './chapter-page.js';
import { axe, browsers, until, withBrowser } from './harness.js';

/** @param {import('puppeteer-core').Page} page @param {string} screen */
const go = (page, screen) => page.$eval(`.rail a[href$="${screen}"]`, (e) => /** @type {HTMLElement} */ (e).click());
/** Decides by a key, and waits for the next question. @param {import('puppeteer-core').Page} page @param {string} key */
async function decide(page, key) {
  const before = await until(page, 'two answers', () => {
    const shown = document.querySelector('.card:not([disabled])');
    return shown && document.querySelector('.ab .prompt')?.textContent;
  });
  await page.keyboard.press(key);
  await until(
    page,
    'the next question',
    (/** @type {string} */ before) =>
      document.querySelector('.card:not([disabled])') !== null &&
      document.querySelector('.ab .prompt')?.textContent !== before,
    30_000,
    before,
  );
  return before;
}

for (const name of browsers) {
  test(`the whole chain by one button, then choices by key, a rule, pairs, tools and the chat (${name})`, () =>
    withBrowser(name, NO_SERVICE_WORKER, async ({ page, url }) => {
      await page.goto(`${url}#lang=en&screen=ch6&${TINY}`);
      await page.waitForSelector('.course [data-act=chain]');
      await page.$$eval('.course input[type=radio]', (all) => /** @type {HTMLElement} */ (all[1]).click());
      await press(page, '.course [data-act=chain]');
      await page.waitForSelector('.course [data-act=stop-chain]');
      await press(page, '.course [data-act=stop-chain]');
      await until(
        page,
        'it is stopped, and the rest is offered',
        () =>
          !document.querySelector('.course .lesson, .course > p.cap[role=status]') &&
          document.querySelector('.course [data-act=chain]:not([disabled])') !== null,
      );
      await press(page, '.course [data-act=chain]');
      await until(
        page,
        'three stages, at rest (nothing to prefer: a model this small knows no manners)',
        () =>
          document.querySelectorAll('.stages li').length >= 3 &&
          document.querySelector('.course [data-act=reset]') !== null,
        90_000,
      );
      const grown = await page.evaluate(() => [
        document.querySelectorAll('.course [data-act=chain]').length,
        document.querySelectorAll('.course .report tr').length,
      ]);
      assert.deepEqual(grown, [0, 9], 'nothing is missing, and the report is there');
      await decide(page, '1');
      await until(page, 'one choice', () => document.querySelector('.ab .aside')?.textContent?.startsWith('1 choice;'));
      const equal = await decide(page, '3');
      await page.keyboard.press('z');
      await until(
        page,
        'what was taken back is asked again',
        (/** @type {string} */ before) =>
          document.querySelector('.card:not([disabled])') !== null &&
          document.querySelector('.ab .prompt')?.textContent === before,
        30_000,
        equal,
      );
      await decide(page, '2');
      await until(page, 'two choices', () =>
        document.querySelector('.ab .aside')?.textContent?.startsWith('2 choices;'),
      );
      // A rule that finds nothing to choose leaves what was chosen.
      await press(page, '[data-act=judge]');
      await until(
        page,
        'nothing found, nothing lost',
        () =>
          document.querySelector('.ab .wrong')?.textContent?.includes('equally good') &&
          document.querySelector('.ab .aside')?.textContent?.startsWith('2 choices;'),
        60_000,
      );
      // A pattern that would never end is stopped, one that is none is refused.
      await put(page, '.judge select', 'pattern', 'change');
      await page.waitForSelector('.judge input');
      await put(page, '.judge input', '^(.+)+#$');
      await press(page, '[data-act=judge]');
      await until(page, 'it is stopped', () => document.querySelector('.ab .wrong')?.textContent?.includes('too long'));
      await put(page, '.judge input', '(');
      await press(page, '[data-act=judge]');
      await until(page, 'it is refused', () =>
        document.querySelector('.ab .wrong')?.textContent?.includes('no regular'),
      );
      await put(page, '[data-set=method]', 'prefer', 'change');
      await press(page, '[data-act=prefer]');
      await until(
        page,
        'where the loss of pairs begins',
        () => [...document.querySelectorAll('.lessons .cap')].some((e) => e.textContent?.includes('coin toss')),
        60_000,
      );
      await until(
        page,
        'before and after, of two choices',
        () =>
          document.querySelector('.better .wins') !== null &&
          document.querySelector('.better .aside')?.textContent?.endsWith('from 2 choices'),
        60_000,
      );

      // A reward without a penalty: the page says what to look at, and the way back.
      await put(page, '[data-set=method]', 'policy', 'change');
      await page.waitForSelector('[data-set=kl]');
      await put(page, '[data-set=kl]', '0', 'change');
      const before = (await page.$$('.stages li')).length;
      await press(page, '[data-act=prefer]');
      await until(
        page,
        'rewards by step',
        () => document.querySelector('.lessons .chart')?.textContent?.includes('reward, mean'),
        60_000,
      );
      await until(
        page,
        'what to look at without a penalty',
        () => /right answers went from \d+%/.test(document.querySelector('.better .hacked')?.textContent ?? ''),
        60_000,
      );
      const divergence = await page.$eval('.better tbody tr:nth-child(5) td:last-child', (e) => e.textContent);
      assert.ok(Number.parseFloat(divergence ?? '') >= 0, String(divergence));
      assert.deepEqual(await axe(page), []);
      await press(page, '[data-act=undo-preferring]');
      await until(
        page,
        'back to the fine-tuned model',
        (/** @type {number} */ n) =>
          document.querySelectorAll('.stages li').length === n && !document.querySelector('.better .hacked'),
        30_000,
        before,
      );

      await go(page, 'ch7');
      await page.waitForSelector('.skills [data-act=tools]:not([disabled])', { timeout: 60_000 });
      if (!(await page.$('.trace'))) await press(page, '.skills [data-act=tools]');
      await page.waitForSelector('.trace li.model', { timeout: 60_000 });
      // What no model asks for, the learner can: parentheses, and what the calculator refuses.
      for (const [request, told] of [
        ['(3+4)*5', '(3+4)*5 = 35'],
        ['5/0', 'divided by 0'],
        ['99999999999*99999999999', '64 bits'],
        ['1+', 'no sum'],
        ['Mia', 'Mia = 42'],
      ]) {
        await put(page, '.own-call input', request);
        await press(page, '.own-call button');
        await until(
          page,
          `what the tools say to ${request}`,
          (/** @type {string} */ told) =>
            document.querySelector('.own-call [role=status]')?.textContent?.replace(/\s+/g, ' ').includes(told),
          30_000,
          told,
        );
      }
      await says(page, '.skills tbody', /two steps/);
      await page.waitForSelector('.chat input');
      await page.type('.chat input', 'Hello');
      await page.keyboard.press('Enter');
      await until(page, 'an answer', () => {
        const said = [...document.querySelectorAll('.chat li .serif')].map((e) => e.textContent);
        return said.length === 2 && said[1] !== '…';
      });
      // Enter that an input method uses sends nothing.
      await page.type('.chat input', 'Hi');
      await page.$eval('.chat input', (e) => {
        const composing = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
        if (e.dispatchEvent(new KeyboardEvent('keydown', composing))) e.closest('form')?.requestSubmit();
      });
      assert.equal((await page.$$('.chat li')).length, 2);
      // Another stage answers below, and is named; a text too long has a sentence.
      await page.$eval('.chat select', (e) => {
        /** @type {HTMLSelectElement} */ (e).selectedIndex = 0;
        e.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await put(page, '.chat input', 'Mia has a red ball and a blue kite. '.repeat(8));
      await page.$eval('.chat form', (e) => /** @type {HTMLFormElement} */ (e).requestSubmit());
      await until(page, 'why there is no answer', () => {
        const notes = [...document.querySelectorAll('.chat li .cap')].map((e) => e.textContent ?? '');
        return notes.length === 2 && /^\d · Base model · This text has \d+ tokens/.test(notes[1]);
      });
      await page.$$eval('.chat form .bare', (all) => /** @type {HTMLElement} */ (all[0]).click());
      await until(page, 'an empty list', () => document.querySelectorAll('.chat li').length === 0);
      assert.deepEqual(await axe(page), []);
    }));
}
