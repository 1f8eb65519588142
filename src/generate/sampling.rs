//! From logits to the distribution that a token is drawn from.
//! Knows nothing of models: one row of logits in, one distribution out.
//! Order of the steps: repetition penalty (Keskar et al. 2019, arXiv:1909.05858), temperature, top-k (Fan et al. 2018,
//! arXiv:1805.04833), top-p (Holtzman et al. 2019, arXiv:1904.09751), min-p (Nguyen et al. 2024, arXiv:2407.01082).

use alloc::format;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How a token is chosen. The default changes nothing: the model's own distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sampling {
    /// Divides the logits; 0 = greedy: always the most probable token.
    pub temperature: f32,
    /// Keeps the k most probable tokens; 0 = all.
    pub top_k: usize,
    /// Keeps the fewest tokens whose probabilities reach this sum; 1 = all.
    pub top_p: f32,
    /// Keeps tokens at least this share as probable as the most probable one; 0 = all.
    pub min_p: f32,
    /// Divides positive logits, multiplies negative ones, of every token already in the text; 1 = off.
    pub repetition_penalty: f32,
    /// Same seed, weights and prompt: same text.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0, seed: 0 }
    }
}

impl Sampling {
    /// Refuses values outside their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] with the name, the range and the value.
    pub fn validate(&self) -> Result<()> {
        let within = |name, value: f32, low: f32, high: f32| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Error::Setting { name, expected: format!("{low}..={high}"), found: format!("{value}") })
            }
        };
        within("temperature", self.temperature, 0.0, 100.0)?;
        within("topP", self.top_p, 0.0, 1.0)?;
        within("minP", self.min_p, 0.0, 1.0)?;
        within("repetitionPenalty", self.repetition_penalty, 0.01, 100.0)
    }
}

/// What a token is drawn from: every id of the vocabulary, the most probable first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// All ids by (penalised) logit descending, equal logits by id ascending. Cut tokens keep their place in this order.
    pub ids: Vec<u32>,
    /// `probs[i]` belongs to `ids[i]`; exactly 0 where cut. Sums to 1, unless nothing can be chosen.
    pub probs: Vec<f32>,
    /// The first `kept` ids are not cut. 0 only if every logit is -infinity or NaN.
    pub kept: usize,
}

impl Distribution {
    /// The id that the uniform number `unit` in [0, 1) falls on; `None` if nothing is kept.
    pub fn choose(&self, unit: f64) -> Option<u32> {
        let mut sum = 0.0;
        for (&id, &p) in self.ids.iter().zip(&self.probs).take(self.kept) {
            sum += f64::from(p);
            if unit < sum {
                return Some(id);
            }
        }
        // Rounding left a gap at the end: it belongs to the last token that has any probability.
        (0..self.kept).rev().find(|&i| self.probs[i] > 0.0).map(|i| self.ids[i])
    }

    /// The probability of `id`; 0 where cut or unknown.
    pub fn probability(&self, id: u32) -> f32 {
        self.ids.iter().position(|&i| i == id).map_or(0.0, |i| self.probs[i])
    }
}

/// The distribution of the next token under `sampling`.
///
/// * `logits` (V): -infinity = never chosen; NaN counts as -infinity, +infinity as the largest number.
/// * `context`: the ids so far, for the repetition penalty; ids outside the vocabulary are ignored.
///
/// Computed in f64, so that the same tokens are cut on every target.
pub fn distribution(logits: &[f32], sampling: &Sampling, context: &[u32]) -> Distribution {
    let mut out = Distribution::default();
    distribution_into(&mut out, logits, sampling, context);
    out
}

/// As [`distribution`], into buffers that are used again.
pub fn distribution_into(out: &mut Distribution, logits: &[f32], sampling: &Sampling, context: &[u32]) {
    let ranked = rank(&penalised(logits, sampling.repetition_penalty, context));
    out.ids.clear();
    out.ids.extend(ranked.iter().map(|&(id, _)| id));
    out.probs.clear();
    out.probs.resize(ranked.len(), 0.0);
    let possible = ranked.iter().take_while(|&&(_, z)| z > f32::NEG_INFINITY).count();
    if sampling.temperature == 0.0 || possible == 0 {
        out.kept = possible.min(1);
        out.probs.iter_mut().take(out.kept).for_each(|p| *p = 1.0);
        return;
    }
    let mut weights = weights(&ranked[..possible], sampling.temperature);
    out.kept = cut(&mut weights, sampling);
    out.probs.iter_mut().zip(&weights).for_each(|(p, &w)| *p = w as f32);
}

/// Finite-or-minus-infinity logits after the repetition penalty, each id of `context` once.
fn penalised(logits: &[f32], penalty: f32, context: &[u32]) -> Vec<f32> {
    let mut z: Vec<f32> = logits
        .iter()
        .map(|&z| if z.is_nan() { f32::NEG_INFINITY } else { z.min(f32::MAX) + 0.0 }) // + 0.0: -0.0 and 0.0 are a tie
        .collect();
    if penalty != 1.0 {
        let mut seen = context.to_vec();
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            if let Some(z) = z.get_mut(id as usize) {
                *z = if *z >= 0.0 { *z / penalty } else { *z * penalty }.min(f32::MAX);
            }
        }
    }
    z
}

