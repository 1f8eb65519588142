/** Hands the learner a file. */

const KEPT_MS = 60_000;

/** @param {Blob} content @param {string} name */
export function download(content, name) {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
