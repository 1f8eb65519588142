//! Cuts text into the pieces that merges never cross, by hand-written scanners instead of regular expressions.

use super::unicode::{Class, class, is_han};
use serde::{Deserialize, Serialize};

/// A rule of cutting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Split {
    /// As [`Split::Gpt2`], but every number character and every Chinese character (script Han) is a piece of its own:
    /// a tool can copy numbers digit by digit, and no merge spans two Chinese words. A space before them is a piece too.
    #[default]
    Digits,
    /// GPT-2's: `'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    Gpt2,
}

impl Split {
    /// The pieces of a text; joined they are the text again.
    pub fn pieces(self, text: &str) -> Pieces<'_> {
        Pieces { split: self, rest: text }
    }
}

/// Pieces of a text, see [`Split::pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    split: Split,
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.rest.chars().next()?;
        let (piece, rest) = self.rest.split_at(self.split.piece_len(self.rest, first));
        self.rest = rest;
        Some(piece)
    }
}

const CONTRACTIONS: [&str; 7] = ["'s", "'d", "'m", "'t", "'ll", "'ve", "'re"];

impl Split {
    /// Bytes of the first piece of `text`, which starts with `first`.
    fn piece_len(self, text: &str, first: char) -> usize {
        if first == '\''
            && let Some(contraction) = CONTRACTIONS.iter().find(|c| text.starts_with(**c))
        {
            return contraction.len();
        }
        let space = usize::from(first == ' ');
        match text[space..].chars().next() {
            Some(c) if class(c) != Class::Space => match self.run_len(&text[space..], c, space > 0) {
                0 => space,
                run => space + run,
            },
            _ => white_len(text),
        }
    }

    /// Bytes of the run that starts with `c`; 0 when a space before it must stay alone.
    fn run_len(self, text: &str, c: char, after_space: bool) -> usize {
        let kind = class(c);
        let single = |c: char| self == Self::Digits && (class(c) == Class::Number || is_han(c));
        if single(c) {
            return if after_space { 0 } else { c.len_utf8() };
        }
        text.find(|next| class(next) != kind || single(next)).unwrap_or(text.len())
    }
}

/// Bytes of the white space at the start: all of it at the end of the text, else all but the last character, which
/// goes to the word behind it (a single one stays alone).
fn white_len(text: &str) -> usize {
    let end = text.find(|c| class(c) != Class::Space).unwrap_or(text.len());
    if end == text.len() {
        return end;
    }
    match text[..end].char_indices().next_back() {
        Some((last, _)) if last > 0 => last,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn pieces(split: Split, text: &str) -> Vec<&str> {
        split.pieces(text).collect()
    }

    #[test]
    fn gpt2_pieces_follow_the_pattern() {
        let gpt2 = |text| pieces(Split::Gpt2, text);
        assert_eq!(gpt2("I'll say it's 1234 times!!"), ["I", "'ll", " say", " it", "'s", " 1234", " times", "!!"]);
        assert_eq!(gpt2("a  b \n c  "), ["a", " ", " b", " \n", " c", "  "]);
        assert_eq!(gpt2("'x 'S"), ["'", "x", " '", "S"]);
        assert_eq!(gpt2("你好 world。"), ["你好", " world", "。"]);
        assert_eq!(gpt2("a\tb\u{85}c"), ["a", "\t", "b", "\u{85}", "c"]);
        assert_eq!(gpt2(" "), [" "]);
        assert_eq!(gpt2(""), [""; 0]);
    }

    #[test]
    fn digits_and_chinese_characters_stand_alone_by_default() {
        let digits = |text| pieces(Split::Digits, text);
        assert_eq!(digits("17+25=42 now"), ["1", "7", "+", "2", "5", "=", "4", "2", " now"]);
        assert_eq!(digits("has 30 nuts"), ["has", " ", "3", "0", " nuts"]);
        assert_eq!(digits("abc你好 我"), ["abc", "你", "好", " ", "我"]);
        assert_eq!(digits("它's ½"), ["它", "'s", " ", "½"]);
    }
}