/// Ids with their logits, largest first, equal logits by id.
fn rank(z: &[f32]) -> Vec<(u32, f32)> {
    // One integer a token: larger logits sort first, then smaller ids. Three times faster than comparing pairs.
    let mut keys: Vec<u64> = z.iter().zip(0u64..).map(|(&z, id)| (u64::from(descending(z)) << 32) | id).collect();
    keys.sort_unstable();
    keys.iter().map(|&key| (key as u32, z[key as u32 as usize])).collect()
}

/// An integer that grows as `z` falls (order of IEEE 754 bits, with negative numbers turned round).
fn descending(z: f32) -> u32 {
    let bits = z.to_bits();
    if bits >> 31 == 0 { !(bits | 1 << 31) } else { bits }
}

/// Softmax of the ranked logits. The maximum goes off before the division: logits of 1e4 at a low temperature need it.
fn weights(ranked: &[(u32, f32)], temperature: f32) -> Vec<f64> {
    let max = f64::from(ranked[0].1);
    let mut w: Vec<f64> =
        ranked.iter().map(|&(_, z)| libm::exp((f64::from(z) - max) / f64::from(temperature))).collect();
    normalise(&mut w);
    w
}

fn normalise(w: &mut [f64]) {
    let sum: f64 = w.iter().sum();
    w.iter_mut().for_each(|w| *w /= sum);
}

/// Applies top-k, top-p and min-p to probabilities in falling order and renormalises; returns how many are left.
fn cut(w: &mut Vec<f64>, sampling: &Sampling) -> usize {
    if sampling.top_k > 0 {
        w.truncate(sampling.top_k);
    }
    normalise(w);
    if sampling.top_p < 1.0 {
        let mut sum = 0.0;
        let reached = w.iter().position(|&w| {
            sum += w;
            sum >= f64::from(sampling.top_p)
        });
        w.truncate(reached.map_or(w.len(), |i| i + 1));
    }
    let least = f64::from(sampling.min_p) * w[0];
    let likely = w.iter().take_while(|&&w| w >= least).count();
    w.truncate(likely.max(1));
    normalise(w);
    w.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};

    const LOGITS: [f32; 5] = [1.0, 3.0, 2.0, 3.0, -1.0];

    #[test]
    fn order_is_by_logit_then_id_and_cut_tokens_keep_their_place() {
        let d = distribution(&LOGITS, &Sampling { top_k: 2, ..Sampling::default() }, &[]);
        assert_eq!(d.ids, [1, 3, 2, 0, 4]);
        assert_eq!(d.kept, 2);
        assert_eq!(d.probs, [0.5, 0.5, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn temperature_zero_takes_the_lowest_of_the_largest() {
        let d = distribution(&LOGITS, &Sampling { temperature: 0.0, ..Sampling::default() }, &[]);
        assert_eq!((d.ids[0], d.probs[0], d.kept), (1, 1.0, 1));
        assert_eq!(d.choose(0.999_999), Some(1));
    }

    #[test]
    fn zero_and_minus_zero_are_a_tie() {
        assert_eq!(distribution(&[-0.0, 0.0, -0.0], &Sampling::default(), &[]).ids, [0, 1, 2]);
    }

    #[test]
    fn nan_and_minus_infinity_are_never_chosen_and_plus_infinity_is_certain() {
        let none = distribution(&[f32::NAN, f32::NEG_INFINITY], &Sampling::default(), &[]);
        assert_eq!((none.kept, none.choose(0.5)), (0, None));
        let d = distribution(&[0.0, f32::INFINITY, f32::NAN], &Sampling::default(), &[]);
        assert_eq!((d.ids[0], d.probs[0], d.kept), (1, 1.0, 2));
        assert_eq!(d.probability(2), 0.0);
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let d = distribution(&[0.0, 1.0, 2.0], &Sampling::default(), &[]);
        let mut rng = Rng::new(1, Purpose::Test, 0);
        let mut counts = [0.0f64; 3];
        (0..30_000).for_each(|_| counts[d.choose(rng.unit()).unwrap() as usize] += 1.0 / 30_000.0);
        // Three standard deviations of a share at n = 30,000 are below 0.009.
        (0..3).for_each(|id| assert!((counts[id] - f64::from(d.probability(id as u32))).abs() < 0.009, "{counts:?}"));
    }

    #[test]
    fn a_penalty_counts_an_id_once_and_ignores_foreign_ids() {
        let sampling = Sampling { repetition_penalty: 2.0, ..Sampling::default() };
        let once = distribution(&LOGITS, &sampling, &[1, 4]);
        assert_eq!(once, distribution(&LOGITS, &sampling, &[4, 1, 1, 1, 99]));
        assert_eq!(once, distribution(&[1.0, 1.5, 2.0, 3.0, -2.0], &Sampling::default(), &[]));
    }

    #[test]
    fn absurd_settings_are_refused_with_their_range() {
        for bad in [
            Sampling { temperature: -1.0, ..Sampling::default() },
            Sampling { temperature: f32::NAN, ..Sampling::default() },
            Sampling { top_p: 1.5, ..Sampling::default() },
            Sampling { repetition_penalty: 0.0, ..Sampling::default() },
        ] {
            assert_eq!(bad.validate().unwrap_err().code(), "setting", "{bad:?}");
        }
        assert_eq!(Sampling::default().validate(), Ok(()));
    }
}
