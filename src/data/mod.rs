//! Text to learn from: generated stories and the reader's own.
