/** Texts and models from files, the clipboard and drag and drop; models into files. */

import { rich, t } from '../i18n/index.js';
import { pct, size } from '../views/format.js';
import { isModelFile, readText, TextFailure } from './corpora.js';
import { download } from './download.js';

/** Longer texts do not fit a text box: they are offered as training text. */
const BOX_LIMIT = 20_000;
const PICKED = '.zip,.txt,.md,.csv,.json,.log,.tex,.html,.py,.js,.rs,.safetensors,text/*';

/** A text so short that a link can carry it. */
const LINK_BYTES = 2048;

/** A text that came by a link, as the learner's own. @param {string} text @param {string} name @returns {import('./store.js').OwnText} */
export function ownText(text, name) {
  const blob = new Blob([text]);
  return { blob, source: blob, name, bytes: blob.size, encoding: 'utf-8' };
}

/** @param {EventTarget | null} target */
const isBox = (target) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'range');

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('./notices.js').Notices} parts.notices
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./opening.js').Opening} parts.opening
 * @param {import('./drafting.js').Drafting} parts.drafting
 */
export function createFiles({ store, notices, engine, opening, drafting }) {
  /** @param {string} id @param {import('../views/notice.js').Notice['kind']} kind @param {() => unknown} body */
  const say = (id, kind, body) =>
    notices.show({ id, place: 'data', kind, icon: kind === 'bad' ? 'warn' : 'info', body });

  /** What was said of an earlier file. */
  const forget = () => {
    for (const id of ['gb18030', 'lossy', 'too-large', 'unreadable', 'empty-text', 'no-text', 'model-file', 'opened'])
      notices.drop(id);
  };

  /**
   * The learner's own text, as training text of the draft.
   * @param {Blob} source @param {string} name @param {'utf-8' | 'gb18030' | null} [chosen]
   */
  async function own(source, name, chosen = null) {
    forget();
    drafting.open();
    try {
      const { blob, bytes, encoding, replaced } = await readText(source, chosen);
      if (bytes === 0) return say('empty-text', 'warn', () => t('settings.wrong.empty', { name }));
      store.own.value = { blob, source, name, bytes, encoding };
      store.learn.value = bytes <= LINK_BYTES ? await blob.text() : null;
      drafting.open({ corpus: 'own' });
      if (replaced > 0) say('lossy', 'warn', () => rich('notice.lossy', { name, n: replaced }));
      else if (encoding === 'gb18030' && chosen === null)
        say('gb18030', 'warn', () => rich('notice.gb18030', { name }));
    } catch (error) {
      if (error instanceof TextFailure && error.code === 'too-large') {
        const { foundBytes, limitBytes } = error.details;
        say('too-large', 'warn', () =>
          rich('notice.too-large', { name, found: size(Number(foundBytes)), limit: size(Number(limitBytes)) }),
        );
      } else if (error instanceof TextFailure && error.code === 'no-text') {
        const { zeros, share } = error.details;
        const found = () => t(zeros ? 'notice.no-text.zero' : 'notice.no-text.share', { share: pct(Number(share)) });
        say('no-text', 'bad', () => rich('notice.no-text', { name, found: found() }));
      } else say('unreadable', 'bad', () => rich('notice.unreadable', { name }));
    }
  }

  /** @type {ReturnType<typeof import('./model-files.js').createModelFiles> | undefined} */
  let folders;
  /** What deals with folders, once somebody has one. */
  async function models() {
    const { createModelFiles } = await import('./model-files.js');
    folders ??= createModelFiles({ store, engine, opening, save });
    return folders;
  }

  /** @param {File} file */
  async function file(file) {
    forget();
    if (/\.zip$/i.test(file.name)) return (await models()).bring([file]);
    if (!(await isModelFile(file).catch(() => false))) return own(file, file.name);
    await opening.replace(new Uint8Array(await file.arrayBuffer()), file.name);
  }

  /** @param {string} text */
  function pasted(text) {
    const blob = new Blob([text]);
    const offer = () => {
      drafting.open();
      notices.show({ ...told, place: 'data' });
      void own(blob, t('corpus.pasted'));
    };
    /** @type {Omit<import('../views/notice.js').Notice, 'place'>} */
    const told = {
      id: 'long-text',
      kind: 'ok',
      icon: 'info',
      body: () => rich('notice.long-text', { size: size(blob.size) }),
    };
    if (store.screen.peek() === 'play') return offer();
    // Nothing is laid over a chapter that the learner has not asked for.
    notices.show({ ...told, place: 'engine', actions: [{ label: () => t('notice.long-text.use'), act: offer }] });
  }

  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = PICKED;
  picker.hidden = true;
  picker.addEventListener('change', () => {
    const chosen = picker.files?.[0];
    picker.value = '';
    if (chosen) void file(chosen);
  });
  document.body.append(picker);

  async function save() {
    try {
      const bytes = await engine.call('save', {});
      const content = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: 'application/octet-stream' });
      download(content, `glassgpt-step-${store.step.peek()}.safetensors`);
    } catch (error) {
      opening.report(error);
    }
  }

  /** Files and long texts may come from anywhere on the page. */
  function listen() {
    const over = (/** @type {DragEvent} */ e) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      document.body.classList.add('dropping');
    };
    const leave = () => document.body.classList.remove('dropping');
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', (e) => e.relatedTarget === null && leave());
    document.addEventListener('drop', (e) => {
      leave();
      const dropped = e.dataTransfer?.files[0];
      if (!dropped) return;
      e.preventDefault();
      const entry = e.dataTransfer?.items[0]?.webkitGetAsEntry();
      if (entry?.isDirectory) void models().then((m) => m.dropped(entry));
      else void file(dropped);
    });
    document.addEventListener('paste', (e) => {
      const [first] = e.clipboardData?.files ?? [];
      const text = e.clipboardData?.getData('text/plain') ?? '';
      if (!first && (text === '' || (isBox(e.target) && text.length <= BOX_LIMIT))) return;
      e.preventDefault();
      if (first) void file(first);
      else pasted(text);
    });
  }

  return {
    listen,
    save,
    /** Opens a checkpoint in the place of the present model. @param {Uint8Array} checkpoint */
    replace: (checkpoint) => opening.replace(checkpoint),
    report: opening.report,
    /** Ways to save; where they can't be had, the project's own. */
    ways: () =>
      void models()
        .then((m) => m.open())
        .catch(save),
    pasted,
    isLong: (/** @type {string} */ text) => text.length > BOX_LIMIT,
    choose: () => picker.click(),
    /** Reads the learner's text again in another encoding. @param {'utf-8' | 'gb18030'} encoding */
    encoding(encoding) {
      const text = store.own.peek();
      if (text) void own(text.source, text.name, encoding);
    },
  };
}

/** @typedef {ReturnType<typeof createFiles>} Files */
