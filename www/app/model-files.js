/** Model files: Hugging Face folders out and in. Loaded when somebody saves a model or brings a folder. */

import { style } from '../chapters/styles.js';
import { failure } from '../engine/failure.js';
import { callFiles } from '../engine/files-client.js';
import en from '../i18n/en/files.js';
import { addWords, rich, t } from '../i18n/index.js';
import zh from '../i18n/zh-hans/files.js';
import { signal } from '../vendor/signals/signals-core.js';
import { size } from '../views/format.js';
import { ModelFilesView } from '../views/model-files.js';
import { download } from './download.js';
import { failureOf, isCancelled, sentenceOf } from './failures.js';
import { paint } from './paint.js';
import { createReader } from './reader.js';

addWords(en, zh);

/** @typedef {import('../engine/files-protocol.js').ModelSource} ModelSource */
/** @typedef {import('../views/model-files.js').Doing} Doing */

const CLASSES = { modern: 'Qwen3ForCausalLM', gpt2: 'GPT2LMHeadModel', nanochat: 'NanoChatForCausalLM' };
/** Codes whose sentence speaks of files here. */
const OWN = /** @type {const} */ (['unsupported', 'format', 'memory', 'trap']);
/** Between two downloads: browsers drop those that come at once. */
const APART_MS = 300;

/** @param {unknown} thrown */
function sentence(thrown) {
  const failure = failureOf(thrown);
  const own = OWN.find((code) => code === failure.code);
  const details = Object.entries(failure.details).map(([name, value]) => [
    name,
    name.endsWith('Bytes') ? size(Number(value)) : value,
  ]);
  const key = own === 'memory' && failure.details.readable === 1 ? 'memory.training' : own;
  return key ? t(`files.error.${key}`, Object.fromEntries(details)) : sentenceOf(failure);
}

/** What files are: one .zip, or those of a folder with their paths in it. @param {File[]} files @returns {ModelSource} */
function sourceOf(files) {
  if (files.length === 1 && /\.zip$/i.test(files[0].name)) return { zip: files[0] };
  return { files: files.map((file) => ({ name: file.webkitRelativePath || file.name, blob: file })) };
}

/** What a source is called: the folder, or the file. @param {ModelSource} source */
function nameOf(source) {
  const name = 'zip' in source ? /** @type {Partial<File>} */ (source.zip).name : source.files[0]?.name;
  return name?.split('/')[0] || '.zip';
}

/** What cannot be given up by itself: it goes on, and nobody waits for it any more. @template T @param {Promise<T>} work @param {AbortSignal} signal @returns {Promise<T>} */
const orCancelled = (work, signal) =>
  new Promise((resolve, reject) => {
    const cancelled = () => reject(failure('cancelled', 'the files are not read on'));
    if (signal.aborted) cancelled();
    signal.addEventListener('abort', cancelled, { once: true });
    work.then(resolve, reject);
  });

/** Every file below an entry of a drop. @param {FileSystemEntry} entry @returns {Promise<{ name: string, blob: Blob }[]>} */
async function below(entry) {
  const name = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const blob = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    return [{ name, blob }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await below(inner)));
  }
}

/**
 * @param {object} parts
 * @param {import('./store.js').Store} parts.store
 * @param {import('../engine/client.js').EngineClient} parts.engine
 * @param {import('./opening.js').Opening} parts.opening
 * @param {() => Promise<void>} parts.save   as the project's own file
 */
