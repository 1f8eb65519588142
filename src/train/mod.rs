//! The learning loop.
