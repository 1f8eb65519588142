/** Parts of the chapters, in order: what the rail names, and a link can point at. */

export const PARTS = /** @type {const} */ ({
  ch1: ['merges', 'layers', 'compare', 'letters', 'vocabulary'],
  ch2: ['next', 'sampler', 'ladder', 'surprise'],
  ch3: ['looking', 'arithmetic', 'habits', 'ablation', 'stream', 'map', 'edit', 'reach', 'parallel'],
  ch4: ['loss', 'documents', 'past', 'hand', 'failing', 'copied'],
  ch5: ['assistant', 'counted', 'forgotten', 'adapters', 'circuit', 'honest'],
  ch6: ['choose', 'prefer', 'better', 'hacking'],
  ch7: ['trace', 'table', 'skills', 'chat'],
});

/** Those of a screen; none where it is no chapter. @param {string} screen @returns {readonly string[]} */
export const partsOf = (screen) => (screen in PARTS ? PARTS[/** @type {keyof typeof PARTS} */ (screen)] : []);
