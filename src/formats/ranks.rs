//! `.tiktoken` files: a line for each token, its bytes in base 64, a space, its rank, which is its id.

use crate::error::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const FILE: &str = "rank file (.tiktoken)";
/// Highest id that is taken: a wrong number must not ask for gigabytes.
const MOST_IDS: usize = 1 << 21;

fn refused(line: usize, expected: &str, found: &str) -> Error {
    let found = format!("{:?} in line {}", clipped(found), line + 1);
    Error::Format { file: FILE, expected: expected.into(), found }
}

/// The beginning of a text that may be long.
pub(super) fn clipped(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Whether a file begins as rank files do.
pub fn is_rank_file(file: &[u8]) -> bool {
    let line = file.split(|&byte| byte == b'\n').next().unwrap_or_default();
    core::str::from_utf8(line).is_ok_and(|line| entry(line).is_some())
}

/// Bytes and rank of a line.
fn entry(line: &str) -> Option<(Vec<u8>, usize)> {
    let (token, rank) = line.trim_end_matches('\r').split_once(' ')?;
    Some((base64(token)?, rank.parse().ok()?))
}

/// The bytes of each token by id; empty where there is none.
///
/// # Errors
/// [`Error::Format`] that names the line.
pub fn read_ranks(file: &[u8]) -> Result<Vec<Vec<u8>>> {
    let text = core::str::from_utf8(file).map_err(|e| Error::Format {
        file: FILE,
        expected: "lines of base 64 and a number".into(),
        found: format!("the byte {:#04x} at {}", file[e.valid_up_to()], e.valid_up_to()),
    })?;
    let mut tokens: Vec<Vec<u8>> = vec![];
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((token, rank)) = entry(line).filter(|(token, _)| !token.is_empty()) else {
            return Err(refused(number, "a token in base 64, a space and its rank", line));
        };
        if rank >= MOST_IDS {
            return Err(refused(number, "a rank below 2097152", line));
        }
        if tokens.len() <= rank {
            tokens.resize(rank + 1, vec![]);
        }
        if !tokens[rank].is_empty() {
            return Err(refused(number, "each rank once", line));
        }
        tokens[rank] = token;
    }
    if tokens.is_empty() {
        return Err(Error::Format { file: FILE, expected: "at least one token".into(), found: "none".into() });
    }
    Ok(tokens)
}

/// RFC 4648, section 4, with padding; nothing for anything else.
fn base64(text: &str) -> Option<Vec<u8>> {
    let padding = text.bytes().rev().take_while(|&c| c == b'=').count();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.as_bytes().chunks_exact(4) {
        let last = out.len() + 3 == text.len() / 4 * 3;
        let ends = if last { 4 - padding } else { 4 };
        let mut bits = 0u32;
        for (i, &c) in group.iter().enumerate() {
            bits = bits << 6 | if i < ends { sextet(c)? } else { 0 };
        }
        out.extend_from_slice(&bits.to_be_bytes()[1..ends]);
    }
    Some(out)
}

fn sextet(c: u8) -> Option<u32> {
    Some(u32::from(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn tokens_come_by_rank_with_gaps() {
        let tokens = read_ranks(b"IQ== 0\r\nIHRoZQ== 3\n\n5q+P 1\n").unwrap();
        assert_eq!(tokens, [b"!".to_vec(), "每".into(), vec![], b" the".to_vec()]);
        assert!(is_rank_file(b"IQ== 0\nwhatever"));
        assert!(!is_rank_file(b"{\"version\": 1}") && !is_rank_file(b"") && !is_rank_file(b"\xff\xff"));
    }

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(base64("AAECAwQ="), Some(vec![0, 1, 2, 3, 4]));
        assert_eq!(base64("/+8="), Some(vec![0xff, 0xef]));
        assert_eq!(base64(""), Some(vec![]));
        for bad in ["A", "AB", "ABC", "A===", "====", "AB=C", "A=BC", "Ab_-", "AB==AB=="] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_wrong_line_is_named() {
        let said = |file: &[u8]| read_ranks(file).unwrap_err().to_string();
        for (file, found) in [
            (&b"IQ== 0\nI!== 1\n"[..], "found \"I!== 1\" in line 2"),
            (b"IQ==\n", "found \"IQ==\" in line 1"),
            (b"IQ== x\n", "in line 1"),
            (b"IQ== 0\nIg== 0\n", "expected each rank once, found \"Ig== 0\" in line 2"),
            (b"IQ== 99999999\n", "a rank below 2097152"),
            (b"IQ== 0\n\xff", "0xff at 7"),
            (b"\n\n", "at least one token"),
            (b" 0\n", "in line 1"),
        ] {
            assert!(said(file).contains(found), "{}", said(file));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_bring_it_down(file: Vec<u8>, text in "[A-Za-z0-9+/= \\n]{0,60}") {
            let _ = read_ranks(&file);
            let _ = read_ranks(text.as_bytes());
        }
    }
}
