/** The chapter's text: typed, pasted, a sample, a file. */

import { t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { size } from '../views/format.js';
import { readText, TextFailure } from './corpora.js';
import { taken } from './lesson.js';

/** @typedef {import('../views/lesson-text.js').Preset} Preset */

/** Asks the learner for a file. @param {string} accept @param {(file: File) => void} use */
export function choose(accept, use) {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = accept;
  picker.addEventListener('change', () => {
    const file = picker.files?.[0];
    if (file) use(file);
  });
  picker.click();
}

/**
 * @param {object} parts
 * @param {import('./lesson.js').LessonState} parts.state
 * @param {import('./store.js').Store} parts.store
 */
export function createChapterText({ state, store }) {
  /** @param {string} value */
  function set(value) {
    const { text, told } = taken(value);
    batch(() => {
      store.lesson.value = text === t('lesson.sample.story') ? null : text;
      state.place.value = 0;
      state.told.value = told;
    });
  }

  /** @param {File} file */
  async function read(file) {
    try {
      const { blob, replaced } = await readText(file);
      set(await blob.text());
      if (replaced > 0)
        state.told.value = { kind: 'warn', key: 'notice.lossy', params: { name: file.name, n: replaced } };
    } catch (error) {
      const params = { name: file.name };
      state.told.value =
        error instanceof TextFailure && error.code === 'too-large'
          ? {
              kind: 'warn',
              key: 'notice.too-large',
              params: {
                ...params,
                found: size(Number(error.details.foundBytes)),
                limit: size(Number(error.details.limitBytes)),
              },
            }
          : { kind: 'bad', key: 'notice.unreadable', params };
    }
  }

  return {
    set,
    choose: () => choose('text/*,.md,.csv,.json,.tex,.py,.js,.rs', (file) => void read(file)),
    preset: (/** @type {Preset} */ name) => set(t(`lesson.sample.${name}`)),
  };
}

/** @typedef {ReturnType<typeof createChapterText>} ChapterText */
