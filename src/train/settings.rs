//! Everything about a training run that is not the model.
//! Defaults are the recipe that reached a given loss with the least compute among those measured for models of this size.

use alloc::format;
use alloc::string::ToString;

use serde::{Deserialize, Serialize};

use super::schedule::Schedule;
use crate::error::{Error, Result};

/// The rule that turns a gradient into a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Optimizer {
    /// Loshchilov and Hutter 2017, arXiv:1711.05101.
    #[serde(rename = "adamw")]
    AdamW,
    /// Chen et al. 2023, arXiv:2302.06675; wants a third to a tenth of AdamW's learning rate.
    Lion,
    /// For the matrices of the blocks: Jordan et al. 2024, scaled so that AdamW's learning rates fit (Liu et al. 2025,
    /// arXiv:2502.16982); AdamW for everything else.
    Muon,
}

impl Optimizer {
    /// Whether it keeps a running mean of the squared gradient.
    pub(super) fn keeps_variance(self) -> bool {
        self != Self::Lion
    }
}

/// Settings of a training run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Rows of `context` tokens in a micro-batch.
    pub batch: usize,
    /// Micro-batches whose gradients are added before one optimizer step: a batch larger than the memory. The rows of a
    /// step are those of a batch of `batch * accumulation`.
    pub accumulation: usize,
    /// Parts of a micro-batch that are computed one by one and added in this order, whoever computed them. More shards:
    /// shorter slices and more workers that can help. At most `batch` are used. Part of what decides the bits of a run.
    pub shards: usize,
    /// Planned length of the run in optimizer steps.
    pub steps: u64,
    /// The largest learning rate.
    pub learning_rate: f32,
    /// Steps of the linear rise of the learning rate.
    pub warmup: u64,
    /// How the learning rate goes down afterwards.
    pub schedule: Schedule,
    /// AdamW, Lion or Muon.
    pub optimizer: Optimizer,
    /// Decay of the running mean of the gradient, and of its square (Lion: of the mean that is kept).
    pub betas: [f32; 2],
    /// Added to the root of the second moment (AdamW).
    pub epsilon: f32,
    /// Share of the learning rate by which decayed weights (matrices, embeddings) shrink in a step.
    pub weight_decay: f32,
    /// Gradients longer than this are shortened to it; 0 = never.
    pub clip: f32,
    /// Whether a running average of the weights is kept, and shown and evaluated instead of the weights of the last step.
    pub average: bool,
    /// Decides the initial weights and the windows.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            batch: 8,
            accumulation: 1,
            shards: 8,
            steps: 1_000,
            learning_rate: 4e-3,
            warmup: 20,
            schedule: Schedule::InverseSqrt { tau: 500.0 },
            optimizer: Optimizer::AdamW,
            betas: [0.9, 0.95],
            epsilon: 1e-8,
            weight_decay: 0.1,
            clip: 1.0,
            average: true,
            seed: 1,
        }
    }
}

impl Settings {
    /// Refuses values outside their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] with the name as in JSON, the range and the value.
    pub fn validate(&self) -> Result<()> {
        count("batch", self.batch as u64, 4_096)?;
        count("accumulation", self.accumulation as u64, 1_024)?;
        count("shards", self.shards as u64, 64)?;
        count("steps", self.steps, 100_000_000)?;
        check(self.warmup <= 100_000_000, "warmup", "0..=100000000", self.warmup)?;
        check(
            self.learning_rate > 0.0 && self.learning_rate <= 1.0,
            "learningRate",
            "above 0 and at most 1",
            self.learning_rate,
        )?;
        match self.schedule {
            Schedule::InverseSqrt { tau } => check((1.0..=1e9).contains(&tau), "tau", "1..=1000000000", tau)?,
            Schedule::Constant => {}
            Schedule::Cosine { min } | Schedule::Late { min } => {
                check((0.0..=1.0).contains(&min), "min", "0..=1", min)?
            }
        }
        for beta in self.betas {
            check((0.0..1.0).contains(&beta), "betas", "at least 0 and below 1", beta)?;
        }
        check((1e-12..=1.0).contains(&self.epsilon), "epsilon", "1e-12..=1", self.epsilon)?;
        check((0.0..=10.0).contains(&self.weight_decay), "weightDecay", "0..=10", self.weight_decay)?;
        check((0.0..=1e6).contains(&self.clip), "clip", "0..=1000000", self.clip)
    }

