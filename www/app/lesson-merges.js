/** Chapter 1, figures of its first part: merges, text, sentence pair, question. What each shows, what its events do. */

import { rich, t } from '../i18n/index.js';
import { size } from '../views/format.js';
import { LessonTextView } from '../views/lesson-text.js';
import { MergeTableView } from '../views/merge-table.js';
import { MergesView } from '../views/merges.js';
import { noticeTemplate } from '../views/notice.js';
import { TaxView } from '../views/tax.js';
import { cardFile } from '../views/tax-card.js';
import { progressLine, question } from './checks.js';
import { download } from './download.js';
import { SIZES } from './lesson.js';
import { figure, namesOf, standing, title } from './lesson-shown.js';
import { paint } from './paint.js';
import { createProgress } from './progress.js';
import { PUBLISHED } from './vocabularies.js';

/** @typedef {import('./lesson-shown.js').Parts} Parts */

/** The answer that is right. */
const RIGHT = 1;

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
  const place = figure(parts, 0);
  const view = new MergesView(place, {
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
    place,
  );
}

/** @param {Parts} parts */
function mergeTable(parts) {
  const { state } = parts;
  const place = figure(parts, 0);
  const view = new MergeTableView(place);
  paint(
    () => ({ learned: state.own.value?.learned ?? null, curve: state.curve.value, at: state.at.value }),
    (data) => view.update(data),
    place,
  );
}

/** What is to be said at the text: what just happened, what the model lacks, what is known of this very text. @param {Parts} parts */
function notice(parts) {
  const { state, store } = parts;
  const told = state.told.value;
  if (told) {
    const body = () => rich(told.key, told.params);
    return noticeTemplate({ id: 'lesson', place: 'text', kind: told.kind, icon: 'warn', body });
  }
  const say = (
    /** @type {string} */ id,
    /** @type {() => unknown} */ body,
    actions = /** @type {import('../views/notice.js').Notice['actions']} */ ([]),
  ) => noticeTemplate({ id, place: 'text', kind: 'ok', icon: 'info', body, actions });
  if (store.model.value && !state.learned.value) return say('no-merges', () => rich('vocab.no-merges'));
  return state.text.value === t('lesson.sample.education') ? education(parts, say) : undefined;
}

/**
 * The course's own example: its true ids, and where wrong ones come from.
 * @template T @param {Parts} parts @param {(id: string, body: () => unknown, actions?: import('../views/notice.js').Notice['actions']) => T} say
 */
function education({ state, vocabularies }, say) {
  const found = PUBLISHED.flatMap(({ name, title: words }) => {
    const ids = state.lists.value[name]?.ids;
    return ids ? [`${words} [${ids.join(', ')}]`] : [];
  });
  if (found.length > 0)
    return say('education', () => rich('education.found', { list: found.join(t('list.separator')) }));
  const bytes = PUBLISHED.reduce((sum, p) => sum + p.bytes, 0);
  const load = { label: () => t('tax.load', { size: size(bytes) }), act: () => loadAll(vocabularies) };
  return say('education', () => rich('education.missing'), [load]);
}

/** @param {Parts['vocabularies']} vocabularies */
const loadAll = (vocabularies) => PUBLISHED.forEach(({ name }) => void vocabularies.load(name));

/** @param {Parts} parts */
function text(parts) {
  const { state, work, texts } = parts;
  const place = figure(parts, 0, null);
  const view = new LessonTextView(place, {
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
        notice: notice(parts),
      };
    },
    (data) => view.update(data),
    place,
  );
}

/** @param {Parts} parts */
function tax(parts) {
  const { state, store, vocabularies, address } = parts;
  const rows = () =>
    namesOf(parts)
      .filter((name) => name !== 'file')
      .map((name) => {
        const { state: is, share } = standing(parts, name);
        return { name, title: title(parts, name), state: is, share, counts: state.pairCounts.value[name] ?? null };
      });
  const place = figure(parts, 0);
  const view = new TaxView(place, {
    load: () => loadAll(vocabularies),
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
    place,
  );
}

/** @param {Parameters<typeof cardFile>[0]} data */
async function picture(data) {
  const file = await cardFile(data);
  if (file) download(file, 'glassgpt-tokens.png');
}

/** @param {Parts} parts */
function checks({ ask }) {
  const progress = createProgress('ch1');
  question(ask, 'unknown', progress, {
    right: RIGHT,
    answers: ['question.1.a', 'question.1.b', 'question.1.c'],
    question: () => t('question.1'),
    why: () => t('question.1.why'),
  });
  const line = document.createElement('div');
  ask.after(line);
  progressLine(line, progress);
}

/** @param {Parts} parts */
export function drawMerges(parts) {
  for (const draw of [merges, text, mergeTable, tax, checks]) draw(parts);
}
