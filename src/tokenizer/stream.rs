//! Text out of a stream of tokens, one whole character at a time.

use alloc::string::String;
use alloc::vec::Vec;

/// Holds back up to 3 bytes of a character that may still become whole. Bytes that can never become part of a
/// character come out as U+FFFD, once per ill-formed sequence, as in [`String::from_utf8_lossy`].
#[derive(Debug, Clone, Default)]
pub struct Streamer {
    pending: Vec<u8>,
}

impl Streamer {
    /// Adds a token's bytes; returns what has become readable.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut out = String::new();
        loop {
            match core::str::from_utf8(&self.pending) {
                Ok(text) => {
                    out.push_str(text);
                    self.pending.clear();
                    return out;
                }
                Err(error) => {
                    let (valid, rest) = self.pending.split_at(error.valid_up_to());
                    out.push_str(&String::from_utf8_lossy(valid));
                    match error.error_len() {
                        // The end may still be completed.
                        None => {
                            self.pending = rest.to_vec();
                            return out;
                        }
                        Some(bad) => {
                            out.push(char::REPLACEMENT_CHARACTER);
                            self.pending = rest[bad..].to_vec();
                        }
                    }
                }
            }
        }
    }

    /// Bytes held back, at most 3.
    pub fn pending(&self) -> &[u8] {
        &self.pending
    }

    /// Ends the stream: an unfinished character comes out as U+FFFD.
    pub fn finish(&mut self) -> String {
        let rest = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_cutting_of_any_bytes_gives_the_lossy_text(bytes: Vec<u8>, cuts: Vec<u8>) {
            let mut streamer = Streamer::default();
            let (mut out, mut rest) = (String::new(), &bytes[..]);
            for cut in cuts {
                let (part, behind) = rest.split_at(rest.len().min(usize::from(cut) % 5));
                out += &streamer.push(part);
                assert!(streamer.pending().len() <= 3);
                rest = behind;
            }
            out += &streamer.push(rest);
            out += &streamer.finish();
            assert_eq!(out, String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn an_unfinished_character_is_held_back() {
        let mut streamer = Streamer::default();
        let emoji = "👋".as_bytes();
        assert_eq!(streamer.push(&[b" ", &emoji[..1]].concat()), " ");
        assert_eq!(streamer.push(&emoji[1..3]), "");
        assert_eq!(streamer.pending(), &emoji[..3]);
        assert_eq!(streamer.push(&emoji[3..]), "👋");
    }
}
