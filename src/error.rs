//! What can go wrong with input from outside, each as a sentence that says what to do.
//! In-crate shape mistakes are asserts, not errors.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Result with this crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

/// A refusal that carries what was expected and what was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A setting is outside its range. `expected` is a range or relation in mathematical notation (`1..=64`, `divides 96`).
    Setting {
        /// Name of the setting as in the configuration.
        name: &'static str,
        /// What is allowed.
        expected: String,
        /// What was given.
        found: String,
    },
    /// The configuration would need more memory than allowed; nothing was allocated.
    Memory {
        /// Bytes that the configuration needs.
        needed_bytes: u64,
        /// Bytes that are allowed.
        allowed_bytes: u64,
    },
    /// The text is too short for one training and one validation window.
    CorpusTooShort {
        /// Tokens needed at least.
        needed_tokens: usize,
        /// Tokens that the text has.
        found_tokens: usize,
    },
    /// Nothing to learn a vocabulary from.
    EmptyText,
    /// The text is larger than can be held beside a model.
    TextSize {
        /// Most bytes that are possible.
        limit_bytes: usize,
        /// Bytes that were given.
        found_bytes: usize,
    },
    /// A token id that the vocabulary does not hold.
    TokenId {
        /// The id.
        found: u32,
        /// Size of the vocabulary.
        vocab_size: usize,
    },
    /// The text or prompt is longer than the model can see.
    TooLong {
        /// Most tokens that are possible.
        limit_tokens: usize,
        /// Tokens that were given.
        found_tokens: usize,
    },
    /// The loss became NaN or infinite; the weights of before this step are kept.
    NotFinite {
        /// Step at which it happened, from 0.
        step: u64,
    },
    /// A file is not what it claims to be.
    Format {
        /// Kind of file, for example `checkpoint`.
        file: &'static str,
        /// What was expected at that place.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A file is in order, but of a kind that can't be read.
    Unsupported {
        /// Kind of file, for example `tokenizer.json`.
        file: &'static str,
        /// What can be read.
        expected: String,
        /// What it has or is.
        found: String,
    },
    /// The content of a file does not match its checksum.
    Checksum {
        /// Kind of file.
        file: &'static str,
    },
    /// A file was written by a newer version.
    Version {
        /// Kind of file.
        file: &'static str,
        /// Newest version that can be read.
        newest: u32,
        /// Version of the file.
        found: u32,
    },
    /// A checkpoint belongs to another text.
    OtherCorpus,
    /// A model gave no finite logit, so that no token can be chosen.
    NothingToChoose,
}

impl Error {
    /// A stable name of the kind, for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "setting",
            Self::Memory { .. } => "memory",
            Self::CorpusTooShort { .. } => "corpus-too-short",
            Self::EmptyText => "empty-text",
            Self::TextSize { .. } => "text-size",
            Self::TokenId { .. } => "token-id",
            Self::TooLong { .. } => "too-long",
            Self::NotFinite { .. } => "not-finite",
            Self::Format { .. } => "format",
            Self::Unsupported { .. } => "unsupported",
            Self::Checksum { .. } => "checksum",
            Self::Version { .. } => "version",
            Self::OtherCorpus => "other-corpus",
            Self::NothingToChoose => "nothing-to-choose",
        }
    }

    /// What was expected and found, by name, for translated sentences.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Setting { name, expected, found } => {
                [("name", (*name).into()), ("expected", expected.clone()), ("found", found.clone())].into()
            }
            Self::Memory { needed_bytes, allowed_bytes } => {
                [("expectedBytes", allowed_bytes.to_string()), ("foundBytes", needed_bytes.to_string())].into()
            }
            Self::CorpusTooShort { needed_tokens, found_tokens } => {
                [("expected", needed_tokens.to_string()), ("found", found_tokens.to_string())].into()
            }
            Self::TextSize { limit_bytes, found_bytes } => {
                [("expectedBytes", limit_bytes.to_string()), ("foundBytes", found_bytes.to_string())].into()
            }
            Self::TokenId { found, vocab_size } => {
                [("expected", vocab_size.to_string()), ("found", found.to_string())].into()
            }
            Self::TooLong { limit_tokens, found_tokens } => {
                [("expected", limit_tokens.to_string()), ("found", found_tokens.to_string())].into()
            }
            Self::NotFinite { step } => [("step", step.to_string())].into(),
            Self::Format { file, expected, found } | Self::Unsupported { file, expected, found } => {
                [("name", (*file).into()), ("expected", expected.clone()), ("found", found.clone())].into()
            }
            Self::Checksum { file } => [("name", (*file).into())].into(),
            Self::Version { file, newest, found } => {
                [("name", (*file).into()), ("expected", newest.to_string()), ("found", found.to_string())].into()
            }
            Self::EmptyText | Self::OtherCorpus | Self::NothingToChoose => Vec::new(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, expected, found } => {
                write!(f, "{name} must be {expected}, but is {found}; choose a value in that range")
            }
            Self::Memory { needed_bytes, allowed_bytes } => write!(
                f,
                "this configuration needs {needed_bytes} bytes, but only {allowed_bytes} are allowed; make the model, batch or context smaller"
            ),
            Self::CorpusTooShort { needed_tokens, found_tokens } => write!(
                f,
                "training needs at least {needed_tokens} tokens of text, but there are {found_tokens}; give more text or lower the context"
            ),
            Self::EmptyText => write!(f, "expected text to learn from, but found none; type or open a text"),
            Self::TextSize { limit_bytes, found_bytes } => {
                write!(f, "texts of up to {limit_bytes} bytes fit, but this one has {found_bytes}; use a part of it")
            }
            Self::TokenId { found, vocab_size } => {
                write!(
                    f,
                    "token ids must be below {vocab_size}, but one is {found}; encode with this model's own tokenizer"
                )
            }
            Self::TooLong { limit_tokens, found_tokens } => {
                write!(f, "at most {limit_tokens} tokens fit, but {found_tokens} were given; shorten the text")
            }
            Self::NotFinite { step } => write!(
                f,
                "the loss stopped being a finite number at step {step}; the last good weights are kept, lower the learning rate"
            ),
            Self::Format { file, expected, found } => {
                write!(f, "this is not a usable {file}: expected {expected}, found {found}")
            }
            Self::Unsupported { file, expected, found } => {
                write!(f, "this {file} is not supported: it has {found}; {expected} can be read")
            }
            Self::Checksum { file } => {
                write!(f, "this {file} is damaged: its checksum does not match its content; use another copy")
            }
            Self::Version { file, newest, found } => {
                write!(f, "this {file} has version {found}, but versions up to {newest} can be read; update glassgpt")
            }
            Self::OtherCorpus => {
                write!(f, "this checkpoint was trained on another text; open it with that text, or start a new model")
            }
            Self::NothingToChoose => write!(
                f,
                "expected a finite number for at least one token, but the model gave none; go back to an earlier step or start a new model"
            ),
        }
    }
}

impl core::error::Error for Error {}
