//! Direct preference optimisation: of two answers to one prompt, the chosen one shall become more probable than the
//! rejected one, compared with how a reference model sees them.
//! Source: Rafailov et al. 2023, arXiv:2305.18290, eq. 7.

use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::example::Example;
use super::reader::Reader;
use super::reward::bradley_terry;
use crate::kernels::loss;
use crate::rng::{Purpose, Rng};
use crate::train::{Batch, Objective, Settings};

/// Two answers to one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The preferred one.
    pub chosen: Example,
    /// The other one.
    pub rejected: Example,
    /// ln p of both under the reference.
    pub reference: [f64; 2],
}

impl Pair {
    /// A pair as `reference` sees it.
    pub fn new(reference: &mut Reader, chosen: Example, rejected: Example) -> Self {
        let reference = [&chosen, &rejected].map(|answer| reference.log_prob(answer));
        Self { chosen, rejected, reference }
    }
}

/// Means over the pairs of one step, before its update.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DpoReport {
    /// Pairs.
    pub pairs: usize,
    /// -ln sigmoid(margin), in nats: ln 2 while the model is the reference.
    pub loss_nats: f64,
    /// ln p of the chosen answers.
    pub chosen: f64,
    /// ln p of the rejected ones. Both may fall: only their difference counts.
    pub rejected: f64,
    /// Reward of the chosen answer minus that of the rejected one; a reward is beta · ln(p / reference).
    pub margin: f64,
    /// Share of pairs with a margin above 0.
    pub accuracy: f64,
}

/// Pairs, in a new order each round.
pub struct Dpo {
    pairs: Vec<Pair>,
    beta: f64,
    per_step: usize,
    seed: u64,
    /// Order of the round that was filled last.
    order: Vec<usize>,
    round: Option<u64>,
    /// Pairs of the batch that was filled last; `None` for rows that are left over.
    filled: Vec<Option<usize>>,
    /// What the loss of each place counts.
    weights: Vec<f32>,
    step: Option<u64>,
    report: DpoReport,
}

impl Dpo {
    /// `per_step` pairs a step; the last step of a round has those that are left.
    ///
    /// # Panics
    /// If there is no pair, or none a step.
    pub fn new(pairs: Vec<Pair>, beta: f64, per_step: usize, seed: u64) -> Self {
        assert!(!pairs.is_empty() && per_step > 0, "pairs to learn from");
        let order = (0..pairs.len()).collect();
        let (filled, weights, report) = (Vec::new(), Vec::new(), DpoReport::default());
        Self { pairs, beta, per_step, seed, order, round: None, filled, weights, step: None, report }
    }

    /// Steps until every pair was seen once.
    pub fn steps_per_round(&self) -> u64 {
        self.pairs.len().div_ceil(self.per_step) as u64
    }

    /// Sizes of a step: a chosen and a rejected row for each pair, both in one shard.
    #[must_use]
    pub fn sized(&self, settings: Settings) -> Settings {
        Settings { batch: 2 * self.per_step, accumulation: 1, shards: self.per_step, ..settings }
    }

    /// Means over the step that was computed last.
    pub fn report(&self) -> DpoReport {
        let n = self.report.pairs.max(1) as f64;
        let DpoReport { pairs, loss_nats, chosen, rejected, margin, accuracy } = self.report;
        DpoReport {
            pairs,
            loss_nats: loss_nats / n,
            chosen: chosen / n,
            rejected: rejected / n,
            margin: margin / n,
            accuracy: accuracy / n,
        }
    }

    /// Numbers of the pairs of a step.
    fn of_step(&self, step: u64) -> Range<usize> {
        let first = (step % self.steps_per_round()) as usize * self.per_step;
        first..self.pairs.len().min(first + self.per_step)
    }

    fn shuffle(&mut self, round: u64) {
        if self.round != Some(round) {
            self.order.clear();
            self.order.extend(0..self.pairs.len());
            Rng::new(self.seed, Purpose::Order, round).shuffle(&mut self.order);
            self.round = Some(round);
        }
    }
}

impl Objective for Dpo {
    /// # Panics
    /// If the rows cut a pair in two: see [`Dpo::sized`].
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch) {
        assert!(rows.start.is_multiple_of(2) && rows.end.is_multiple_of(2), "a pair is in one shard: rows {rows:?}");
        self.shuffle(step / self.steps_per_round());
        if self.step != Some(step) {
            (self.step, self.report) = (Some(step), DpoReport::default());
        }
        let of_step = self.of_step(step);
        let (order, numbers) = (&self.order, rows.start / 2..rows.end / 2);
        self.filled.clear();
        self.filled.extend(numbers.map(|n| of_step.clone().nth(n).map(|at| order[at])));
        let both = |pair: &Option<usize>| {
            let pair = &self.pairs[pair.unwrap_or(0)];
            [&pair.chosen, &pair.rejected]
        };
        let longest = self.filled.iter().flat_map(both).map(Example::len).max().unwrap_or(0);
        batch.clear(longest.saturating_sub(1).max(1));
        for pair in &self.filled {
            // Rows that are left over count nothing.
            let factor = if pair.is_some() { 1.0 } else { 0.0 };
            both(pair).iter().for_each(|answer| answer.push_to(batch, factor));
        }
    }

    fn logits_gradient(&mut self, batch: &Batch, logits: &mut [f32], losses: &mut [f32]) -> f64 {
        loss::cross_entropy(losses, logits, &batch.targets);
        let mut weights = core::mem::take(&mut self.weights);
        weights.clear();
        weights.extend_from_slice(&batch.weights);
        let (time, mut total) = (batch.time, 0.0);
        let count = self.of_step(self.step.unwrap_or(0)).len() as f64;
        for (slot, pair) in self.filled.iter().enumerate() {
            let Some(pair) = pair.map(|at| &self.pairs[at]) else { continue };
            let place = |answer: usize| (2 * slot + answer) * time..(2 * slot + answer + 1) * time;
            let log_prob = |range: Range<usize>| -> f64 {
                -range.map(|n| f64::from(losses[n]) * f64::from(batch.weights[n])).sum::<f64>()
            };
            let [up, down] = [0, 1].map(|answer| log_prob(place(answer)));
            let margin = self.beta * ((up - down) - (pair.reference[0] - pair.reference[1]));
            let (nats, slope) = bradley_terry(margin);
            // What each answer's own loss (-ln p) counts: the gradient is that of a weighted cross-entropy.
            let factors = [-slope * self.beta / count, slope * self.beta / count];
            for (answer, factor) in factors.into_iter().enumerate() {
                place(answer).for_each(|n| weights[n] *= factor as f32);
            }
            total += nats / count;
            let r = &mut self.report;
            r.pairs += 1;
            r.loss_nats += nats;
            r.chosen += up;
            r.rejected += down;
            r.margin += margin;
            r.accuracy += f64::from(u8::from(margin > 0.0));
        }
        loss::cross_entropy_backward(logits, losses, &batch.targets, &weights);
        self.weights = weights;
        total
    }
}
