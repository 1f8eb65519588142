/** What is kept is read while it is being replaced: no error but what the browser really refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../www/engine/storage.js';

const gone = () => new DOMException('it was moved', 'NotFoundError');

/** A folder whose files are read by functions, which may fail. @param {Record<string, () => number[]>} files */
const reading = (files) =>
  new Store(
    'read-only',
    /** @type {any} */ ({
      async getFileHandle(/** @type {string} */ name) {
        if (!files[name]) throw gone();
        const getFile = async () => {
          const bytes = Uint8Array.from(files[name]());
          return { lastModified: 7, arrayBuffer: async () => bytes.buffer };
        };
        return { getFile };
      },
    }),
    'run',
  );

/** @param {Store} store */
async function all(store) {
  const found = [];
  for await (const { bytes, savedAt } of store.generations()) found.push([...bytes, savedAt]);
  return found;
}

test('a generation that moves on while it is read is found where it is now', async () => {
  /** @type {Record<string, () => number[]>} */
  const files = {
    run() {
      // Another one has taken its place meanwhile.
      files['run.previous'] = () => [1];
      files.run = () => [2];
      throw gone();
    },
  };
  assert.deepEqual(await all(reading(files)), [
    [2, 7],
    [1, 7],
  ]);
  // Written between its opening and its reading.
  let tries = 0;
  const written = () => {
    if (tries++ === 0) throw new DOMException('it has changed', 'NotReadableError');
    return [3];
  };
  assert.deepEqual(await all(reading({ run: written })), [[3, 7]]);
});

test('one that is never whole is passed over, and what the browser refuses is told', async () => {
  const never = () => {
    throw gone();
  };
  assert.deepEqual(await all(reading({ run: never, 'run.previous': () => [1] })), [[1, 7]]);
  const refused = () => {
    throw new DOMException('no', 'NotAllowedError');
  };
  await assert.rejects(all(reading({ run: refused })), { code: 'storage', message: /NotAllowedError/ });
});
