/** The figures of chapter 1: what each shows, and what its events do. */

import { rich, t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { CompareView } from '../views/compare.js';
import { num, size } from '../views/format.js';
import { LayersView } from '../views/layers.js';
import { LessonTextView } from '../views/lesson-text.js';
import { LettersView } from '../views/letters.js';
import { MergeTableView } from '../views/merge-table.js';
import { MergesView } from '../views/merges.js';
import { noticeTemplate } from '../views/notice.js';
import { QuestionView } from '../views/question.js';
import { TaxView } from '../views/tax.js';
import { cardFile } from '../views/tax-card.js';
import { TreeView } from '../views/tree.js';
import { VocabularyView } from '../views/vocabulary.js';
import { SIZES, titleOf } from './lesson.js';
import { paint } from './paint.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('./lesson.js').ShownName} ShownName */
/** @typedef {import('./vocabularies.js').PublishedName} PublishedName */

/**
 * @typedef {object} Parts
 * @property {import('./lesson.js').LessonState} state
 * @property {import('./store.js').Store} store
 * @property {import('./lesson-work.js').LessonWork} work
 * @property {import('./lesson-text.js').ChapterText} texts
 * @property {import('./vocabularies.js').Vocabularies} vocabularies
 * @property {import('./address.js').Address} address
 * @property {import('../views/chapter.js').ChapterView} view
 * @property {HTMLElement} ask
 */

const NAMES = /** @type {const} */ (['own', 'gpt2', 'cl100k', 'o200k']);
/** The answer that is right. */
const RIGHT = 1;

/** A place of a figure, at the end of a part's stage. @param {Parts} parts @param {number} part */
function figure({ view }, part) {
  const place = document.createElement('div');
  place.className = 'fig';
  view.slot(part, 'stage').append(place);
  return place;
}

/** @param {Parts['state']} state @param {ShownName} name */
const title = (state, name) => titleOf(name, state.own.value?.learned ?? state.learned.value);

/** How it stands with a vocabulary. @param {Parts} parts @param {ShownName} name */
function standing({ state, vocabularies }, name) {
  if (name === 'own')
    return {
      state: /** @type {const} */ ('ready'),
      share: 1,
      error: null,
      size: state.learned.value?.vocabulary.ids.length ?? 0,
    };
  return vocabularies.loading.value[name];
}

/** Choice of a vocabulary; one that is not there yet is fetched by being chosen. @param {Parts} parts @param {string} name */
function wished({ vocabularies }, name) {
  const published = PUBLISHED.find((p) => p.name === name);
  if (published) void vocabularies.load(published.name);
  return published?.name ?? /** @type {const} */ ('own');
}

/** What stands where a vocabulary's tokens are not there yet. @param {Parts} parts @param {ShownName} name */
function waiting(parts, name) {
  const { state, share, error } = standing(parts, name);
  if (name === 'own' && !parts.state.learned.value) return t('vocab.no-merges');
  if (state === 'loading')
    return t('vocab.loading', { vocabulary: title(parts.state, name), share: `${Math.round(100 * share)}%` });
  if (state === 'failed') return t('vocab.failed', { reason: error ?? '' });
  return null;
}

/** Vocabularies to choose from: without one of its own if the model reads plain bytes. @param {Parts['state']} state */
const namesOf = (state) => NAMES.filter((name) => name !== 'own' || state.learned.value !== null);

/** @param {Parts} parts */
const choices = ({ state }) => namesOf(state).map((name) => ({ name, title: title(state, name) }));

/** @param {Parts} parts */
function learnedFrom({ state, store }) {
  if (state.source.value === 'text') return t('lesson.from.text', { size: size(state.trainedBytes.value) });
  const model = store.model.value;
  if (!model) return '';
  return t('lesson.from.model', { corpus: t(`corpus.${model.settings.corpus}`) });
}

/** @param {Parts} parts */
function merges(parts) {
  const { state, work } = parts;
  const view = new MergesView(figure(parts, 0), {
    at(n) {
      state.playing.value = false;
      state.wanted.value = n;
    },
    play: work.play,
    pick: (id) => (state.picked.value = { of: 'own', id }),
  });
  paint(
    () => ({
      learned: state.own.value?.learned ?? null,
      tokens: state.own.value?.tokens ?? null,
      at: state.at.value,
      playing: state.playing.value,
      about: learnedFrom(parts),
    }),
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function mergeTable(parts) {
  const { state } = parts;
  const view = new MergeTableView(figure(parts, 0));
  paint(
    () => ({ learned: state.own.value?.learned ?? null, curve: state.curve.value, at: state.at.value }),
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function text(parts) {
  const { state, store, work, texts } = parts;
  const view = new LessonTextView(figure(parts, 0), {
    text: texts.set,
    place: (at) => (state.place.value = at),
    preset: texts.preset,
    file: texts.choose,
    model: work.useModel,
    learn: () => void work.learn(),
    stop: work.stop,
    size(n) {
      state.vocabSize.value = n;
      if (state.source.peek() === 'text') void work.learn();
    },
  });
  paint(
    () => {
      const told = state.told.value;
      const long = state.long.value;
      return {
        text: long ? '' : state.text.value,
        long: long
          ? {
              characters: state.text.value.length,
              bytes: state.textBytes.value,
              place: state.place.value,
              window: state.window.value.length,
            }
          : null,
        source: state.source.value,
        canModel: state.ofModel.value !== null,
        vocabSize: state.vocabSize.value,
        sizes: SIZES,
        share: state.training.value ?? undefined,
        notice: told
          ? noticeTemplate({
              id: 'lesson',
              place: 'text',
              kind: told.kind,
              icon: told.kind === 'ok' ? 'info' : 'warn',
              body: () => rich(told.key, told.params),
            })
          : store.model.value && !state.learned.value
            ? noticeTemplate({
                id: 'no-merges',
                place: 'text',
                kind: 'ok',
                icon: 'info',
                body: () => rich('vocab.no-merges'),
              })
            : undefined,
      };
    },
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function tax(parts) {
  const { state, store, vocabularies, address } = parts;
  const rows = () =>
    namesOf(state).map((name) => {
      const { state: is, share } = standing(parts, name);
      return { name, title: title(state, name), state: is, share, counts: state.pairCounts.value[name] ?? null };
    });
  const view = new TaxView(figure(parts, 0), {
    load: () => PUBLISHED.forEach(({ name }) => void vocabularies.load(name)),
    edit: () => (state.editingPair.value = !state.editingPair.value),
    sentence: (which, value) =>
      ((which === 0 ? store.pairEn : store.pairZh).value =
        value === t(which === 0 ? 'tax.pair.en' : 'tax.pair.zh') ? null : value),
    picture: () => void picture({ pair: state.pair.peek(), rows: rows() }),
    copyLink: () => void address.copyLink(),
  });
  paint(
    () => {
      const loading = vocabularies.loading.value;
      const missing = PUBLISHED.filter(({ name }) => ['none', 'failed'].includes(loading[name].state));
      const bytes = missing.reduce((sum, p) => sum + p.bytes, 0);
      return {
        pair: state.pair.value,
        rows: rows(),
        editing: state.editingPair.value,
        copied: store.copied.value,
        toFetch: bytes > 0 ? size(bytes) : '',
        failed: missing.map(({ name }) => loading[name].error).find((error) => error !== null) ?? null,
      };
    },
    (data) => view.update(data),
  );
}

/** @param {Parameters<typeof cardFile>[0]} data */
async function picture(data) {
  const file = await cardFile(data);
  if (!file) return;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = 'glassgpt-tokens.png';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {Parts} parts */
function question({ state, ask }) {
  const view = new QuestionView(ask, 'ch1', {
    choose(i) {
      batch(() => {
        state.chosenAnswer.value = i;
        state.checked.value = false;
      });
    },
    check: () => (state.checked.value = true),
  });
  paint(
    () => ({
      question: t('question.1'),
      answers: [t('question.1.a'), t('question.1.b'), t('question.1.c')],
      right: RIGHT,
      why: t('question.1.why'),
      chosen: state.chosenAnswer.value,
      checked: state.checked.value,
    }),
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function layers(parts) {
  const { state } = parts;
  const view = new LayersView(figure(parts, 1), { choose: (name) => (state.layersOf.value = wished(parts, name)) });
  paint(
    () => {
      const chosen = state.layersOf.value;
      return {
        tokens: state.lists.value[chosen] ?? null,
        vocabularies: choices(parts),
        chosen,
        more: state.long.value,
        notice: state.lists.value[chosen] ? undefined : (waiting(parts, chosen) ?? undefined),
      };
    },
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function compare(parts) {
  const { state, vocabularies } = parts;
  const view = new CompareView(figure(parts, 2), {
    toggle: (name, on) => (state.shown.value = { ...state.shown.peek(), [name]: on }),
    load: (name) => void wished(parts, name),
    price: (name, value) => (state.prices.value = { ...state.prices.peek(), [name]: value }),
    pick: (name, id) => (state.picked.value = { of: /** @type {ShownName} */ (name), id }),
  });
  /** @param {ShownName} name */
  const detail = (name) => {
    const { state: is, size: ids, error } = standing(parts, name);
    const published = PUBLISHED.find((p) => p.name === name);
    if (is === 'failed') return error ?? '';
    if (is === 'ready' || !published) return t('compare.ids', { n: num(ids) });
    return size(published.bytes);
  };
  paint(
    () => ({
      columns: namesOf(state).map((name) => {
        const { state: is, share } = standing(parts, name);
        return {
          name,
          title: title(state, name),
          on: state.shown.value[name],
          state: is,
          share,
          detail: detail(name),
          tokens: state.lists.value[name] ?? null,
          count: state.counts.value[name] ?? null,
          price: state.prices.value[name],
        };
      }),
      characters: state.characters.value,
      bytes: state.textBytes.value,
      note: education(state),
      loading: vocabularies.loading.value,
    }),
    (data) => view.update(data),
  );
}

/** The course's own example: its true ids, and where wrong ones come from. @param {Parts['state']} state */
function education(state) {
  if (state.text.value !== t('lesson.sample.education')) return undefined;
  const found = PUBLISHED.flatMap(({ name, title: words }) => {
    const ids = state.lists.value[name]?.ids;
    return ids ? [`${words} [${ids.join(', ')}]`] : [];
  });
  return rich(found.length > 0 ? 'education.found' : 'education.missing', { list: found.join(t('list.separator')) });
}

/** @param {Parts} parts */
function letters(parts) {
  const { state } = parts;
  const view = new LettersView(figure(parts, 3), {
    word: (value) => (state.word.value = value === t('letters.sample') ? null : value),
    letter: (value) => (state.letter.value = value),
  });
  paint(
    () => ({
      word: state.word.value ?? t('letters.sample'),
      letter: state.letter.value ?? t('letters.sample.letter'),
      tokens: state.wordTokens.value?.tokens ?? null,
      vocabulary: state.wordTokens.value ? title(state, state.wordTokens.value.of) : '',
    }),
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
function vocabulary(parts) {
  const { state } = parts;
  const tree = new TreeView(figure(parts, 4));
  paint(
    () => ({ tree: state.tree.value, vocabulary: title(state, state.picked.value?.of ?? 'own') }),
    (data) => tree.update(data),
  );
  const browse = (/** @type {Partial<typeof state.browsing.value>} */ patch) =>
    (state.browsing.value = { ...state.browsing.peek(), from: 0, ...patch });
  const view = new VocabularyView(figure(parts, 4), {
    choose: (name) => browse({ of: wished(parts, name) }),
    search: (search) => browse({ search }),
    kind: (kind) => browse({ kind }),
    order: (order) => browse({ order }),
    from: (from) => browse({ from }),
    pick: (id) => (state.picked.value = { of: state.browsing.peek().of, id }),
  });
  paint(
    () => {
      const { of: chosen, ...wish } = state.browsing.value;
      const found = state.found.value;
      const picked = state.picked.value;
      return {
        ...wish,
        vocabularies: choices(parts),
        chosen,
        total: found?.total ?? 0,
        tokens: found?.tokens ?? null,
        picked: picked?.of === chosen ? picked.id : -1,
        notice: found ? undefined : (waiting(parts, chosen) ?? undefined),
      };
    },
    (data) => view.update(data),
  );
}

/** @param {Parts} parts */
export function drawLesson(parts) {
  for (const draw of [merges, text, mergeTable, tax, question, layers, compare, letters, vocabulary]) draw(parts);
}
