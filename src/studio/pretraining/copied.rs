//! Whether a text was copied: its longest piece that stands, byte for byte, in another text.
//! By a suffix automaton of the (short) text, so that the (long) other one is read once. Source: Blumer et al. 1985, "The
//! smallest automaton recognizing the subwords of a text".

use alloc::vec::Vec;
use serde::Serialize;

/// Longer texts are looked up by their beginning.
pub const MOST_BYTES: usize = 4096;
/// Of the line around the piece so many bytes are told.
const LINE_BYTES: usize = 400;

/// The longest common piece of a text and the text that was learned from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// Where the piece begins in the text that was looked up, and its length in bytes.
    pub start: usize,
    /// Bytes of the piece.
    pub len: usize,
    /// Bytes of the text that was looked up.
    pub of: usize,
    /// The line of the other text that the piece begins in, cut where it is long.
    pub line: Vec<u8>,
    /// Bytes of `line` before the piece.
    pub line_start: usize,
}

struct State {
    len: usize,
    link: usize,
    next: Vec<(u8, usize)>,
}

impl State {
    fn step(&self, byte: u8) -> Option<usize> {
        self.next.iter().find(|(b, _)| *b == byte).map(|(_, to)| *to)
    }

    fn set(&mut self, byte: u8, to: usize) {
        match self.next.iter_mut().find(|(b, _)| *b == byte) {
            Some(known) => known.1 = to,
            None => self.next.push((byte, to)),
        }
    }
}

const NONE: usize = usize::MAX;

fn automaton(text: &[u8]) -> Vec<State> {
    let mut states = Vec::from([State { len: 0, link: NONE, next: Vec::new() }]);
    let mut last = 0;
    for &byte in text {
        let new = states.len();
        let len = states[last].len + 1;
        states.push(State { len, link: 0, next: Vec::new() });
        let mut at = last;
        while at != NONE && states[at].step(byte).is_none() {
            states[at].set(byte, new);
            at = states[at].link;
        }
        if at != NONE {
            let to = states[at].step(byte).unwrap_or(0);
            if states[to].len == states[at].len + 1 {
                states[new].link = to;
            } else {
                let copy = states.len();
                let (len, link, next) = (states[at].len + 1, states[to].link, states[to].next.clone());
                states.push(State { len, link, next });
                while at != NONE && states[at].step(byte) == Some(to) {
                    states[at].set(byte, copy);
                    at = states[at].link;
                }
                states[to].link = copy;
                states[new].link = copy;
            }
        }
        last = new;
    }
    states
}

/// End and length of the longest piece of `other` that stands in `text`; the first of several.
fn longest(text: &[u8], other: &[u8]) -> (usize, usize) {
    let states = automaton(text);
    let (mut at, mut len, mut best) = (0, 0, (0, 0));
    for (i, &byte) in other.iter().enumerate() {
        while at != 0 && states[at].step(byte).is_none() {
            at = states[at].link;
            len = states[at].len;
        }
        if let Some(to) = states[at].step(byte) {
            (at, len) = (to, len + 1);
        }
        if len > best.1 {
            best = (i + 1, len);
        }
    }
    best
}

/// The longest piece of `text` (its first 4,096 bytes) that stands in `learned`.
pub fn copied(text: &[u8], learned: &[u8]) -> Copied {
    let text = &text[..text.len().min(MOST_BYTES)];
    let (end, len) = longest(text, learned);
    let piece = &learned[end - len..end];
    let start = if len == 0 { 0 } else { text.windows(len).position(|w| w == piece).unwrap_or(0) };
    let line_start = learned[..end - len].iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
    // A piece may hold line feeds: the line then goes on to the end of its last one.
    let line_end = learned[end..].iter().position(|&b| b == b'\n').map_or(learned.len(), |n| end + n);
    let from = line_start.max((end - len).saturating_sub(LINE_BYTES / 2));
    let to = line_end.min(end + LINE_BYTES / 2);
    let line = learned[from..to].to_vec();
    Copied { start, len, of: text.len(), line, line_start: end - len - from }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};

    /// The oracle: every piece of every length.
    fn naive(text: &[u8], other: &[u8]) -> usize {
        (0..=text.len())
            .rev()
            .find(|&n| n == 0 || text.windows(n).any(|w| other.windows(n).any(|o| o == w)))
            .unwrap_or(0)
    }

    #[test]
    fn the_longest_piece_is_that_of_trying_them_all() {
        let mut rng = Rng::new(1, Purpose::Windows, 0);
        for round in 0..300 {
            let mut make = |len: usize| -> Vec<u8> { (0..len).map(|_| b'a' + rng.below(3) as u8).collect() };
            let (text, other) = (make(round % 40), make(60));
            let found = copied(&text, &other);
            assert_eq!(found.len, naive(&text, &other), "{text:?} {other:?}");
            let piece = &text[found.start..found.start + found.len];
            assert!(other.windows(found.len.max(1)).any(|w| w == piece) || found.len == 0);
        }
    }

    #[test]
    fn the_line_around_the_piece_is_told() {
        let found = copied(b"xx red ball yy", "一行\nMia has a red ball today.\nend".as_bytes());
        assert_eq!((found.start, found.len, found.of), (2, 10, 14));
        assert_eq!(found.line, b"Mia has a red ball today.");
        assert_eq!(&found.line[found.line_start..found.line_start + found.len], b" red ball ");
    }

    #[test]
    fn nothing_is_copied_from_nothing() {
        assert_eq!(copied(b"", b"abc").len, 0);
        assert_eq!(copied(b"abc", b"").len, 0);
        assert_eq!(copied(b"abc", b"xyz").len, 0);
    }
}
