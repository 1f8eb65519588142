//! A pass taken apart: every number that it left, with the sum that made it, and parts that can be switched off.
//!
//! Nothing is computed a second time that the pass has kept: values are read from [`Activations`], factors from the
//! weights. What the pass overwrites on its way (scores, what a part adds to the stream) is the sum shown.

mod direct;
mod off;
mod sums;
#[cfg(test)]
mod tests;

pub use direct::{Share, Source};
pub use off::Off;

use super::activations::{Activations, Room};
use super::{Config, Mlp, Model, QkNorm};
use alloc::vec::Vec;

/// Which number of a pass. The discriminant is the index in the page's list: never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// Residual stream in front of block `layer`; `layer` = L: behind the last.
    Residual = 0,
    /// After the norm in front of attention.
    Norm1 = 1,
    /// Query, key or value as projected; `column` in the fused row (H + 2K)·D.
    Projected = 2,
    /// The same after rotation, where the norm comes later.
    Turned = 3,
    /// The same after the norm, where rotation comes later.
    Normed = 4,
    /// Query, key or value as attention uses it.
    Qkv = 5,
    /// Score of a key (`column`) before softmax.
    Score = 6,
    /// Attention weight of a key (`column`).
    Weight = 7,
    /// Heads side by side, H·D.
    Mixed = 8,
    /// What attention adds to the stream.
    Attention = 9,
    /// Residual stream between attention and MLP.
    Middle = 10,
    /// After the norm in front of the MLP.
    Norm2 = 11,
    /// Inside the MLP before the activation.
    Inner = 12,
    /// What gates it.
    Up = 13,
    /// After the activation.
    Active = 14,
    /// What the MLP adds to the stream.
    Mlp = 15,
    /// After the last norm.
    Hidden = 16,
    /// Logit of an id (`column`).
    Logit = 17,
    /// Probability of an id (`column`).
    Probability = 18,
}

impl Part {
    /// By its discriminant.
    pub fn from_index(index: u32) -> Option<Self> {
        const ALL: [Part; 19] = [
            Part::Residual,
            Part::Norm1,
            Part::Projected,
            Part::Turned,
            Part::Normed,
            Part::Qkv,
            Part::Score,
            Part::Weight,
            Part::Mixed,
            Part::Attention,
            Part::Middle,
            Part::Norm2,
            Part::Inner,
            Part::Up,
            Part::Active,
            Part::Mlp,
            Part::Hidden,
            Part::Logit,
            Part::Probability,
        ];
        ALL.get(index as usize).copied()
    }
}

/// One number of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which vector.
    pub part: Part,
    /// Block; not used behind the last.
    pub layer: usize,
    /// Position in the text that was read.
    pub row: usize,
    /// Query head, of scores and weights.
    pub head: usize,
    /// Index in the vector.
    pub column: usize,
}

/// What becomes of the terms. The discriminant is the index in the page's list: never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Rule {
    /// value = scale · Σ terms + offset.
    Sum = 0,
    /// value = e^(chosen term) / Σ e^term, over all terms.
    Softmax = 1,
    /// value = GELU(term).
    Gelu = 2,
    /// value = SiLU(factor) · times.
    SwiGlu = 3,
    /// value = max(0, term)².
    Relu2 = 4,
    /// value = cap · tanh(Σ terms / cap); `scale` is the cap.
    Softcap = 5,
    /// The part is switched off: 0.
    Off = 6,
}

/// One term of a sum: `value` = `factor` · `times`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// A number of the pass.
    pub factor: f32,
    /// What it is multiplied by: a weight, another number of the pass, 1.
    pub times: f32,
    /// The product.
    pub value: f32,
    /// Where the factor comes from.
    pub from: Option<Place>,
    /// Where `times` comes from, if from the pass.
    pub with: Option<Place>,
    /// Where a weight lies in the flat buffer, if there is one.
    pub weight: Option<usize>,
}

/// How a number was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// The number.
    pub value: f32,
    /// What becomes of the terms.
    pub rule: Rule,
    /// Terms, in the order of the factors.
    pub terms: Vec<Term>,
    /// See [`Rule`].
    pub scale: f32,
    /// Added at the end: a bias, or what distance costs.
    pub offset: f32,
    /// Index of the term in question, for softmax.
    pub chosen: usize,
}

impl Activations {
    /// Buffers to read one text of at most `time` tokens, without a backward pass.
    pub fn for_reading(config: &Config, time: usize) -> Self {
        Self::forward_only(config, Room { batch: 1, time, keys: time, layers: config.layers, logits: time })
    }

    /// Switches parts of the coming passes off.
    pub fn switch_off(&mut self, layer: usize, off: Off) {
        self.layers[layer].off = off;
    }

    /// Tokens of the last pass.
    pub fn time(&self) -> usize {
        self.time
    }
}

impl Model {
    /// Values of a vector of the pass that ran; `Score` and `Weight` give a row of keys.
    pub fn vector(&self, params: &[f32], acts: &Activations, place: Place) -> Vec<f32> {
        let columns = self.columns(place);
        match self.kept(acts, place) {
            Some(kept) => kept.to_vec(),
            None => (0..columns).map(|column| self.sum(params, acts, Place { column, ..place }).value).collect(),
        }
    }

    /// Whether a pass of `time` tokens has such a number.
    pub fn has(&self, place: Place, time: usize) -> bool {
        let layers = self.config.layers + usize::from(place.part == Part::Residual);
        let inside = matches!(place.part, Part::Hidden | Part::Logit | Part::Probability) || place.layer < layers;
        let made = match place.part {
            Part::Normed => self.config.qk_norm == QkNorm::Gain,
            Part::Turned => self.config.qk_norm == QkNorm::Plain,
            Part::Up => self.config.mlp == Mlp::SwiGlu,
            _ => true,
        };
        made && inside && place.row < time && place.head < self.config.heads && place.column < self.columns(place)
    }

    /// Values of a vector.
    pub fn columns(&self, place: Place) -> usize {
        let c = &self.config;
        match place.part {
            Part::Projected | Part::Turned | Part::Normed | Part::Qkv => c.qkv_width(),
            Part::Score | Part::Weight => place.row + 1,
            Part::Inner | Part::Up | Part::Active => c.mlp_width,
            Part::Logit | Part::Probability => c.vocab_size,
            _ => c.width,
        }
    }

    /// The vector where the pass has kept it as such.
    fn kept<'a>(&self, acts: &'a Activations, at: Place) -> Option<&'a [f32]> {
        let n = self.columns(at);
        let row = |values: &'a [f32]| &values[at.row * n..(at.row + 1) * n];
        let layer = acts.layers.get(at.layer);
        Some(match at.part {
            Part::Residual => row(acts.residual(at.layer)),
            Part::Norm1 => row(&layer?.norm1),
            Part::Qkv => row(&layer?.qkv),
            Part::Weight => &acts.attention(at.layer)[(at.head * acts.time + at.row) * acts.time..][..at.row + 1],
            Part::Mixed => row(&layer?.mixed),
            Part::Middle => row(&layer?.middle),
            Part::Norm2 => row(&layer?.norm2),
            Part::Inner => row(&layer?.inner),
            Part::Up if self.config.mlp == Mlp::SwiGlu => row(&layer?.up),
            Part::Active => row(&layer?.active),
            Part::Hidden => row(acts.hidden()),
            Part::Logit => row(acts.logits()),
            _ => return None,
        })
    }
}
