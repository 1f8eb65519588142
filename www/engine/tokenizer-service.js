/**
 * Answers the page's requests about texts and tokens: one method per call, over the bindings.
 *
 * What changes the text, its vocabularies or their tokens happens one after another, in the order it came (`#inTurn`);
 * long work goes in slices, so that cancelling is heard.
 */

import { Answers, buffers } from './answers.js';
import { failure, refusal } from './failure.js';
import { difference, NormalText } from './normal-text.js';
import { EditedText, wholeCharacter } from './tokenizer-text.js';

/** @typedef {import('./tokenizer-protocol.js').CallName} CallName */
/** @typedef {import('./tokenizer-protocol.js').Counts} Counts */
/** @typedef {import('./tokenizer-protocol.js').FromWorker} FromWorker */
/** @typedef {import('./tokenizer-protocol.js').PublishedName} PublishedName */
/** @typedef {import('./tokenizer-protocol.js').TokenList} TokenList */
/** @typedef {import('./tokenizer-protocol.js').TokenTree} TokenTree */
/** @typedef {import('./tokenizer-protocol.js').Vocabulary} Vocabulary */
/** @typedef {import('./tokenizer-protocol.js').VocabularyName} VocabularyName */
/** @template {CallName} N @typedef {import('./tokenizer-protocol.js').Args<N>} Args */
/** @template {CallName} N @typedef {import('./tokenizer-protocol.js').Result<N>} Result */

/**
 * What the worker uses of the bindings (`pkg/tokenizer/`).
 * @typedef {{ ids: Uint32Array, left: Uint32Array, right: Uint32Array, count: Float64Array }} Merges
 * @typedef {object} Tokenizer
 * @property {() => Omit<Vocabulary, 'name' | 'title'>} facts
 * @property {() => Uint8Array} save
 * @property {(text: string) => number} count
 * @property {(text: string) => TokenList} spans
 * @property {(text: string, merges: number) => TokenList} segment
 * @property {(text: string) => Uint32Array} curve
 * @property {(ids: Uint32Array) => TokenList} describe
 * @property {(from: number, to: number) => Merges} merges
 * @property {(id: number) => Merges & { ranks: Uint32Array }} tree
 * @property {(search: string, kind: string, order: string) => Uint32Array} browse
 * @property {() => void} free
 * @typedef {object} Document
 * @property {number} length
 * @property {(tokenizer: Tokenizer, start: number, end: number, insert: string) => void} edit
 * @property {(tokenizer: Tokenizer, start: number, end: number) => TokenList & { first: number }} tokens
 * @property {() => void} free
 * @typedef {object} Training
 * @property {(merges: number) => boolean} advance
 * @property {number} done
 * @property {number} wanted
 * @property {() => { tokenizer: Tokenizer, reason: import('./tokenizer-protocol.js').Training['reason'] }} finish
 * @typedef {object} TokenizerModule
 * @property {{ bytes(): Tokenizer, published(name: string, file: Uint8Array): Tokenizer, open(file: Uint8Array): Tokenizer }} Tokenizer
 * @property {new (tokenizer: Tokenizer, text: string) => Document} Document
 * @property {new (text: Uint8Array, vocabSize: number, split: string) => Training} Training
 */
/** @typedef {(name: PublishedName, options: { told: (done: number, total: number) => void, signal: AbortSignal }) => Promise<Uint8Array>} Fetcher */

/** UTF-16 units that are encoded before messages are read again. */
const SLICE_UNITS = 1 << 18;
const SLICE_MS = 12;
/** Deepest part of a tree that is told; each level is a message inside a message. */
const MOST_DEPTH = 100;

const TITLES = {
  gpt2: 'gpt2 (r50k_base)',
  cl100k: 'cl100k_base',
  o200k: 'o200k_base',
  trained: '',
  file: '',
  bytes: '',
};

export class TokenizerService {
  #module;
  #post;
  #breathe;
  #fetcher;
  /** @type {Map<VocabularyName, { tokenizer: Tokenizer, vocabulary: Vocabulary }>} */
  #vocabularies = new Map();
  /** @type {VocabularyName[]} */
  #watched = [];
  #text = new EditedText();
  /** The text under vocabularies; `normal` for those that want another form of it. @type {Map<VocabularyName, { document: Document, normal: NormalText | null }>} */
  #documents = new Map();
  /** @type {{ key: string, ids: Uint32Array }} the last list that was browsed */
  #browsed = { key: '', ids: new Uint32Array() };
  #answers;

