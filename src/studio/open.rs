//! From a choice of text to a run that is ready: corpus, vocabulary, token ids, model.

use super::settings::{CorpusName, RunSettings, Vocabulary};
use crate::data::{Corpus, Lang, Stories};
use crate::error::{Error, Result};
use crate::tokenizer::{Stopped, Tokenizer};
use crate::train::{Documents, Split};
use alloc::string::String;
use serde::Serialize;

/// Size of the generated corpora.
const STORY_BYTES: usize = 1_500_000;
/// The vocabulary is learned from this much of the text: more does not change its merges noticeably.
const VOCABULARY_BYTES: usize = 750_000;
/// Documents between two reports.
const REPORT_EVERY: usize = 500;
/// Longest run of one piece that is tokenized between two reports of a single text.
const PART_BYTES: usize = 200_000;

/// What is being prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Writing or reading the text.
    Corpus,
    /// Learning the vocabulary.
    Vocabulary,
    /// Turning text into ids.
    Tokens,
}

/// Told how far a phase is: phase, done, total.
pub type Progress<'a> = &'a mut dyn FnMut(Phase, usize, usize);

/// The text that the settings name; `given` for those that are not generated.
///
/// # Errors
/// [`Error::EmptyText`] when there is none, [`Error::Format`] when it is not UTF-8.
pub fn corpus(settings: &RunSettings, given: &[u8], progress: Progress) -> Result<Corpus> {
    let text = || -> Result<String> {
        let text = core::str::from_utf8(given).map_err(|e| Error::Format {
            file: "text",
            expected: "UTF-8".into(),
            found: alloc::format!("a byte that is none at {}", e.valid_up_to()),
        })?;
        if text.trim().is_empty() { Err(Error::EmptyText) } else { Ok(text.into()) }
    };
    let lang = match settings.corpus {
        CorpusName::StoriesEn => Lang::En,
        CorpusName::StoriesZh => Lang::ZhHans,
        CorpusName::Names => return Ok(Corpus::from_lines(&text()?)),
        CorpusName::MobyDick | CorpusName::Own => return Ok(Corpus::from_text(text()?)),
    };
    let mut corpus = Corpus::default();
    for (i, document) in Stories::new(lang, settings.seed).enumerate() {
        if i % REPORT_EVERY == 0 {
            progress(Phase::Corpus, corpus.text.len(), STORY_BYTES);
        }
        corpus.push(&document);
        if corpus.text.len() >= STORY_BYTES {
            break;
        }
    }
    Ok(corpus)
}

/// The first bytes of a text, cut between characters.
fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The vocabulary that the settings ask for, and why it is smaller.
///
/// # Errors
/// As [`Tokenizer::train`].
pub fn vocabulary(settings: &RunSettings, corpus: &Corpus, progress: Progress) -> Result<(Tokenizer, Option<Stopped>)> {
    let options = settings.tokenizer();
    if settings.vocabulary == Vocabulary::Bytes {
        return Ok((Tokenizer::bytes(options.specials), None));
    }
    let mut left = VOCABULARY_BYTES;
    let documents = corpus.documents().map_while(|d| {
        let part = head(d, left);
        left -= part.len();
        (!part.is_empty()).then_some(part)
    });
    Tokenizer::train(documents, &options, &mut |done, total| {
        if done % 64 == 0 {
            progress(Phase::Vocabulary, done, total);
        }
        true
    })
}

/// The ids to learn from and to be tested on; every document starts with `<|end|>`.
///
/// # Errors
/// [`Error::CorpusTooShort`].
pub fn split(settings: &RunSettings, corpus: &Corpus, tokenizer: &Tokenizer, progress: Progress) -> Result<Split> {
    let end = tokenizer.special("<|end|>");
    let total = corpus.text.len();
    let mut documents = Documents::new();
    let mut done = 0;
    for (i, document) in corpus.documents().enumerate() {
        if i % REPORT_EVERY == 0 {
            progress(Phase::Tokens, done, total);
        }
        let mut ids: alloc::vec::Vec<u32> = end.into_iter().collect();
        let mut rest = document;
        while !rest.is_empty() {
            // Cut before a space, so that no piece of the pre-split is broken.
            let cut = head(rest, PART_BYTES);
            let cut = if cut.len() == rest.len() {
                cut.len()
            } else {
                cut.rfind(' ').filter(|&at| at > 0).unwrap_or(cut.len())
            };
            ids.extend(tokenizer.encode(&rest[..cut]));
            rest = &rest[cut..];
            if !rest.is_empty() {
                progress(Phase::Tokens, done + document.len() - rest.len(), total);
            }
        }
        documents.push(&ids);
        done += document.len();
    }
    let bytes = |id| if tokenizer.is_special(id) { 0 } else { tokenizer.token_bytes(id).map_or(0, <[u8]>::len) };
    documents.split(settings.context, bytes)
}
