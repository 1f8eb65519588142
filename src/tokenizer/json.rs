//! A tokenizer as JSON, for checkpoints: the merges in order with their counts, everything else follows from them.

use super::split::Split;
use super::train::{MOST_BYTES, MOST_TOKEN_BYTES, Merge};
use super::vocabulary::BYTES;
use super::{MOST_TOKENS, Tokenizer};
use crate::error::{Error, Result};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a tokenizer is, as stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    split: Split,
    merges: Vec<(u32, u32, u64)>,
    specials: Vec<String>,
}

fn refused(expected: &str, found: String) -> Error {
    Error::Format { file: "tokenizer", expected: expected.into(), found }
}

impl Tokenizer {
    /// A tokenizer that was trained here, or of plain bytes, as JSON; others keep their own files.
    pub fn to_json(&self) -> String {
        let merges = (BYTES..).map_while(|id| self.merge(id)).map(|m| (m.left, m.right, m.count)).collect();
        let specials = self.specials().map(|(name, _)| name.into()).collect();
        let stored = Stored { split: self.split(), merges, specials };
        // Numbers, strings and an enum: nothing that could fail to serialise.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads what [`Tokenizer::to_json`] wrote, checking everything before anything of its size is allocated.
    ///
    /// # Errors
    /// [`Error::Format`] when it is not such JSON, a merge names an id that is not made yet or was merged before, tokens
    /// are longer than training makes them, or a special token is empty or there twice.
    pub fn from_json(json: &str) -> Result<Self> {
        let stored: Stored = serde_json::from_str(json).map_err(|e| refused("a tokenizer in JSON", e.to_string()))?;
        Self::from_stored(stored)
    }

    /// A tokenizer out of merges in the order in which they were learned: left and right id, and how often the pair stood
    /// in the text. Merge m makes the id 256 + m of two ids below; the special tokens have the ids behind.
    ///
    /// # Errors
    /// As [`Tokenizer::from_json`].
    #[cfg(any(not(feature = "wasm"), feature = "wasm-files"))]
    pub fn from_learned(merges: Vec<(u32, u32, u64)>, split: Split, specials: Vec<String>) -> Result<Self> {
        Self::from_stored(Stored { split, merges, specials })
    }

    fn from_stored(stored: Stored) -> Result<Self> {
        let size = BYTES as usize + stored.merges.len() + stored.specials.len();
        if size > MOST_TOKENS {
            return Err(refused("at most 8192 tokens", size.to_string()));
        }
        check_merges(&stored.merges)?;
        if let Some(name) = super::unusable(&stored.specials) {
            return Err(refused("special tokens with different names", format!("{name:?}")));
        }
        let learned = stored.merges.iter().map(|&(left, right, count)| Merge { left, right, count }).collect();
        Ok(Self::from_merges(learned, stored.split, stored.specials))
    }
}

fn check_merges(merges: &[(u32, u32, u64)]) -> Result<()> {
    let mut lengths = vec![1; BYTES as usize];
    let mut seen = BTreeSet::new();
    for &(left, right, _) in merges {
        let length = |id: u32| lengths.get(id as usize).copied();
        match (length(left), length(right)) {
            // The limit keeps a chain of doublings from asking for gigabytes.
            (Some(a), Some(b)) if a + b <= MOST_TOKEN_BYTES && seen.insert((left, right)) => lengths.push(a + b),
            _ => return Err(refused("merges of earlier tokens, each once", format!("({left}, {right})"))),
        }
    }
    let bytes = lengths.iter().map(|&len| u64::from(len)).sum::<u64>();
    if bytes > MOST_BYTES { Err(refused("tokens of at most 64 MiB together", bytes.to_string())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TEXT, trained};
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_json_is_read_or_refused_without_a_panic(
            merges in proptest::collection::vec((0u32..300, 0u32..300, 0u64..9), 0..9), specials: Vec<String>
        ) {
            let stored = Stored { split: Split::Gpt2, merges, specials };
            let json = serde_json::to_string(&stored).unwrap();
            if let Ok(tokenizer) = Tokenizer::from_json(&json) {
                assert_eq!(tokenizer.to_json(), json);
            }
        }
    }

    #[test]
    fn json_keeps_everything() {
        for split in [Split::Digits, Split::Gpt2] {
            let (tokenizer, _) = trained(TEXT, 320, split);
            let again = Tokenizer::from_json(&tokenizer.to_json()).unwrap();
            assert_eq!(again.encode(TEXT), tokenizer.encode(TEXT));
            assert_eq!((again.vocab_size(), again.split()), (tokenizer.vocab_size(), split));
            assert!((0..320).all(|id| again.merge(id) == tokenizer.merge(id)));
            assert_eq!(again.special("<|end|>"), tokenizer.special("<|end|>"));
        }
    }

    #[test]
    fn hostile_json_is_refused() {
        let doubling: Vec<(u32, u32, u64)> =
            (255..315).map(|i| if i == 255 { (97, 97, 1) } else { (i, i, 1) }).collect();
        let bomb = serde_json::to_string(&Stored { split: Split::Gpt2, merges: doubling, specials: vec![] }).unwrap();
        for bad in [
            "",
            "{}",
            "[1]",
            &bomb,
            r#"{"split":"gpt2","merges":[[97,300,1]],"specials":[]}"#,
            r#"{"split":"gpt2","merges":[[97,98,1],[97,98,1]],"specials":[]}"#,
            r#"{"split":"gpt2","merges":[[97,4294967295,1]],"specials":[]}"#,
            r#"{"split":"other","merges":[],"specials":[]}"#,
            r#"{"split":"gpt2","merges":[],"specials":[""]}"#,
            r#"{"split":"gpt2","merges":[],"specials":["a","a"]}"#,
        ] {
            assert!(matches!(Tokenizer::from_json(bad), Err(Error::Format { file: "tokenizer", .. })), "{bad}");
        }
    }

    #[test]
    fn what_training_makes_of_one_endless_character_can_be_stored() {
        let (tokenizer, _) = trained(&"a".repeat(3 << 20), 400, Split::Gpt2);
        let longest = (0..tokenizer.vocab_size() as u32).map(|id| tokenizer.token_bytes(id).unwrap().len()).max();
        assert_eq!(longest, Some(MOST_TOKEN_BYTES as usize));
        assert!(Tokenizer::from_json(&tokenizer.to_json()).is_ok());
    }
}
