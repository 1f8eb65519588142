/** What chapter 1 does: reads its text under every vocabulary at hand, trains one on it, plays the merges. */

import { t } from '../i18n/index.js';
import { batch, effect } from '../vendor/signals/signals-core.js';
import { treeOf } from '../views/merge-steps.js';
import { PAGE } from '../views/vocabulary.js';
import { failureOf, isCancelled, sentenceOf } from './failures.js';
import { foundIn, learnedByTraining, listOf } from './own-vocabulary.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./lesson.js').ShownName} ShownName */
/** @typedef {import('./lesson.js').LessonState} LessonState */

const TYPING_MS = 60;
/** Playing all merges takes about so long, and no merge is shown longer than {@link SLOWEST_MS}. */
const PLAY_MS = 24_000;
const SLOWEST_MS = 400;
const FASTEST_MS = 40;

/**
 * Runs a task a little after the last change of what it reads; a later run makes an earlier one's answer void.
 * @param {() => ((isCurrent: () => boolean) => Promise<void>) | null} read   reads signals, gives what is to be done
 * @param {(error: unknown) => void} report
 */
function followed(read, report) {
  let timer = 0;
  let run = 0;
  effect(() => {
    const task = read();
    clearTimeout(timer);
    const mine = ++run;
    if (task) timer = window.setTimeout(() => void task(() => mine === run).catch(report), TYPING_MS);
  });
}

/**
 * @param {object} parts
 * @param {LessonState} parts.state
 * @param {import('./store.js').Store} parts.store
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./vocabularies.js').Vocabularies} parts.vocabularies
 */
