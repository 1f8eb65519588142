/** Which screen is shown: the playground, or a chapter, whose scripts, words and styles are fetched when it is opened. */

import { entryOf, fetchEntry } from '../chapters/list.js';
import { rich, t } from '../i18n/index.js';
import { effect } from '../vendor/signals/signals-core.js';
import { listenToKeys } from './keys.js';
import { wake } from './paint.js';

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @typedef {object} ChapterParts  what chapters work with
 * @property {import('./store.js').Store} store
 * @property {import('./notices.js').Notices} notices
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {import('./address.js').Address} address
 * @property {import('./reading.js').Reading} reading
 * @property {import('./writing.js').Writing} writing
 * @property {import('./training.js').Training} training
 * @property {import('./drafting.js').Drafting} drafting
 * @property {import('./files.js').Files} files
 * @property {(text: string) => void} typed   a text box of the playground's text was changed
 */

/** Begins to fetch a screen while the page is still on its way; what fails is told when it is opened. @param {string} screen */
export function fetchAhead(screen) {
  const entry = entryOf(screen);
  if (entry) void Promise.all([import('../chapters/open.js'), fetchEntry(entry)]).catch(() => {});
}

/**
 * @param {ChapterParts & { keys: Record<string, () => void> }} parts   `keys`: those of the playground
 */
export function createScreens({ keys, ...parts }) {
  const { store, notices, reading } = parts;
  /** @type {Promise<typeof import('../chapters/open.js')> | undefined} */
  let chapters;
  let left = false;

  effect(() => {
    const playing = store.screen.value === 'play';
    at('main').hidden = !playing;
    at('chapter').hidden = playing;
    wake();
    // What concerns the engine is told wherever the learner is.
    if (playing) at('title').after(at('notices'));
    else at('chapter').prepend(at('notices'));
    if (!playing) void open();
    else if (left) void reading.refresh();
    left = !playing;
    return playing ? listenToKeys(keys) : undefined;
  });

  async function open() {
    try {
      chapters ??= import('../chapters/open.js');
      const { openChapter } = await chapters;
      await openChapter(at('chapter'), parts);
    } catch (error) {
      chapters = undefined;
      missing(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} reason */
  function missing(reason) {
    notices.show({
      id: 'chapter',
      place: 'engine',
      kind: 'bad',
      icon: 'warn',
      body: () => rich('notice.chapter'),
      more: () => reason,
      actions: [{ label: () => t('notice.retry'), act: () => location.reload() }],
    });
  }
}
