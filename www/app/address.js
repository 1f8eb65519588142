/** The page's state in its address, the link to copy, language and theme. */

import { lang, rich, speak, t } from '../i18n/index.js';
import { decode, defaultState, encode } from '../state.js';
import { batch, effect } from '../vendor/signals/signals-core.js';
import { size } from '../views/format.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../state.js').Lang} Lang */
/** @typedef {import('../state.js').Screen} Screen */

const WRITE_MS = 400;
const COPIED_MS = 2_000;
const TEXT_LIMIT = 2048;
/** So many of a link's faults are named, so much of each. */
const NAMED = 4;
const CLIPPED = 40;
/** Marks entries of the history that the page itself has written. */
const OURS = 'glassgpt';

/** @param {string} key @returns {string | null} */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

/** The reader's language, if the address names none. @returns {Lang} */
export function usualLanguage() {
  const known = remembered('glassgpt.lang');
  if (known === 'en' || known === 'zh-Hans') return known;
  return navigator.language.startsWith('zh') ? 'zh-Hans' : 'en';
}

/** State of the address at the start. */
export function initialState() {
  const state = decode(location, usualLanguage());
  const theme = remembered('glassgpt.theme');
  if (state.page.theme === '' && (theme === 'light' || theme === 'dark')) state.page.theme = theme;
  return state;
}

/** The text a reader of this language begins with. */
export const sampleText = () => t('sample.story');

/** @param {string} value */
const clipped = (value) => (value.length > CLIPPED ? `${value.slice(0, CLIPPED)}…` : value);

/** All that decides a run's weights but where it stops. @param {State['run']} run */
const weightsOf = (run) => JSON.stringify({ ...run, steps: 0 });

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {(text: string) => void} parts.setText
 * @param {(build: '' | 'relaxed') => void} parts.rebuild  another build of the engine
 * @param {(run: import('../engine/protocol.js').RunSettings) => void} parts.otherRun  the address was edited to name another run
 */
