//! The learner's choices, and the model and training that they mean.

use crate::error::{Error, Result};
use crate::model::{ALLOWED_BYTES, Config, Mlp, Norm};
use crate::tokenizer::{SPECIALS, Split, TrainOptions};
use crate::train::{Optimizer, Schedule, Settings};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Where the text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorpusName {
    /// The story world in English.
    StoriesEn,
    /// The story world in Simplified Chinese.
    StoriesZh,
    /// First names, one a line.
    Names,
    /// The novel.
    MobyDick,
    /// The learner's own text.
    Own,
}

/// One of the architectures that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// RoPE, RMSNorm, QK-norm, SwiGLU.
    Modern,
    /// Learned positions, LayerNorm, GELU.
    Gpt2,
    /// RoPE, RMSNorm without gain, squared ReLU, capped logits, head of its own.
    Nanochat,
}

/// Byte pairs or bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vocabulary {
    /// Trained on the text.
    Bpe,
    /// 256 bytes and the special tokens.
    Bytes,
}

/// Names of the schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScheduleName {
    /// 1 / sqrt(1 + t / 500).
    Isqrt,
    /// Constant.
    Constant,
    /// Cosine to a tenth.
    Cosine,
}

impl CorpusName {
    /// Whether the text is made from the seed.
    pub fn is_generated(self) -> bool {
        matches!(self, Self::StoriesEn | Self::StoriesZh)
    }
}

/// Everything that decides the result of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs)] // each is documented where it acts: Config, Settings, TrainOptions
pub struct RunSettings {
    pub corpus: CorpusName,
    pub style: Style,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub width: usize,
    pub context: usize,
    pub vocabulary: Vocabulary,
    pub vocab_size: usize,
    pub split: Split,
    pub steps: u64,
    pub batch: usize,
    pub optimizer: Optimizer,
    pub schedule: ScheduleName,
    pub learning_rate: f64,
    pub warmup: u64,
    pub weight_decay: f64,
    pub seed: u64,
}

/// What a model would be, and why it could not be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Values in all parameters.
    pub parameters: u64,
    /// How they add up, in numbers.
    pub formula: String,
    /// Bytes for training.
    pub memory_bytes: u64,
    /// Floating-point operations of one training step.
    pub flops_per_step: u64,
    /// Why such a model can't be trained.
    pub error: Option<Error>,
}

/// Sizes beyond this are refused before anything is multiplied; memory sets the real limit.
const MOST_SIZE: usize = 1 << 16;
/// Floating-point operations that a shard should have at most: 10 to 30 ms in a browser, so that pausing is prompt.
const SHARD_FLOPS: u64 = 300_000_000;
/// Small steps are cut nevertheless, for workers that may share them.
const FEWEST_SHARDS: usize = 4;
const MOST_SHARDS: usize = 64;

/// Parts of a step that are computed one by one: as few as keep a part short.
fn shards(batch: usize, config: &Config) -> usize {
    let row_flops = config.flops_per_token(config.context).saturating_mul(config.context as u64);
    let rows = (SHARD_FLOPS / row_flops.max(1)).clamp(1, batch.max(1) as u64) as usize;
    batch.div_ceil(rows).clamp(FEWEST_SHARDS, MOST_SHARDS)
}

impl RunSettings {
    /// The model for a vocabulary of that size whose documents start with that id.
    pub fn config(&self, vocab_size: usize, document_start: Option<u32>) -> Config {
        let make = match self.style {
            Style::Modern => Config::modern,
            Style::Gpt2 => Config::gpt2,
            Style::Nanochat => Config::nanochat,
        };
        let base = make(vocab_size, self.context, self.layers, self.heads, self.width);
        Config { kv_heads: self.kv_heads, document_start, ..base }
    }

    /// How a model of `config` is trained.
    pub fn training(&self, config: &Config) -> Settings {
        let defaults = Settings::default();
        Settings {
            batch: self.batch,
            shards: shards(self.batch, config),
            steps: self.steps,
            learning_rate: self.learning_rate as f32,
            warmup: self.warmup,
            schedule: match self.schedule {
                ScheduleName::Isqrt => Schedule::InverseSqrt { tau: 500.0 },
                ScheduleName::Constant => Schedule::Constant,
                ScheduleName::Cosine => Schedule::Cosine { min: 0.1 },
            },
            optimizer: self.optimizer,
            // Chen et al. 2023, section 4, for Lion.
            betas: if self.optimizer == Optimizer::Lion { [0.9, 0.99] } else { defaults.betas },
            weight_decay: self.weight_decay as f32,
            seed: self.seed,
            ..defaults
        }
    }

    /// The vocabulary to train; plain bytes are one without merges.
    pub fn tokenizer(&self) -> TrainOptions {
        let specials: Vec<String> = SPECIALS.map(String::from).to_vec();
        let vocab_size = match self.vocabulary {
            Vocabulary::Bpe => self.vocab_size,
            Vocabulary::Bytes => 256 + specials.len(),
        };
        TrainOptions { vocab_size, split: self.split, specials }
    }

