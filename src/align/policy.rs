//! Policy gradient: answers that a model has sampled become more probable the better they were than the others to the same
//! prompt, and a penalty keeps the model near the one it started from.
//! Sources: Williams 1992, DOI 10.1007/BF00992696 (REINFORCE); Shao et al. 2024, arXiv:2402.03300 (advantages within a
//! group); Schulman et al. 2017, arXiv:1707.06347, eq. 7 (clipping); Schulman 2020, "Approximating KL divergence" (k3).

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::example::Example;
use super::reader::Reader;
use crate::kernels::policy::{Place, Slopes, policy_backward};
use crate::train::{Batch, Objective};

/// An answer that was sampled, with its prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Prompt and answer; the answer's tokens count 1.
    pub example: Example,
    /// How much better it was than expected.
    pub advantage: f64,
    /// ln p of the answer's tokens when it was sampled, for [`Surrogate::Clipped`]; else empty.
    pub old_log_probs: Vec<f64>,
}

/// What stands for the expected reward.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Surrogate {
    /// Advantage times log-probability: for answers of the model as it is.
    Reinforce,
    /// Advantage times the ratio to the model that sampled, which counts only between 1 - clip and 1 + clip.
    Clipped {
        /// How far the ratio may move.
        clip: f64,
    },
}

/// How the distance from the reference is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Penalty {
    /// The divergence over the whole vocabulary: never negative, without noise.
    Exact,
    /// An estimate from the sampled token alone.
    K3,
}

/// What the loss is a mean of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Average {
    /// Over answers, of sums over tokens.
    Answers,
    /// Over all tokens.
    Tokens,
    /// Over answers, of means over tokens.
    TokensOfAnswers,
}

/// The objective's choices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicySettings {
    /// What stands for the reward.
    pub surrogate: Surrogate,
    /// Kind of penalty.
    pub penalty: Penalty,
    /// Weight of the penalty.
    pub kl: f64,
    /// What the loss is a mean of.
    pub average: Average,
    /// The policy is softmax(logits / temperature): in sampling, in the gradient and in the penalty alike.
    pub temperature: f32,
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self {
            surrogate: Surrogate::Reinforce,
            penalty: Penalty::Exact,
            kl: 0.3,
            average: Average::Answers,
            temperature: 0.8,
        }
    }
}

/// Sums over the answers of one step, before its update.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReport {
    /// Answers.
    pub answers: usize,
    /// Divergence from the reference per answer, in nats (as the penalty measures it).
    pub divergence: f64,
    /// ln p per answer.
    pub log_prob: f64,
}

/// Advantages of rewards in groups of `group`: reward minus the mean of its group. `None` if no group has two different
/// rewards: then there is nothing to learn, and nothing is divided by 0.
pub fn advantages(rewards: &[f64], group: usize) -> Option<Vec<f64>> {
    let mut out = Vec::with_capacity(rewards.len());
    let mut signal = false;
    for some in rewards.chunks(group.max(1)) {
        signal |= some.iter().any(|r| *r != some[0]);
        let mean = some.iter().sum::<f64>() / some.len() as f64;
        // Equal rewards are exactly without advantage, whatever rounding makes of their mean.
        let equal = some.iter().all(|r| *r == some[0]);
        out.extend(some.iter().map(|r| if equal { 0.0 } else { r - mean }));
    }
    signal.then_some(out)
}

/// Answers of one step, and the model that the policy is kept near.
pub struct PolicyGradient {
    settings: PolicySettings,
    reference: Reader,
    answers: Vec<Answer>,
    /// Rows of the batch that was filled last; beyond the answers: left over, count nothing.
    filled: Range<usize>,
    /// What a token of each of these rows counts.
    factors: Vec<f64>,
    tokens: f64,
    report: PolicyReport,
}

impl PolicyGradient {
    /// `reference` needs room for the rows of a shard.
    pub fn new(settings: PolicySettings, reference: Reader) -> Self {
        let report = PolicyReport::default();
        Self { settings, reference, answers: Vec::new(), filled: 0..0, factors: Vec::new(), tokens: 0.0, report }
    }

    /// The answers of the coming step.
    pub fn set(&mut self, answers: Vec<Answer>) {
        self.tokens = answers.iter().map(|a| a.example.counted()).sum();
        self.answers = answers;
        self.report = PolicyReport::default();
    }

