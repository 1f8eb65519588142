//! From settings, or from a saved run, to a run that can train: corpus, vocabulary, tokens, model, in slices.

use alloc::format;
use alloc::vec::Vec;
use core::mem;

use serde::Serialize;

use super::run::{Record, Run};
use super::settings::{CorpusName, RunSettings, Vocabulary};
use crate::data::{Corpus, Lang, Stories};
use crate::error::{Error, Result};
use crate::tokenizer::{SPECIALS, Stopped, Tokenizer};
use crate::train::{Documents, Session, State};

/// Largest text that is taken.
pub const MOST_TEXT_BYTES: usize = 16 << 20;
/// Size of the story corpora: the recipe's.
const STORIES_BYTES: usize = 1_500_000;
/// A vocabulary learns from at most so much text; more changes few merges and takes long.
const VOCABULARY_BYTES: usize = 750_000;
/// Text that is made or encoded in one slice: a few milliseconds.
const SLICE_BYTES: usize = 64 << 10;
/// Merges between two reports: a fraction of a second.
const REPORT_MERGES: usize = 32;

/// What an opening is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Making or reading the text.
    Corpus,
    /// Learning the vocabulary.
    Vocabulary,
    /// Encoding the text.
    Tokens,
    /// Drawing or restoring the weights.
    Model,
}

/// Told how far a phase is: phase, done, total (bytes of text, merges, or 0 and 1 of 1).
pub type Progress<'a> = &'a mut dyn FnMut(Phase, usize, usize);

/// What a file brings beside settings and text.
pub(super) struct Restored {
    pub tokenizer: Tokenizer,
    pub state: State,
    pub record: Record,
}

/// A run on its way.
pub struct Opening {
    settings: RunSettings,
    restored: Option<Restored>,
    corpus: Corpus,
    stories: Option<Stories>,
    /// The text that came from outside, to be saved with the run; empty where it is generated.
    given: Vec<u8>,
    vocabulary: Option<(Tokenizer, Option<Stopped>)>,
    encoder: Encoder,
    phase: Phase,
    ready: Option<Run>,
}

impl Opening {
    /// A new run. `given`: the text (UTF-8) where the settings name one that is not generated.
    ///
    /// # Errors
    /// As [`RunSettings::validate`]; [`Error::EmptyText`]; [`Error::Format`] for text that is not UTF-8;
    /// [`Error::TextSize`].
    pub fn new(settings: RunSettings, given: Vec<u8>) -> Result<Self> {
        Self::with(settings, given, None)
    }

    /// A run that goes on.
    pub(super) fn restored(settings: RunSettings, given: Vec<u8>, restored: Restored) -> Result<Self> {
        Self::with(settings, given, Some(restored))
    }

    fn with(settings: RunSettings, given: Vec<u8>, restored: Option<Restored>) -> Result<Self> {
        settings.validate()?;
        let given = if settings.corpus.is_generated() { Vec::new() } else { given };
        let corpus = match settings.corpus {
            CorpusName::StoriesEn | CorpusName::StoriesZh => Corpus::default(),
            CorpusName::Names => Corpus::from_lines(text(&given)?),
            CorpusName::MobyDick | CorpusName::Own => Corpus::from_text(text(&given)?.into()),
        };
        let lang = if settings.corpus == CorpusName::StoriesZh { Lang::ZhHans } else { Lang::En };
        let stories = settings.corpus.is_generated().then(|| Stories::new(lang, settings.seed));
        let (encoder, phase) = (Encoder::default(), Phase::Corpus);
        Ok(Self { settings, restored, corpus, stories, given, vocabulary: None, encoder, phase, ready: None })
    }

    /// One slice of work; true once the run is ready.
    ///
    /// # Errors
    /// [`Error::CorpusTooShort`], [`Error::OtherCorpus`], [`Error::Format`] of a saved run; the opening is then over.
    pub fn advance(&mut self, progress: Progress) -> Result<bool> {
        match self.phase {
            Phase::Corpus => self.make_corpus(progress),
            Phase::Vocabulary => self.learn_vocabulary(progress)?,
            Phase::Tokens => self.encode(progress),
            Phase::Model => {
                progress(Phase::Model, 0, 1);
                self.make_model()?;
                progress(Phase::Model, 1, 1);
            }
        }
        Ok(self.ready.is_some())
    }

    /// The run, once [`Opening::advance`] said true.
    pub fn finish(self) -> Option<Run> {
        self.ready
    }

