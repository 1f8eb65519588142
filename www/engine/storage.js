/**
 * What is kept in the origin's private file system (OPFS), worker side: the saved run, and the course of chapters 5 to 7.
 *
 * Two generations are kept. A new one is written under a temporary name, flushed, and only then takes the place of the
 * newest, which becomes the previous one; at every moment at least one whole file exists. What a file holds, and whether
 * it is intact, is the reader's business (`generations` yields them newest first).
 * One tab writes: whoever holds the Web Lock. A second tab reads only.
 */

import { failure } from './failure.js';

const FOLDER = 'glassgpt';
/** A page that is being reloaded releases its lock a moment after the next one asks. */
const LOCK_WAIT_MS = 500;
/** How often a file that changes under the reader's hands is read. */
const READ_TRIES = 3;

/** @typedef {'opfs' | 'memory' | 'read-only'} StorageMode */
/** @typedef {{ bytes: Uint8Array, savedAt: number }} Generation */
/** @typedef {{ truncate(size: number): void, write(bytes: Uint8Array, at: { at: number }): number, flush(): void, close(): void }} SyncHandle */
/** @typedef {FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle>, move(name: string): Promise<void> }} MovableFile */

/** @param {StorageManager} storage */
const folderOf = async (storage) => (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });

/** Bytes that are kept under a name; 0 without a usable file system. @param {string} name */
export async function bytesOf(name) {
  let bytes = 0;
  try {
    const folder = /** @type {any} */ (await folderOf(navigator.storage));
    for await (const [file, handle] of folder.entries())
      if (file === name || file.startsWith(`${name}.`)) bytes += (await handle.getFile()).size;
  } catch {
    // None, or a file that is being moved: what was counted so far.
  }
  return bytes;
}

