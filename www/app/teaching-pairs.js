/** The learner's own examples: one text for conversations and preferences, edited in chapters 5 and 6. */

import { effect, signal } from '../vendor/signals/signals-core.js';
import { num, size } from '../views/format.js';
import { PairsView } from '../views/pairs.js';
import { download } from './download.js';
import { paint } from './paint.js';

/** @typedef {import('./teaching.js').Teaching} Teaching */
/** @typedef {import('../engine/teacher-protocol.js').OwnExample} OwnExample */
/** @typedef {import('../engine/teacher-protocol.js').LineError} LineError */
/** @typedef {import('../views/pairs.js').Said} Said */

/** A longer text makes its box slow. */
const MOST_BYTES = 200_000;
/** Marks of a conversation: end, user, assistant, end. */
const MARKS = 4;
/** Former texts that can come back. */
const MOST_PAST = 50;

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text).length;

/** Numbers of the lines that examples were read from: neither blank nor wrong, as `src/data/pairs.rs` has it. @param {string} text @param {LineError[]} errors */
export function numbersOf(text, errors) {
  const wrong = new Set(errors.map(({ line }) => line));
  return text.split('\n').flatMap((line, i) => (/[^\s\u0085]/.test(line) && !wrong.has(i + 1) ? [i + 1] : []));
}

