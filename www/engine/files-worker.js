/**
 * The worker for model files: one call, then the page ends it; or a model that is read with. The only place where these
 * bindings are loaded.
 */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/files/files.js';
import { Answers, buffers } from './answers.js';
import { breathing } from './breathe.js';
import { failure } from './failure.js';
import { serve } from './serve.js';
import { startModule } from './start-module.js';

/** What a folder or .zip may have at most: the engine allows a model as much. */
const MOST_BYTES = 3 * 2 ** 29;
/** Files of a folder that belong to a model; others (the same weights in other formats, say) stay where they are. */
const WANTED = /\.(json|safetensors)$/;

/** @typedef {(phase: 'reading' | 'corpus' | 'tokens', done: number, total: number) => void} Progress */

/** @param {number} bytes */
function check(bytes) {
  if (bytes <= MOST_BYTES) return;
  const message = `this model has ${bytes} bytes, but at most ${MOST_BYTES} fit; choose a smaller one`;
  throw failure('memory', message, { expectedBytes: MOST_BYTES, foundBytes: bytes });
}

/** Bytes of several files, one after the other. @param {Blob[]} blobs @param {Progress} progress */
async function read(blobs, progress) {
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  check(total);
  const contents = [];
  let done = 0;
  for (const blob of blobs) {
    progress('reading', done, total);
    contents.push(
      await blob.arrayBuffer().then(
        (buffer) => new Uint8Array(buffer),
        (reason) => {
          throw failure('storage', `the file could not be read (${reason})`);
        },
      ),
    );
    done += blob.size;
  }
  progress('reading', done, total);
  return contents;
}

/** Names and contents as the module wants them. @param {import('./files-protocol.js').ModelSource} source @param {Progress} progress @returns {Promise<[string[], Uint8Array[]]>} */
async function contentsOf(source, progress) {
  if ('zip' in source) return [[], await read([source.zip], progress)];
  const files = source.files.filter(({ name }) => WANTED.test(name));
  // Without any, the module says what is missing.
  if (files.length === 0) return [['no file'], [new Uint8Array()]];
  const blobs = files.map(({ blob }) => blob);
  return [files.map(({ name }) => name), await read(blobs, progress)];
}

/** @param {import('./files-protocol.js').Args<'importModel'>} args @param {Progress} progress */
async function importModel({ source, settings, text }, progress) {
  const [names, contents] = await contentsOf(source, progress);
  return bindings.importModel(names, contents, settings, text ?? undefined, progress);
}

/** The model that is read with. @type {bindings.Reader | null} */
let reader = null;
const { breathe } = breathing();

function opened() {
  if (!reader) throw failure('no-model', 'there is no model to read with; open one first');
  return reader;
}

/** @param {import('./files-protocol.js').ReaderArgs<'openReader'>} args @param {Progress} progress */
async function openReader({ source }, progress) {
  reader?.free();
  reader = null;
  reader = new bindings.Reader(...(await contentsOf(source, progress)));
  return reader.facts();
}

/**
 * @param {import('./files-protocol.js').ReaderArgs<'generate'>} args
 * @param {(token: import('./files-protocol.js').GeneratedToken) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<import('./files-protocol.js').ReaderResult<'generate'>>}
 */
async function generate({ text, count, sampling }, tell, signal) {
  const writer = opened().generate(text, sampling);
  for (let left = count; left > 0; left--) {
    if (signal.aborted) return ended(writer, 'cancelled');
    const token = writer.next();
    if (!token) return ended(writer, 'end');
    tell(token);
    await breathe();
  }
  return ended(writer, 'count');
}

/** @param {bindings.Generation} writer @param {'count' | 'end' | 'cancelled'} reason */
function ended(writer, reason) {
  writer.free();
  return { reason };
}

/** Buffers that need not be copied. @param {any} result @returns {Transferable[]} */
const buffersOf = (result) =>
  result instanceof Uint8Array
    ? [result.buffer]
    : Array.isArray(result)
      ? result.flatMap(({ bytes }) => [bytes.buffer])
      : [];

const WHAT = 'the module for model files';
await serve(WHAT, async (post) => {
  const url = new URL('../pkg/files/files_bg.wasm', import.meta.url);
  await startModule(bindings, { url, build: BUILD_ID, what: WHAT });
  const reading =
    (/** @type {number} */ id) => (/** @type {any} */ phase, /** @type {number} */ done, /** @type {number} */ total) =>
      post({ id, progress: { phase, done, total } });
  /** @type {Record<import('./files-protocol.js').CallName | import('./files-protocol.js').ReaderCallName, import('./answers.js').Answer>} */
  const calls = {
    pythonLines: () => bindings.pythonLines(),
    exportZip: ({ checkpoint }) => bindings.exportZip(checkpoint),
    exportFiles: ({ checkpoint }) => bindings.exportFiles(checkpoint),
    importModel: (args, id) => importModel(args, reading(id)),
    openReader: (args, id) => openReader(args, reading(id)),
    generate: (args, id, signal) => generate(args, (progress) => post({ id, progress }, buffers(progress)), signal),
    look: ({ text }) => opened().look(text),
  };
  return new Answers(calls, post, buffersOf);
});
