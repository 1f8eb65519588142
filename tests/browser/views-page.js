/** What the tests of views need in their page: words, events written down, and the round of every view. */

/** @param {string} path @returns {Promise<any>} */
const load = (path) => import(path);

/** The English words of the page and of these files. @param {string[]} files */
export async function speaking(...files) {
  const { addWords, speak } = await load('/i18n/index.js');
  await speak('en');
  for (const file of files) addWords((await load(`/i18n/en/${file}.js`)).default, {});
}

/** `TokenList` of pieces of text; ids from 0 on. @param {string[]} pieces */
export function tokensOf(...pieces) {
  const all = pieces.map((piece) => new TextEncoder().encode(piece));
  const starts = [0];
  for (const piece of all) starts.push(starts[starts.length - 1] + piece.length);
  return {
    ids: Uint32Array.from(pieces, (_, i) => i),
    bytes: Uint8Array.from(all.flatMap((piece) => [...piece])),
    byteStart: Uint32Array.from(starts),
    utf16Start: Uint32Array.from(starts.slice(0, -1)),
    utf16End: Uint32Array.from(starts.slice(1)),
    special: Uint8Array.from(pieces, (piece) => Number(piece.startsWith('<|'))),
  };
}

/** What views tell, as `[event, ...arguments]`; an event of the browser is the word 'event'. */
export function listener() {
  /** @type {unknown[]} */
  const told = [];
  const tell =
    (/** @type {string | symbol} */ name) =>
    (/** @type {unknown[]} */ ...args) =>
      told.push([name, ...args.map((a) => (a instanceof Event ? 'event' : a))]);
  return { told, on: new Proxy({}, { get: (_, name) => tell(name) }) };
}

/** A view's class, its data, what is clicked, and its arguments between the root and the events. @typedef {[any, object, string[], ...unknown[]]} Round */

/**
 * Makes each view in turn, gives it its data, clicks, and destroys it. Gives the name and words of each, what they told in
 * between (after their names), and sentences about what must not be: scripts, things to click that are missing, things left.
 * @param {Round[]} rounds @param {ReturnType<typeof listener>} listener
 */
export function shown(rounds, { on, told }) {
  /** @type {[string, string][]} */
  const words = [];
  /** @type {string[]} */
  const wrong = [];
  for (const [View, data, clicks, ...more] of rounds) {
    const root = document.createElement('div');
    document.body.append(root);
    const view = new View(root, ...more, on);
    view.update(data);
    words.push([View.name, (root.textContent ?? '').replace(/\s+/g, ' ').trim()]);
    if (root.querySelector('script')) wrong.push(`${View.name} made a script`);
    told.push(View.name);
    for (const selector of clicks) {
      const element = /** @type {HTMLElement | null} */ (root.querySelector(selector));
      if (element) element.click();
      else wrong.push(`${View.name} has no ${selector}`);
    }
    view.destroy();
    if (root.textContent?.trim() || root.className)
      wrong.push(`${View.name} left ${root.className} ${root.textContent}`);
    root.remove();
  }
  return { words, wrong, told: JSON.parse(JSON.stringify(told)) };
}
