//! Bytes as one can read them: whole characters as text, anything else as the bytes that it is.

use alloc::vec::Vec;

/// A part of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Whole characters, at least one.
    Text(&'a str),
    /// Bytes that are no whole character, at least one.
    Bytes(&'a [u8]),
}

impl<'a> Segment<'a> {
    /// The characters, if they are whole.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) => None,
        }
    }

    /// The bytes of either kind.
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Cuts bytes, as a rule those of one token, into characters and what is left over; neighbours differ in kind.
///
/// ```
/// use glassgpt::tokenizer::{Segment, segments};
///
/// assert_eq!(segments(b"\xe4\xb8\xaa\xe7"), [Segment::Text("个"), Segment::Bytes(b"\xe7")]);
/// ```
pub fn segments(bytes: &[u8]) -> Vec<Segment<'_>> {
    let mut out = Vec::new();
    // Where the bytes that are no character began.
    let (mut at, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_empty() {
            if broken < at {
                out.push(Segment::Bytes(&bytes[broken..at]));
            }
            out.push(Segment::Text(chunk.valid()));
            at += chunk.valid().len();
            broken = at;
        }
        at += chunk.invalid().len();
    }
    if broken < at {
        out.push(Segment::Bytes(&bytes[broken..at]));
    }
    out
}

/// Text out of a stream of tokens. Holds back up to 3 bytes of a character that may still become whole; bytes that can
/// never become part of one come out as [`Segment::Bytes`], never as U+FFFD.
#[derive(Debug, Clone, Default)]
pub struct Streamer {
    buffer: Vec<u8>,
    /// Bytes of the buffer that earlier calls gave out.
    given: usize,
}

impl Streamer {
    /// Adds a token's bytes; returns what is settled now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Segment<'_>> {
        self.buffer.drain(..self.given);
        self.buffer.extend_from_slice(bytes);
        self.given = self.buffer.len() - unfinished(&self.buffer);
        segments(&self.buffer[..self.given])
    }

    /// Bytes held back, at most 3.
    pub fn pending(&self) -> &[u8] {
        &self.buffer[self.given..]
    }
}

/// Bytes at the end that begin a character and may still become one.
fn unfinished(bytes: &[u8]) -> usize {
    // No longer beginning of a character than 3 bytes; no text before it matters.
    let last = &bytes[bytes.len().saturating_sub(3)..];
    (0..last.len())
        .map(|from| &last[from..])
        .find(|end| core::str::from_utf8(end).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none()))
        .map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;

    /// Bytes near to text: whole characters, cut ones, wild ones.
    fn wild() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
        use proptest::prelude::*;
        let part = prop_oneof![
            any::<char>().prop_map(|c| String::from(c).into_bytes()),
            (any::<char>(), 0usize..4).prop_map(|(c, cut)| String::from(c)
                .into_bytes()
                .into_iter()
                .skip(cut % 2)
                .take(cut)
                .collect()),
            any::<u8>().prop_map(|byte| vec![byte]),
            Just(vec![0xf0, 0x9f, 0x91]),
        ];
        proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest::proptest! {
        #[test]
        fn segments_are_the_bytes_and_alternate(bytes in wild()) {
            let found = segments(&bytes);
            let joined: Vec<u8> = found.iter().flat_map(|s| s.bytes()).copied().collect();
            assert_eq!(joined, bytes);
            assert!(found.windows(2).all(|w| w[0].text().is_some() != w[1].text().is_some()), "{found:?}");
            assert!(found.iter().all(|s| !s.bytes().is_empty()));
            let whole: String = found.iter().filter_map(|s| s.text()).collect();
            let expected: String = bytes.utf8_chunks().map(|c| c.valid()).collect();
            assert_eq!(whole, expected);
        }

        #[test]
        fn any_cutting_of_any_bytes_streams_the_same(bytes in wild(), cuts: Vec<u8>) {
            let mut streamer = Streamer::default();
            let (mut given, mut text, mut rest) = (vec![], String::new(), &bytes[..]);
            for cut in cuts.into_iter().map(|cut| usize::from(cut) % 5).chain([usize::MAX]) {
                let (part, behind) = rest.split_at(rest.len().min(cut));
                for segment in streamer.push(part) {
                    given.extend_from_slice(segment.bytes());
                    text.extend(segment.text());
                }
                assert!(streamer.pending().len() <= 3);
                rest = behind;
            }
            // What is held back is the beginning of a character, and nothing else is.
            let held = streamer.pending();
            let whole = core::str::from_utf8(held);
            assert!(held.is_empty() || whole.is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none()));
            given.extend_from_slice(held);
            assert_eq!(given, bytes);
            assert_eq!(text, bytes.utf8_chunks().map(|c| c.valid()).collect::<String>());
        }
    }

    #[test]
    fn an_unfinished_character_is_held_back() {
        let mut streamer = Streamer::default();
        let emoji = "👋".as_bytes();
        assert_eq!(streamer.push(&[b" ", &emoji[..1]].concat()), [Segment::Text(" ")]);
        assert_eq!(streamer.push(&emoji[1..3]), []);
        assert_eq!(streamer.pending(), &emoji[..3]);
        assert_eq!(streamer.push(&emoji[3..]), [Segment::Text("👋")]);
        assert!(streamer.pending().is_empty());
    }

    #[test]
    fn bytes_that_never_become_a_character_come_out_as_bytes() {
        let mut streamer = Streamer::default();
        assert_eq!(streamer.push(b"\xe4\xb8"), []);
        assert_eq!(streamer.push(b"a"), [Segment::Bytes(b"\xe4\xb8"), Segment::Text("a")]);
        assert_eq!(streamer.push(b"\x80\xff"), [Segment::Bytes(b"\x80\xff")]);
        // U+D800 and what is above U+10FFFF are no characters.
        assert_eq!(streamer.push(b"\xed\xa0"), [Segment::Bytes(b"\xed\xa0")]);
        assert_eq!(streamer.push(b"\xf4\x90"), [Segment::Bytes(b"\xf4\x90")]);
    }
}
