/** Keeps the page for use without a network. */

/**
 * Registers the service worker. A browser that has none, or that may not keep anything, simply needs the network again.
 */
export async function keepForOffline() {
  try {
    await navigator.serviceWorker.register(new URL('../sw.js', import.meta.url), { updateViaCache: 'none' });
  } catch {
    // Not a secure address, a private window, storage refused: nothing that the page depends on.
  }
}