/** Text of a file; null for what is no text. @param {Uint8Array} bytes */
export function textOf(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** @param {string} before @param {string} more */
const joined = (before, more) => (before === '' || before.endsWith('\n') ? before + more : `${before}\n${more}`);

/** What makes two examples the same. @param {OwnExample} example */
const keyOf = (example) =>
  JSON.stringify(
    'answer' in example ? [example.user, example.answer] : [example.user, example.chosen, example.rejected],
  );

/** @param {Pick<Teaching, 'client' | 'state' | 'report'>} teaching */
export function createPairs({ client, state, report }) {
  const { own, info } = state;
  const said = signal(/** @type {Said | null} */ (null));
  /** Texts before the last changes. */
  const past = signal(/** @type {string[]} */ ([]));

  /** Tokens that a question and an answer may have together: a row of training, without the marks. */
  const room = () => (info.peek()?.recipe.context ?? Number.POSITIVE_INFINITY) + 1 - MARKS;

  /** Tokens of an example, or, where those surely fit, its bytes: no token is shorter. @param {OwnExample} example */
  async function lengthOf(example) {
    const separator = info.peek()?.recipe.lang === 'en' ? ' ' : '';
    const texts = 'answer' in example ? [example.answer] : [example.chosen, example.rejected];
    const all = [example.user, ...texts].map((text) => separator + text.trim());
    const longest = (/** @type {number[]} */ [user, ...answers]) => user + Math.max(...answers);
    const bytes = longest(all.map(bytesOf));
    if (bytes <= room()) return bytes;
    const lists = await Promise.all(all.map((text) => client.call('tokenize', { text })));
    return longest(lists.map(({ ids }) => ids.length));
  }

  /** Examples of a text that fit into the model, and what is wrong with the other lines. @param {string} text */
  async function judged(text) {
    const found = await client.call('readExamples', { text });
    const lines = numbersOf(text, found.errors);
    /** @type {OwnExample[]} */
    const examples = [];
    const errors = [...found.errors];
    const lengths = await Promise.all(found.examples.map(lengthOf));
    found.examples.forEach((example, i) => {
      if (lengths[i] <= room()) examples.push(example);
      else errors.push({ line: lines[i], code: 'tokens', expected: num(room()), found: num(lengths[i]) });
    });
    return { examples, errors: errors.sort((a, b) => a.line - b.line) };
  }

  /** Whether a text is short enough for its box. @param {number} bytes */
  function fits(bytes) {
    const tooLong = bytes > MOST_BYTES;
    said.value = tooLong
      ? { key: 'pairs.too-long', params: { found: size(bytes), most: size(MOST_BYTES) }, errors: [] }
      : null;
    return !tooLong;
  }

  /** @param {string} lines */
  async function read(lines) {
    own.value = { ...own.peek(), lines };
    const { examples, errors } = await judged(lines);
    // Of two readings the last one wins.
    if (own.peek().lines !== lines) return;
    own.value = {
      lines,
      errors,
      dialogues: examples.flatMap((e) => ('answer' in e ? [/** @type {[string, string]} */ ([e.user, e.answer])] : [])),
      preferences: examples.flatMap((e) =>
        'chosen' in e ? [{ user: e.user, chosen: e.chosen, rejected: [e.rejected] }] : [],
      ),
    };
  }

  /** Another text; whether it is short enough. @param {string} lines */
  async function change(lines) {
    if (!fits(bytesOf(lines))) return false;
    const before = own.peek().lines;
    if (lines !== before) past.value = [...past.peek(), before].slice(-MOST_PAST);
    await read(lines);
    return true;
  }

  /** Adds the examples of a file that are not there yet; a file that is none changes nothing. @param {File} file */
  async function open(file) {
    if (!fits(file.size)) return;
    const text = textOf(new Uint8Array(await file.arrayBuffer()));
    if (text === null) {
      said.value = { key: 'pairs.no-text', params: { name: file.name }, errors: [] };
      return;
    }
    const { examples, errors } = await judged(text);
    const there = new Set((await judged(own.peek().lines)).examples.map(keyOf));
    const added = examples.filter((e) => !there.has(keyOf(e)) && there.add(keyOf(e)));
    const lines = added.length > 0 ? await client.call('writeExamples', { examples: added }) : '';
    if (lines !== '' && !(await change(joined(own.peek().lines, lines)))) return;
    const twice = examples.length - added.length;
    said.value = {
      key: 'pairs.opened',
      params: { name: file.name, n: added.length, wrong: errors.length, twice },
      errors,
    };
  }

  /** Adds what was written; whether it could be learned from. @param {OwnExample} example */
  async function add(example) {
    const line = await client.call('writeExamples', { examples: [example] });
    const [error] = (await judged(line)).errors;
    if (!error) return change(joined(own.peek().lines, line));
    said.value = {
      key: `pairs.not.${error.code}`,
      params: { expected: error.expected, found: error.found },
      errors: [],
    };
    return false;
  }

  effect(() => {
    // What fits is known by the course's vocabulary and context.
    if (info.value && own.peek().lines !== '') void read(own.peek().lines).catch(report);
  });
  return {
    said,
    past,
    change,
    open,
    add,
    async undo() {
      const before = past.peek().at(-1);
      if (before === undefined) return;
      past.value = past.peek().slice(0, -1);
      said.value = null;
      await read(before);
    },
  };
}

/** @type {WeakMap<Teaching, ReturnType<typeof createPairs>>} */
const known = new WeakMap();

/** @param {Teaching} teaching @param {HTMLElement} root @param {'dialogue' | 'preference'} kind */
export function drawPairs(teaching, root, kind) {
  const { own } = teaching.state;
  const pairs = known.get(teaching) ?? createPairs(teaching);
  known.set(teaching, pairs);
  const view = new PairsView(root, kind, {
    read: (lines) => void pairs.change(lines).catch(teaching.report),
    open: (file) => void pairs.open(file).catch(teaching.report),
    add: (example) =>
      pairs.add(example).catch((error) => {
        teaching.report(error);
        return false;
      }),
    undo: () => void pairs.undo().catch(teaching.report),
    save: () => download(new Blob([own.peek().lines], { type: 'application/jsonl' }), 'glassgpt-pairs.jsonl'),
  });
  paint(
    () => {
      const { lines, dialogues, preferences, errors } = own.value;
      const count = kind === 'dialogue' ? dialogues.length : preferences.length;
      return { text: lines, count, errors, said: pairs.said.value, canUndo: pairs.past.value.length > 0 };
    },
    (data) => view.update(data),
    root,
  );
}
