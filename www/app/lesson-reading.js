/** What chapter 1 shows follows from its text and the vocabularies at hand: asked anew when either changes. */

import { t } from '../i18n/index.js';
import { batch, effect } from '../vendor/signals/signals-core.js';
import { LONGEST } from '../views/lesson-text.js';
import { treeOf } from '../views/merge-steps.js';
import { summed } from '../views/surprise.js';
import { PAGE } from '../views/vocabulary.js';
import { windowOf } from './lesson.js';
import { everyOne, nameOf } from './lesson-asking.js';
import { foundIn, hexOf, listOf } from './own-vocabulary.js';
import { paced } from './paced.js';

/** @typedef {import('../engine/protocol.js').TokenList} TokenList */
/** @typedef {import('./lesson.js').LessonState} LessonState */

const TYPING_MS = 60;

/** A task is given a way to see whether its answer is still wanted. @typedef {(isCurrent: () => boolean) => Promise<void>} Task */

/**
 * @typedef {object} Parts
 * @property {LessonState} state
 * @property {import('./lesson-asking.js').Asking} asking
 * @property {import('./vocabularies.js').Vocabularies} vocabularies
 * @property {import('./store.js').Store} store
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {(error: unknown) => void} report
 */

/**
 * Runs a task a little after the last change of what it reads; a later run makes an earlier one's answer void.
 * @param {Parts} parts @param {() => Task | null} read   reads signals, gives what is to be done
 */
function followed({ state, report }, read) {
  let timer = 0;
  let run = 0;
  effect(() => {
    const task = state.active.value ? read() : null;
    clearTimeout(timer);
    const mine = ++run;
    if (!task) return;
    const isCurrent = () => mine === run;
    timer = window.setTimeout(() => void task(isCurrent).catch((error) => isCurrent() && report(error)), TYPING_MS);
  });
}

/** The text under every vocabulary. @param {Parts} parts */
function followText(parts) {
  const { state, asking } = parts;
  followed(parts, () => {
    const [text, long, names, learned] = [state.window.value, state.long.value, asking.ready(), state.learned.value];
    return async (isCurrent) => {
      const lists = await everyOne(names, (name) => asking.encode(name, text));
      if (!isCurrent()) return;
      batch(() => {
        state.lists.value = lists;
        state.own.value = learned && lists.own ? { tokens: lists.own, learned } : null;
        if (!long) state.counts.value = Object.fromEntries(names.map((name) => [name, lists[name].ids.length]));
      });
    };
  });
}

/** Counts of a long text: once a text and vocabulary, not for every place in it. @param {Parts} parts */
function followCounts(parts) {
  const { state, asking } = parts;
  followed(parts, () => {
    if (!state.long.value) return null;
    const [text, names] = [state.text.value, asking.ready()];
    state.learned.value;
    state.counts.value = {};
    return async (isCurrent) => {
      const counts = await everyOne(names, async (name) => (await asking.count(name, [text]))[0]);
      if (isCurrent()) state.counts.value = counts;
    };
  });
}

/** @param {Parts} parts */
function followPair(parts) {
  const { state, asking } = parts;
  followed(parts, () => {
    const [pair, names] = [state.pair.value, asking.ready()];
    state.learned.value;
    return async (isCurrent) => {
      const counts = await everyOne(names, async (name) => {
        const [en, zh] = Array.from(await asking.count(name, pair));
        return /** @type {[number, number]} */ ([en, zh]);
      });
      if (isCurrent()) state.pairCounts.value = counts;
    };
  });
}

/** The word whose letters are counted: in a published vocabulary where there is one. @param {Parts} parts */
function followWord(parts) {
  const { state, asking } = parts;
  followed(parts, () => {
    const names = asking.ready();
    const of = names.includes('cl100k') ? 'cl100k' : (names.at(-1) ?? null);
    const text = state.word.value ?? t('letters.sample');
    state.learned.value;
    return async (isCurrent) => {
      const tokens = of ? await asking.encode(of, text) : null;
      if (isCurrent()) state.wordTokens.value = of && tokens ? { tokens, of } : null;
    };
  });
}

/** Bytes in hex as the worker wants them. @param {string} search */
const dotted = (search) => (hexOf(search) ? search.replaceAll('.', '·') : search);

/** A page of the vocabulary browser. @param {Parts} parts */
function followBrowser(parts) {
  const { state, asking, vocabularies } = parts;
  followed(parts, () => {
    const { of, ...wish } = state.browsing.value;
    const learned = of === 'own' ? state.learned.value : null;
    const ready = asking.ready().includes(of);
    return async (isCurrent) => {
      const asked = { ...wish, search: dotted(wish.search), vocabulary: nameOf(of), count: PAGE };
      const found = !ready ? null : learned ? foundOwn(learned, wish) : await vocabularies.call('browse', asked);
      if (isCurrent()) state.found.value = found;
    };
  });
}

/** @param {import('../views/merge-steps.js').Learned} learned @param {Parameters<typeof foundIn>[1] & { from: number }} wish */
function foundOwn(learned, wish) {
  const ids = foundIn(learned, wish);
  return { total: ids.length, tokens: listOf(learned.vocabulary, ids.slice(wish.from, wish.from + PAGE)) };
}

/** The tree of the picked token; before one is picked, of the longest that the text holds. @param {Parts} parts */
function followTree(parts) {
  const { state, vocabularies } = parts;
  followed(parts, () => {
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
  });
}

/** Id of the token with the most bytes. @param {TokenList} tokens */
function longestOf({ ids, byteStart }) {
  let best = 0;
  for (let i = 1; i < ids.length; i++)
    if (byteStart[i + 1] - byteStart[i] > byteStart[best + 1] - byteStart[best]) best = i;
  return ids[best] ?? 0;
}

/** Bits per byte of the beginning of the text under the current model, also while it learns. @param {Parts} parts */
function followBits({ state, store, engine, report }) {
  paced(() => {
    const [text, model] = [state.text.value, store.model.value];
    store.step.value;
    if (!state.active.value || !model) return null;
    return {
      key: [text, model],
      task: async (signal) => {
        const part = windowOf(text, 0, LONGEST);
        const scores = await engine.call('score', { text: part }, { signal });
        const { bitsPerByte, count } = summed(scores, 'model');
        const cut = part.length < text.length || scores.tokens.ids.length > count + 1;
        if (!signal.aborted)
          state.bits.value =
            bitsPerByte === null ? null : { perByte: bitsPerByte, step: scores.step, tokens: count + 1, cut };
      },
    };
  }, report);
}

/** @param {Parts} parts */
export function followLesson(parts) {
  const all = [followText, followCounts, followPair, followWord, followBrowser, followTree, followBits];
  for (const follow of all) follow(parts);
}
