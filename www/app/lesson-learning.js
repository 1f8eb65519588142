/** Learning a vocabulary from the chapter's text, and playing its merges. */

import { batch, effect } from '../vendor/signals/signals-core.js';
import { download } from './download.js';
import { nameOf } from './lesson-asking.js';
import { learnedByTraining } from './own-vocabulary.js';

/** Playing all merges takes about so long, and no merge is shown longer than {@link SLOWEST_MS}. */
const PLAY_MS = 24_000;
const SLOWEST_MS = 400;
const FASTEST_MS = 40;

/**
 * @typedef {object} Parts
 * @property {import('./lesson.js').LessonState} state
 * @property {import('./store.js').Store} store
 * @property {import('./vocabularies.js').Vocabularies} vocabularies
 * @property {(error: unknown) => void} report
 */

/** @param {Parts} parts */
export function createLearning({ state, store, vocabularies, report }) {
  /** @type {AbortController | null} */
  let training = null;

  async function learn() {
    training?.abort();
    const mine = new AbortController();
    training = mine;
    batch(() => {
      state.training.value = 0;
      state.told.value = null;
      state.playing.value = false;
    });
    try {
      await train(mine);
    } catch (error) {
      if (mine === training) report(error);
    } finally {
      if (mine === training) state.training.value = null;
    }
  }

  /** @param {AbortController} mine */
  async function train(mine) {
    const text = new TextEncoder().encode(state.text.peek());
    const [bytes, vocabSize] = [text.length, state.vocabSize.peek()];
    const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => {
      if (mine === training) state.training.value = total > 0 ? done / total : 0;
    };
    const info = await vocabularies.call(
      'train',
      { text, vocabSize, split: store.run.peek().split },
      { signal: mine.signal, transfer: [text.buffer], onProgress },
    );
    const found = await vocabularies.call('mergesOf', { vocabulary: 'trained', from: 0, to: info.merges });
    if (mine !== training) return;
    batch(() => {
      state.trained.value = learnedByTraining(found);
      state.trainedBytes.value = bytes;
      shown('text');
      const params = { reached: info.reached, wanted: vocabSize, n: info.merges };
      if (info.reason) state.told.value = { kind: 'warn', key: `lesson.stopped.${info.reason}`, params };
    });
  }

  /** Another vocabulary is shown from here on. @param {'model' | 'text'} source */
  function shown(source) {
    state.source.value = source;
    state.wanted.value = null;
    state.picked.value = null;
    state.told.value = null;
    state.playing.value = false;
  }

  effect(() => {
    if (!state.playing.value || !state.active.value) return;
    const most = state.own.value?.learned.merges ?? 0;
    const pace = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, PLAY_MS / Math.max(1, most)));
    const timer = setInterval(() => {
      const next = state.at.peek() + 1;
      if (next >= most) state.playing.value = false;
      state.wanted.value = Math.min(next, most);
    }, pace);
    return () => clearInterval(timer);
  });

  return {
    learn,
    stop: () => training?.abort(),
    useModel: () => batch(() => shown('model')),
    /** Plays or pauses; from the beginning when all merges are shown. */
    play() {
      const playing = !state.playing.peek();
      if (playing && state.at.peek() >= (state.own.peek()?.learned.merges ?? 0)) state.wanted.value = 0;
      state.playing.value = playing;
    },
    /** A vocabulary as a file that other programs read. @param {import('./lesson.js').ShownName} name */
    async save(name) {
      try {
        const file = await vocabularies.call('saveFile', { vocabulary: nameOf(name) });
        const content = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (file)], { type: 'application/json' });
        download(content, 'tokenizer.json');
      } catch (error) {
        report(error);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createLearning>} Learning */
