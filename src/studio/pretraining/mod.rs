//! What the chapter on pre-training looks into: one step of a tiny model number by number, two ways in which training
//! fails, and what a trained run has copied.

mod by_hand;
mod copied;
mod failing;
mod norms;

pub use by_hand::{ByHand, by_hand};
pub use copied::{Copied, copied};
pub use failing::{Failing, Failure, Moment};
pub use norms::{Norms, TensorNorms, norms};

use crate::data::{Lang, Stories};
use crate::studio::Run;
use alloc::string::String;
use alloc::vec::Vec;

impl Run {
    /// The text that is learned from, and the text that is only tested on, as bytes: a document a line.
    pub fn learned_text(&self) -> (Vec<u8>, Vec<u8>) {
        let split = self.session.split();
        (self.bytes_of(&split.train), self.bytes_of(&split.validation))
    }

    fn bytes_of(&self, ids: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        for &id in ids {
            if !self.tokenizer.is_special(id) {
                out.extend_from_slice(self.tokenizer.token_bytes(id).unwrap_or_default());
            } else if !out.is_empty() {
                out.push(b'\n');
            }
        }
        out
    }
}

/// The first documents of a story corpus.
pub fn stories(chinese: bool, seed: u64, count: usize) -> Vec<String> {
    Stories::new(if chinese { Lang::ZhHans } else { Lang::En }, seed).take(count).collect()
}
