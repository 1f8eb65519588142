/** What the model adds to the text: one token taken by hand, or many generated. */

import { rich } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { slice } from '../views/attention.js';
import { bytesOf, shown } from '../views/format.js';
import { rowsAfter } from '../views/prediction.js';

/** @typedef {import('../engine/protocol.js').GeneratedToken} GeneratedToken */

/** Of each sample. */
const COUNT = 64;
const DEMONSTRATION = 24;
/** Tokens of the text shown before the generated ones. */
const PROMPT = 4;
/** While training, what the model would write is shown anew at this pace. */
const LIVE_MS = 2_000;

/** Between the seeds of samples drawn at once: far from the next draw's, which follow one another. */
const SEED_STRIDE = 0x9e3779b9;

/** Seed of one of the samples drawn at once; the first is that of a single one. @param {number} seed @param {number} sample */
export const seedOf = (seed, sample) => (seed + sample * SEED_STRIDE) % 2 ** 32;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {Uint8Array} bytes */
function wholeText(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./reading.js').Reading} parts.reading
 * @param {(error: unknown) => void} parts.report
 */
export function createWriting({ store, notices, engine, reading, report }) {
  let controller = new AbortController();
  /** What stands there was asked for by the learner, and stays. */
  let asked = false;
  let demonstratedAt = 0;
  /** Where in the text the generated tokens belong. */
  let end = 0;

  /** UTF-16 end of the selected token. */
  const cursorEnd = () => store.tokens.peek()?.utf16End[store.cursor.peek()] ?? store.text.peek().length;

  /** @param {number} id */
  function take(id) {
    const vocabulary = store.vocabulary.peek();
    if (!vocabulary || id >= vocabulary.ids.length) return;
    const bytes = bytesOf(vocabulary, id);
    const piece = vocabulary.special[id] ? null : wholeText(bytes);
    if (piece === null) {
      const key = vocabulary.special[id] ? 'notice.take.special' : 'notice.take.part';
      const body = () => rich(key, { token: shown(bytes) });
      return notices.show({ id: 'take', place: 'text', kind: 'warn', icon: 'info', body });
    }
    const at = cursorEnd();
    const text = store.text.peek();
    reading.setText(text.slice(0, at) + piece + text.slice(at), at + piece.length);
  }

  function takeFirst() {
    const inspection = store.inspection.peek();
    const first = inspection && rowsAfter(inspection, store.cursor.peek())?.rows.find((r) => r.shaped > 0);
    if (first) take(first.id);
  }

  /** Draws `samples` texts of `count` tokens at once. @param {number} count @param {number} samples */
  async function write(count, samples) {
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    const tokens = store.tokens.peek();
    const last = store.cursor.peek();
    if (!store.model.peek() || !tokens) return;
    end = cursorEnd();
    const made = Array.from({ length: samples }, () => /** @type {GeneratedToken[]} */ ([]));
    const startAt = performance.now();
    let lastAt = startAt;
    const show = () =>
      batch(() => {
        store.generated.value = made.map((sample) => [...sample]);
        store.generatedPerSecond.value = lastAt > startAt ? (1000 * made.flat().length) / (lastAt - startAt) : 0;
      });
    batch(() => {
      store.prompt.value = last < 0 ? null : slice(tokens, Math.max(0, last + 1 - PROMPT), last + 1);
      store.generated.value = [];
      store.generatedSelected.value = { sample: 0, token: -1 };
      store.generating.value = asked;
    });
    const atStep = store.atStep.peek();
    const text = store.text.peek().slice(0, end);
    const sampling = store.sampling.peek();
    const one = (/** @type {GeneratedToken[]} */ sample, /** @type {number} */ i) => {
      const seed = seedOf(sampling.seed, i);
      const args = { text, count, sampling: { ...sampling, seed }, ...(atStep === null ? {} : { atStep }) };
      const onProgress = (/** @type {import('../engine/protocol.js').ProgressValue} */ token) => {
        if (mine !== controller || !('topIds' in token)) return;
        sample.push(token);
        lastAt = performance.now();
        if (asked) show();
      };
      return engine.call('generate', args, { signal: mine.signal, onProgress });
    };
    try {
      await Promise.all(made.map(one));
      if (mine === controller) show();
    } catch (error) {
      if (mine === controller) report(error);
      mine.abort();
    } finally {
      if (mine === controller) store.generating.value = false;
    }
  }

  function generate() {
    // Again, after the same text: another draw, which a copied link then repeats.
    if (asked && store.generated.peek().flat().length > 0) {
      store.sampling.value = { ...store.sampling.peek(), seed: (store.sampling.peek().seed + 1) % 2 ** 32 };
    }
    asked = true;
    void write(COUNT, store.samplesAtOnce.peek());
  }

  /** Shows what the model would write, unless the learner has asked for more. */
  function demonstrate() {
    if (asked || document.hidden || !store.tokens.peek()) return;
    demonstratedAt = performance.now();
    void write(DEMONSTRATION, 1);
  }

  function clear() {
    controller.abort();
    asked = false;
    batch(() => {
      store.generated.value = [];
      store.generating.value = false;
    });
  }

  /** @param {number} sample */
  function append(sample) {
    const written = (store.generated.peek()[sample] ?? []).map((token) => token.text).join('');
    const text = store.text.peek();
    asked = false;
    store.generated.value = [];
    reading.setText(text.slice(0, end) + written + text.slice(end), end + written.length);
  }

  return {
    take,
    takeFirst,
    generate,
    demonstrate,
    append,
    clear,
    stop: () => controller.abort(),
    toggle: () => (store.generating.peek() ? controller.abort() : generate()),
    ticked: () => performance.now() - demonstratedAt >= LIVE_MS && demonstrate(),
  };
}

/** @typedef {ReturnType<typeof createWriting>} Writing */
