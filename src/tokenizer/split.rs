//! Cuts text into the pieces that merges never cross: scanners written by hand over the table of character classes,
//! instead of regular expressions. GPT-2's rule and this project's own stand here, the later ones in `split_later.rs`.

use super::unicode::{Class, Classes, HAN, LETTER, NUMBER, SPACE};
use serde::{Deserialize, Serialize};

/// A rule of cutting. In the patterns `\p{Han}` is the script; all classes are those of Unicode 16.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Split {
    /// As [`Split::Gpt2`], but every number character and every Chinese character (script Han) is a piece of its own:
    /// a tool can copy numbers digit by digit, and no merge spans two Chinese words. A space before them is a piece too:
    /// `'(?:[sdmt]|ll|ve|re)|[\p{N}\p{Han}]| ?[\p{L}--\p{Han}]+| ?[^\s\p{L}\p{N}\p{Han}]+|\s+(?!\S)|\s+`.
    #[default]
    Digits,
    /// GPT-2's: `'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    Gpt2,
    /// That of cl100k_base (GPT-4) and Llama 3: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|`
    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`. (tiktoken keeps white space at the end of a text together
    /// since version 0.8; no token of cl100k_base goes on behind a newline, so that the ids are the same.)
    Cl100k,
    /// That of o200k_base (GPT-4o and later), with `B` for `\p{Lm}\p{Lo}\p{M}`:
    /// `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}B]*[\p{Ll}B]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|`
    /// `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}B]+[\p{Ll}B]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|`
    /// `\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
    O200k,
    /// That of Qwen 2 and 3: as [`Split::Cl100k`] with `\p{N}` instead of `\p{N}{1,3}`.
    Qwen,
}

/// A rule with the table of classes that it reads.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    split: Split,
    pub(super) classes: Classes,
}

impl Scanner {
    pub fn new(split: Split) -> Self {
        Self { split, classes: Classes::new() }
    }

    pub fn split(&self) -> Split {
        self.split
    }

    /// The pieces of a text; joined they are the text again.
    pub fn pieces<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let mut start = 0;
        self.ends(text).map(move |end| {
            let piece = &text.as_bytes()[start..end];
            start = end;
            piece
        })
    }

    /// Where the pieces of a text end.
    #[inline]
    pub fn ends(&self, text: &str) -> impl Iterator<Item = usize> {
        let mut at = 0;
        core::iter::from_fn(move || {
            if at == text.len() {
                return None;
            }
            at = self.end(text.as_bytes(), at);
            Some(at)
        })
    }

    /// Where the piece that begins at `at`, before the end of the text, ends. It depends on nothing before `at`.
    #[inline]
    pub fn end(&self, text: &[u8], at: usize) -> usize {
        match self.split {
            Split::Gpt2 => self.gpt2_end(text, at, 0),
            Split::Digits => self.gpt2_end(text, at, NUMBER | HAN),
            Split::Cl100k => self.cl100k_end(text, at, 3),
            Split::Qwen => self.cl100k_end(text, at, 1),
            Split::O200k => self.o200k_end(text, at),
        }
    }

    /// Where the piece that begins at `at` ends. Characters of the classes `alone` are pieces of their own.
    fn gpt2_end(&self, text: &[u8], at: usize, alone: Class) -> usize {
        if text[at] == b'\'' {
            let len = contraction(&text[at + 1..]);
            if len > 0 {
                return at + 1 + len;
            }
        }
        let space = usize::from(text[at] == b' ');
        let (class, len) = self.classes.at(text, at + space);
        if class & SPACE != 0 || len == 0 {
            return self.white_end(text, at);
        }
        if class & alone != 0 {
            return if space > 0 { at + 1 } else { at + len };
        }
        let from = at + space + len;
        match class {
            _ if class & LETTER != 0 => {
                let from = ascii_end(text, from, ASCII_CASE);
                self.run_end(text, from, |next| next & LETTER != 0 && next & alone == 0)
            }
            _ if class & NUMBER != 0 => self.run_end(text, from, |next| next & NUMBER != 0),
            _ => self.run_end(text, from, |next| next & (LETTER | NUMBER | SPACE | alone) == 0),
        }
    }

    /// Where the run of characters ends whose class `belongs`.
    #[inline]
    pub(super) fn run_end(&self, text: &[u8], mut at: usize, belongs: impl Fn(Class) -> bool) -> usize {
        loop {
            let (class, len) = self.classes.at(text, at);
            if len == 0 || !belongs(class) {
                return at;
            }
            at += len;
        }
    }

    /// `\s+(?!\S)|\s+`: all white space when the text ends there, else all but its last character, which goes to what
    /// follows (or stays alone).
    fn white_end(&self, text: &[u8], at: usize) -> usize {
        let (mut last, mut end) = (at, at);
        loop {
            let (class, len) = self.classes.at(text, end);
            if len == 0 {
                return end;
            }
            if class & SPACE == 0 {
                return if last > at { last } else { end };
            }
            (last, end) = (end, end + len);
        }
    }
}

/// For [`ascii_end`]: the bit that tells small letters from capital ones.
pub(super) const ASCII_CASE: u8 = 0x20;

