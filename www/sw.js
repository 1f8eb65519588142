/**
 * Service worker: after the first visit, the page works without a network, and always as one build.
 *
 * `pkg/files.json` lists the files of a build with their digests. A build is kept in one cache, complete or not at all,
 * and every answer comes from the newest complete one. When the page is opened, the list is fetched; if it is of
 * another build, what changed is fetched first, so that files of two builds never meet in one page. Without a network,
 * or when a file does not match its digest (an upload in progress), the build that is there goes on being used.
 *
 * What the list names under `later` (the published vocabularies) is no condition of a build: it joins the cache of its build
 * afterwards, file by file, whenever a page is opened and some of it is missing.
 *
 * A plain script that imports nothing: every browser can register it.
 */

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

/** @typedef {{ id: string, files: Record<string, string>, later?: Record<string, string> }} Build */

const LIST = 'pkg/files.json';
const INDEX = 'index.html';
/** How long opening the page waits for the list, in milliseconds. */
const PATIENCE_MS = 3_000;
/** Other pages of this origin may have caches of their own. */
const PREFIX = `glassgpt ${worker.registration.scope} `;

const at = (/** @type {string} */ path) => new URL(path, worker.registration.scope).href;

/** @returns {Promise<{ cache: Cache, build: Build } | undefined>} newest complete build; the list is written last */
async function current() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  for (const name of names.reverse()) {
    const cache = await caches.open(name);
    const list = await cache.match(at(LIST));
    if (list) return { cache, build: await list.json() };
  }
  return undefined;
}

/** @typedef {{ name: string, list: Response }} Fetched  a cache that holds every file of a build, and the list to put into it */

/**
 * Fetches the list; if it is of another build than the current one, its files too. What an interrupted update has
 * fetched is there already, and what did not change is taken from the current build.
 * @returns {Promise<Fetched | undefined>}
 */
async function fetchBuild() {
  const list = await fetch(at(LIST), { cache: 'no-store' });
  if (!list.ok) throw new Error(`${LIST}: ${list.status}`);
  /** @type {Build} */
  const { id, files, later = {} } = await list.clone().json();
  const old = await current();
  if (old?.build.id === id) return undefined;
  const name = PREFIX + id;
  const cache = await caches.open(name);
  const fetchFile = async (/** @type {string} */ path, /** @type {string} */ integrity) => {
    if (await cache.match(at(path))) return;
    const same = old?.build.files[path] === integrity ? await old.cache.match(at(path)) : undefined;
    await cache.put(at(path), same ?? (await fetchWhole(path, integrity)));
  };
  await Promise.all(Object.entries(files).map(([path, integrity]) => fetchFile(path, integrity)));
  for (const [path, integrity] of Object.entries(later)) {
    const same = old?.build.later?.[path] === integrity ? await old.cache.match(at(path)) : undefined;
    if (same) await cache.put(at(path), same);
  }
  return { name, list };
}

/** What of the current build is to come later and is not there yet; a file that cannot be had waits for the next time. */
async function fetchLater() {
  const kept = await current();
  for (const [path, integrity] of Object.entries(kept?.build.later ?? {})) {
    if (await kept?.cache.match(at(path))) continue;
    await fetchWhole(path, integrity)
      .then((file) => kept?.cache.put(at(path), file))
      .catch(() => undefined);
  }
}

/** One after another: pages that are opened together ask for the same. */
let afterwards = Promise.resolve();

/** A file that matches its digest. @param {string} path @param {string} integrity */
async function fetchWhole(path, integrity) {
  const answer = await fetch(at(path), { cache: 'no-cache', integrity });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  // Hosts may send `index.html` on to the folder; browsers refuse such an answer where a page is opened.
  return answer.redirected ? new Response(answer.body, { headers: answer.headers }) : answer;
}

/** From now on this build is the current one. @param {Fetched} fetched */
async function adopt({ name, list }) {
  const cache = await caches.open(name);
  await cache.put(at(LIST), list.clone());
  for (const other of await caches.keys()) if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
}

/** One update at a time: pages that are opened together share it. @type {Promise<Fetched | undefined> | undefined} */
let fetching;

function fetchOnce() {
  fetching ??= fetchBuild().finally(() => {
    fetching = undefined;
  });
  return fetching;
}

/** @param {Request} request @param {string} path */
async function answer(request, path) {
  const kept = await current();
  return (await kept?.cache.match(at(path))) ?? fetch(request);
}

/**
 * The page itself: of the server's build if that can be had in time, else of the build that is kept. A build that comes
 * late waits for the next opening, so that it does not change under a page that is loading.
 * @param {FetchEvent} event
 */
async function open(event) {
  const late = new Promise((/** @type {(nothing: undefined) => void} */ done) => setTimeout(done, PATIENCE_MS));
  const update = fetchOnce().catch(() => undefined);
  event.waitUntil(update);
  const fetched = await Promise.race([update, late]);
  if (fetched) await adopt(fetched);
  return answer(event.request, INDEX);
}

async function install() {
  const fetched = await fetchOnce();
  if (fetched) await adopt(fetched);
  await worker.skipWaiting();
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
// A page that has all it needs says so by any message.
worker.addEventListener('message', (event) => {
  afterwards = afterwards.then(fetchLater).catch(() => undefined);
  event.waitUntil(afterwards);
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const [path] = request.url.split(/[?#]/);
  if (request.method !== 'GET' || !path.startsWith(worker.registration.scope)) return;
  const relative = decodeURI(path.slice(worker.registration.scope.length));
  if (relative === LIST) return;
  const opens = request.mode === 'navigate' && (relative === '' || relative === INDEX);
  event.respondWith(opens ? open(event) : answer(request, relative));
});
