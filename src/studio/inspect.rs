//! What the model does with a text: attention of every head, their habits, and the next token after each one.

use super::habit;
use crate::error::Result;
use crate::generate::{Sampling, distribution};
use crate::model::{Activations, Model};
use alloc::vec::Vec;

/// Most probable tokens that are told.
const SHOWN: usize = 10;

/// L layers, H heads, T tokens read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspection {
    /// T.
    pub time: usize,
    /// (L, H, T, T): row looks, column is looked at.
    pub attention: Vec<f32>,
    /// (L, H): discriminant of [`habit::Habit`].
    pub habits: Vec<u8>,
    /// (L, H): share that the habit explains.
    pub habit_shares: Vec<f32>,
    /// (T, V).
    pub logits: Vec<f32>,
    /// (L + 1, T): root mean square of the residual stream.
    pub residual_norms: Vec<f32>,
}

/// The most probable next tokens after each of T tokens; K = min(10, V).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Predictions {
    /// K.
    pub shown: usize,
    /// (T, K), most probable first.
    pub ids: Vec<u32>,
    /// (T, K): the model's own probabilities.
    pub raw: Vec<f32>,
    /// (T, K): under the sampling settings; 0 = cut.
    pub shaped: Vec<f32>,
    /// (T): shaped probability of all others.
    pub rest: Vec<f32>,
    /// (T): tokens that are not cut.
    pub kept: Vec<u32>,
}

/// One traced forward pass over `ids` (T, at most the context).
///
/// # Errors
/// [`crate::Error::TokenId`] for an unknown id.
pub fn inspect(model: &Model, params: &[f32], ids: &[u32], punctuation: &[bool]) -> Result<Inspection> {
    model.check_ids(ids)?;
    let time = ids.len();
    if time == 0 {
        return Ok(Inspection::default());
    }
    let config = model.config();
    let mut acts = Activations::new(config, 1, time);
    model.forward(params, &mut acts, ids, 1, time);
    let mut found = Inspection { time, logits: acts.logits().to_vec(), ..Inspection::default() };
    for l in 0..config.layers {
        found.attention.extend_from_slice(acts.attention(l));
        for head in acts.attention(l).chunks_exact(time * time) {
            let (habit, share) = habit::measure(head, ids, punctuation);
            found.habits.push(habit as u8);
            found.habit_shares.push(share);
        }
    }
    for l in 0..=config.layers {
        let rms = |row: &[f32]| libm::sqrtf(row.iter().map(|x| x * x).sum::<f32>() / row.len() as f32);
        found.residual_norms.extend(acts.residual(l).chunks_exact(config.width).map(rms));
    }
    Ok(found)
}

/// Predictions from logits (T, V).
///
/// # Errors
/// [`crate::Error::Setting`] for sampling settings out of range.
pub fn predictions(logits: &[f32], vocab_size: usize, sampling: &Sampling) -> Result<Predictions> {
    sampling.validate()?;
    let shown = SHOWN.min(vocab_size);
    let mut out = Predictions { shown, ..Predictions::default() };
    for row in logits.chunks_exact(vocab_size) {
        let raw = distribution(row, &Sampling::default(), &[]);
        let shaped = distribution(row, sampling, &[]);
        out.ids.extend_from_slice(&raw.ids[..shown]);
        out.raw.extend_from_slice(&raw.probs[..shown]);
        out.shaped.extend_from_slice(&shaped.probs[..shown]);
        out.rest.push(shaped.probs[shown..].iter().sum());
        out.kept.push(shaped.kept as u32);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Config, Init};

    #[test]
    fn attention_is_causal_and_every_row_adds_up_to_one() {
        let model = Model::new(Config::modern(40, 16, 2, 2, 16)).unwrap();
        let params = model.init(1, Init::Preset);
        let ids = [1, 2, 3, 4, 5, 6, 7];
        let found = inspect(&model, &params, &ids, &[false; 7]).unwrap();
        assert_eq!((found.attention.len(), found.residual_norms.len()), (4 * 49, 21));
        for (i, row) in found.attention.chunks_exact(7).enumerate() {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(row[i % 7 + 1..].iter().all(|&w| w == 0.0));
        }
        assert!(inspect(&model, &params, &[40], &[false]).is_err());
        assert_eq!(inspect(&model, &params, &[], &[]).unwrap().time, 0);
    }

    #[test]
    fn shown_and_hidden_probabilities_add_up_to_one() {
        let logits: Vec<f32> = (0..60).map(|i| (i % 17) as f32 * 0.4).collect();
        for sampling in [Sampling::default(), Sampling { temperature: 0.5, top_k: 3, ..Sampling::default() }] {
            let p = predictions(&logits, 30, &sampling).unwrap();
            for t in 0..2 {
                let total = p.shaped[t * 10..(t + 1) * 10].iter().sum::<f32>() + p.rest[t];
                assert!((total - 1.0).abs() < 1e-5, "{total}");
            }
        }
        let cut = predictions(&logits, 30, &Sampling { top_k: 3, ..Sampling::default() }).unwrap();
        assert_eq!((cut.kept[0], cut.shaped[3], cut.rest[0]), (3, 0.0, 0.0));
        assert!(cut.raw[3] > 0.0);
    }
}
