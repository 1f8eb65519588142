//! The alphabet in which byte-level tokenizers write bytes as characters: printable ones stand for themselves, the others
//! for characters from U+0100 on (GPT-2, `bytes_to_unicode`).

use alloc::string::String;
use alloc::vec::Vec;

/// Bytes that stand for the characters from U+0100 on, in order.
const SHIFTED: [(u8, u8); 3] = [(0x00, 0x20), (0x7f, 0xa0), (0xad, 0xad)];
/// First character that stands for another byte.
const FIRST: u32 = 0x100;

fn shifted() -> impl Iterator<Item = u8> {
    SHIFTED.into_iter().flat_map(|(first, last)| first..=last)
}

/// The byte of a character.
fn byte(c: char) -> Option<u8> {
    match u32::from(c).checked_sub(FIRST) {
        Some(place) => shifted().nth(place as usize),
        None => u8::try_from(c).ok().filter(|byte| !SHIFTED.iter().any(|(first, last)| (first..=last).contains(&byte))),
    }
}

/// Both ways, as tables.
pub(super) struct Alphabet {
    /// By code point.
    bytes: Vec<Option<u8>>,
    characters: [char; 256],
}

impl Alphabet {
    pub fn new() -> Self {
        let bytes: Vec<Option<u8>> = (0..FIRST + 0x100).map(|point| char::from_u32(point).and_then(byte)).collect();
        let mut characters = ['\0'; 256];
        for (point, byte) in (0..).zip(&bytes) {
            if let (Some(byte), Some(c)) = (byte, char::from_u32(point)) {
                characters[usize::from(*byte)] = c;
            }
        }
        Self { bytes, characters }
    }

    /// The bytes that a text stands for; the first character that stands for none.
    pub fn read(&self, text: &str) -> Result<Vec<u8>, char> {
        text.chars().map(|c| self.bytes.get(c as usize).copied().flatten().ok_or(c)).collect()
    }

    /// The text that stands for bytes.
    pub fn write(&self, bytes: &[u8]) -> String {
        bytes.iter().map(|&byte| self.characters[usize::from(byte)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_character_of_its_own_and_comes_back() {
        let alphabet = Alphabet::new();
        let all: Vec<u8> = (0..=255).collect();
        let text = alphabet.write(&all);
        assert_eq!(text.chars().collect::<alloc::collections::BTreeSet<_>>().len(), 256);
        assert_eq!(alphabet.read(&text), Ok(all));
        assert!(text.chars().all(|c| !c.is_control() && !c.is_whitespace()));
    }

    #[test]
    fn characters_are_those_of_gpt2() {
        let alphabet = Alphabet::new();
        assert_eq!(alphabet.write(b" the\n"), "ĠtheĊ");
        assert_eq!(alphabet.write(&[0, 0x7f, 0xa0, 0xad, 0xff]), "ĀġłŃÿ");
        assert_eq!(alphabet.read("Ġ "), Err(' '));
        assert_eq!(alphabet.read("界"), Err('界'));
        assert_eq!(alphabet.read("\u{144}"), Err('\u{144}'));
    }
}
