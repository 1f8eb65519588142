/** How a model comes to be: a new one, the one of an earlier visit, one from a file, one rebuilt after a trap. */

import { lang, rich, t } from '../i18n/index.js';
import { batch } from '../vendor/signals/signals-core.js';
import { num } from '../views/format.js';
import { isMade, pageText, TextFailure } from './corpora.js';
import { failureOf, isCancelled, sentenceOf } from './failures.js';

/** @typedef {import('../engine/protocol.js').RunSettings} RunSettings */
/** @typedef {import('../engine/protocol.js').ModelInfo} ModelInfo */
/** @typedef {import('../engine/protocol.js').ProgressValue} ProgressValue */

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {(info: ModelInfo) => void} parts.adopt       shows another model
 */
export function createOpening({ store, notices, engine, adopt }) {
  let controller = new AbortController();

  /** @param {ProgressValue} progress */
  const follow = (progress) => {
    if (!('phase' in progress)) return;
    store.opening.value = { phase: progress.phase, share: progress.total > 0 ? progress.done / progress.total : 0 };
  };

  /** Text for the engine, or none if it makes its own. @param {RunSettings['corpus']} corpus @param {AbortSignal} signal */
  async function textOf(corpus, signal) {
    if (isMade(corpus)) return null;
    if (corpus === 'names' || corpus === 'moby-dick') return { text: await pageText(corpus, signal), name: corpus };
    const own = store.own.peek();
    if (!own) throw new TextFailure('unreadable', { name: t('corpus.own') });
    return { text: new Uint8Array(await own.blob.arrayBuffer()), name: own.name };
  }

  /** A model from an attempt that the next one replaces. @param {(signal: AbortSignal) => Promise<ModelInfo>} attempt */
  async function attempt(attempt) {
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    store.opening.value ??= { phase: 'corpus', share: 0 };
    try {
      const info = await attempt(mine.signal);
      if (mine !== controller) return false;
      batch(() => {
        store.opening.value = null;
        store.blocked.value = null;
        adopt(info);
      });
      return true;
    } catch (error) {
      if (mine === controller) store.opening.value = null;
      if (mine !== controller || isCancelled(error)) return false;
      throw error;
    }
  }

  /** @param {RunSettings} settings */
  async function open(settings) {
    for (const id of ['short', 'failed', 'not-finite', 'restarted', 'opened']) notices.drop(id);
    try {
      const opened = await attempt(async (signal) => {
        const given = await textOf(settings.corpus, signal);
        const args = given ? { settings, ...given } : { settings };
        return engine.call('open', args, { signal, onProgress: follow, transfer: given ? [given.text.buffer] : [] });
      });
      if (opened) store.pure.value = 'yes';
      return opened;
    } catch (error) {
      refused(settings, error);
      return false;
    }
  }

  /** @param {RunSettings} settings @param {unknown} error */
  function refused(settings, error) {
    const { code, message, details } = failureOf(error);
    if (code === 'corpus-too-short') return tooShort(settings, Number(details.found), Number(details.expected));
    if (code === 'empty-text') {
      store.blocked.value = 'blocked.empty';
      return notices.show({
        id: 'short',
        place: 'text',
        kind: 'warn',
        icon: 'warn',
        body: () => rich('notice.empty'),
        actions: [stories(settings)],
      });
    }
    if (code === 'trap') return; // the restart speaks for itself
    failed({ code, message, details }, [{ label: () => t('notice.retry'), act: () => void open(settings) }]);
  }

  /** @param {RunSettings} settings @returns {{ label: () => string, act: () => void }} */
  const stories = (settings) => ({
    label: () => t('notice.short.stories'),
    act: () => void open({ ...settings, corpus: lang.peek() === 'en' ? 'stories-en' : 'stories-zh' }),
  });

  /** @param {RunSettings} settings @param {number} found @param {number} needed tokens */
  function tooShort(settings, found, needed) {
    store.blocked.value = 'blocked.short';
    const { context } = settings;
    const body = () => rich('notice.short', { found: num(found), needed: num(needed), context });
    // What is needed grows with the context, so the same share of it is enough, in steps of 8.
    const fits = Math.floor((context * found) / needed / 8) * 8;
    const actions = [stories(settings)];
    if (fits >= 8)
      actions.unshift({
        label: () => t('notice.short.context', { context: fits }),
        act: () => void open({ ...settings, context: fits }),
      });
    notices.show({ id: 'short', place: 'text', kind: 'warn', icon: 'warn', body, actions });
  }

  /** Offers what an earlier visit has left. */
  async function offerSaved() {
    const saved = await engine.call('saved', {}).catch(() => null);
    if (!saved || saved.step === 0) return;
    const when = () =>
      new Intl.DateTimeFormat(lang.value, { dateStyle: 'medium', timeStyle: 'short' }).format(saved.savedAt);
    notices.show({
      id: 'saved-run',
      place: 'engine',
      kind: 'ok',
      icon: 'info',
      body: () =>
        rich('notice.saved-run', {
          step: num(saved.step),
          layers: saved.settings.layers,
          corpus: t(`corpus.${saved.settings.corpus}`),
          when: when(),
        }),
      actions: [
        { label: () => t('notice.saved-run.resume'), act: () => void replace('resume') },
        { label: () => t('notice.saved-run.forget'), act: () => void forget() },
      ],
    });
  }

  async function forget() {
    notices.drop('saved-run');
    notices.drop('full');
    await engine.call('forget', {}).catch(report);
  }

  /** The saved model, or one out of a file, which is told by its name. @param {'resume' | Uint8Array} source @param {string} [name] */
  async function replace(source, name) {
    notices.drop('saved-run');
    notices.drop('model-file');
    notices.drop('opened');
    try {
      const opened = await attempt((signal) =>
        source === 'resume'
          ? engine.call('resume', {}, { signal, onProgress: follow })
          : engine.call('load', { file: source }, { signal, onProgress: follow, transfer: [source.buffer] }),
      );
      if (opened && name) tellOpened(name);
    } catch (error) {
      const failure = failureOf(error);
      const body = () => rich('notice.model-file', { reason: sentenceOf(failure) });
      notices.show({
        id: 'model-file',
        place: 'engine',
        kind: 'bad',
        icon: 'warn',
        body,
        actions: [notices.closing('model-file', () => t('notice.close'))],
      });
    }
  }

  /** @param {string} name  of the file */
  function tellOpened(name) {
    const info = store.model.peek();
    if (!info) return;
    const body = () =>
      rich('notice.opened', {
        name,
        style: t(`settings.style.${info.settings.style}`),
        parameters: num(info.parameters),
        step: num(info.step),
      });
    const actions = [notices.closing('opened', () => t('notice.close'))];
    notices.show({ id: 'opened', place: 'engine', kind: 'ok', icon: 'info', body, actions });
  }

  /** Says what went wrong where no better place is known. @param {unknown} error */
  function report(error) {
    const failure = failureOf(error);
    if (['cancelled', 'trap', 'no-model'].includes(failure.code)) return;
    failed(failure, []);
  }

  /**
   * @param {Parameters<typeof sentenceOf>[0]} failure
   * @param {{ label: () => string, act: () => void }[]} ways  out, before closing the notice
   */
  function failed(failure, ways) {
    notices.show({
      id: 'failed',
      place: 'engine',
      kind: 'bad',
      icon: 'warn',
      body: () => rich('notice.failed', { reason: sentenceOf(failure) }),
      actions: [...ways, notices.closing('failed', () => t('notice.close'))],
    });
  }

  return { open, offerSaved, forget, replace, report, textOf };
}

/** @typedef {ReturnType<typeof createOpening>} Opening */
