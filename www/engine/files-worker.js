/** The worker for model files: one call, then the page ends it. The only place where these bindings are loaded. */

import { BUILD_ID } from '../pkg/build.js';
import * as bindings from '../pkg/files/files.js';
import { Answers } from './answers.js';
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

/** @param {import('./files-protocol.js').Args<'importModel'>} args @param {Progress} progress */
async function importModel({ source, settings, text }, progress) {
  const files = 'zip' in source ? [] : source.files.filter(({ name }) => WANTED.test(name));
  const contents = await read('zip' in source ? [source.zip] : files.map(({ blob }) => blob), progress);
  const names = files.map(({ name }) => name);
  if (!('zip' in source) && names.length === 0)
    // The module says what is missing.
    return bindings.importModel(['no file'], [new Uint8Array()], settings, text ?? undefined, progress);
  return bindings.importModel(names, contents, settings, text ?? undefined, progress);
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
  /** @type {Record<import('./files-protocol.js').CallName, import('./answers.js').Answer>} */
  const calls = {
    pythonLines: () => bindings.pythonLines(),
    exportZip: ({ checkpoint }) => bindings.exportZip(checkpoint),
    exportFiles: ({ checkpoint }) => bindings.exportFiles(checkpoint),
    importModel: (args, id) =>
      importModel(args, (phase, done, total) => post({ id, progress: { phase, done, total } })),
  };
  return new Answers(calls, post, buffersOf);
});
