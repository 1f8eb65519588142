/** A browser whose storage is full: every write stops after 100 bytes, as the standard says it may. */
const { write } = FileSystemSyncAccessHandle.prototype;
FileSystemSyncAccessHandle.prototype.write = function (buffer, options) {
  const bytes = new Uint8Array(/** @type {Uint8Array} */ (buffer));
  return write.call(this, bytes.subarray(0, 100), options);
};
