/**
 * A course on this device: one list (settings, figures, choices, which weights belong to which stage) in two generations,
 * as the saved run has, and beside them files of weights that are written once, named by their digest. A torn list gives
 * way to the one before it, whose weights are still there; files that neither names are deleted.
 */

import { failure } from './failure.js';
import { bytesOf, Store } from './storage.js';

/** @template {import('./course-protocol.js').CallName} N @typedef {import('./course-protocol.js').Args<N>} Args */
/** @typedef {import('./course-protocol.js').KeptCourse} KeptCourse */
/** @typedef {{ version: number, state: any, stages: Record<string, string>, checkpoint: string | null }} List  digests of parts */

/** Name of what is kept. */
export const COURSE = 'course';
const VERSION = 1;

/** @param {Uint8Array} bytes */
async function digestOf(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Float32Array} weights */
const bytesIn = (weights) => new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);

/** A list as a file: its digest, a line break, JSON. @param {List} list */
async function written(list) {
  const json = new TextEncoder().encode(JSON.stringify(list));
  const head = new TextEncoder().encode(`${await digestOf(json)}\n`);
  const file = new Uint8Array(head.length + json.length);
  file.set(head);
  file.set(json, head.length);
  return file;
}

/** What a file holds; null for a torn one, or one of another version. @param {Uint8Array} file @returns {Promise<List | null>} */
async function readList(file) {
  const at = file.indexOf(10);
  const json = file.subarray(at + 1);
  if (at < 0 || new TextDecoder().decode(file.subarray(0, at)) !== (await digestOf(json))) return null;
  const list = JSON.parse(new TextDecoder().decode(json));
  return list?.version === VERSION ? list : null;
}

/** What is kept of a course, without its weights; null where there is none. @returns {Promise<any>} */
export async function keptState() {
  const store = await Store.reading(COURSE);
  for await (const { bytes } of store?.generations() ?? []) {
    const list = await readList(bytes);
    if (list) return list.state;
  }
  return null;
}

/** @param {List} list */
const partsOf = ({ stages, checkpoint }) => [...Object.values(stages), ...(checkpoint ? [checkpoint] : [])];

export class CourseStore {
  #store;
  /** Digests of weights that are on the device, by stage. @type {Map<number, string>} */
  #known = new Map();
  /** @type {string | null} */
  #checkpoint = null;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  get mode() {
    return this.#store.mode;
  }

  /** The newest course that is whole, or the most of one. @returns {Promise<KeptCourse | null>} */
  async read() {
    /** @type {{ list: List, course: KeptCourse } | null} */
    let best = null;
    for await (const { bytes, savedAt } of this.#store.generations()) {
      const list = await readList(bytes);
      if (!list) continue;
      const course = await this.#course(list, savedAt);
      if (course && (!best || course.lost < best.course.lost)) best = { list, course };
      if (course?.lost === 0) break;
    }
    if (!best) return null;
    const { list, course } = best;
    this.#known = new Map(course.stages.map(([id]) => [id, list.stages[id]]));
    this.#checkpoint = list.checkpoint;
    return course;
  }

  /** @param {List} list @param {number} savedAt @returns {Promise<KeptCourse | null>} null: without its beginning nothing can go on */
  async #course(list, savedAt) {
    const checkpoint = list.checkpoint ? await this.#part(list.checkpoint) : null;
    if (list.checkpoint && !checkpoint) return null;
    /** @type {[number, Float32Array][]} */
    const stages = [];
    let lost = 0;
    for (const [id, digest] of Object.entries(list.stages)) {
      const bytes = await this.#part(digest);
      if (bytes && bytes.length % 4 === 0) stages.push([Number(id), new Float32Array(bytes.buffer)]);
      else lost++;
    }
    return { state: list.state, stages, checkpoint, lost, savedAt, bytes: await bytesOf(COURSE) };
  }

  /** A part that is whole. @param {string} digest */
  async #part(digest) {
    const bytes = await this.#store.part(digest);
    return bytes && (await digestOf(bytes)) === digest ? bytes : null;
  }

  /** @param {Args<'write'>} course @returns {Promise<number>} bytes on the device */
  async write({ state, stages, added, checkpoint }) {
    for (const [id, weights] of added) this.#known.set(id, await this.#add(bytesIn(weights)));
    if (checkpoint !== undefined) this.#checkpoint = checkpoint && (await this.#add(checkpoint));
    /** @type {List} */
    const list = { version: VERSION, state, stages: {}, checkpoint: this.#checkpoint };
    for (const id of stages) {
      const digest = this.#known.get(id);
      if (!digest) throw failure('setting', `the weights of stage ${id} were expected, but not given`, { found: id });
      list.stages[id] = digest;
    }
    await this.#store.write(await written(list));
    const wanted = new Set(partsOf(list));
    for await (const { bytes } of this.#store.generations())
      for (const part of partsOf((await readList(bytes)) ?? list)) wanted.add(part);
    await this.#store.keepOnly(wanted);
    return bytesOf(COURSE);
  }

  /** @param {Uint8Array} bytes */
  async #add(bytes) {
    const digest = await digestOf(bytes);
    await this.#store.add(digest, bytes);
    return digest;
  }

  /** Deletes the course. */
  async clear() {
    this.#known.clear();
    this.#checkpoint = null;
    if (this.mode === 'opfs') await this.#store.clear();
  }
}