    /// Refuses what could not be trained, before anything is allocated.
    ///
    /// # Errors
    /// [`Error::Setting`] or [`Error::Memory`].
    pub fn validate(&self) -> Result<()> {
        let options = self.tokenizer();
        let least = 256 + options.specials.len();
        let most = crate::tokenizer::MOST_TOKENS;
        if !(least..=most).contains(&options.vocab_size) {
            let (expected, found) = (format!("{least}..={most}"), options.vocab_size.to_string());
            return Err(Error::Setting { name: "vocabSize", expected, found });
        }
        let sizes = [("layers", self.layers), ("heads", self.heads), ("width", self.width), ("context", self.context)];
        if let Some((name, found)) = sizes.into_iter().find(|(_, size)| !(1..=MOST_SIZE).contains(size)) {
            return Err(Error::Setting { name, expected: format!("1..={MOST_SIZE}"), found: found.to_string() });
        }
        let config = self.config(options.vocab_size, None);
        let training = self.training(&config);
        training.validate()?;
        config.validate(training.rows_per_shard(), ALLOWED_BYTES)
    }

    /// What these settings would make.
    pub fn estimate(&self) -> Estimate {
        match self.validate() {
            Err(error @ Error::Setting { .. }) => Estimate {
                parameters: 0,
                formula: String::new(),
                memory_bytes: 0,
                flops_per_step: 0,
                error: Some(error),
            },
            outcome => {
                let config = self.config(self.tokenizer().vocab_size, None);
                Estimate {
                    parameters: config.parameter_count(),
                    formula: formula(&config),
                    memory_bytes: config.memory_bytes(self.training(&config).rows_per_shard()),
                    flops_per_step: config.flops_per_token(self.context) * (self.batch * self.context) as u64,
                    error: outcome.err(),
                }
            }
        }
    }
}

/// The parameters of a model as a sum in numbers.
pub fn formula(config: &Config) -> String {
    let Config { vocab_size: v, context: t, layers: l, width: c, mlp_width: i, .. } = *config;
    let qkv = config.qkv_width();
    let matrices = if config.mlp == Mlp::SwiGlu { 3 } else { 2 };
    if config.norm == Norm::Layer {
        format!(
            "{v} × {c} + {t} × {c} + {l} × ({c} × {qkv} + {qkv} + {c}² + {c} + {matrices} × {c} × {i} + {i} + {c} + 4 × {c}) + 2 × {c}"
        )
    } else if config.norm == Norm::RmsPlain {
        let head = if config.tied { String::new() } else { format!(" + {v} × {c}") };
        format!("{v} × {c} + {l} × ({c} × {qkv} + {c}² + {matrices} × {c} × {i}){head}")
    } else {
        let d = config.head_dim();
        format!("{v} × {c} + {l} × ({c} × {qkv} + {c}² + {matrices} × {c} × {i} + 2 × {c} + 2 × {d}) + {c}")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A small run on English stories.
    pub fn small() -> RunSettings {
        RunSettings {
            corpus: CorpusName::StoriesEn,
            style: Style::Modern,
            layers: 1,
            heads: 2,
            kv_heads: 1,
            width: 16,
            context: 16,
            vocabulary: Vocabulary::Bpe,
            vocab_size: 300,
            split: Split::Digits,
            steps: 100,
            batch: 4,
            optimizer: Optimizer::AdamW,
            schedule: ScheduleName::Constant,
            learning_rate: 3e-3,
            warmup: 5,
            weight_decay: 0.1,
            seed: 1,
        }
    }

    /// Adds up a formula of `+`, `×`, `²` and one level of parentheses.
    fn value(sum: &str) -> u64 {
        let (mut total, mut depth, mut start) = (0, 0, 0);
        let product = |p: &str| -> u64 {
            p.split(" × ")
                .map(|f| match f.trim().strip_prefix('(').and_then(|f| f.strip_suffix(')')) {
                    Some(inner) => value(inner),
                    None => match f.trim().strip_suffix('²') {
                        Some(x) => x.parse::<u64>().unwrap().pow(2),
                        None => f.trim().parse().unwrap(),
                    },
                })
                .product()
        };
        // A product with a parenthesis holds it last: "3 × (…)".
        let term = |t: &str| match t.find('(') {
            Some(at) if at > 0 => {
                product(t[..at].trim_end_matches(" × ")) * value(t[at..].trim().trim_matches(['(', ')']))
            }
            _ => product(t),
        };
        for (i, c) in sum.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                '+' if depth == 0 => {
                    total += term(&sum[start..i]);
                    start = i + 1;
                }
                _ => {}
            }
        }
        total + term(&sum[start..])
    }

    #[test]
    fn the_formula_adds_up_to_the_number_of_parameters() {
        for style in [Style::Modern, Style::Gpt2, Style::Nanochat] {
            let kv_heads = if style == Style::Gpt2 { 2 } else { 1 };
            let estimate = RunSettings { style, kv_heads, layers: 3, ..small() }.estimate();
            assert_eq!(value(&estimate.formula), estimate.parameters, "{}", estimate.formula);
        }
    }

    #[test]
    fn an_estimate_says_why_a_model_cannot_be_made() {
        let error = |change: fn(&mut RunSettings)| {
            let mut settings = small();
            change(&mut settings);
            settings.estimate().error.map(|e| e.code())
        };
        assert_eq!(error(|_| {}), None);
        assert_eq!(error(|s| s.heads = 3), Some("setting"));
        assert_eq!(error(|s| s.vocab_size = 10_000), Some("setting"));
        assert_eq!(error(|s| s.learning_rate = f64::NAN), Some("setting"));
        assert_eq!(error(|s| (s.width, s.layers) = (8_192, 64)), Some("memory"));
    }
}