export function createModelFiles({ store, engine, opening, save }) {
  /** @type {import('../vendor/signals/signals-core.js').Signal<{ what: Doing, share: number } | null>} */
  const doing = signal(null);
  /** @type {import('../vendor/signals/signals-core.js').Signal<{ bad: boolean, words: () => unknown, readable: boolean } | null>} */
  const said = signal(null);
  const python = signal('');
  let controller = new AbortController();
  /** What was brought last. @type {ModelSource | null} */
  let brought = null;

  const view = new ModelFilesView(document.body, {
    checkpoint: () => void save(),
    zip: () => void exported(zip),
    single: () => void exported(single),
    open: (files) => void bring(Promise.resolve(sourceOf(files))),
    read: () => void read(),
    cancel() {
      controller.abort();
      reader.close();
    },
  });
  const reader = createReader(view.reader, {
    text: () => store.text.peek(),
    sampling: () => store.sampling.peek(),
    sentence: (error) => sentence(error),
  });
  paint(
    () => ({
      className: CLASSES[store.model.value?.settings.style ?? 'modern'],
      corpus: t(`corpus.${store.run.value.corpus}`),
      python: python.value,
      doing: doing.value,
      said: said.value && { ...said.value, words: said.value.words() },
      savable: store.model.value !== null && store.opening.value === null,
    }),
    (data) => view.update(data),
  );

  /** One attempt at a time; how it ends is said in the dialog. @param {'refused' | 'failed'} key @param {(signal: AbortSignal) => Promise<void>} work */
  async function attempt(key, work) {
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    said.value = null;
    try {
      await work(mine.signal);
    } catch (error) {
      if (mine === controller && !isCancelled(error))
        said.value = {
          bad: true,
          words: () => rich(`files.${key}`, { reason: sentence(error) }),
          readable: failureOf(error).details.readable === 1,
        };
    } finally {
      if (mine === controller) doing.value = null;
    }
  }

  /** @param {(checkpoint: Uint8Array, signal: AbortSignal) => Promise<string>} write  gives the name of what it wrote */
  const exported = (write) =>
    attempt('failed', async (signal) => {
      doing.value = { what: 'export', share: 0 };
      const name = await write(await engine.call('save', {}), signal);
      said.value = { bad: false, words: () => t('files.done.export', { name }), readable: false };
    });

  const stem = () => `glassgpt-${store.model.peek()?.settings.style ?? 'model'}-step-${store.step.peek()}`;

  /** @param {Uint8Array} checkpoint @param {AbortSignal} signal */
  async function zip(checkpoint, signal) {
    const name = `${stem()}.zip`;
    const bytes = await callFiles('exportZip', { checkpoint }, { signal, transfer: [checkpoint.buffer] });
    download(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: 'application/zip' }), name);
    return name;
  }

  /** @param {Uint8Array} checkpoint @param {AbortSignal} signal */
  async function single(checkpoint, signal) {
    const files = await callFiles('exportFiles', { checkpoint }, { signal, transfer: [checkpoint.buffer] });
    for (const [i, { name, bytes }] of files.entries()) {
      if (signal.aborted) break;
      doing.value = { what: 'export', share: i / files.length };
      download(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]), name);
      await new Promise((resolve) => setTimeout(resolve, APART_MS));
    }
    return files.map(({ name }) => name).join(', ');
  }

  /** Opens the model of a folder; until it is there, the present one stays. @param {Promise<ModelSource>} coming */
  const bring = (coming) =>
    attempt('refused', async (signal) => {
      view.open();
      doing.value = { what: 'reading', share: 0 };
      const settings = store.run.peek();
      const [source, given] = await Promise.all([orCancelled(coming, signal), opening.textOf(settings.corpus, signal)]);
      brought = source;
      const text = given?.text ?? null;
      const checkpoint = await callFiles(
        'importModel',
        { source, settings, text },
        {
          signal,
          transfer: text ? [text.buffer] : [],
          onProgress: ({ phase, done, total }) => (doing.value = { what: phase, share: total > 0 ? done / total : 0 }),
        },
      );
      doing.value = { what: 'load', share: 1 };
      await opening.replace(checkpoint, nameOf(source));
      view.close();
    });

  /** Opens the model that was refused to read with it; the present one stays as it is. */
  const read = () =>
    attempt('refused', async (signal) => {
      if (!brought) return;
      doing.value = { what: 'reading', share: 0 };
      await reader.open(brought, signal, (share) => (doing.value = { what: 'reading', share }));
    });

  return {
    async open() {
      await style('views/model-files.css');
      view.open();
      python.value ||= await callFiles('pythonLines', {}).catch(() => '');
    },
    /** @param {File[]} files  a .zip, or a folder's */
    async bring(files) {
      await style('views/model-files.css');
      await bring(Promise.resolve(sourceOf(files)));
    },
    /** @param {FileSystemEntry} entry  a folder that was dropped */
    async dropped(entry) {
      await style('views/model-files.css');
      await bring(below(entry).then((files) => ({ files })));
    },
  };
}
