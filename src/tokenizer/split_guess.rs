//! The rule of cutting that a vocabulary was trained under, where its file does not tell: its tokens show it.

use super::split::{Scanner, Split};
use alloc::vec::Vec;

/// Rules of published vocabularies, of two that allow the same tokens the narrower one first.
const RULES: [Split; 4] = [Split::Qwen, Split::Cl100k, Split::O200k, Split::Gpt2];

impl Split {
    /// The published rule that cuts fewest of a vocabulary's own tokens (bytes by id; empty where there is none).
    ///
    /// Merges never cross the border of a piece, so that a vocabulary's own rule leaves nearly all its tokens whole, and
    /// another one does not: GPT-2's cuts `(name`, cl100k's cuts `1234`, Qwen's `12`, o200k's `getName`. Where a small
    /// vocabulary has no such token, it cannot be told, and makes little difference: merges across those borders have no
    /// token to make.
    pub fn of_tokens(tokens: &[Vec<u8>]) -> Self {
        let texts: Vec<&str> = tokens.iter().filter_map(|token| core::str::from_utf8(token).ok()).collect();
        let cut = |rule: &Self| {
            let scanner = Scanner::new(*rule);
            texts.iter().filter(|text| scanner.ends(text).nth(1).is_some()).count()
        };
        RULES.into_iter().min_by_key(cut).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_only_one_rule_leaves_whole_tells_the_rule() {
        let of = |tokens: &[&str]| Split::of_tokens(&tokens.iter().map(|t| t.as_bytes().to_vec()).collect::<Vec<_>>());
        for (rule, tokens) in [
            (Split::Gpt2, ["1234", " the", "!"]),
            (Split::Cl100k, ["(name", "123", "getName"]),
            (Split::Qwen, ["(name", "1", "getName"]),
            (Split::O200k, ["(name", "123", "don't"]),
        ] {
            assert_eq!(of(&tokens), rule, "{tokens:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_tell_nothing() {
        assert_eq!(Split::of_tokens(&[b"\xff\xfe".to_vec(), Vec::new()]), Split::of_tokens(&[]));
    }
}
