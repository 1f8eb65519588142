//! What the later chapters add to the engine, as a module of its own (`www/pkg/lessons/`) that is loaded when such a
//! chapter is opened: a model taken apart, and a model taught.

mod by_hand;
mod lab;
mod pretraining;
mod teacher;
