//! Where tokens stand in their text.

use super::Tokenizer;
use crate::error::{Error, Result};
use alloc::format;
use alloc::vec::Vec;

/// One token of a text and where it stands. In UTF-16 units a token that begins inside a character starts where that
/// character starts, and one that ends inside a character ends behind it: a highlight never halves a surrogate pair, and
/// neighbours that share a character overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Token id.
    pub id: u32,
    /// First byte (UTF-8).
    pub byte_start: usize,
    /// Byte behind the last.
    pub byte_end: usize,
    /// First UTF-16 unit.
    pub utf16_start: usize,
    /// Unit behind the last.
    pub utf16_end: usize,
}

impl Span {
    /// The same in a text with so much before it.
    pub(super) fn behind(self, bytes: usize, utf16: usize) -> Self {
        Self {
            id: self.id,
            byte_start: self.byte_start + bytes,
            byte_end: self.byte_end + bytes,
            utf16_start: self.utf16_start + utf16,
            utf16_end: self.utf16_end + utf16,
        }
    }
}

impl Tokenizer {
    /// Ids of a text with their places; nothing in it is special.
    pub fn encode_spans(&self, text: &str) -> Vec<Span> {
        // The ids of a text join to the text.
        self.spans(&self.encode(text), text).unwrap_or_default()
    }

    /// Where ids stand in the text that they were made from; special tokens stand there under their names.
    ///
    /// # Errors
    /// As [`Tokenizer::token_bytes`], and [`Error::Format`] when the ids are not those of a text of this length.
    pub fn spans(&self, ids: &[u32], text: &str) -> Result<Vec<Span>> {
        let mut characters = text.char_indices().map(|(at, c)| (at, c.len_utf8(), c.len_utf16())).peekable();
        let mut spans = Vec::with_capacity(ids.len());
        // Units of the characters that end at or before `byte_start`.
        let (mut byte_start, mut utf16) = (0, 0);
        for &id in ids {
            let byte_end = byte_start + self.token_bytes(id)?.len();
            let utf16_start = utf16;
            let mut utf16_end = utf16;
            while let Some(&(at, len, units)) = characters.peek()
                && at < byte_end
            {
                utf16_end += units;
                if at + len > byte_end {
                    break;
                }
                utf16 = utf16_end;
                characters.next();
            }
            spans.push(Span { id, byte_start, byte_end, utf16_start, utf16_end });
            byte_start = byte_end;
        }
        if byte_start != text.len() {
            let (expected, found) =
                (format!("the ids of a text of {} bytes", text.len()), format!("{byte_start} bytes"));
            return Err(Error::Format { file: "list of token ids", expected, found });
        }
        Ok(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TEXT, trained};
    use super::super::{Split, Tokenizer};
    use super::*;

    /// The rule, character by character.
    fn assert_spans(tokenizer: &Tokenizer, text: &str) {
        let spans = tokenizer.encode_spans(text);
        assert_eq!(spans.iter().map(|s| s.id).collect::<Vec<_>>(), tokenizer.encode(text));
        let units = |text: &str| text.encode_utf16().count();
        let mut byte = 0;
        for span in spans {
            assert_eq!(span.byte_start, byte, "{text:?}");
            byte = span.byte_end;
            assert_eq!(tokenizer.token_bytes(span.id).unwrap(), &text.as_bytes()[span.byte_start..span.byte_end]);
            let start = text.floor_char_boundary(span.byte_start);
            let end = text.ceil_char_boundary(span.byte_end);
            let expected = (units(&text[..start]), units(&text[..end]));
            assert_eq!((span.utf16_start, span.utf16_end), expected, "{text:?} {span:?}");
        }
        assert_eq!(byte, text.len());
    }

    proptest::proptest! {
        #[test]
        fn spans_tile_any_text_and_never_halve_a_character(
            any in "\\PC{0,40}", near in "[a-z 0-9'。你好球色👋👨👩🏽\u{200d}\n]{0,60}",
        ) {
            for split in [Split::Gpt2, Split::Digits] {
                let (tokenizer, _) = trained(TEXT, 330, split);
                assert_spans(&tokenizer, &any);
                assert_spans(&tokenizer, &near);
                assert_spans(&Tokenizer::bytes(alloc::vec![]), &near);
            }
        }
    }

    #[test]
    fn a_token_that_cuts_a_pair_covers_all_of_it() {
        let spans = Tokenizer::bytes(alloc::vec![]).encode_spans("a👋b");
        let units: Vec<_> = spans.iter().map(|s| (s.utf16_start, s.utf16_end)).collect();
        assert_eq!(units, [(0, 1), (1, 3), (1, 3), (1, 3), (1, 3), (3, 4)]);
    }
}
