//! A reward model: one number for an answer, learned from which of two answers was preferred.
//! Source: Bradley and Terry 1952, DOI 10.2307/2334029; as a head on a language model: Stiennon et al. 2020,
//! arXiv:2009.01325, section 3.4.

use alloc::vec;
use alloc::vec::Vec;

use super::example::Example;
use super::reader::Reader;
use crate::error::Result;
use crate::model::{Start, Table};
use crate::train::{Schedule, Settings, Stepper, Weights};

/// Loss -ln sigmoid(`margin`) in nats, and its derivative by the margin (never positive).
pub fn bradley_terry(margin: f64) -> (f64, f64) {
    // Both ends without overflow: exp of what is not positive.
    let small = libm::exp(-libm::fabs(margin));
    let nats = libm::log1p(small) + libm::fmax(-margin, 0.0);
    let miss = if margin >= 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) };
    (nats, -miss)
}

/// Mean of rows of `hidden` (N,C), each times its weight: `out` (C) = Σ w·h / Σ w; 0 where nothing counts.
pub fn pool(out: &mut [f32], hidden: &[f32], weights: &[f32]) {
    let total: f64 = weights.iter().map(|&w| f64::from(w)).sum();
    let mut sums = vec![0.0f64; out.len()];
    for (row, &w) in hidden.chunks_exact(out.len()).zip(weights) {
        sums.iter_mut().zip(row).for_each(|(s, &h)| *s += f64::from(w) * f64::from(h));
    }
    let factor = if total > 0.0 { 1.0 / total } else { 0.0 };
    out.iter_mut().zip(sums).for_each(|(o, s)| *o = (s * factor) as f32);
}

/// Gradient of [`pool`]: `dhidden` (N,C) += w / Σ w · `dout` (C).
pub fn pool_backward(dhidden: &mut [f32], dout: &[f32], weights: &[f32]) {
    let total: f64 = weights.iter().map(|&w| f64::from(w)).sum();
    let factor = if total > 0.0 { 1.0 / total } else { 0.0 };
    for (row, &w) in dhidden.chunks_exact_mut(dout.len()).zip(weights) {
        let w = (f64::from(w) * factor) as f32;
        row.iter_mut().zip(dout).for_each(|(d, &o)| *d += w * o);
    }
}

/// A linear score of the mean of an answer's last hidden states, in a model that stays as it is.
///
/// The feature of an answer token is the hidden state *after* it has been read; the last token of an example ends it
/// and is never read, so it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct RewardHead {
    mean: Vec<f32>,
    deviation: Vec<f32>,
    weights: Vec<f32>,
    /// Scores are divided by it; 0 if all answers are the same to this head.
    spread: f64,
    /// Loss before and after training, in nats.
    pub losses: [f64; 2],
    /// Share of the pairs whose chosen answer has the higher score.
    pub accuracy: f64,
}

/// What a [`RewardHead`] is trained with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadSettings {
    /// Weight of the squared length of the head.
    pub l2: f64,
    /// Steps, each over all pairs.
    pub steps: u64,
    /// Rate of the steps.
    pub learning_rate: f32,
}

impl Default for HeadSettings {
    fn default() -> Self {
        Self { l2: 0.02, steps: 200, learning_rate: 0.05 }
    }
}

impl RewardHead {
    /// A head for these pairs (chosen, rejected), with [`HeadSettings::default`].
    ///
    /// # Errors
    /// [`Error::NotFinite`](crate::Error::NotFinite) if the model's hidden states are not finite numbers.
    pub fn train(reader: &mut Reader, pairs: &[(Example, Example)]) -> Result<Self> {
        Self::train_with(reader, pairs, &HeadSettings::default())
    }