    /// The text of a new run as tokens of a given vocabulary, the number of its bytes, and the text where it is not
    /// generated.
    ///
    /// # Errors
    /// [`Error::CorpusTooShort`].
    #[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
    pub(super) fn encoded(
        mut self,
        tokenizer: &Tokenizer,
        progress: Progress,
    ) -> Result<(crate::train::Split, usize, Vec<u8>)> {
        while self.phase == Phase::Corpus {
            self.make_corpus(progress);
        }
        self.vocabulary = Some((tokenizer.clone(), None));
        self.phase = Phase::Tokens;
        while self.phase == Phase::Tokens {
            self.encode(progress);
        }
        let split = self.encoder.documents.split(self.settings.context, |id| text_bytes(tokenizer, id))?;
        Ok((split, self.corpus.text.len(), self.given))
    }

    /// All slices at once.
    pub(super) fn complete(mut self, progress: Progress) -> Result<Run> {
        loop {
            self.advance(progress)?;
            if let Some(run) = self.ready {
                return Ok(run);
            }
        }
    }

    fn make_corpus(&mut self, progress: Progress) {
        let total = if self.stories.is_some() { STORIES_BYTES } else { self.corpus.text.len() };
        if let Some(stories) = &mut self.stories {
            let until = (self.corpus.text.len() + SLICE_BYTES).min(STORIES_BYTES);
            while self.corpus.text.len() < until
                && let Some(document) = stories.next()
            {
                self.corpus.push(&document);
            }
        }
        let done = self.corpus.text.len().min(total);
        progress(Phase::Corpus, done, total);
        if done == total {
            self.phase = Phase::Vocabulary;
        }
    }

    fn learn_vocabulary(&mut self, progress: Progress) -> Result<()> {
        let options = self.settings.tokenizer();
        self.vocabulary = Some(match (&self.restored, self.settings.vocabulary) {
            (Some(restored), _) => (restored.tokenizer.clone(), restored.record.stopped),
            (None, Vocabulary::Bytes) => (Tokenizer::bytes(options.specials), None),
            (None, Vocabulary::Bpe) => Tokenizer::train(self.vocabulary_text(), &options, &mut |done, total| {
                if done % REPORT_MERGES == 0 {
                    progress(Phase::Vocabulary, done, total);
                }
                true
            })?,
        });
        self.phase = Phase::Tokens;
        Ok(())
    }

    /// What the vocabulary learns from: the beginning of the training part.
    fn vocabulary_text(&self) -> impl Iterator<Item = &str> {
        let mut left = VOCABULARY_BYTES.min(self.corpus.text.len() * 19 / 20);
        self.corpus.documents().map_while(move |document| {
            let cut = document.floor_char_boundary(left.min(document.len()));
            left -= cut;
            (cut > 0).then(|| &document[..cut])
        })
    }

    fn encode(&mut self, progress: Progress) {
        let Some((tokenizer, _)) = &self.vocabulary else { return };
        let start = document_start(&self.corpus, tokenizer);
        let done = self.encoder.slice(&self.corpus, tokenizer, start);
        progress(Phase::Tokens, done, self.corpus.text.len());
        if done == self.corpus.text.len() {
            self.phase = Phase::Model;
        }
    }

    fn make_model(&mut self) -> Result<()> {
        let Some((tokenizer, stopped)) = self.vocabulary.take() else { return Ok(()) };
        let corpus = mem::take(&mut self.corpus);
        let text_bytes = |id| text_bytes(&tokenizer, id);
        let split = mem::take(&mut self.encoder).documents.split(self.settings.context, text_bytes)?;
        let (session, record) = match self.restored.take() {
            Some(Restored { state, record, .. }) => (Session::restore(state, split)?, record),
            None => {
                let config = self.settings.config(tokenizer.vocab_size(), document_start(&corpus, &tokenizer));
                let training = self.settings.training(&config);
                let record = Record { stopped, corpus_bytes: corpus.text.len(), ..Record::default() };
                (Session::new(config, training, split)?, record)
            }
        };
        let given = mem::take(&mut self.given);
        self.ready = Some(Run::with(self.settings.clone(), tokenizer, session, record, given));
        Ok(())
    }
}

impl Run {
    /// Prepares a run at step 0 in one go; [`Opening`] does it in slices.
    ///
    /// # Errors
    /// As [`Opening::new`] and [`Opening::advance`].
    pub fn open(settings: RunSettings, given: Vec<u8>, progress: Progress) -> Result<Self> {
        Opening::new(settings, given)?.complete(progress)
    }
}

/// Bytes of text that a token stands for.
fn text_bytes(tokenizer: &Tokenizer, id: u32) -> usize {
    if tokenizer.is_special(id) { 0 } else { tokenizer.token_bytes(id).map_or(0, <[u8]>::len) }
}

