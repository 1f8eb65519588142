/** Styles that come with what is loaded later. */

/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/** Resolves when a style sheet of the page's folder is in force, or could not be had. @param {string} path */
export function style(path) {
  const known = asked.get(path);
  if (known) return known;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL(`../${path}`, import.meta.url).href;
  /** @type {Promise<void>} */
  const loaded = new Promise((resolve) => {
    link.onload = () => resolve();
    // Without its style a figure is plain, and still readable.
    link.onerror = () => resolve();
  });
  asked.set(path, loaded);
  document.head.append(link);
  return loaded;
}
