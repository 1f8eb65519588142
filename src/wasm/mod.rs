//! JavaScript bindings: each method converts and delegates.
