//! A text that is edited while its tokens are kept: an edit cuts and merges anew only what it may have changed.

use super::cache::Cache;
use super::patch::Kept;
use super::{Span, Tokenizer};
use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// Pieces before an edit that are cut again. Where a piece ends is known at most two pieces and four characters behind
/// its end: the white space or the letters that it begins are cut once more, and then a contraction may follow.
const PIECES_BACK: usize = 8;
/// Pieces from this length on keep the tokens that an edit does not reach.
const LONG_BYTES: usize = 1 << 9;

/// A piece of the text: its length in bytes, in UTF-16 units and in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Piece {
    bytes: u32,
    utf16: u32,
    ids: u32,
}

impl Piece {
    fn new(piece: &[u8], ids: usize) -> Self {
        Self { bytes: piece.len() as u32, utf16: utf16_len(piece), ids: ids as u32 }
    }
}

/// What an edit does to the bytes of the text.
#[derive(Debug, Clone, Copy)]
struct Change<'a> {
    start: usize,
    removed: &'a [u8],
    /// Length of what came instead.
    inserted: usize,
}

impl Change<'_> {
    /// The same change as far behind as it can be described, up to `end`: one more letter in a row of equal ones is one
    /// more at their end, where merging notices it last. `text` is the new text.
    fn moved_on(mut self, text: &[u8], end: usize) -> Self {
        let (first, removed) = (self.start, self.removed.len());
        let old = |at: usize| self.removed.get(at - first).copied().unwrap_or_else(|| text[at - removed]);
        match (removed, self.inserted) {
            (0, 1..) => {
                while self.start + self.inserted < end && text[self.start] == text[self.start + self.inserted] {
                    self.start += 1;
                }
            }
            (1.., 0) => {
                while self.start < end && old(self.start) == text[self.start] {
                    self.start += 1;
                }
            }
            _ => {}
        }
        self
    }
}

/// A text under one vocabulary. Places are UTF-16 units, as in JavaScript; every method needs the same [`Tokenizer`]
/// that the document was made with.
///
/// ```
/// use glassgpt::tokenizer::{Document, Tokenizer};
///
/// let tokenizer = Tokenizer::bytes(vec![]);
/// let mut document = Document::new(&tokenizer, "a👋c");
/// document.edit(&tokenizer, 1..3, "b")?;
/// assert_eq!((document.text(), document.ids()), ("abc", &[97, 98, 99][..]));
/// assert_eq!(document.tokens_in(&tokenizer, 1..2)?.1[0].id, 98);
/// # Ok::<(), glassgpt::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Document {
    text: String,
    pieces: Vec<Piece>,
    ids: Vec<u32>,
}

/// Where a piece begins: its index, and what stands before it.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    piece: usize,
    bytes: usize,
    utf16: usize,
    ids: usize,
}

impl Place {
    fn advance(&mut self, piece: Piece) {
        self.piece += 1;
        self.bytes += piece.bytes as usize;
        self.utf16 += piece.utf16 as usize;
        self.ids += piece.ids as usize;
    }
}

fn utf16_len(text: &[u8]) -> u32 {
    // A unit for each character, one more for each of four bytes.
    text.iter().map(|&byte| u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0)).sum()
}

impl Document {
    /// Cuts and encodes a text; nothing in it is special.
    pub fn new(tokenizer: &Tokenizer, text: impl Into<String>) -> Self {
        let text = text.into();
        let (pieces, ids) = encode(tokenizer, &text);
        Self { text, pieces, ids }
    }

    /// Replaces the UTF-16 units of a range. The ids are then those of the new text from scratch.
    ///
    /// # Errors
    /// [`Error::Format`], and nothing changes, when the range ends before it starts, ends behind the text, or halves a
    /// character of two units.
    pub fn edit(&mut self, tokenizer: &Tokenizer, range: Range<usize>, insert: &str) -> Result<()> {
        let refused = || {
            let expected = format!("borders of characters within 0..={} UTF-16 units", self.utf16_len());
            Error::Format { file: "edit", expected, found: format!("{}..{}", range.start, range.end) }
        };
        let (place, start) = self.locate(range.start).ok_or_else(refused)?;
        let (_, end) = self.locate(range.end).filter(|&(_, end)| start <= end).ok_or_else(refused)?;
        let from = self.start_of(place.piece.saturating_sub(PIECES_BACK));
        let removed = self.text[start..end].to_string();
        self.text.replace_range(start..end, insert);
        let (cut, to) = self.cut_again(tokenizer, from, start + insert.len(), end);
        let change = Change { start, removed: removed.as_bytes(), inserted: insert.len() };
        let (pieces, ids) = self.encode_again(tokenizer, from..to, &cut, change);
        self.pieces.splice(from.piece..to.piece, pieces);
        self.ids.splice(from.ids..to.ids, ids);
        Ok(())
    }