export function createAddress({ store, notices, setText, rebuild, otherRun }) {
  let timer = 0;
  let copiedTimer = 0;
  /** Address that the history has brought back, not an editor. */
  let arrived = '';
  /** What decides the weights of the model that the link's certificate is of: another model's address goes without it. */
  let certified = weightsOf(store.run.peek());

  /** @returns {{ run: State['run'], page: State['page'] }} */
  const present = () => ({
    run: store.run.value,
    page: {
      lang: lang.value,
      screen: store.screen.value,
      part: store.part.value,
      theme: store.theme.value,
      projector: store.projector.value,
      text: store.text.value === sampleText() ? null : store.text.value,
      lesson: store.lesson.value,
      pairEn: store.pairEn.value,
      pairZh: store.pairZh.value,
      learn: store.run.value.corpus === 'own' ? store.learn.value : null,
      birth: weightsOf(store.run.value) === certified ? store.birth.value : null,
      token: store.selected.value,
      layer: store.layer.value,
      head: store.head.value,
      ids: store.showIds.value,
      bytes: store.showBytes.value,
      workers: store.workers.value,
      engine: store.engine.value,
      samples: store.samplesAtOnce.value,
      sampling: store.sampling.value,
    },
  });

  /** @param {string} query */
  const written = (query) => `${location.pathname}${query && `#${query}`}`;

  /** Keeps the address true, without adding to the history. */
  function follow() {
    effect(() => {
      const query = encode(present());
      const untouched = lang.value === usualLanguage() && query === encode(defaultState(lang.value));
      clearTimeout(timer);
      timer = window.setTimeout(() => history.replaceState(OURS, '', written(untouched ? '' : query)), WRITE_MS);
    });
    window.addEventListener('hashchange', (event) => void edited(event));
    window.addEventListener('popstate', travelled);
  }

  /** Goes to another screen or to a part of a chapter, as a step of the history. @param {Screen} screen @param {string | null} [part] */
  function go(screen, part = null) {
    const here = screen === store.screen.peek();
    if (!here || part !== store.part.peek()) {
      clearTimeout(timer);
      history.replaceState(OURS, '', written(encode(present())));
      show(screen, part, here);
      history.pushState(OURS, '', written(encode(present())));
    } else show(screen, part, true);
    if (part === null) window.scrollTo({ top: 0 });
  }

  /** @param {Screen} screen @param {string | null} part @param {boolean} smooth  it is the screen that is shown already */
  const show = (screen, part, smooth) =>
    batch(() => {
      store.screen.value = screen;
      store.part.value = part;
      store.sought.value = { part, smooth };
    });

  /**
   * Back or forward to an entry that this page has written: screen and part change, model and texts stay as they are.
   * @param {PopStateEvent} event
   */
  function travelled(event) {
    if (event.state !== OURS) return;
    const { page } = decode({ search: '', hash: location.hash }, lang.peek());
    arrived = location.href;
    if (page.screen === store.screen.peek() && page.part === store.part.peek()) return;
    show(page.screen, page.part, false);
  }

  /**
   * Another link was put into the address bar. The address itself may be the page's own again by now: it is written on a timer.
   * @param {HashChangeEvent} event
   */
  async function edited({ newURL }) {
    const travelled = newURL === arrived;
    arrived = '';
    if (travelled) return;
    clearTimeout(timer);
    const state = decode({ search: '', hash: new URL(newURL).hash }, lang.peek());
    await speak(state.page.lang).catch(wordsMissing);
    for (const name of /** @type {const} */ (['lesson', 'pairEn', 'pairZh', 'learn', 'birth']))
      store[name].value = state.page[name];
    certified = weightsOf(state.run);
    show(state.page.screen, state.page.part, false);
    store.theme.value = state.page.theme;
    store.projector.value = state.page.projector;
    store.selected.value = state.page.token;
    store.layer.value = state.page.layer;
    store.head.value = state.page.head;
    store.showIds.value = state.page.ids;
    store.showBytes.value = state.page.bytes;
    store.workers.value = state.page.workers;
    rebuild(state.page.engine);
    store.sampling.value = state.page.sampling;
    store.samplesAtOnce.value = state.page.samples;
    complain(state);
    setText(state.page.text ?? sampleText());
    if (JSON.stringify(state.run) !== JSON.stringify(store.run.peek())) otherRun(state.run);
  }

  /** Names what a link held that is no state of this page. @param {State} state */
  function complain({ dropped }) {
    if (dropped.length === 0) return notices.drop('link');
    const item = (/** @type {State['dropped'][number]} */ { key, value, expected, why }) =>
      t(`notice.link.${why ?? (expected ? 'item' : 'unknown')}`, {
        key: clipped(key),
        value: clipped(value),
        expected,
      });
    const list = () => {
      const items = dropped.slice(0, NAMED).map(item);
      if (dropped.length > NAMED) items.push(t('notice.link.more', { n: dropped.length - NAMED }));
      return items.join(t('list.separator'));
    };
    notices.show({
      id: 'link',
      place: 'engine',
      kind: 'warn',
      icon: 'warn',
      body: () => rich('notice.link', { list: list() }),
      actions: [notices.closing('link', () => t('notice.close'))],
    });
  }

  /** A link to what is shown. @param {{ all?: boolean, birth?: string | null }} [more] */
  function link({ all = false, birth = null } = {}) {
    const state = present();
    const page = { ...state.page, birth };
    return `${location.origin}${written(encode({ ...state, page }, all))}`;
  }

  /** Bytes of a text that is too long for a link, which goes without it; null: all fit. */
  function cut() {
    const { text, lesson } = present().page;
    const bytes = Math.max(...[text, lesson].map((s) => new TextEncoder().encode(s ?? '').length));
    return bytes > TEXT_LIMIT ? bytes : null;
  }

  async function copyLink() {
    const copied = link();
    const bytes = cut();
    try {
      await navigator.clipboard.writeText(copied);
      store.copied.value = true;
      clearTimeout(copiedTimer);
      copiedTimer = window.setTimeout(() => (store.copied.value = false), COPIED_MS);
      if (bytes !== null) tell('notice.link.cut', { size: size(bytes) });
    } catch {
      history.replaceState(OURS, '', copied);
      tell('notice.link.manual', {});
    }
  }

  /** @param {'notice.link.cut' | 'notice.link.manual' | 'notice.link.own' | 'notice.words'} key @param {Record<string, string>} params */
  function tell(key, params) {
    notices.show({
      id: 'link',
      place: 'engine',
      kind: 'warn',
      icon: 'info',
      body: () => rich(key, params),
      actions: [notices.closing('link', () => t('notice.close'))],
    });
  }

  const wordsMissing = () => tell('notice.words', {});

  /** @param {Lang} language */
  function setLanguage(language) {
    void speak(language).then(() => remember('glassgpt.lang', language), wordsMissing);
  }

  function nextTheme() {
    const next = /** @type {const} */ ({ '': 'light', light: 'dark', dark: '' })[store.theme.peek()];
    store.theme.value = next;
    remember('glassgpt.theme', next);
  }

  return { follow, go, complain, copyLink, cut, link, setLanguage, nextTheme, tell };
}

/** @typedef {ReturnType<typeof createAddress>} Address */
