//! Tokens out of a model, one by one.