  /**
   * @param {object} parts
   * @param {TokenizerModule} parts.module
   * @param {(message: FromWorker, transfer?: Transferable[]) => void} parts.post
   * @param {() => Promise<void>} parts.breathe
   * @param {Fetcher} parts.fetcher
   */
  constructor({ module, post, breathe, fetcher }) {
    this.#module = module;
    this.#post = post;
    this.#breathe = breathe;
    this.#fetcher = fetcher;
    this.#answers = new Answers(this.#calls, post, buffers);
    this.#place('bytes', module.Tokenizer.bytes());
  }

  /** The module is dead. @param {unknown} error */
  crashed(error) {
    this.#answers.crashed(error);
  }

  /** @param {import('./answers.js').Request} request */
  handle(request) {
    return this.#answers.handle(request);
  }

  /** @type {{ [N in Exclude<CallName, 'cancel'>]: (args: Args<N>, id: number) => Result<N> | Promise<Result<N>> }} */
  #calls = {
    load: (args, id) => this.#loaded(args, id),
    train: (args, id) => this.#trained(args, id),
    openFile: ({ name, file }, id) => {
      const tokenizer = this.#module.Tokenizer.open(file);
      return this.#inTurn(() => this.#place('file', tokenizer, name), id);
    },
    saveFile: ({ vocabulary }) => this.#tokenizer(vocabulary).save(),
    watch: ({ vocabularies }, id) => this.#inTurn(() => this.#watch(vocabularies, id), id),
    setText: ({ text }, id) => this.#inTurn(() => this.#setText(text, id), id),
    edit: (args, id) => this.#inTurn(() => this.#edited(args, id)),
    tokens: (args, id) => this.#inTurn(() => this.#tokens(args, id), id),
    encode: ({ vocabulary, text }, id) => this.#encoded(vocabulary, text, id),
    count: (args, id) => this.#counted(args, id),
    segment: ({ vocabulary, text, merges }) => this.#tokenizer(vocabulary).segment(text, whole('merges', merges)),
    curve: ({ vocabulary, text }) => this.#tokenizer(vocabulary).curve(text),
    mergesOf: (args) => this.#merges(args),
    tree: ({ vocabulary, id }) => tree(this.#tokenizer(vocabulary), whole('id', id)),
    browse: (args) => this.#browse(args),
  };