/// Where the run of small ASCII letters ends, by eight bytes at a time; bits of `ignored` make no difference. A run
/// that ends less than eight bytes before the end of the text may be longer.
#[inline]
pub(super) fn ascii_end(text: &[u8], mut at: usize, ignored: u8) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    while let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*bytes);
        // Sums of seven bits and a small number each: a high bit says that a byte reaches `a`, or goes beyond `z`.
        let low = (word | (u64::from(ignored) * EACH)) & !HIGH;
        let letters = (low + (0x80 - u64::from(b'a')) * EACH) & !(low + (0x7f - u64::from(b'z')) * EACH) & !word & HIGH;
        let others = letters ^ HIGH;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// Length of what makes an apostrophe before it a contraction; 0 for anything else.
fn contraction(behind: &[u8]) -> usize {
    match behind {
        [b's' | b'd' | b'm' | b't', ..] => 1,
        [b'l', b'l', ..] | [b'v', b'e', ..] | [b'r', b'e', ..] => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use fancy_regex::Regex;
    use std::sync::LazyLock;

    fn pieces(split: Split, text: &str) -> Vec<&str> {
        let scanner = Scanner::new(split);
        let mut rest = text;
        let mut cut = |piece: &[u8]| {
            let (first, behind) = rest.split_at(piece.len());
            rest = behind;
            first
        };
        scanner.pieces(text).map(&mut cut).collect()
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

    const GPT2: &str = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const DIGITS: &str =
        r"'(?:[sdmt]|ll|ve|re)|[\p{N}\p{Han}]| ?[\p{L}--\p{Han}]+| ?[^\s\p{L}\p{N}\p{Han}]+|\s+(?!\S)|\s+";
    const CL100K: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const QWEN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const O200K: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// The rules as another crate's regular expressions.
    static RULES: LazyLock<[(Scanner, Regex); 5]> = LazyLock::new(|| {
        let rules = [
            (Split::Gpt2, GPT2),
            (Split::Digits, DIGITS),
            (Split::Cl100k, CL100K),
            (Split::Qwen, QWEN),
            (Split::O200k, O200K),
        ];
        rules.map(|(split, rule)| (Scanner::new(split), Regex::new(rule).unwrap()))
    });

    fn assert_as_pattern(text: &str) {
        for (scanner, regex) in RULES.iter() {
            let expected: Vec<&[u8]> = regex.find_iter(text).map(|m| m.unwrap().as_str().as_bytes()).collect();
            let found: Vec<&[u8]> = scanner.pieces(text).collect();
            assert_eq!(found, expected, "{:?} {text:?}", scanner.split);
        }
    }

    #[test]
    fn cl100k_pieces_follow_the_pattern() {
        let cl100k = |text| pieces(Split::Cl100k, text);
        assert_eq!(cl100k("I'LL say it'ſ 12345\n"), ["I", "'LL", " say", " it", "'ſ", " ", "123", "45", "\n"]);
        assert_eq!(cl100k("a  b \n c  \n\n  d"), ["a", " ", " b", " \n", " c", "  \n\n", " ", " d"]);
        assert_eq!(cl100k("(foo) !!\n\n/x\t y"), ["(foo", ")", " !!\n\n", "/x", "\t", " y"]);
        assert_eq!(pieces(Split::Qwen, "a 123"), ["a", " ", "1", "2", "3"]);
    }

    #[test]
    fn o200k_pieces_follow_the_pattern_with_its_backtracking() {
        let o200k = |text| pieces(Split::O200k, text);
        assert_eq!(o200k("HelloWorld THEend I'LL"), ["Hello", "World", " THEend", " I'LL"]);
        assert_eq!(o200k("\u{301}ABC ABC's"), ["\u{301}", "ABC", " ABC's"]);
        assert_eq!(o200k("中ABC 中abc ABC中"), ["中", "ABC", " 中abc", " ABC中"]);
        assert_eq!(o200k("!!\n//\n x 1234"), ["!!\n//\n", " x", " ", "123", "4"]);
    }

    #[test]
    fn runs_of_ascii_letters_are_found_byte_by_byte() {
        for byte in 0..=255u8 {
            for place in 0..12 {
                let mut text = *b"abcxyzABCXYZ........";
                text[place] = byte;
                for ignored in [0, ASCII_CASE] {
                    let end = ascii_end(&text, 0, ignored);
                    let letter = |byte: &&u8| byte.is_ascii_lowercase() || (ignored != 0 && byte.is_ascii_uppercase());
                    assert_eq!(end, text.iter().take_while(letter).count(), "{byte} at {place}");
                }
            }
        }
        assert_eq!(ascii_end(b"abcdefghijk", 0, 0), 8);
        assert_eq!(ascii_end(b"", 0, 0), 0);
    }

    proptest::proptest! {
        #[test]
        fn the_scanner_cuts_as_the_regular_expressions_do(
            any in "\\PC{0,30}",
            near in "[a-z' ]{0,20}|(?s:[' \t\n\u{85}\u{a0}\u{3000}\u{feff}0-9a-zA-Z½Ⅷé\u{301}你〇々ᾛ.,!👋\u{200d}]{0,40})",
            contractions in "([a-zA-Z ]{0,2}'(s|d|m|t|ll|ve|re|l|v|r|S|ſ|LL|vE|Re|K)){0,6}",
            cases in "[aAbBǅʰ你あ\u{301} 1'!/\n\r\t]{0,30}",
            wild in proptest::collection::vec(proptest::prelude::any::<char>(), 0..12),
        ) {
            for text in [any, near, contractions, cases, wild.into_iter().collect()] {
                assert_as_pattern(&text);
            }
        }
    }
}
