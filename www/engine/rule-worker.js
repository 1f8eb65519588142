/** Tries a pattern on texts; the page ends this worker when that takes too long. */

self.onmessage = ({ data: { pattern, texts } }) => {
  const rule = new RegExp(pattern, 'iu');
  self.postMessage(texts.map((/** @type {string} */ text) => rule.test(text)));
};
self.postMessage('ready');