  /** Waits for the calls before it. @template T @param {() => T | Promise<T>} act @param {number} [id] gives up if it is cancelled by then @returns {Promise<T>} */
  #inTurn(act, id) {
    return this.#answers.inTurn(id ?? null, act);
  }

  /** @param {number} id */
  #teller(id) {
    return (/** @type {number} */ done, /** @type {number} */ total) => this.#post({ id, progress: { done, total } });
  }

  /** @param {VocabularyName} name */
  #tokenizer(name) {
    const found = this.#vocabularies.get(name);
    if (!found) {
      throw failure('no-vocabulary', `the vocabulary ${name} is not there; load, train or open it first`, {
        name: String(name),
      });
    }
    return found.tokenizer;
  }

  /** @param {VocabularyName} name @param {Tokenizer} tokenizer @param {string} [title] @returns {Vocabulary} */
  #place(name, tokenizer, title = TITLES[name]) {
    this.#forget([name]);
    this.#vocabularies.get(name)?.tokenizer.free();
    this.#browsed.key = '';
    const vocabulary = { name, title, ...tokenizer.facts() };
    this.#vocabularies.set(name, { tokenizer, vocabulary });
    return vocabulary;
  }

  /** @param {Args<'load'>} args @param {number} id @returns {Promise<Vocabulary>} */
  async #loaded({ vocabulary }, id) {
    const there = this.#vocabularies.get(vocabulary);
    if (there) return there.vocabulary;
    const signal = this.#answers.signal(id);
    const file = await this.#fetcher(vocabulary, { told: this.#teller(id), signal });
    const tokenizer = this.#module.Tokenizer.published(vocabulary, file);
    return this.#inTurn(() => this.#place(vocabulary, tokenizer));
  }

  /** @param {Args<'train'>} args @param {number} id @returns {Promise<Result<'train'>>} */
  async #trained({ text, vocabSize, split }, id) {
    const training = new this.#module.Training(text, whole('vocabSize', vocabSize), split);
    const told = this.#teller(id);
    let merges = 1;
    for (let more = true; more; ) {
      told(training.done, training.wanted);
      await this.#breathe();
      if (this.#answers.cancelled(id)) break;
      const start = performance.now();
      more = training.advance(merges);
      const ms = performance.now() - start;
      if (ms < SLICE_MS / 2) merges *= 2;
      else if (ms > SLICE_MS) merges = Math.max(1, merges >> 1);
    }
    told(training.done, training.wanted);
    const { tokenizer, reason } = training.finish();
    const vocabulary = await this.#inTurn(() => this.#place('trained', tokenizer));
    return { ...vocabulary, reached: vocabulary.size, reason };
  }

  /** @param {VocabularyName[]} names @param {number} id */
  #watch(names, id) {
    for (const name of names) this.#tokenizer(name);
    this.#watched = [...new Set(names)];
    this.#forget([...this.#documents.keys()].filter((name) => !this.#watched.includes(name)));
    return this.#counts(id);
  }

  /** @param {VocabularyName[]} names */
  #forget(names) {
    for (const name of names) {
      this.#documents.get(name)?.document.free();
      this.#documents.delete(name);
    }
  }

  /** @param {number} id @returns {Promise<Counts>} */
  async #counts(id) {
    const missing = this.#watched.filter((name) => !this.#documents.has(name));
    const { text, characters, bytes } = this.#text;
    const told = this.#teller(id);
    for (const [i, name] of missing.entries()) {
      const part = (/** @type {number} */ done) => told(i * text.length + done, missing.length * text.length);
      await this.#read(name, text, id, part);
    }
    /** @type {Counts['tokens']} */
    const tokens = {};
    for (const name of this.#watched) tokens[name] = this.#documents.get(name)?.document.length;
    return { characters, bytes, tokens };
  }

  /** Keeps the text under one more vocabulary. @param {VocabularyName} name @param {string} text @param {number} id @param {(done: number) => void} told */
  async #read(name, text, id, told) {
    const normal = this.#normal(name, text);
    const read = { document: await this.#document(name, normal?.text ?? text, id, told), normal };
    this.#documents.set(name, read);
    return read;
  }

  /**
   * A text under a vocabulary, encoded slice by slice.
   * @param {VocabularyName} name @param {string} text @param {number} id @param {(done: number) => void} told
   */
  async #document(name, text, id, told) {
    const tokenizer = this.#tokenizer(name);
    let at = wholeCharacter(text, Math.min(SLICE_UNITS, text.length));
    const document = new this.#module.Document(tokenizer, text.slice(0, at));
    try {
      while (at < text.length) {
        told(at);
        await this.#breathe();
        this.#answers.check(id);
        const end = wholeCharacter(text, Math.min(at + SLICE_UNITS, text.length));
        document.edit(tokenizer, at, at, text.slice(at, end));
        at = end;
      }
    } catch (error) {
      if (refusal(error)) document.free();
      throw error;
    }
    return document;
  }

  /** Cancelled, it leaves the text before. @param {string} text @param {number} id */
  async #setText(text, id) {
    const before = this.#text;
    this.#text = new EditedText(text);
    this.#forget([...this.#documents.keys()]);
    try {
      return await this.#counts(id);
    } catch (error) {
      if (refusal(error)) this.#forget([...this.#documents.keys()]);
      this.#text = before;
      throw error;
    }
  }

  /** @param {Args<'edit'>} args @param {number} id */
  #edited({ start, end, insert }, id) {
    this.#checkRange(start, end);
    const change = this.#text.edit(start, end, insert);
    for (const [name, read] of this.#documents) {
      // One letter typed may change the form of those before it.
      const normal = read.normal && new NormalText(this.#text.text);
      const { start, end, insert } = normal && read.normal ? difference(read.normal.text, normal.text) : change;
      read.document.edit(this.#tokenizer(name), start, end, insert);
      read.normal = normal;
    }
    return this.#counts(id);
  }

  /** @param {number} start @param {number} end */
  #checkRange(start, end) {
    const length = this.#text.text.length;
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length)) {
      const [expected, found] = [`a range within 0..=${length}`, `${start}..${end}`];
      throw failure('setting', `start and end must be ${expected}, but are ${found}`, {
        name: 'start',
        expected,
        found,
      });
    }
  }

  /** @param {Args<'tokens'>} args @param {number} id */
  async #tokens({ vocabulary, start, end }, id) {
    this.#checkRange(start, end);
    const { document, normal } =
      this.#documents.get(vocabulary) ?? (await this.#read(vocabulary, this.#text.text, id, () => {}));
    const tokens = document.tokens(this.#tokenizer(vocabulary), ...(normal?.inward(start, end) ?? [start, end]));
    normal?.outward(tokens.utf16Start, tokens.utf16End);
    return tokens;
  }

  /** The form of a text that a vocabulary wants, if it wants one. @param {VocabularyName} name @param {string} text */
  #normal(name, text) {
    return this.#vocabularies.get(name)?.vocabulary.nfc ? new NormalText(text) : null;
  }

  /** @param {VocabularyName} name @param {string} given @param {number} id @returns {Promise<TokenList>} */
  async #encoded(name, given, id) {
    const normal = this.#normal(name, given);
    const text = normal?.text ?? given;
    const typed = (/** @type {TokenList} */ tokens) => {
      normal?.outward(tokens.utf16Start, tokens.utf16End);
      return tokens;
    };
    if (text.length <= SLICE_UNITS) return typed(this.#tokenizer(name).spans(text));
    // In turn: a vocabulary must not be replaced while its document grows.
    return this.#inTurn(async () => {
      const told = this.#teller(id);
      const document = await this.#document(name, text, id, (done) => told(done, text.length));
      const { first: _, ...tokens } = document.tokens(this.#tokenizer(name), 0, text.length);
      document.free();
      return typed(tokens);
    }, id);
  }

  /** @param {Args<'count'>} args @param {number} id */
  async #counted({ vocabulary, texts }, id) {
    const told = this.#teller(id);
    const out = new Uint32Array(texts.length);
    let units = 0;
    for (const [i, text] of texts.entries()) {
      out[i] = this.#tokenizer(vocabulary).count(this.#normal(vocabulary, text)?.text ?? text);
      units += text.length;
      if (units < SLICE_UNITS) continue;
      units = 0;
      told(i + 1, texts.length);
      await this.#breathe();
      this.#answers.check(id);
    }
    return out;
  }

  /** @param {Args<'mergesOf'>} args @returns {Result<'mergesOf'>} */
  #merges({ vocabulary, from, to }) {
    const tokenizer = this.#tokenizer(vocabulary);
    const { ids, left, right, count } = tokenizer.merges(whole('from', from), whole('to', to));
    const [tokens, leftTokens, rightTokens] = [ids, left, right].map((column) => tokenizer.describe(column));
    return { left, right, count, tokens, leftTokens, rightTokens };
  }

  /** @param {Args<'browse'>} args @returns {Result<'browse'>} */
  #browse({ vocabulary, search, kind, order, from, count }) {
    const tokenizer = this.#tokenizer(vocabulary);
    const key = JSON.stringify([vocabulary, search, kind, order]);
    if (this.#browsed.key !== key) this.#browsed = { key, ids: tokenizer.browse(search, kind, order) };
    const { ids } = this.#browsed;
    const shown = ids.slice(whole('from', from), from + whole('count', count));
    return { total: ids.length, tokens: tokenizer.describe(shown) };
  }
}

