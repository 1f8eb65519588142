/** What the lab's worker does for each call; long ones breathe between slices and stop when they are cancelled. */

import { failure } from './failure.js';
import { PARTS } from './lab-protocol.js';

/** @typedef {import('./lab-protocol.js').LabChanges} LabChanges */
/**
 * The class of the module, as far as it is used here.
 * @typedef {object} Lab
 * @property {() => any} facts
 * @property {(text: string) => any} read
 * @property {(params: Float32Array, step: number) => void} reweigh
 * @property {() => number} heldOutWindows
 * @property {(index: number) => Float32Array} heldOutWindow
 * @property {(heads: Uint32Array, mlps: Uint32Array, edited: Uint32Array, values: Float32Array) => any} change
 * @property {(layer: number, head: number) => number} effect
 * @property {(row: number, id: number) => any} lens
 * @property {(row: number, id: number) => any} shares
 * @property {(row: number, changed: boolean) => any} predicted
 * @property {(part: number, layer: number, row: number, head: number, column: number) => any} sum
 * @property {(part: number, layer: number, row: number, head: number) => Float32Array} vector
 * @property {(head: number) => Uint32Array} headColumns
 * @property {(before: Float32Array) => any} map
 * @property {(id: number) => any} neighbours
 * @property {(index: number) => number} weight
 * @property {(text: string, name: string) => any} recall
 * @property {() => number} passOnce
 * @property {() => number} stepOnce
 * @property {() => number} beyondWindows
 * @property {(index: number) => Float32Array} beyondWindow
 * @property {() => void} free
 */

const QKV = PARTS.indexOf('qkv');
const SCORE = PARTS.indexOf('score');
const WEIGHT = PARTS.indexOf('weight');
const MIXED = PARTS.indexOf('mixed');
const SLICE_MS = 12;

/**
 * @param {{ open: (checkpoint: Uint8Array) => Lab, breathe: () => Promise<void>, now?: () => number }} parts
 */