/// The id that stands before every document, where there are several.
fn document_start(corpus: &Corpus, tokenizer: &Tokenizer) -> Option<u32> {
    if corpus.documents.len() > 1 { tokenizer.special(SPECIALS[0]) } else { None }
}

/// The text of bytes from outside.
fn text(bytes: &[u8]) -> Result<&str> {
    if bytes.len() > MOST_TEXT_BYTES {
        return Err(Error::TextSize { limit_bytes: MOST_TEXT_BYTES, found_bytes: bytes.len() });
    }
    let text = core::str::from_utf8(bytes).map_err(|e| Error::Format {
        file: "text",
        expected: "UTF-8".into(),
        found: format!("a byte that is none at {}", e.valid_up_to()),
    })?;
    if text.trim().is_empty() { Err(Error::EmptyText) } else { Ok(text) }
}

/// Encodes a corpus slice by slice; the ids are those of encoding every document at once.
#[derive(Default)]
struct Encoder {
    documents: Documents,
    /// Documents done, and bytes of the text done.
    document: usize,
    done: usize,
    /// Ids of the unfinished document.
    ids: Vec<u32>,
}

impl Encoder {
    /// One slice; returns the bytes done.
    fn slice(&mut self, corpus: &Corpus, tokenizer: &Tokenizer, start: Option<u32>) -> usize {
        let until = self.done + SLICE_BYTES;
        while self.done < until && self.document < corpus.documents.len() {
            let first = corpus.documents[self.document];
            let next = corpus.documents.get(self.document + 1);
            let end = next.map_or(corpus.text.len(), |&next| next - 1);
            let from = self.done.max(first);
            if from == first {
                self.ids.clear();
                self.ids.extend(start);
            }
            let to = from + cut(&corpus.text[from..end], SLICE_BYTES);
            self.ids.extend(tokenizer.encode(&corpus.text[from..to]));
            self.done = to;
            if to == end {
                self.documents.push(&self.ids);
                self.document += 1;
                self.done = next.copied().unwrap_or(end);
            }
        }
        self.done
    }
}

/// Where a text of more than `least` bytes may be cut without changing its pieces: before a space that stands alone
/// between characters that are no white space, or behind such a line feed. There every rule of cutting begins a piece.
fn cut(text: &str, least: usize) -> usize {
    if text.len() <= least {
        return text.len();
    }
    let mut before = ' ';
    let from = text.floor_char_boundary(least);
    let mut characters = text[from..].char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let alone = !before.is_whitespace() && characters.peek().is_some_and(|(_, next)| !next.is_whitespace());
        match c {
            ' ' if alone => return from + at,
            '\n' if alone => return from + at + 1,
            _ => before = c,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use crate::tokenizer::{Split, TrainOptions};
    use alloc::string::String;
    use alloc::vec;

    #[test]
    fn cutting_changes_no_token_of_any_text() {
        let mut rng = Rng::new(1, Purpose::Test, 11);
        let alphabet = ['a', 'b', '\'', 's', '1', ' ', ' ', '\n', '\n', '\t', '。', '界', '.', '\u{a0}', '\r'];
        for split in [Split::Digits, Split::Gpt2] {
            for _ in 0..400 {
                let text: String = (0..60).map(|_| *rng.choose(&alphabet)).collect();
                let options = TrainOptions { vocab_size: 300, split, specials: vec![] };
                let (tokenizer, _) = Tokenizer::train([text.as_str()].into_iter(), &options, &mut |_, _| true).unwrap();
                let (mut ids, mut rest) = (Vec::new(), text.as_str());
                while !rest.is_empty() {
                    let (part, behind) = rest.split_at(cut(rest, 3));
                    ids.extend(tokenizer.encode(part));
                    rest = behind;
                }
                assert_eq!(ids, tokenizer.encode(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn slices_encode_as_a_whole_pass_does() {
        let mut corpus = Corpus::default();
        for document in ["", " one two", "", &"long text ".repeat(20_000), "last"] {
            corpus.push(document);
        }
        let tokenizer = Tokenizer::bytes(SPECIALS.map(String::from).to_vec());
        let end = tokenizer.special(SPECIALS[0]);
        let mut encoder = Encoder::default();
        let mut slices = 0;
        while encoder.slice(&corpus, &tokenizer, end) < corpus.text.len() {
            slices += 1;
        }
        assert!(slices >= 3, "{slices}");
        let all = tokenizer.encode_documents(corpus.documents(), end.unwrap());
        assert_eq!(encoder.documents.len(), all.len());
        let split = encoder.documents.split(8, |_| 1).unwrap();
        assert_eq!([split.train, split.validation].concat(), all);
    }
}
