//! The rules of cutting after GPT-2's. Their patterns stand at [`super::Split`]; comments here quote the parts.

use super::split::{ASCII_CASE, Scanner, ascii_end};
use super::unicode::{CASELESS, Class, LETTER, LOWER, MARK, NUMBER, SPACE, UPPER};

/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
const UPPER_PART: Class = UPPER | CASELESS | MARK;
/// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
const LOWER_PART: Class = LOWER | CASELESS | MARK;

impl Scanner {
    /// The end of a piece of cl100k; at most `digits` numbers stand together.
    #[inline]
    pub(super) fn cl100k_end(&self, text: &[u8], at: usize, digits: usize) -> usize {
        let (class, len) = self.classes.at(text, at);
        let from = at + len;
        if class & LETTER != 0 {
            return self.letters_end(text, from);
        }
        if class & NUMBER != 0 {
            return self.numbers_end(text, from, digits);
        }
        match any_case_contraction(&text[at..]) {
            0 => {}
            len => return at + len,
        }
        // `[^\r\n\p{L}\p{N}]?\p{L}+`
        let (next, next_len) = self.classes.at(text, from);
        if next & LETTER != 0 && !is_newline(text[at]) {
            return self.letters_end(text, from + next_len);
        }
        self.rest_end(text, at, is_newline)
    }

    /// The end of a piece of o200k.
    #[inline]
    pub(super) fn o200k_end(&self, text: &[u8], at: usize) -> usize {
        let (class, len) = self.classes.at(text, at);
        let from = at + len;
        if class & NUMBER != 0 {
            return self.numbers_end(text, from, 3);
        }
        if class & LETTER != 0 {
            let (cased, upper_end) = self.cased_end(text, at);
            return contracted(text, cased.unwrap_or(upper_end));
        }
        // The first alternative comes before the second one, with `[^\r\n\p{L}\p{N}]?` before without it.
        if !is_newline(text[at]) {
            let (cased, upper_end) = self.cased_end(text, from);
            if let Some(end) = cased {
                return contracted(text, end);
            }
            if class & MARK != 0 {
                return contracted(text, from);
            }
            if upper_end > from {
                return contracted(text, upper_end);
            }
        }
        self.rest_end(text, at, |byte| is_newline(byte) || byte == b'/')
    }

    /// The end of the letters that go on at `from`.
    #[inline]
    fn letters_end(&self, text: &[u8], from: usize) -> usize {
        self.run_end(text, ascii_end(text, from, ASCII_CASE), |next| next & LETTER != 0)
    }

    /// Where `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` ends that begins at `at`, and where its first
    /// half would end alone.
    #[inline]
    fn cased_end(&self, text: &[u8], at: usize) -> (Option<usize>, usize) {
        // When no small letter follows, the first half gives back until the second one has a character.
        let (mut end, mut given_back) = (at, None);
        loop {
            let (class, len) = self.classes.at(text, end);
            if class & UPPER_PART == 0 {
                if class & LOWER != 0 {
                    let from = ascii_end(text, end + len, 0);
                    given_back = Some(self.run_end(text, from, |next| next & LOWER_PART != 0));
                }
                return (given_back, end);
            }
            end += len;
            if class & LOWER_PART != 0 {
                given_back = Some(end);
            }
        }
    }

    /// The end of a piece of numbers that goes on at `from`.
    fn numbers_end(&self, text: &[u8], from: usize, most: usize) -> usize {
        let mut end = from;
        for _ in 1..most {
            let (class, len) = self.classes.at(text, end);
            if class & NUMBER == 0 {
                break;
            }
            end += len;
        }
        end
    }

    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `behind` for `[\r\n]`, where nothing else matches.
    fn rest_end(&self, text: &[u8], at: usize, behind: impl Fn(u8) -> bool) -> usize {
        let other = |class| class & (LETTER | NUMBER | SPACE) == 0;
        let from = at + usize::from(text[at] == b' ');
        let mut end = self.run_end(text, from, other);
        if end == from {
            return self.lines_end(text, at);
        }
        while text.get(end).is_some_and(|&byte| behind(byte)) {
            end += 1;
        }
        end
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: white space up to its last newline; without one as in GPT-2's rule.
    fn lines_end(&self, text: &[u8], at: usize) -> usize {
        let (mut last, mut end, mut newline_end) = (at, at, at);
        loop {
            let (class, len) = self.classes.at(text, end);
            if class & SPACE == 0 {
                return match () {
                    () if newline_end > at => newline_end,
                    () if len > 0 && last > at => last,
                    () => end,
                };
            }
            (last, end) = (end, end + len);
            if is_newline(text[last]) {
                newline_end = end;
            }
        }
    }
}

fn is_newline(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

/// `at`, or the end of the contraction that stands there.
#[inline]
fn contracted(text: &[u8], at: usize) -> usize {
    at + any_case_contraction(&text[at..])
}

/// Bytes of `(?i:'s|'t|'re|'ve|'m|'ll|'d)` at the beginning of a text, or 0.
#[inline]
fn any_case_contraction(text: &[u8]) -> usize {
    let [b'\'', first, rest @ ..] = text else { return 0 };
    let second = rest.first().map_or(0, u8::to_ascii_lowercase);
    match (first.to_ascii_lowercase(), second) {
        (b's' | b't' | b'm' | b'd', _) => 2,
        (b'r' | b'v', b'e') | (b'l', b'l') => 3,
        // U+017F, which is an s but for case.
        (0xc5, 0xbf) => 3,
        _ => 0,
    }
}
