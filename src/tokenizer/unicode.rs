//! Classes of characters as the published tokenizers know them: Unicode 16.0, whatever version the compiler has.
//! A class is a set of bits, so that a rule of cutting asks for several classes with one mask.

use super::unicode_runs::RUNS;
use alloc::vec;
use alloc::vec::Vec;

/// A set of the bits below.
pub(super) type Class = u8;
/// General categories Lu and Lt.
pub(super) const UPPER: Class = 1;
/// General category Ll.
pub(super) const LOWER: Class = 2;
/// General categories Lm and Lo.
pub(super) const CASELESS: Class = 4;
/// General category L.
pub(super) const LETTER: Class = UPPER | LOWER | CASELESS;
/// General category M.
pub(super) const MARK: Class = 8;
/// General category N.
pub(super) const NUMBER: Class = 16;
/// Property White_Space: `\s` of regular expressions.
pub(super) const SPACE: Class = 32;
/// Script Han, beside the bit of the general category.
pub(super) const HAN: Class = 64;

/// Class by the upper half of a byte of [`RUNS`]; one value more means UPPER and LOWER in turn.
const KINDS: [Class; 11] =
    [0, UPPER, LOWER, CASELESS, MARK, NUMBER, SPACE, HAN, HAN | CASELESS, HAN | MARK, HAN | NUMBER];
const BLOCK: usize = 128;

/// Class of every code point: a table of blocks, and which block stands where.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    ascii: [Class; BLOCK],
    index: Vec<u16>,
    blocks: Vec<[Class; BLOCK]>,
}

impl Classes {
    /// Unpacks the table: 67 kB, once a tokenizer.
    pub fn new() -> Self {
        let mut table = Self { ascii: [0; BLOCK], index: Vec::new(), blocks: vec![] };
        // Which block is all of one class.
        let mut uniform = [None; 256];
        let (mut block, mut filled) = ([0; BLOCK], 0);
        for (kind, len) in runs() {
            let class = KINDS.get(usize::from(kind)).copied();
            let mut done = 0;
            while done < len {
                if let (0, Some(class), true) = (filled, class, len - done >= BLOCK) {
                    let shared = *uniform[usize::from(class)].get_or_insert_with(|| table.add([class; BLOCK]));
                    table.index.push(shared);
                    done += BLOCK;
                    continue;
                }
                block[filled] = class.unwrap_or(if done.is_multiple_of(2) { UPPER } else { LOWER });
                (done, filled) = (done + 1, (filled + 1) % BLOCK);
                if filled == 0 {
                    let own = table.add(block);
                    table.index.push(own);
                }
            }
        }
        table.ascii = table.blocks[usize::from(table.index[0])];
        table
    }

    fn add(&mut self, block: [Class; BLOCK]) -> u16 {
        self.blocks.push(block);
        self.blocks.len() as u16 - 1
    }

    /// Class of a code point.
    pub fn of(&self, code_point: u32) -> Class {
        self.blocks[usize::from(self.index[code_point as usize / BLOCK])][code_point as usize % BLOCK]
    }

    /// Class and length in bytes of the character at `at` of a text in UTF-8; (0, 0) at its end.
    #[inline]
    pub fn at(&self, text: &[u8], at: usize) -> (Class, usize) {
        let Some(&first) = text.get(at) else { return (0, 0) };
        if let Some(&class) = self.ascii.get(usize::from(first)) {
            return (class, 1);
        }
        let more = |i: usize| u32::from(text[at + i] & 0x3f);
        let first = u32::from(first);
        match first {
            0..0xe0 => (self.of((first & 0x1f) << 6 | more(1)), 2),
            0xe0..0xf0 => (self.of((first & 0xf) << 12 | more(1) << 6 | more(2)), 3),
            _ => (self.of((first & 7) << 18 | more(1) << 12 | more(2) << 6 | more(3)), 4),
        }
    }
}

/// Runs of [`RUNS`]: kind (upper four bits) and length (lower four; 0: it follows, seven bits a byte, low ones first).
fn runs() -> impl Iterator<Item = (u8, usize)> {
    let mut bytes = RUNS.iter();
    core::iter::from_fn(move || {
        let &first = bytes.next()?;
        let mut len = usize::from(first & 15);
        if len == 0 {
            for (i, &byte) in bytes.by_ref().enumerate() {
                len |= usize::from(byte & 127) << (7 * i);
                if byte < 128 {
                    break;
                }
            }
        }
        Some((first >> 4, len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_general_category::{GeneralCategory as G, get_general_category};
    use unicode_script::{Script, UnicodeScript as _};

    const IN_TURN: u8 = KINDS.len() as u8;

    /// The class as two other crates say: categories of Unicode 16.0; a script counts for assigned characters only,
    /// because that crate is younger.
    fn expected(code_point: u32) -> Class {
        let Some(c) = char::from_u32(code_point) else { return 0 };
        let category = get_general_category(c);
        let class = match category {
            _ if c.is_whitespace() => SPACE,
            G::UppercaseLetter | G::TitlecaseLetter => UPPER,
            G::LowercaseLetter => LOWER,
            G::ModifierLetter | G::OtherLetter => CASELESS,
            G::NonspacingMark | G::SpacingMark | G::EnclosingMark => MARK,
            G::DecimalNumber | G::LetterNumber | G::OtherNumber => NUMBER,
            _ => 0,
        };
        class | if c.script() == Script::Han && category != G::Unassigned { HAN } else { 0 }
    }

    /// How `RUNS` is made.
    fn packed() -> Vec<u8> {
        let classes: Vec<Class> = (0..=0x10_ffff).map(expected).collect();
        let (mut out, mut at) = (vec![], 0);
        while at < classes.len() {
            let same = classes[at..].iter().take_while(|&&class| class == classes[at]).count();
            let turns = classes[at..].iter().enumerate();
            let turns = turns.take_while(|&(i, &class)| class == if i % 2 == 0 { UPPER } else { LOWER }).count();
            let kind = KINDS.iter().position(|&class| class == classes[at]).unwrap() as u8;
            let (kind, len) = if turns > same { (IN_TURN, turns) } else { (kind, same) };
            if len < 16 {
                out.push(kind << 4 | len as u8);
            } else {
                out.push(kind << 4);
                let mut left = len;
                while left >= 128 {
                    out.push(left as u8 | 128);
                    left >>= 7;
                }
                out.push(left as u8);
            }
            at += len;
        }
        out
    }

    #[test]
    fn the_committed_table_is_the_generated_one() {
        let packed = packed();
        assert!(packed == RUNS, "RUNS must be {packed:?}");
    }

    #[test]
    fn every_code_point_has_the_class_of_unicode_16() {
        let classes = Classes::new();
        for code_point in 0..=0x10_ffff {
            assert_eq!(classes.of(code_point), expected(code_point), "U+{code_point:04X}");
            let Some(c) = char::from_u32(code_point) else { continue };
            let text = std::format!("a{c}b");
            assert_eq!(classes.at(text.as_bytes(), 1), (expected(code_point), c.len_utf8()), "U+{code_point:04X}");
        }
        assert_eq!(classes.at(b"ab", 2), (0, 0));
    }

    #[test]
    fn the_table_stays_small() {
        let classes = Classes::new();
        let bytes = classes.blocks.len() * BLOCK + classes.index.len() * 2;
        assert!(RUNS.len() < 4_000 && bytes < 80_000, "{} packed, {bytes} unpacked", RUNS.len());
    }
}