export function createCalls({ open, breathe, now = () => performance.now() }) {
  /** @type {Lab | null} */
  let lab = null;
  /** @type {any} */
  let facts = null;
  /** @type {any} tokens of the text that was read last */
  let tokens = null;
  /** What edited weights are in the model itself. @type {Map<number, number>} */
  let plain = new Map();

  function opened() {
    if (!lab) throw failure('no-model', 'no model is opened in the lab');
    return lab;
  }

  /** @param {LabChanges} changes */
  function change({ heads, mlps, edits }) {
    const lab = opened();
    const before = new Map(edits.map(({ index }) => [index, plain.get(index) ?? lab.weight(index)]));
    const changed = lab.change(
      Uint32Array.from(heads),
      Uint32Array.from(mlps),
      Uint32Array.from(edits, (e) => e.index),
      Float32Array.from(edits, (e) => e.value),
    );
    plain = before;
    return changed;
  }

  /** @param {string} text */
  function read(text) {
    const reading = opened().read(text);
    tokens = reading.tokens;
    return reading;
  }

  /**
   * Runs slices until one says that it is done. Another model or text ends it: what it found would belong to neither.
   * @param {AbortSignal} signal @param {() => boolean} slice
   */
  async function sliced(signal, slice) {
    const mine = lab;
    const text = tokens;
    for (let done = false; !done; ) {
      const until = now() + SLICE_MS;
      while (!done && now() < until) done = slice();
      await breathe();
      if (signal.aborted || mine !== lab || text !== tokens)
        throw failure('cancelled', 'the model or its text is another now');
    }
  }

  /** Tokens per second over at least `ms`. @param {AbortSignal} signal @param {number} ms @param {() => number} once */
  async function speed(signal, ms, once) {
    once(); // buffers
    let [count, spent] = [0, 0];
    await sliced(signal, () => {
      const began = now();
      count += once();
      spent += now() - began;
      return spent >= ms;
    });
    return (1000 * count) / spent;
  }

  /** @param {string} text @param {LabChanges} changes */
  function begun(text, changes) {
    facts = opened().facts();
    // Nothing is edited in weights that have just arrived.
    plain = new Map();
    const reading = read(text);
    const { heads, mlps, edits } = changes;
    if (heads.length + mlps.length + edits.length === 0) return { facts, reading };
    return { facts, reading: { ...change(changes), tokens } };
  }

  return {
    /** @param {{ checkpoint: Uint8Array, text: string, changes: LabChanges }} args */
    open({ checkpoint, text, changes }) {
      const next = open(checkpoint);
      lab?.free();
      lab = next;
      return begun(text, changes);
    },
    /** @param {{ params: Float32Array, step: number, text: string, changes: LabChanges }} args */
    reweigh({ params, step, text, changes }) {
      opened().reweigh(params, step);
      return begun(text, changes);
    },
    read: (/** @type {{ text: string }} */ { text }) => read(text),
    change: (/** @type {{ changes: LabChanges }} */ { changes }) => ({ ...change(changes), tokens }),
    /** @param {{}} _ @param {AbortSignal} signal */
    async effects(_, signal) {
      const { layers, heads } = facts.config;
      const found = new Float32Array(layers * (heads + 1));
      let i = 0;
      await sliced(signal, () => {
        const [layer, head] = [Math.floor(i / (heads + 1)), i % (heads + 1)];
        found[i++] = opened().effect(layer, head === heads ? -1 : head);
        return i === found.length;
      });
      return found;
    },
    /** @param {{}} _ @param {AbortSignal} signal */
    async heldOut(_, signal) {
      const windows = opened().heldOutWindows();
      const sums = [0, 0];
      let i = 0;
      await sliced(signal, () => {
        if (i < windows)
          opened()
            .heldOutWindow(i)
            .forEach((loss, k) => {
              sums[k] += loss / windows;
            });
        return ++i >= windows;
      });
      return { plain: sums[0], changed: sums[1], tokens: windows * (facts.config.context - 1) };
    },
    look(/** @type {{ row: number, id: number }} */ { row, id }) {
      const lab = opened();
      const now = lab.predicted(row, true);
      const asked = id < 0 ? now.ids[0] : id;
      return {
        id: asked,
        guess: lab.lens(row, asked),
        shares: lab.shares(row, asked),
        now,
        plain: lab.predicted(row, false),
      };
    },
    sum: (/** @type {import('./lab-protocol.js').Place} */ p) => opened().sum(p.part, p.layer, p.row, p.head, p.column),
    vector: (/** @type {import('./lab-protocol.js').Place} */ p) => opened().vector(p.part, p.layer, p.row, p.head),
    cell(/** @type {{ layer: number, head: number, row: number, column: number }} */ { layer, head, row, column }) {
      const lab = opened();
      const first = Array.from(lab.headColumns(head));
      const d = facts.headDim;
      const at = (/** @type {number} */ row, /** @type {number} */ from) =>
        lab.vector(QKV, layer, row, head).slice(from, from + d);
      return {
        first,
        q: at(row, first[0]),
        k: at(column, first[1]),
        v: at(column, first[2]),
        score: lab.sum(SCORE, layer, row, head, column),
        weight: lab.sum(WEIGHT, layer, row, head, column),
        mixed: lab.vector(MIXED, layer, row, head).slice(head * d, (head + 1) * d),
      };
    },
    map: (/** @type {{ before: Float32Array }} */ { before }) => opened().map(before),
    neighbours: (/** @type {{ id: number }} */ { id }) => opened().neighbours(id),
    weight: (/** @type {{ index: number }} */ { index }) => plain.get(index) ?? opened().weight(index),
    recall: (/** @type {{ text: string, name: string }} */ { text, name }) => opened().recall(text, name),
    /** @param {{ ms: number }} args @param {AbortSignal} signal */
    async race({ ms }, signal) {
      const pass = await speed(signal, ms, () => opened().passOnce());
      return { pass, step: await speed(signal, ms, () => opened().stepOnce()) };
    },
    /** @param {{}} _ @param {AbortSignal} signal */
    async beyond(_, signal) {
      const { context } = facts.config;
      const windows = opened().beyondWindows();
      const sums = new Float64Array(2 * (2 * context - 1));
      let i = 0;
      await sliced(signal, () => {
        if (i < windows)
          opened()
            .beyondWindow(i)
            .forEach((loss, k) => {
              sums[k] += loss / windows;
            });
        return ++i >= windows;
      });
      const mean = Float32Array.from(sums);
      const half = 2 * context - 1;
      return { whole: mean.subarray(0, half), sliding: mean.subarray(half), windows, context };
    },
  };
}

/** @typedef {ReturnType<typeof createCalls>} LabCalls */