    /// The reference, to read with.
    pub fn reference(&mut self) -> &mut Reader {
        &mut self.reference
    }

    /// Means over the answers of the step that was computed last.
    pub fn report(&self) -> PolicyReport {
        let n = self.report.answers.max(1) as f64;
        let PolicyReport { answers, divergence, log_prob } = self.report;
        PolicyReport { answers, divergence: divergence / n, log_prob: log_prob / n }
    }

    /// What one token of an answer counts.
    fn factor(&self, answer: &Answer) -> f64 {
        let count = self.answers.len() as f64;
        match self.settings.average {
            Average::Answers => 1.0 / count,
            Average::Tokens => 1.0 / self.tokens.max(f64::MIN_POSITIVE),
            Average::TokensOfAnswers => 1.0 / (count * answer.example.counted().max(f64::MIN_POSITIVE)),
        }
    }
}

impl Objective for PolicyGradient {
    fn fill(&mut self, _step: u64, rows: Range<usize>, batch: &mut Batch) {
        let n = self.answers.len();
        self.filled = rows.clone();
        let longest = rows.clone().filter_map(|row| self.answers.get(row)).map(|a| a.example.len()).max();
        batch.clear(longest.unwrap_or(2).saturating_sub(1).max(1));
        let nothing = Example { ids: vec![0], weights: vec![0.0] };
        for row in rows {
            let example = if row < n { &self.answers[row].example } else { &nothing };
            example.push_to(batch, 1.0);
        }
    }

    fn logits_gradient(&mut self, batch: &Batch, logits: &mut [f32], _losses: &mut [f32]) -> f64 {
        let mut total = 0.0;
        let mut report = self.report;
        let PolicySettings { surrogate, penalty, kl, temperature, .. } = self.settings;
        let mut factors = core::mem::take(&mut self.factors);
        factors.clear();
        factors.extend(self.filled.clone().map(|row| self.answers.get(row).map_or(0.0, |a| self.factor(a))));
        let (answers, first) = (&self.answers, self.filled.start);
        report.answers += self.filled.clone().filter(|&row| row < answers.len()).count();
        // Which of the answer's counted tokens comes next.
        let (mut row_before, mut nth) = (usize::MAX, 0);
        let reference = self.reference.logits(batch);
        policy_backward(logits, reference, &batch.targets, temperature, |n, place| {
            let row = n / batch.time;
            nth = if row == row_before { nth + 1 } else { 0 };
            row_before = row;
            let answer = &answers[first + row];
            let gain = gain(surrogate, answer, nth, place.log_prob);
            let distance = distance(penalty, &place);
            total += factors[row] * (kl * distance.0 - gain.0);
            report.divergence += distance.0;
            report.log_prob += place.log_prob;
            Slopes {
                log_prob: (factors[row] * (kl * distance.1 - gain.1)) as f32,
                divergence: (factors[row] * kl * distance.2) as f32,
            }
        });
        (self.report, self.factors) = (report, factors);
        total
    }
}

/// What a token gains, and the derivative by its log-probability.
fn gain(surrogate: Surrogate, answer: &Answer, nth: usize, log_prob: f64) -> (f64, f64) {
    let a = answer.advantage;
    match surrogate {
        Surrogate::Reinforce => (a * log_prob, a),
        Surrogate::Clipped { clip } => {
            let ratio = libm::exp(log_prob - answer.old_log_probs.get(nth).copied().unwrap_or(log_prob));
            let clipped = ratio.clamp(1.0 - clip, 1.0 + clip);
            // The smaller of both: where the clipped one is smaller, moving on gains nothing.
            if ratio * a <= clipped * a { (ratio * a, ratio * a) } else { (clipped * a, 0.0) }
        }
    }
}

/// Distance from the reference, and its derivatives by log-probability and by divergence.
fn distance(penalty: Penalty, place: &Place) -> (f64, f64, f64) {
    match penalty {
        Penalty::Exact => (place.divergence, 0.0, 1.0),
        Penalty::K3 => {
            let d = place.reference_log_prob - place.log_prob;
            (libm::expm1(d) - d, -libm::expm1(d), 0.0)
        }
    }
}
