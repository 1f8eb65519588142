/**
 * The saved run in the origin's private file system (OPFS), worker side.
 *
 * Two generations are kept. A new one is written under a temporary name, flushed, and only then takes the place of the
 * newest, which becomes the previous one; at every moment at least one whole file exists. What a file holds, and whether
 * it is intact, is the reader's business (`generations` yields them newest first).
 * One tab writes: whoever holds the Web Lock. A second tab reads only.
 */

import { failure } from './failure.js';

const FOLDER = 'glassgpt';
const NEWEST = 'run';
const PREVIOUS = 'run.previous';
const TEMPORARY = 'run.writing';
const LOCK = 'glassgpt-run';
/** A page that is being reloaded releases its lock a moment after the next one asks. */
const LOCK_WAIT_MS = 500;

/** @typedef {'opfs' | 'memory' | 'read-only'} StorageMode */
/** @typedef {{ bytes: Uint8Array, savedAt: number }} Generation */
/** @typedef {{ truncate(size: number): void, write(bytes: Uint8Array, at: { at: number }): number, flush(): void, close(): void }} SyncHandle */
/** @typedef {FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle>, move(name: string): Promise<void> }} MovableFile */

/** Resolves to whether this tab writes; the lock is then held as long as the worker lives. @param {LockManager} locks */
function acquire(locks) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LOCK_WAIT_MS);
  return new Promise((/** @type {(mine: boolean) => void} */ resolve) => {
    locks
      .request(LOCK, { signal: stop.signal }, () => {
        clearTimeout(timer);
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

/** @param {unknown} error */
const isMissing = (error) => error instanceof DOMException && error.name === 'NotFoundError';

/** @param {unknown} thrown @param {string} doing */
function storageFailure(thrown, doing) {
  const cause = thrown instanceof Error ? thrown.name : String(thrown);
  const full = cause === 'QuotaExceededError';
  const reason = full ? 'the storage of this site is full' : `the browser answered ${cause}`;
  return failure('storage', `${doing} failed: ${reason}; what was saved before is kept`, { cause, full: Number(full) });
}

export class Store {
  /** @type {FileSystemDirectoryHandle | null} */
  #folder;

  /** @param {StorageMode} mode @param {FileSystemDirectoryHandle | null} folder */
  constructor(mode, folder) {
    this.mode = mode;
    this.#folder = folder;
  }

  /**
   * Never rejects: without a usable file system the store is memory only.
   * @param {{ storage?: StorageManager, locks?: LockManager }} [from]
   * @returns {Promise<Store>}
   */
  static async open({ storage, locks } = navigator) {
    try {
      if (!storage?.getDirectory || !locks) return new Store('memory', null);
      const folder = await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
      const probe = /** @type {MovableFile} */ (FileSystemFileHandle.prototype);
      if (!('move' in probe) || !('createSyncAccessHandle' in probe)) return new Store('memory', null);
      return new Store((await acquire(locks)) ? 'opfs' : 'read-only', folder);
    } catch {
      return new Store('memory', null);
    }
  }

  /**
   * @param {Uint8Array} bytes
   * @throws {import('./failure.js').EngineFailure} code 'storage'; the former generations are kept
   */
  async write(bytes) {
    if (this.mode !== 'opfs' || !this.#folder) return;
    try {
      const file = /** @type {MovableFile} */ (await this.#folder.getFileHandle(TEMPORARY, { create: true }));
      const handle = await file.createSyncAccessHandle();
      try {
        handle.truncate(0);
        if (handle.write(bytes, { at: 0 }) !== bytes.length)
          throw new DOMException('short write', 'QuotaExceededError');
        handle.flush();
      } finally {
        handle.close();
      }
      await this.#rotate(file);
    } catch (error) {
      throw storageFailure(error, 'saving the run');
    }
  }

  /** @param {MovableFile} written */
  async #rotate(written) {
    const newest = /** @type {MovableFile | null} */ (await this.#file(NEWEST));
    if (newest) {
      await this.#remove(PREVIOUS);
      await newest.move(PREVIOUS);
    }
    await written.move(NEWEST);
  }

  /** Whole files, newest first; they may still be damaged. @returns {AsyncGenerator<Generation>} */
  async *generations() {
    for (const name of [NEWEST, PREVIOUS]) {
      const file = await (await this.#file(name))?.getFile();
      if (file) yield { bytes: new Uint8Array(await file.arrayBuffer()), savedAt: file.lastModified };
    }
  }

  /** Deletes every generation. */
  async clear() {
    if (this.mode === 'read-only') {
      throw failure(
        'read-only',
        'another tab of this page keeps the saved run; delete it there, or close that tab and reload',
      );
    }
    for (const name of [NEWEST, PREVIOUS, TEMPORARY]) await this.#remove(name);
  }

  /** @param {string} name */
  async #file(name) {
    try {
      return (await this.#folder?.getFileHandle(name)) ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw storageFailure(error, 'reading the saved run');
    }
  }

  /** @param {string} name */
  async #remove(name) {
    try {
      await this.#folder?.removeEntry(name);
    } catch (error) {
      if (!isMissing(error)) throw storageFailure(error, 'deleting the saved run');
    }
  }
}
