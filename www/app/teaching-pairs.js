/** The learner's own examples: one text for conversations and preferences, edited in chapters 5 and 6. */

import { signal } from '../vendor/signals/signals-core.js';
import { size } from '../views/format.js';
import { PairsView } from '../views/pairs.js';
import { download } from './download.js';
import { paint } from './paint.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */

/** A longer text makes its box slow. */
const MOST_BYTES = 200_000;

/** @param {Teaching} teaching @param {HTMLElement} root @param {'dialogue' | 'preference'} kind */
export function drawPairs(teaching, root, kind) {
  const { own } = teaching.state;
  const tooLong = signal(/** @type {{ found: string, most: string } | null} */ (null));

  /** @param {string} lines */
  async function read(lines) {
    const bytes = new TextEncoder().encode(lines).length;
    tooLong.value = bytes > MOST_BYTES ? { found: size(bytes), most: size(MOST_BYTES) } : null;
    if (tooLong.peek()) return;
    own.value = { ...own.peek(), lines };
    try {
      const { examples, errors } = await teaching.client.call('readExamples', { text: lines });
      // Of two readings the last one wins.
      if (own.peek().lines !== lines) return;
      own.value = {
        lines,
        errors,
        dialogues: examples.flatMap((e) =>
          'answer' in e ? [/** @type {[string, string]} */ ([e.user, e.answer])] : [],
        ),
        preferences: examples.flatMap((e) =>
          'chosen' in e ? [{ user: e.user, chosen: e.chosen, rejected: [e.rejected] }] : [],
        ),
      };
    } catch (error) {
      teaching.report(error);
    }
  }

  const view = new PairsView(root, kind, {
    read: (lines) => void read(lines),
    async open(file) {
      if (file.size > MOST_BYTES) tooLong.value = { found: size(file.size), most: size(MOST_BYTES) };
      else await file.text().then(read, teaching.report);
    },
    async add(example) {
      try {
        const line = await teaching.client.call('writeExamples', { examples: [example] });
        const before = own.peek().lines;
        await read(before === '' || before.endsWith('\n') ? before + line : `${before}\n${line}`);
      } catch (error) {
        teaching.report(error);
      }
    },
    save: () => download(new Blob([own.peek().lines], { type: 'application/jsonl' }), 'glassgpt-pairs.jsonl'),
  });
  paint(
    () => {
      const { lines, dialogues, preferences, errors } = own.value;
      const count = kind === 'dialogue' ? dialogues.length : preferences.length;
      return { text: lines, count, errors, tooLong: tooLong.value };
    },
    (data) => view.update(data),
    root,
  );
}