export function createLessonWork({ state, store, engine, vocabularies }) {
  /** @type {AbortController | null} */
  let training = null;

  /** @param {unknown} error */
  const report = (error) => {
    if (isCancelled(error) || ['trap', 'no-model'].includes(failureOf(error).code)) return;
    state.told.value = { kind: 'bad', key: 'notice.failed', params: { reason: sentenceOf(failureOf(error)) } };
  };

  /** @param {ShownName} name @param {string} text @returns {Promise<TokenList>} */
  const encode = (name, text) =>
    name === 'own'
      ? state.source.peek() === 'model'
        ? engine.call('tokenize', { text })
        : vocabularies.call('encode', { vocabulary: 'trained', text })
      : vocabularies.call('encode', { vocabulary: name, text });

  /** Vocabularies that can answer now. */
  const ready = () => {
    const loading = vocabularies.loading.value;
    /** @type {ShownName[]} */
    const names = state.learned.value ? ['own'] : [];
    return [...names, ...PUBLISHED.map((p) => p.name).filter((name) => loading[name].state === 'ready')];
  };

  /** @template T @param {ShownName[]} names @param {(name: ShownName) => Promise<T>} ask @returns {Promise<Record<string, T>>} */
  const everyOne = async (names, ask) =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await ask(name)])));

  // The text under every vocabulary.
  followed(() => {
    if (!state.active.value) return null;
    const [text, whole, names] = [state.window.value, state.long.value, ready()];
    const learned = state.learned.value;
    return async (isCurrent) => {
      const lists = await everyOne(names, (name) => encode(name, text));
      if (!isCurrent()) return;
      batch(() => {
        state.lists.value = lists;
        state.own.value = learned && lists.own ? { tokens: lists.own, learned } : null;
        if (!whole) state.counts.value = Object.fromEntries(names.map((name) => [name, lists[name].ids.length]));
      });
    };
  }, report);

  // Counts of a long text, once a text and vocabulary, not for every place in it.
  followed(() => {
    if (!state.active.value || !state.long.value) return null;
    const [text, names] = [state.text.value, ready()];
    return async (isCurrent) => {
      const counts = await everyOne(names, async (name) => (await countsOf(name, [text]))[0]);
      if (isCurrent()) state.counts.value = counts;
    };
  }, report);

  /** @param {ShownName} name @param {string[]} texts @returns {Promise<ArrayLike<number>>} */
  const countsOf = async (name, texts) => {
    if (name !== 'own') return vocabularies.call('count', { vocabulary: name, texts });
    if (state.source.peek() === 'text') return vocabularies.call('count', { vocabulary: 'trained', texts });
    return Promise.all(texts.map(async (text) => (await engine.call('tokenize', { text })).ids.length));
  };

  // The sentence pair.
  followed(() => {
    if (!state.active.value) return null;
    const [pair, names] = [state.pair.value, ready()];
    return async (isCurrent) => {
      const counts = await everyOne(names, async (name) => {
        const [en, zh] = Array.from(await countsOf(name, pair));
        return /** @type {[number, number]} */ ([en, zh]);
      });
      if (isCurrent()) state.pairCounts.value = counts;
    };
  }, report);

  // The word whose letters are counted: in a published vocabulary where there is one.
  followed(() => {
    if (!state.active.value) return null;
    const names = ready();
    const of = names.includes('cl100k') ? 'cl100k' : (names.at(-1) ?? null);
    const text = state.word.value ?? t('letters.sample');
    return async (isCurrent) => {
      const tokens = of && text ? await encode(of, text) : null;
      if (isCurrent()) state.wordTokens.value = of && tokens ? { tokens, of } : null;
    };
  }, report);

  // The page of the vocabulary browser.
  followed(() => {
    if (!state.active.value) return null;
    const { of, ...wish } = state.browsing.value;
    const learned = state.learned.value;
    if (!ready().includes(of)) {
      return async () => {
        state.found.value = null;
      };
    }
    return async (isCurrent) => {
      const found =
        of === 'own' && learned
          ? foundOwn(learned, wish)
          : await vocabularies.call('browse', { vocabulary: /** @type {'gpt2'} */ (of), ...wish, count: PAGE });
      if (isCurrent()) state.found.value = found;
    };
  }, report);

  /** @param {import('../views/merge-steps.js').Learned} learned @param {Parameters<typeof foundIn>[1] & { from: number }} wish */
  const foundOwn = (learned, wish) => {
    const ids = foundIn(learned, wish);
    return { total: ids.length, tokens: listOf(learned.vocabulary, ids.slice(wish.from, wish.from + PAGE)) };
  };

  // The tree of the picked token; before one is picked, of the longest token that the text holds.
  followed(() => {
    if (!state.active.value) return null;
    const [picked, own] = [state.picked.value, state.own.value];
    return async (isCurrent) => {
      const found =
        picked && picked.of !== 'own'
          ? await vocabularies.call('tree', { vocabulary: picked.of, id: picked.id })
          : own
            ? treeOf(
                own.learned,
                picked && picked.id < own.learned.vocabulary.ids.length ? picked.id : longestOf(own.tokens),
              )
            : null;
      if (isCurrent()) state.tree.value = found;
    };
  }, report);

  /** Learns a vocabulary from the chapter's text. */
  async function learn() {
    training?.abort();
    const mine = new AbortController();
    training = mine;
    const text = new TextEncoder().encode(state.text.peek());
    const [bytes, vocabSize] = [text.length, state.vocabSize.peek()];
    batch(() => {
      state.training.value = 0;
      state.told.value = null;
      state.playing.value = false;
    });
    try {
      const info = await vocabularies.call(
        'train',
        { text, vocabSize, split: store.run.peek().split },
        {
          signal: mine.signal,
          transfer: [text.buffer],
          onProgress: ({ done, total }) => {
            if (mine === training) state.training.value = total > 0 ? done / total : 0;
          },
        },
      );
      const found = await vocabularies.call('mergesOf', { vocabulary: 'trained', from: 0, to: info.merges });
      if (mine !== training) return;
      batch(() => {
        state.trained.value = learnedByTraining(found);
        state.trainedBytes.value = bytes;
        state.source.value = 'text';
        state.wanted.value = null;
        state.picked.value = null;
        if (info.reason)
          state.told.value = {
            kind: 'warn',
            key: `lesson.stopped.${info.reason}`,
            params: { reached: info.reached, wanted: vocabSize, n: info.merges },
          };
      });
    } catch (error) {
      if (mine === training) report(error);
    } finally {
      if (mine === training) state.training.value = null;
    }
  }

  function useModel() {
    batch(() => {
      state.source.value = 'model';
      state.wanted.value = null;
      state.picked.value = null;
      state.told.value = null;
      state.playing.value = false;
    });
  }

  // Playing: one merge after the other, from the start again when the end is reached.
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

  function play() {
    if (!state.playing.peek() && state.at.peek() >= (state.own.peek()?.learned.merges ?? 0)) state.wanted.value = 0;
    state.playing.value = !state.playing.peek();
  }

  return { learn, stop: () => training?.abort(), useModel, play };
}

/** Id of the token with the most bytes. @param {TokenList} tokens */
function longestOf({ ids, byteStart }) {
  let best = 0;
  for (let i = 1; i < ids.length; i++)
    if (byteStart[i + 1] - byteStart[i] > byteStart[best + 1] - byteStart[best]) best = i;
  return ids[best] ?? 0;
}

/** @typedef {ReturnType<typeof createLessonWork>} LessonWork */
