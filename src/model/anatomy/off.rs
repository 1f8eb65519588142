//! Parts of a block that are switched off: what they would add to the stream is 0, all else runs as always.

use crate::model::Config;
use alloc::vec::Vec;

/// What of a block is off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Off {
    /// By head (H); empty: none.
    pub heads: Vec<bool>,
    /// The MLP, biases included.
    pub mlp: bool,
}

impl Off {
    /// Clears the columns of heads that are off in `mixed` (N, H·D).
    pub(in crate::model) fn silence_heads(&self, mixed: &mut [f32], config: &Config) {
        let d = config.head_dim();
        for (h, _) in self.heads.iter().enumerate().filter(|(_, off)| **off) {
            mixed.chunks_exact_mut(config.width).for_each(|row| row[h * d..(h + 1) * d].fill(0.0));
        }
    }

    /// Clears what the MLP adds (N,C).
    pub(in crate::model) fn silence_mlp(&self, out: &mut [f32]) {
        if self.mlp {
            out.fill(0.0);
        }
    }
}
