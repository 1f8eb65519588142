/** Keeps the page for use without a network. */

/** How long the page is left alone once there is a model: whoever has just come wants to see and to do something first. */
const REST_MS = 1_000;

/**
 * Registers the service worker, which fetches all files of the page, and then those that nothing waits for. A browser that has
 * none, or that may not keep anything, simply needs the network again.
 */
export async function keepForOffline() {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  try {
    await navigator.serviceWorker.register(new URL('../sw.js', import.meta.url), { updateViaCache: 'none' });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage('later');
  } catch {
    // Not a secure address, a private window, storage refused: nothing that the page depends on.
  }
}

const LIST = new URL('../pkg/files.json', import.meta.url);
/** How often a page that stays open asks whether there is another build. */
const ASK_MS = 30 * 60_000;
/** A model that cannot be kept in time must not hold the learner up for ever. */
const KEEP_MS = 10_000;

/** The build that the server has; null without a network. */
async function serverBuild() {
  try {
    const answer = await fetch(LIST, { cache: 'no-store' });
    return answer.ok ? String((await answer.json()).id) : null;
  } catch {
    return null;
  }
}

/**
 * Tells `found` once when the server has another build than the page was opened with: asked now and then, and when the
 * learner comes back to the page. Nothing is changed under a page that is open.
 * @param {() => void} found
 */
export async function watchForUpdates(found) {
  const own = await serverBuild();
  if (own === null) return;
  let told = false;
  const ask = async () => {
    if (told || document.hidden) return;
    const build = await serverBuild();
    if (told || build === null || build === own) return;
    told = true;
    found();
  };
  setInterval(ask, ASK_MS);
  document.addEventListener('visibilitychange', ask);
}

/**
 * The new build, once a run at work is kept: the opened page offers to go on with it.
 * @param {{ running: boolean, pause(): Promise<unknown>, saved: Promise<unknown> }} model   `saved`: it was kept after the pause
 * @returns {Promise<boolean>} false: it could not be kept, and nothing was reloaded
 */
export async function update({ running, pause, saved }) {
  if (running) {
    await pause().catch(() => {});
    const late = new Promise((/** @type {(kept: boolean) => void} */ done) => setTimeout(() => done(false), KEEP_MS));
    if (!(await Promise.race([saved.then(() => true), late]))) return false;
  }
  location.reload();
  return true;
}
