//! A text and where its documents start.

use alloc::string::String;
use alloc::vec::Vec;

/// A text to learn from, as documents that do not know of each other.
///
/// Invariant: `documents` rises, and holds character boundaries of `text`. Between two documents stands one line feed that
/// belongs to neither: the text reads as one document a line, and the marker that training puts in front of every
/// document takes the place of the line feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    /// All documents.
    pub text: String,
    /// Byte where each document starts.
    pub documents: Vec<usize>,
    /// Where the text comes from: `stories-en`, `stories-zh-hans`, `text`, `lines`, or what the caller sets.
    pub name: String,
}

impl Corpus {
    /// One document; none if `text` is empty.
    pub fn from_text(text: String) -> Self {
        let documents = if text.is_empty() { Vec::new() } else { Vec::from([0]) };
        Self { text, documents, name: "text".into() }
    }

    /// One document a line, for lists such as first names. Blank lines and line ends (LF or CR LF) are dropped.
    pub fn from_lines(text: &str) -> Self {
        let mut corpus = Self { text: String::with_capacity(text.len()), documents: Vec::new(), name: "lines".into() };
        text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| corpus.push(line));
        corpus
    }

    /// Adds a document at the end.
    pub fn push(&mut self, document: &str) {
        if !self.documents.is_empty() {
            self.text.push('\n');
        }
        self.documents.push(self.text.len());
        self.text.push_str(document);
    }

    /// The documents in order.
    ///
    /// # Panics
    /// If the fields were changed so that the invariant broke.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = &str> {
        self.documents.iter().enumerate().map(|(i, &start)| {
            let end = self.documents.get(i + 1).map_or(self.text.len(), |next| next - 1);
            &self.text[start..end]
        })
    }

    /// Index of the first validation document: the last 5 % of the documents (rounded up) are for validation.
    ///
    /// A single document is not split here, the result is then 1: cut it by tokens.
    pub fn split(&self) -> usize {
        match self.documents.len() {
            n @ 0..=1 => n,
            n => n - n.div_ceil(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(corpus: &Corpus) -> Vec<&str> {
        corpus.documents().collect()
    }

    #[test]
    fn a_text_is_one_document_with_its_line_ends() {
        let corpus = Corpus::from_text("Call me\r\n\nIshmael.\n".into());
        assert_eq!(documents(&corpus), ["Call me\r\n\nIshmael.\n"]);
        assert_eq!(corpus.split(), 1);
    }

    #[test]
    fn an_empty_text_has_no_document() {
        assert_eq!(documents(&Corpus::from_text(String::new())).len(), 0);
        assert_eq!(documents(&Corpus::from_lines(" \n\r\n\t\n")).len(), 0);
        assert_eq!(Corpus::default().split(), 0);
    }

    #[test]
    fn every_line_is_a_document_without_its_end() {
        let corpus = Corpus::from_lines("Émile\r\n\nZoë\n  \n秀英 \nLast");
        assert_eq!(documents(&corpus), ["Émile", "Zoë", "秀英 ", "Last"]);
        assert_eq!(corpus.text, "Émile\nZoë\n秀英 \nLast");
    }

    #[test]
    fn an_empty_document_between_others_stays_a_document() {
        let mut corpus = Corpus::default();
        ["", "a", "", "b"].into_iter().for_each(|document| corpus.push(document));
        assert_eq!(documents(&corpus), ["", "a", "", "b"]);
    }

    #[test]
    fn the_last_twentieth_is_for_validation_and_neither_side_is_empty() {
        let mut corpus = Corpus::default();
        for n in 1..=200 {
            corpus.push("x");
            let validation = n - corpus.split();
            if n > 1 {
                assert!(validation >= 1 && corpus.split() >= 1, "{n} documents, {validation} for validation");
                assert!(
                    validation * 20 >= n && (validation - 1) * 20 < n,
                    "{n} documents, {validation} for validation"
                );
            }
        }
        assert_eq!(corpus.split(), 190);
    }
}