    /// The same with other settings. All pairs are one shard of one step of the loop's own optimizer.
    ///
    /// # Errors
    /// As [`RewardHead::train`].
    pub fn train_with(reader: &mut Reader, pairs: &[(Example, Example)], set: &HeadSettings) -> Result<Self> {
        let c = reader.model().config().width;
        let features: Vec<f32> = [0, 1]
            .into_iter()
            .flat_map(|which| pairs.iter().map(move |pair| if which == 0 { &pair.0 } else { &pair.1 }))
            .flat_map(|answer| feature(reader, answer))
            .collect();
        let (mean, deviation) = spread(&features, c);
        let (chosen, rejected) = features.split_at(pairs.len() * c);
        let differences: Vec<f32> =
            chosen.iter().zip(rejected).enumerate().map(|(i, (a, b))| (a - b) / deviation[i % c]).collect();

        let table = Table::of([("score.weight".into(), vec![1, c], Start::Constant(0.0))]);
        let settings = Settings {
            batch: 1,
            shards: 1,
            steps: set.steps,
            learning_rate: set.learning_rate,
            warmup: 0,
            schedule: Schedule::Constant,
            betas: [0.9, 0.999],
            weight_decay: 0.0,
            clip: 0.0,
            average: false,
            ..Settings::default()
        };
        let fresh = Weights::fresh(vec![0.0; c], &settings);
        let mut stepper = Stepper::new(&table, settings, fresh, 0)?;
        let (mut gradient, mut losses) = (vec![0.0; c], [0.0; 2]);
        for step in 0..set.steps {
            let nats = head_gradient(&mut gradient, &stepper.weights().params, &differences, set.l2);
            losses[usize::from(step > 0)] = nats;
            stepper.add(nats, &gradient);
            stepper.apply(&table)?;
        }
        let weights = stepper.weights().params.clone();
        let mut head = Self { mean, deviation, weights, spread: 1.0, losses, accuracy: 0.0 };
        let scores: Vec<f64> = features.chunks_exact(c).map(|f| head.raw(f)).collect();
        let won = (0..pairs.len()).filter(|&i| scores[i] > scores[pairs.len() + i]).count();
        head.accuracy = won as f64 / pairs.len().max(1) as f64;
        head.spread = deviation_of(&scores);
        Ok(head)
    }

    /// Score of an answer: 0 is the mean of the answers that were compared, 1 their spread.
    pub fn score(&self, reader: &mut Reader, answer: &Example) -> f64 {
        let feature = feature(reader, answer);
        // A head that cannot tell answers apart has nothing to say.
        if self.spread > 1e-9 { self.raw(&feature) / self.spread } else { 0.0 }
    }

    fn raw(&self, feature: &[f32]) -> f64 {
        let part = |i: usize| f64::from((feature[i] - self.mean[i]) / self.deviation[i]) * f64::from(self.weights[i]);
        (0..self.weights.len()).map(part).sum()
    }
}

/// Gradient (C) of the mean loss of the pairs plus `l2` · |w|², and its value. `differences` (N,C) = chosen - rejected.
fn head_gradient(gradient: &mut [f32], weights: &[f32], differences: &[f32], l2: f64) -> f64 {
    let c = weights.len();
    let n = (differences.len() / c).max(1) as f64;
    let mut sums: Vec<f64> = weights.iter().map(|&w| 2.0 * l2 * f64::from(w)).collect();
    let mut nats = weights.iter().map(|&w| l2 * f64::from(w) * f64::from(w)).sum::<f64>();
    for row in differences.chunks_exact(c) {
        let margin: f64 = row.iter().zip(weights).map(|(&d, &w)| f64::from(d) * f64::from(w)).sum();
        let (loss, slope) = bradley_terry(margin);
        nats += loss / n;
        sums.iter_mut().zip(row).for_each(|(s, &d)| *s += slope / n * f64::from(d));
    }
    gradient.iter_mut().zip(sums).for_each(|(g, s)| *g = s as f32);
    nats
}

/// What the head sees of an answer (C).
fn feature(reader: &mut Reader, answer: &Example) -> Vec<f32> {
    let c = reader.model().config().width;
    let hidden = reader.hidden(answer);
    let mut out = vec![0.0; c];
    let read = hidden.len() / c;
    // Only what was read has a hidden state.
    pool(&mut out, hidden, &answer.weights[..read.min(answer.len())]);
    out
}

/// Mean and standard deviation of every column, the latter never 0.
fn spread(features: &[f32], c: usize) -> (Vec<f32>, Vec<f32>) {
    let column = |i: usize| features.iter().skip(i).step_by(c).map(|&f| f64::from(f)).collect::<Vec<_>>();
    let columns: Vec<Vec<f64>> = (0..c).map(column).collect();
    let mean = columns.iter().map(|x| (x.iter().sum::<f64>() / x.len().max(1) as f64) as f32).collect();
    (mean, columns.iter().map(|x| (deviation_of(x) + 1e-3) as f32).collect())
}

/// Standard deviation, with n - 1.
fn deviation_of(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len().max(1) as f64;
    let squared: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
    libm::sqrt(squared / x.len().saturating_sub(1).max(1) as f64)
}
