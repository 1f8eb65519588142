/** What tells two trained runs apart. */

/** Digest of the weights and optimizer state in a checkpoint: of everything behind its header. @param {Uint8Array} file */
export async function weightsOf(file) {
  const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const digest = await crypto.subtle.digest('SHA-256', file.slice(8 + header));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('');
}