    /// The pieces of the edited text that end at `cut`, counted from the first place on, with their ids. Before the edit
    /// the old ones of `range` stood there.
    fn encode_again(
        &self,
        tokenizer: &Tokenizer,
        range: Range<Place>,
        cut: &[usize],
        change: Change,
    ) -> (Vec<Piece>, Vec<u32>) {
        let text = &self.text.as_bytes()[range.start.bytes..];
        let (mut pieces, mut ids, mut start) = (Vec::new(), Vec::new(), 0);
        let mut cache = Cache::for_text(cut.last().copied().unwrap_or(0));
        for &end in cut {
            let (piece, before) = (&text[start..end], ids.len());
            if piece.len() >= LONG_BYTES && !tokenizer.merges.is_whole(piece) {
                let from = range.start.bytes + start;
                let [before, behind] = self.kept(tokenizer, &range, from..from + piece.len(), change);
                tokenizer.encode_between(piece, before, behind, &mut ids);
            } else {
                let only = [piece.len()].into_iter();
                tokenizer.encode_pieces(&text[start..], only, &mut cache, &mut ids, |_, _| {});
            }
            pieces.push(Piece::new(piece, ids.len() - before));
            start = end;
        }
        (pieces, ids)
    }

    /// Ids of old pieces that the new piece may keep at its beginning and at its end.
    fn kept(&self, tokenizer: &Tokenizer, old: &Range<Place>, new: Range<usize>, change: Change) -> [Kept<'_>; 2] {
        let change = change.moved_on(self.text.as_bytes(), new.end);
        let (start, old_end) = (change.start, change.start + change.removed.len());
        let grown = |at: usize| at + change.inserted - change.removed.len();
        let (mut place, mut kept) = (old.start, [Kept::default(); 2]);
        while place.piece < old.end.piece {
            let piece = self.pieces[place.piece];
            let (bytes, ids) = (piece.bytes as usize, &self.ids[place.ids..][..piece.ids as usize]);
            let end = place.bytes + bytes;
            if place.bytes == new.start && start > place.bytes {
                kept[0] = Kept::before(tokenizer, ids, start.min(new.end).min(end) - place.bytes);
            }
            if end >= old_end && grown(end) == new.end {
                // What begins before the new piece or before the end of the edit is not kept.
                let first = old_end.max((new.start + change.removed.len()).saturating_sub(change.inserted));
                kept[1] = Kept::behind(tokenizer, ids, first.saturating_sub(place.bytes), bytes);
            }
            place.advance(piece);
        }
        kept
    }

    /// Where the pieces of the edited text end, counted from `from` on, until they are the old ones again, which is where
    /// the old piece at the second place begins. The edited part ends at `new_end`, before the edit at `old_end`.
    fn cut_again(&self, tokenizer: &Tokenizer, from: Place, new_end: usize, old_end: usize) -> (Vec<usize>, Place) {
        let text = self.text.as_bytes();
        let (mut cut, mut at, mut old) = (Vec::new(), from.bytes, from);
        loop {
            // Where a piece ends depends on nothing before it: with a common border behind the edit all others follow.
            while old.bytes < old_end || old.bytes - old_end < at.saturating_sub(new_end) {
                old.advance(self.pieces[old.piece]);
            }
            if at >= new_end && old.bytes - old_end == at - new_end {
                return (cut, old);
            }
            at = tokenizer.scanner.end(text, at);
            cut.push(at - from.bytes);
        }
    }

    /// The piece that holds a place in UTF-16 units, and the place in bytes; `None` inside a character and behind the end.
    fn locate(&self, utf16: usize) -> Option<(Place, usize)> {
        let mut place = Place::default();
        for &piece in &self.pieces {
            if place.utf16 + piece.utf16 as usize > utf16 {
                break;
            }
            place.advance(piece);
        }
        let mut at = place.utf16;
        let rest = &self.text[place.bytes..];
        let mut borders = rest.char_indices().map(|(byte, c)| (byte, c.len_utf16())).chain([(rest.len(), 1)]);
        let byte = borders.find_map(|(byte, units)| {
            let found = (at >= utf16).then_some((byte, at));
            at += units;
            found
        });
        byte.filter(|&(_, found)| found == utf16).map(|(byte, _)| (place, place.bytes + byte))
    }

    fn start_of(&self, piece: usize) -> Place {
        let mut place = Place::default();
        self.pieces[..piece].iter().for_each(|&piece| place.advance(piece));
        place
    }

