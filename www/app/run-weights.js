/**
 * Weights of finished runs, a file for each in the origin's private file system, beside the run at work. Bounded: the oldest
 * make room. Where the browser has no such file system nothing is kept, and nothing is promised.
 */

const FOLDER = 'glassgpt-runs';
/** Of all runs together. */
export const MOST_BYTES = 200_000_000;
const NAME = /^[\w-]{1,60}\.safetensors$/;

/** @typedef {{ name: string, bytes: number, savedAt: number }} Kept */

/** @param {string} id */
const nameOf = (id) => `${id}.safetensors`;

async function folder() {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** Files that have to go so that `coming` bytes fit, oldest first. @param {readonly Kept[]} kept @param {number} coming */
export function crowdedOut(kept, coming) {
  const newest = kept.toSorted((a, b) => b.savedAt - a.savedAt);
  let room = MOST_BYTES - coming;
  return newest.filter(({ bytes }) => {
    room -= bytes;
    return room < 0;
  });
}

/** What is kept. @returns {Promise<Kept[]>} */
async function listed() {
  const found = [];
  // The types of the DOM do not know that a directory can be gone through.
  for await (const handle of /** @type {any} */ (await folder()).values()) {
    if (handle.kind !== 'file' || !NAME.test(handle.name)) continue;
    // One that is deleted meanwhile is no reason to know nothing of the others.
    const file = await handle.getFile().catch(() => null);
    if (file) found.push({ name: handle.name, bytes: file.size, savedAt: file.lastModified });
  }
  return found;
}

/** Bytes by id of the run; none where nothing can be kept. @returns {Promise<Map<string, number>>} */
export async function keptWeights() {
  const all = await listed().catch(() => []);
  return new Map(all.map(({ name, bytes }) => [name.replace(/\.safetensors$/, ''), bytes]));
}

/** Keeps a checkpoint; a file is there whole or not at all. @param {string} id @param {Uint8Array} checkpoint @returns {Promise<boolean>} whether it is kept */
export async function keepWeights(id, checkpoint) {
  if (!NAME.test(nameOf(id)) || checkpoint.length > MOST_BYTES) return false;
  try {
    const others = (await listed()).filter(({ name }) => name !== nameOf(id));
    const place = await folder();
    for (const { name } of crowdedOut(others, checkpoint.length)) await place.removeEntry(name);
    const file = await place.getFileHandle(nameOf(id), { create: true });
    const stream = await file.createWritable();
    await stream.write(/** @type {Uint8Array<ArrayBuffer>} */ (checkpoint));
    await stream.close();
    return true;
  } catch {
    // Private windows refuse, storage may be full: the run is then listed without its weights.
    return false;
  }
}

/** The checkpoint of a run. @param {string} id @returns {Promise<Uint8Array | null>} */
export async function weightsOf(id) {
  try {
    const file = await (await (await folder()).getFileHandle(nameOf(id))).getFile();
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return null;
  }
}

/** Gives up the weights of runs; of all without a name. @param {string} [id] @returns {Promise<() => Promise<void>>} brings them back */
export async function dropWeights(id) {
  const place = await folder().catch(() => null);
  const ids = id === undefined ? [...(await keptWeights()).keys()] : [id];
  /** @type {[string, Uint8Array][]} */
  const taken = [];
  for (const id of ids) {
    const checkpoint = await weightsOf(id);
    if (checkpoint) taken.push([id, checkpoint]);
    await place?.removeEntry(nameOf(id)).catch(() => {});
  }
  return async () => {
    for (const [id, checkpoint] of taken) await keepWeights(id, checkpoint);
  };
}
