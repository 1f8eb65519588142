/** Chapter 1, figures of its later parts: layers, vocabularies side by side, letters, tree and browser. */

import { t } from '../i18n/index.js';
import { CompareView } from '../views/compare.js';
import { num, size } from '../views/format.js';
import { LayersView } from '../views/layers.js';
import { LettersView } from '../views/letters.js';
import { TreeView } from '../views/tree.js';
import { VocabularyView } from '../views/vocabulary.js';
import { choices, figure, NAMES, namesOf, standing, title, waiting, wished } from './lesson-shown.js';
import { choose } from './lesson-text.js';
import { paint } from './paint.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('./lesson-shown.js').Parts} Parts */
/** @typedef {import('./lesson.js').ShownName} ShownName */

/** Vocabularies side by side. */
const MOST_SHOWN = 4;

/** @param {Parts} parts */
function layers(parts) {
  const { state } = parts;
  const place = figure(parts, 1);
  const view = new LayersView(place, { choose: (name) => (state.layersOf.value = wished(parts, name)) });
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
    place,
  );
}

/** @param {Parts} parts */
function compare(parts) {
  const { state, vocabularies } = parts;
  const place = figure(parts, 2);
  const view = new CompareView(place, {
    toggle: (name, on) => (state.shown.value = { ...state.shown.peek(), [name]: on }),
    open: () => choose('.json,.tiktoken', (file) => void opened(parts, file)),
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
      columns: namesOf(parts).map((name) => {
        const { state: is, share } = standing(parts, name);
        return {
          name,
          title: title(parts, name),
          on: state.shown.value[name],
          state: is,
          share,
          detail: detail(name),
          tokens: state.lists.value[name] ?? null,
          count: state.counts.value[name] ?? null,
          price: state.prices.value[name],
        };
      }),
      full: namesOf(parts).filter((name) => state.shown.value[name]).length >= MOST_SHOWN,
      failed: vocabularies.loading.value.file.error,
      characters: state.characters.value,
      bytes: state.textBytes.value,
      model: state.bits.value,
    }),
    (data) => view.update(data),
    place,
  );
}

/** A tokenizer file joins the others; if there is no room, the first published one makes place. @param {Parts} parts @param {File} file */
async function opened({ state, vocabularies }, file) {
  if (!(await vocabularies.openFile(file))) return;
  const shown = state.shown.peek();
  const full = NAMES.filter((name) => name !== 'file' && shown[name]).length >= MOST_SHOWN;
  state.shown.value = { ...shown, gpt2: shown.gpt2 && !full, file: true };
}

/** @param {Parts} parts */
function letters(parts) {
  const { state } = parts;
  const place = figure(parts, 3);
  const view = new LettersView(place, {
    word: (value) => (state.word.value = value === t('letters.sample') ? null : value),
    letter: (value) => (state.letter.value = value),
  });
  paint(
    () => ({
      word: state.word.value ?? t('letters.sample'),
      letter: state.letter.value ?? t('letters.sample.letter'),
      tokens: state.wordTokens.value?.tokens ?? null,
      vocabulary: state.wordTokens.value ? title(parts, state.wordTokens.value.of) : '',
    }),
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function vocabulary(parts) {
  const { state } = parts;
  const treePlace = figure(parts, 4);
  const tree = new TreeView(treePlace);
  paint(
    () => ({ tree: state.tree.value, vocabulary: title(parts, state.picked.value?.of ?? 'own') }),
    (data) => tree.update(data),
    treePlace,
  );
  const browse = (/** @type {Partial<typeof state.browsing.value>} */ patch) =>
    (state.browsing.value = { ...state.browsing.peek(), from: 0, ...patch });
  const place = figure(parts, 4);
  const view = new VocabularyView(place, {
    choose: (name) => browse({ of: wished(parts, name) }),
    search: (search) => browse({ search }),
    kind: (kind) => browse({ kind }),
    order: (order) => browse({ order }),
    from: (from) => browse({ from }),
    pick: (id) => (state.picked.value = { of: state.browsing.peek().of, id }),
    save: () => void parts.work.save(state.browsing.peek().of),
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
        // The model's own vocabulary lives in the engine, which saves it with the model.
        canSave: found !== null && (chosen !== 'own' || state.source.value === 'text'),
        notice: found ? undefined : (waiting(parts, chosen) ?? undefined),
      };
    },
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
export function drawVocabularies(parts) {
  for (const draw of [layers, compare, letters, vocabulary]) draw(parts);
}