    /// The tokens that touch a range of UTF-16 units, with their places in the whole text, and the index of the first
    /// one. An empty range touches the token behind it. What is behind the text touches nothing.
    ///
    /// # Errors
    /// [`Error::Format`] when the document was made with another tokenizer whose tokens are longer or shorter.
    pub fn tokens_in(&self, tokenizer: &Tokenizer, range: Range<usize>) -> Result<(usize, Vec<Span>)> {
        let end = range.end.max(range.start.saturating_add(1));
        let touches = |start: usize, stop: usize| start < end && stop > range.start;
        let (mut place, mut first, mut spans) = (Place::default(), None, Vec::new());
        for &piece in &self.pieces {
            if place.utf16 >= end {
                break;
            }
            if touches(place.utf16, place.utf16 + piece.utf16 as usize) {
                let ids = &self.ids[place.ids..place.ids + piece.ids as usize];
                let text = &self.text[place.bytes..place.bytes + piece.bytes as usize];
                for (i, span) in tokenizer.spans(ids, text)?.into_iter().enumerate() {
                    let span = span.behind(place.bytes, place.utf16);
                    if touches(span.utf16_start, span.utf16_end) {
                        first.get_or_insert(place.ids + i);
                        spans.push(span);
                    }
                }
            }
            place.advance(piece);
        }
        Ok((first.unwrap_or(place.ids), spans))
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The ids now.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Length of the text in UTF-16 units.
    pub fn utf16_len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.utf16 as usize).sum()
    }
}

