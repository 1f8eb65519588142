//! **glassgpt**: a GPT you can see through.
//!
//! Tokenizer, Transformer and training in pure Rust, small enough for a browser tab and open to inspection at every
//! step. The crate is `no_std` + `alloc` at heart; see `ARCHITECTURE.md` for the way of one text through it.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

// Ground floor.
pub mod error;
pub mod kernels;
pub mod rng;

// Parts; these never import each other.
pub mod data;
pub mod formats;
pub mod model;
pub mod tokenizer;

// Learning.
pub mod align;
pub mod generate;
pub mod studio;
pub mod train;

// Boundary.
#[cfg(any(feature = "wasm", feature = "wasm-files", feature = "wasm-lessons", feature = "wasm-tokenizer"))]
mod wasm;

pub use error::{Error, Result};

/// The README's example is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeExample;

/// The example of the guide to the tokenizer is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/tokenizer.md")]
pub struct TokenizerExample;

/// The example of the guide to model files is compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/files.md")]
pub struct FilesExample;
