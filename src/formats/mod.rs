//! Bytes of files, read and written.
