//! A model taught: the JavaScript class `Teacher`.