/// The pieces of a text with their ids.
fn encode(tokenizer: &Tokenizer, text: &str) -> (Vec<Piece>, Vec<u32>) {
    let ends = tokenizer.scanner.ends(text);
    let (mut pieces, mut ids, mut before) = (Vec::new(), Vec::new(), 0);
    tokenizer.encode_pieces(text.as_bytes(), ends, &mut Cache::for_text(text.len()), &mut ids, |piece, after| {
        pieces.push(Piece::new(piece, after - before));
        before = after;
    });
    (pieces, ids)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TEXT, trained};
    use super::super::{Split, Tokenizer};
    use super::*;
    use std::sync::LazyLock;

    static TOKENIZERS: LazyLock<Vec<Tokenizer>> = LazyLock::new(|| {
        let splits = [Split::Digits, Split::Gpt2, Split::Cl100k, Split::O200k, Split::Qwen];
        splits.into_iter().map(|split| trained(TEXT, 330, split).0).collect()
    });

    fn assert_from_scratch(tokenizer: &Tokenizer, document: &Document) {
        let expected = Document::new(tokenizer, document.text());
        assert_eq!(document.ids, tokenizer.encode(document.text()), "{:?}", document.text());
        assert_eq!(document.pieces, expected.pieces, "{:?}", document.text());
    }

    /// Text that the rules of cutting are about.
    fn hostile() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let part = prop_oneof![
            "[ \\n\\r\\t]{0,6}",
            "[aAǅʰ\\u{301}中]{0,6}",
            "'(s|S|ll|LL|Re|ve|x|ſ)?",
            "[0-9]{0,5}",
            "[!/.,]{0,4}",
            "👋|👨‍👩‍👧|é|球|\\u{85}|\\u{3000}",
            "(?s:.{0,3})",
        ];
        proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]
        #[test]
        fn edits_come_to_the_ids_of_the_new_text(
            text in hostile(), edits in proptest::collection::vec((0usize..200, 0usize..12, hostile()), 1..6),
        ) {
            for tokenizer in TOKENIZERS.iter() {
                let mut document = Document::new(tokenizer, text.as_str());
                for (start, len, insert) in &edits {
                    let units: Vec<u16> = document.text().encode_utf16().collect();
                    assert_eq!(document.utf16_len(), units.len());
                    let start = start % (units.len() + 1);
                    let end = (start + len).min(units.len());
                    let expected = [&units[..start], &insert.encode_utf16().collect::<Vec<_>>(), &units[end..]].concat();
                    let halves = [&units[..start], &units[start..end], &units[end..]].iter().any(|part| String::from_utf16(part).is_err());
                    let before = document.clone();
                    match document.edit(tokenizer, start..end, insert) {
                        Ok(()) => {
                            assert!(!halves);
                            assert_eq!(document.text(), String::from_utf16(&expected).unwrap());
                        }
                        Err(_) => {
                            assert!(halves);
                            assert_eq!((&document.text, &document.ids), (&before.text, &before.ids));
                        }
                    }
                    assert_from_scratch(tokenizer, &document);
                }
            }
        }

        #[test]
        fn tokens_of_a_range_are_those_that_touch_it(text in hostile(), start in 0usize..60, len in 0usize..20) {
            for tokenizer in TOKENIZERS.iter() {
                let document = Document::new(tokenizer, text.as_str());
                let end = start + len.max(1);
                let all = tokenizer.encode_spans(&text);
                let touching = |span: &Span| span.utf16_start < end && span.utf16_end > start;
                let expected: Vec<Span> = all.iter().copied().filter(touching).collect();
                let (first, found) = document.tokens_in(tokenizer, start..start + len).unwrap();
                assert_eq!(found, expected, "{text:?} {start} {len}");
                if !found.is_empty() {
                    assert_eq!(Some(first), all.iter().position(touching));
                }
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]
        #[test]
        fn edits_of_a_long_piece_come_to_the_ids_of_the_new_text(
            unit in "[ab]{1,3}|[a-e]{1,40}| |\\n|[1-3]{1,9}|你好|the", other in "[ab]{0,600}|[a-e]{0,900}| {0,700}",
            edits in proptest::collection::vec((0usize..4_000, 0usize..700, "[abz]{0,3}| |[ab]{600}|你"), 1..8),
        ) {
            let text = [unit.repeat(1_500 / unit.len()), other, unit.repeat(900 / unit.len())].concat();
            for tokenizer in TOKENIZERS.iter() {
                let mut document = Document::new(tokenizer, text.as_str());
                for (start, len, insert) in &edits {
                    // Mostly one letter more or less, as when typing.
                    let start = start % (document.utf16_len() + 1);
                    let len = if len % 3 == 0 { *len } else { len % 3 - 1 };
                    let end = (start + len).min(document.utf16_len());
                    document.edit(tokenizer, start..end, insert).unwrap();
                    assert_from_scratch(tokenizer, &document);
                }
            }
        }
    }

    #[test]
    fn changes_are_described_as_far_behind_as_they_can_be() {
        let moved = |text: &str, start, removed: &str, inserted, end| {
            Change { start, removed: removed.as_bytes(), inserted }.moved_on(text.as_bytes(), end).start
        };
        assert_eq!(moved("xxxxy", 1, "", 1, 5), 3);
        assert_eq!(moved("xxxxy", 1, "", 1, 3), 2);
        assert_eq!(moved("xxxxy", 1, "x", 0, 5), 4);
        assert_eq!(moved("abababc", 0, "", 2, 7), 4);
        assert_eq!(moved("abababc", 0, "ab", 0, 7), 6);
        assert_eq!(moved("xxxx", 1, "y", 0, 4), 1);
        assert_eq!(moved("xxxx", 1, "x", 1, 4), 1);
    }

    #[test]
    fn edits_inside_a_pair_and_behind_the_end_are_refused_with_a_sentence() {
        let tokenizer = &TOKENIZERS[0];
        let mut document = Document::new(tokenizer, "a👋b");
        let refused = document.edit(tokenizer, 2..3, "x").unwrap_err().to_string();
        assert_eq!(
            refused,
            "this is not a usable edit: expected borders of characters within 0..=4 UTF-16 units, found 2..3"
        );
        for range in [1..2, 4..5, 5..5, usize::MAX..usize::MAX] {
            assert!(document.edit(tokenizer, range, "").is_err());
        }
        #[expect(clippy::reversed_empty_ranges, reason = "the test is about one")]
        let backwards = 3..1;
        assert!(document.edit(tokenizer, backwards, "").is_err());
        assert_eq!(document.text(), "a👋b");
        document.edit(tokenizer, 4..4, "c").unwrap();
        document.edit(tokenizer, 1..3, "").unwrap();
        assert_eq!((document.text(), document.len()), ("abc", document.ids().len()));
    }

    #[test]
    fn an_edit_of_a_long_text_cuts_few_pieces_again() {
        for tokenizer in TOKENIZERS.iter() {
            let mut document = Document::new(tokenizer, TEXT.repeat(1_000));
            let units = TEXT.encode_utf16().count();
            for at in [0, 10 * units + 1, 500 * units + 6, document.utf16_len()] {
                document.edit(tokenizer, at..at, " new").unwrap();
                let (place, end) = document.locate(at + 4).unwrap();
                let from = document.start_of(place.piece.saturating_sub(PIECES_BACK));
                let (cut, _) = document.cut_again(tokenizer, from, end, end);
                assert!(cut.len() <= PIECES_BACK + 3, "{}", cut.len());
            }
            assert_from_scratch(tokenizer, &document);
        }
    }
}