    /// Learning rate of `step`, counted from 0.
    pub fn rate(&self, step: u64) -> f64 {
        self.schedule.rate(f64::from(self.learning_rate), self.warmup, self.steps, step)
    }

    /// Rows of one optimizer step.
    pub fn rows(&self) -> usize {
        self.batch * self.accumulation
    }

    /// Shards of one optimizer step, all micro-batches together.
    pub fn shards_per_step(&self) -> usize {
        self.accumulation * self.shards.min(self.batch)
    }

    /// Most rows of a shard.
    pub fn rows_per_shard(&self) -> usize {
        self.batch.div_ceil(self.shards.min(self.batch))
    }

    /// Rows of the step that shard `shard` of the step holds: cut as evenly as possible, never across micro-batches.
    pub fn shard_rows(&self, shard: usize) -> core::ops::Range<usize> {
        let shards = self.shards.min(self.batch);
        let (micro_batch, part) = (shard / shards, shard % shards);
        let edge = |part: usize| micro_batch * self.batch + part * self.batch / shards;
        edge(part)..edge(part + 1)
    }
}

fn count(name: &'static str, value: u64, most: u64) -> Result<()> {
    check((1..=most).contains(&value), name, &format!("1..={most}"), value)
}

fn check(good: bool, name: &'static str, expected: &str, found: impl ToString) -> Result<()> {
    if good { Ok(()) } else { Err(Error::Setting { name, expected: expected.into(), found: found.to_string() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use alloc::vec::Vec;

    #[test]
    fn the_defaults_are_valid_and_absurd_values_are_refused_by_name() {
        assert_eq!(Settings::default().validate(), Ok(()));
        let refused = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            match settings.validate() {
                Err(Error::Setting { name, .. }) => name,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(|s| s.batch = 0), "batch");
        assert_eq!(refused(|s| s.learning_rate = 1e9), "learningRate");
        assert_eq!(refused(|s| s.learning_rate = f32::NAN), "learningRate");
        assert_eq!(refused(|s| s.betas[1] = 1.0), "betas");
        assert_eq!(refused(|s| s.schedule = Schedule::InverseSqrt { tau: 0.0 }), "tau");
        assert_eq!(refused(|s| s.clip = -1.0), "clip");
    }

    #[test]
    fn shards_hold_every_row_once_in_order_and_none_is_empty() {
        for (batch, accumulation, shards) in [(8, 1, 4), (7, 2, 3), (1, 3, 4), (5, 1, 5), (64, 2, 7)] {
            let settings = Settings { batch, accumulation, shards, ..Settings::default() };
            let parts: Vec<_> = (0..settings.shards_per_step()).map(|s| settings.shard_rows(s)).collect();
            assert!(parts.iter().all(|p| (1..=settings.rows_per_shard()).contains(&p.len())), "{parts:?}");
            let rows: Vec<usize> = parts.into_iter().flatten().collect();
            assert_eq!(rows, (0..settings.rows()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn settings_survive_json_bit_for_bit() {
        let mut rng = Rng::new(1, Purpose::Test, 2);
        for _ in 0..2_000 {
            let settings = Settings {
                learning_rate: f32::from_bits(rng.bits() % 0x3f80_0000),
                schedule: Schedule::Cosine { min: rng.unit() as f32 },
                betas: [rng.unit() as f32, rng.unit() as f32],
                optimizer: Optimizer::Lion,
                seed: u64::MAX - 1,
                ..Settings::default()
            };
            let text = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings, "{text}");
        }
    }

    #[test]
    fn settings_are_read_in_the_spelling_of_javascript() {
        let text = r#"{"batch":4,"learningRate":0.001,"schedule":{"kind":"cosine","min":0.1},"optimizer":"adamw"}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!((settings.batch, settings.learning_rate), (4, 0.001));
        assert_eq!(settings.schedule, Schedule::Cosine { min: 0.1 });
        assert_eq!(settings.warmup, Settings::default().warmup);
    }
}