/** A number as the bindings take it. @param {string} name @param {unknown} value */
function whole(name, value) {
  const number = Number(value);
  if (typeof value === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32) return number;
  const [expected, found] = ['a whole number from 0 on', String(value)];
  throw failure('setting', `${name} must be ${expected}, but is ${found}`, { name, expected, found });
}

/** @param {Tokenizer} tokenizer @param {number} id @returns {TokenTree} */
function tree(tokenizer, id) {
  const { ids, ranks, left, right, count } = tokenizer.tree(id);
  /** @type {Map<number, { node: TokenTree, depth: number }>} */
  const made = new Map();
  const leaf = (/** @type {number} */ part) => {
    const node = { id: part, bytes: tokenizer.describe(Uint32Array.of(part)).bytes, rank: null, count: null };
    return { node, depth: 0 };
  };
  for (const [i, part] of ids.entries()) {
    const [a, b] = [left[i], right[i]].map((side) => made.get(side) ?? leaf(side));
    const depth = Math.max(a.depth, b.depth) + 1;
    /** @type {TokenTree} */
    const node = { ...leaf(part).node, rank: ranks[i], count: count[i] || null };
    const shown = depth < MOST_DEPTH;
    if (shown) Object.assign(node, { left: a.node, right: b.node });
    made.set(part, { node, depth: shown ? depth : 0 });
  }
  return (made.get(id) ?? leaf(id)).node;
}
