//! Token ids of which each counts in the loss with a weight of its own.

use alloc::vec::Vec;

use crate::train::Batch;

/// A text to learn from, token by token.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    /// The tokens.
    pub ids: Vec<u32>,
    /// How much it counts that each token is predicted from those before it; 0 = it is only read. The first is never
    /// predicted.
    pub weights: Vec<f32>,
}

impl Example {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything, keeping the room.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.weights.clear();
    }

    /// Adds tokens that count `weight` each.
    pub fn push(&mut self, ids: &[u32], weight: f32) {
        self.ids.extend_from_slice(ids);
        self.weights.resize(self.ids.len(), weight);
    }

    /// A prompt that is read and an answer that is learned.
    pub fn answered(prompt: &[u32], answer: &[u32]) -> Self {
        let mut example = Self::new();
        example.push(prompt, 0.0);
        example.push(answer, 1.0);
        example
    }

    /// Tokens.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Keeps the first `len` tokens.
    pub fn truncate(&mut self, len: usize) {
        self.ids.truncate(len);
        self.weights.truncate(len);
    }

    /// Lengthens to `len` tokens with `filler`, which counts nothing.
    pub fn pad(&mut self, len: usize, filler: u32) {
        while self.ids.len() < len {
            self.push(&[filler], 0.0);
        }
    }

    /// Sum of the weights of what is predicted.
    pub fn counted(&self) -> f64 {
        self.weights.iter().skip(1).map(|&w| f64::from(w)).sum()
    }

    /// Adds itself to a batch as one row of at most `batch.time` predictions, its weights times `factor`. Padded at the
    /// end: what comes later changes nothing before it.
    pub fn push_to(&self, batch: &mut Batch, factor: f32) {
        let last = self.ids.last().copied().unwrap_or(0);
        let ids = self.ids.iter().copied().chain(core::iter::repeat(last));
        let weights = self.weights.iter().copied().chain(core::iter::repeat(0.0));
        batch.push_row(ids, weights.map(|w| w * factor));
    }
}

/// Lays dialogues end to end in one row of `time` predictions (`time` + 1 tokens), as long as `next` gives one that fits.
///
/// Every dialogue starts and ends with the token `end`; the end of one is the start of the next, and counts as an end.
/// Attention that never crosses `end` keeps them apart. What is left over is filled with `end`, of which the first
/// counts. `next` fills an example and tells whether there is one.
pub fn pack(row: &mut Example, time: usize, end: u32, mut next: impl FnMut(&mut Example) -> bool) {
    row.clear();
    let mut example = Example::new();
    let mut closing = 0.0;
    while row.len() < time {
        example.clear();
        if !next(&mut example) || example.is_empty() {
            break;
        }
        if row.len() + example.len() - 1 > time {
            if !row.is_empty() {
                break;
            }
            example.truncate(time + 1); // longer than a row: its beginning
            *row = example.clone();
            return;
        }
        let (last, from) = (example.len() - 1, row.len());
        row.ids.extend_from_slice(&example.ids[..last]);
        row.weights.extend_from_slice(&example.weights[..last]);
        row.weights[from] = closing;
        closing = example.weights[last];
    }
    row.push(&[end], closing);
    row.pad(time + 1, end);
}
