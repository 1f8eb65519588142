/** What the model does with the text: tokens, attention, predictions, now or at a step of the past. */

import { rich, t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { num } from '../views/format.js';
import { wellFormed } from './corpora.js';

/** @typedef {import('../engine/protocol.js').SamplingSettings} SamplingSettings */
/** @typedef {import('../engine/protocol.js').TokenList} TokenList */

const TYPING_MS = 60;
/** While training the text is read anew at most three times a second. */
const LIVE_MS = 330;

/** @returns {TokenList} */
const noTokens = () => ({
  ids: new Uint32Array(),
  bytes: new Uint8Array(),
  byteStart: new Uint32Array(1),
  utf16Start: new Uint32Array(),
  utf16End: new Uint32Array(),
  special: new Uint8Array(),
});

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {(error: unknown) => void} parts.report
 */
export function createReading({ store, notices, engine, report }) {
  let controller = new AbortController();
  let timer = 0;
  let readAt = 0;
  let reading = false;
  let shaping = false;
  /** UTF-16 offset whose token is to be selected once the text is read; -1 = none. */
  let offset = -1;

  async function refresh() {
    clearTimeout(timer);
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    if (!store.model.peek()) return;
    const text = store.text.peek();
    if (text === '') {
      return batch(() => {
        store.tokens.value = noTokens();
        store.inspection.value = null;
      });
    }
    const atStep = store.atStep.peek();
    reading = true;
    try {
      const args = { text, sampling: store.sampling.peek(), ...(atStep === null ? {} : { atStep }) };
      const { tokens, ...inspection } = await engine.call('inspect', args, { signal: mine.signal });
      if (mine !== controller) return;
      readAt = performance.now();
      batch(() => {
        store.tokens.value = tokens;
        store.inspection.value = inspection;
        if (offset >= 0) select(tokens.utf16End.findIndex((end) => end >= offset));
        offset = -1;
      });
    } catch (error) {
      if (mine === controller) report(error);
    } finally {
      if (mine === controller) reading = false;
    }
  }

  /** @param {string} value @param {number} [selectedEnd]  UTF-16 end of the token to select then */
  function setText(value, selectedEnd = -1) {
    const { text, replaced } = wellFormed(value);
    offset = selectedEnd;
    store.text.value = text;
    notices.drop('take');
    if (replaced > 0) {
      const body = () => rich('notice.surrogate', { n: replaced });
      notices.show({ id: 'surrogate', place: 'text', kind: 'warn', icon: 'warn', body });
    } else notices.drop('surrogate');
    clearTimeout(timer);
    timer = window.setTimeout(refresh, selectedEnd >= 0 ? 0 : TYPING_MS);
  }

  /** The model has learned a little. */
  function ticked() {
    if (document.hidden || store.screen.peek() === 'ch1' || reading || store.atStep.peek() !== null) return;
    if (performance.now() - readAt >= LIVE_MS) void refresh();
  }

  /** @param {Partial<SamplingSettings>} patch */
  async function setSampling(patch) {
    store.sampling.value = { ...store.sampling.peek(), ...patch };
    if (shaping) return;
    shaping = true;
    try {
      for (let shaped = null; shaped !== store.sampling.peek() && store.inspection.peek(); ) {
        shaped = store.sampling.peek();
        const before = store.inspection.peek();
        const predictions = await engine.call('distribute', { sampling: shaped });
        const now = store.inspection.peek();
        // Another text was read meanwhile: its predictions are shaped already, or will be in the next turn.
        if (now && now === before) store.inspection.value = { ...now, predictions };
      }
    } catch (error) {
      report(error);
    } finally {
      shaping = false;
    }
  }

  /** @param {number} i  the last token stays the last while the text grows */
  function select(i) {
    const last = (store.tokens.peek()?.ids.length ?? 0) - 1;
    store.selected.value = i >= last ? -1 : i;
  }

  /** @param {number | null} step  of the past; null = now */
  function showStep(step) {
    const at = step === null || step >= store.step.peek() ? null : step;
    if (at === store.atStep.peek()) return;
    store.atStep.value = at;
    if (at === null) notices.drop('past');
    else {
      const body = () => rich('notice.past', { step: num(at) });
      const actions = [{ label: () => t('notice.past.now'), act: () => showStep(null) }];
      notices.show({ id: 'past', place: 'engine', kind: 'warn', icon: 'restart', body, actions });
    }
    void refresh();
  }

  /** Words for all ids of a new model. @param {number} vocabSize */
  async function learnVocabulary(vocabSize) {
    const model = store.model.peek();
    const ids = Uint32Array.from({ length: vocabSize }, (_, id) => id);
    try {
      const vocabulary = await engine.call('describe', { ids });
      if (model !== store.model.peek()) return;
      store.vocabulary.value = vocabulary;
      const merges = await engine.call('merges', { ids });
      if (model === store.model.peek()) store.merges.value = merges;
    } catch (error) {
      report(error);
    }
  }

  /** Another model reads from here on. @param {import('../engine/protocol.js').ModelInfo} info */
  function show(info) {
    store.atStep.value = null;
    notices.drop('past');
    store.vocabulary.value = null;
    store.merges.value = null;
    store.inspection.value = null;
    void refresh();
    void learnVocabulary(info.vocabSize);
  }

  return { refresh, setText, ticked, setSampling, select, showStep, show };
}

/** @typedef {ReturnType<typeof createReading>} Reading */