/** Resolves to whether this tab writes; the lock is then held as long as the worker lives. @param {LockManager} locks @param {string} lock */
function acquire(locks, lock) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LOCK_WAIT_MS);
  return new Promise((/** @type {(mine: boolean) => void} */ resolve) => {
    locks
      .request(lock, { signal: stop.signal }, () => {
        clearTimeout(timer);
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

/** @param {unknown} error */
const isMissing = (error) => error instanceof DOMException && error.name === 'NotFoundError';
/** A file was written between its opening and its reading. @param {unknown} error */
const isChanged = (error) => error instanceof DOMException && error.name === 'NotReadableError';

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
  #name;

  /** @param {StorageMode} mode @param {FileSystemDirectoryHandle | null} folder @param {string} name  of the newest generation */
  constructor(mode, folder, name) {
    this.mode = mode;
    this.#folder = folder;
    this.#name = name;
  }

  /** To look at what is kept, whoever writes it; null without a usable file system. @param {string} name @returns {Promise<Store | null>} */
  static async reading(name) {
    try {
      return new Store('read-only', await folderOf(navigator.storage), name);
    } catch {
      return null;
    }
  }

  get #previous() {
    return `${this.#name}.previous`;
  }

  get #temporary() {
    return `${this.#name}.writing`;
  }

  /**
   * Never rejects: without a usable file system the store is memory only.
   * @param {string} [name]   of what is kept
   * @param {{ storage?: StorageManager, locks?: LockManager }} [from]
   * @returns {Promise<Store>}
   */
  static async open(name = 'run', { storage, locks } = navigator) {
    try {
      if (!storage?.getDirectory || !locks) return new Store('memory', null, name);
      const folder = await folderOf(storage);
      const probe = /** @type {MovableFile} */ (FileSystemFileHandle.prototype);
      if (!('move' in probe) || !('createSyncAccessHandle' in probe)) return new Store('memory', null, name);
      return new Store((await acquire(locks, `glassgpt-${name}`)) ? 'opfs' : 'read-only', folder, name);
    } catch {
      return new Store('memory', null, name);
    }
  }

  /**
   * @param {Uint8Array} bytes
   * @throws {import('./failure.js').EngineFailure} code 'storage'; the former generations are kept
   */
  async write(bytes) {
    await this.#writing(bytes, async (file) => {
      const newest = /** @type {MovableFile | null} */ (await this.#file(this.#name));
      if (newest) {
        await this.#remove(this.#previous);
        await newest.move(this.#previous);
      }
      await file.move(this.#name);
    });
  }

  /**
   * A file beside the generations, which is never written again; one of this name that is there already stays.
   * @param {string} part @param {Uint8Array} bytes
   */
  async add(part, bytes) {
    const name = `${this.#name}.${part}`;
    if (this.mode !== 'opfs' || (await this.#file(name))) return;
    await this.#writing(bytes, (file) => file.move(name));
  }

  /** @param {string} part @returns {Promise<Uint8Array | null>} */
  async part(part) {
    return (await this.#read(`${this.#name}.${part}`))?.bytes ?? null;
  }

  /** Deletes all files beside the generations but these. @param {ReadonlySet<string>} wanted */
  async keepOnly(wanted) {
    if (this.mode !== 'opfs') return;
    const kept = new Set([...wanted, 'previous', 'writing'].map((part) => `${this.#name}.${part}`));
    for (const name of await this.#names()) if (!kept.has(name)) await this.#remove(name);
  }

  /** @param {Uint8Array} bytes @param {(file: MovableFile) => Promise<void>} place  gives the file its name */
  async #writing(bytes, place) {
    if (this.mode !== 'opfs' || !this.#folder) return;
    try {
      const file = /** @type {MovableFile} */ (await this.#folder.getFileHandle(this.#temporary, { create: true }));
      const handle = await file.createSyncAccessHandle();
      try {
        handle.truncate(0);
        if (handle.write(bytes, { at: 0 }) !== bytes.length)
          throw new DOMException('short write', 'QuotaExceededError');
        handle.flush();
      } finally {
        handle.close();
      }
      await place(file);
    } catch (error) {
      throw storageFailure(error, 'saving');
    }
  }

  /** Names of the files beside the newest generation. */
  async #names() {
    /** @type {string[]} */
    const names = [];
    const folder = /** @type {any} */ (this.#folder);
    for await (const name of folder?.keys() ?? []) if (name.startsWith(`${this.#name}.`)) names.push(name);
    return names;
  }

  /** Whole files, newest first; they may still be damaged. @returns {AsyncGenerator<Generation>} */
  async *generations() {
    for (const name of [this.#name, this.#previous]) {
      const generation = await this.#read(name);
      if (generation) yield generation;
    }
  }

  /** Deletes everything that is kept under this name. */
  async clear() {
    if (this.mode === 'read-only') {
      throw failure(
        'read-only',
        'another tab of this page keeps what is saved; delete it there, or close that tab and reload',
      );
    }
    for (const name of [this.#name, ...(await this.#names())]) await this.#remove(name);
  }

  /** A file that is replaced or moved while it is read is looked for anew. @param {string} name @returns {Promise<Generation | null>} */
  async #read(name) {
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const handle = await this.#file(name);
      if (!handle) return null;
      try {
        const file = await handle.getFile();
        return { bytes: new Uint8Array(await file.arrayBuffer()), savedAt: file.lastModified };
      } catch (error) {
        if (!isMissing(error) && !isChanged(error)) throw storageFailure(error, 'reading what is saved');
      }
    }
    return null;
  }

  /** @param {string} name */
  async #file(name) {
    try {
      return (await this.#folder?.getFileHandle(name)) ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw storageFailure(error, 'reading what is saved');
    }
  }

  /** @param {string} name */
  async #remove(name) {
    try {
      await this.#folder?.removeEntry(name);
    } catch (error) {
      if (!isMissing(error)) throw storageFailure(error, 'deleting what is saved');
    }
  }
}
