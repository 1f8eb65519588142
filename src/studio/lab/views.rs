//! What the lab tells of a reading: habits with all scores, what the first token gets, guesses after each block.

use super::Lab;
use super::changes::mean;
use crate::error::{Error, Result};
use crate::generate::{Sampling, distribution};
use crate::model::anatomy::{Part, Place, Share};
use crate::studio::habit;
use alloc::vec::Vec;

/// Scores of heads (L, H).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Habits {
    /// (L, H): discriminant of the habit that is given.
    pub named: Vec<u8>,
    /// (L, H, 5): share that each rule explains.
    pub shares: Vec<f32>,
    /// (L, H): weight that rows from the third on give the first token.
    pub first_weight: Vec<f32>,
    /// (L, H): length of the first token's value vector, and mean length of the others'.
    pub first_value: Vec<f32>,
    /// (L, H).
    pub other_value: Vec<f32>,
}

/// The best guesses if the model had to answer after some block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guess {
    /// (L + 1, K), most probable first.
    pub ids: Vec<u32>,
    /// (L + 1, K).
    pub probs: Vec<f32>,
    /// (L + 1): probability of the id asked for.
    pub asked: Vec<f32>,
}

/// Guesses told per block.
const GUESSES: usize = 3;

impl Lab {
    /// Habits of all heads on the text.
    pub fn habits(&self) -> Habits {
        let (ids, mut out) = (&self.ids, Habits::default());
        let (config, time) = (self.model.config(), ids.len());
        if time == 0 {
            return out;
        }
        let punctuation = habit::punctuation(&self.tokenizer, ids);
        for l in 0..config.layers {
            for (h, weights) in self.pass().attention(l).chunks_exact(time * time).enumerate() {
                out.named.push(habit::measure(weights, ids, &punctuation).0 as u8);
                out.shares.extend(habit::shares(weights, ids, &punctuation).map(|(_, share)| share));
                let first: Vec<f32> = weights.chunks_exact(time).skip(2).map(|row| row[0]).collect();
                out.first_weight.push(mean(&first));
                let lengths: Vec<f32> = (0..time).map(|row| self.value_length(l, h, row)).collect();
                out.first_value.push(lengths[0]);
                out.other_value.push(mean(&lengths[1..]));
            }
        }
        out
    }

    /// Length of the value vector that a head fetches from a row.
    fn value_length(&self, layer: usize, head: usize, row: usize) -> f32 {
        let [_, _, from] = self.model.head_columns(head);
        let place = Place { part: Part::Qkv, layer, row, head, column: 0 };
        let values = self.model.vector(self.weights(), self.pass(), place);
        let head = &values[from..from + self.model.config().head_dim()];
        libm::sqrtf(head.iter().map(|x| x * x).sum())
    }

    /// Root mean squares of the residual stream, (L + 1, T).
    pub fn residual_norms(&self) -> Vec<f32> {
        let config = self.model.config();
        let rms = |row: &[f32]| libm::sqrtf(row.iter().map(|x| x * x).sum::<f32>() / row.len() as f32);
        let layers = if self.ids.is_empty() { 0 } else { config.layers + 1 };
        (0..layers).flat_map(|l| self.pass().residual(l).chunks_exact(config.width).map(rms)).collect()
    }

    /// Guesses after row `row` from the stream in front of each block and behind the last, with the probability of `id`
    /// (`None`: of the model's own first choice).
    ///
    /// # Errors
    /// [`Error::Setting`] for a row that was not read, [`Error::TokenId`].
    pub fn lens(&mut self, row: usize, id: Option<u32>) -> Result<Guess> {
        self.row(row)?;
        self.model.check_ids(id.as_slice())?;
        let (v, layers) = (self.model.config().vocab_size, self.model.config().layers);
        let mut out = Guess::default();
        let mut all = Vec::new();
        for l in 0..=layers {
            let weights = if self.edited.is_empty() { &self.params } else { &self.edited };
            let acts = self.changed.as_mut().unwrap_or(&mut self.plain);
            let logits = self.model.read_off(weights, acts, l);
            let found = distribution(&logits[row * v..(row + 1) * v], &Sampling::default(), &[]);
            let shown = GUESSES.min(v);
            out.ids.extend_from_slice(&found.ids[..shown]);
            out.probs.extend_from_slice(&found.probs[..shown]);
            all.push(found);
        }
        let asked = id.unwrap_or_else(|| all[layers].ids[0]);
        out.asked = all.iter().map(|d| d.probability(asked)).collect();
        Ok(out)
    }

    /// Shares of every part in the logit of `id` after row `row`.
    ///
    /// # Errors
    /// As [`Lab::lens`].
    pub fn shares(&self, row: usize, id: u32) -> Result<Vec<Share>> {
        self.row(row)?;
        self.model.check_ids(&[id])?;
        Ok(self.model.shares(self.weights(), self.pass(), row, id as usize))
    }

    /// The most probable ids after row `row`, in the model as it is or as it was changed.
    ///
    /// # Errors
    /// [`Error::Setting`] for a row that was not read.
    pub fn predicted(&self, row: usize, changed: bool) -> Result<(Vec<u32>, Vec<f32>)> {
        self.row(row)?;
        let v = self.model.config().vocab_size;
        let acts = if changed { self.pass() } else { &self.plain };
        let found = distribution(&acts.logits()[row * v..(row + 1) * v], &Sampling::default(), &[]);
        Ok((found.ids, found.probs))
    }

    fn row(&self, row: usize) -> Result<()> {
        let time = self.ids.len();
        if row < time {
            return Ok(());
        }
        let (expected, found) = (alloc::format!("below {time}"), alloc::format!("{row}"));
        Err(Error::Setting { name: "row", expected, found })
    }
}
