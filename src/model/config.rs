//! What a model is: sizes and the choices that tell GPT-2 from its successors, checked before anything is allocated.

use crate::error::{Error, Result};
use alloc::format;
use alloc::string::ToString;
use serde::{Deserialize, Serialize};

/// How a model knows where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Position {
    /// A learned row per position, added to the embedding (GPT-2).
    Learned,
    /// Rotation of queries and keys.
    Rope {
        /// Base of the wave lengths.
        theta: f64,
        /// Turn by minus the angle, as nanochat does.
        back: bool,
    },
    /// A bias that grows with the distance.
    Alibi,
    /// Not at all, beyond what causality tells.
    None,
}

/// Normalisation before each part and at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Norm {
    /// LayerNorm with gain and bias (GPT-2).
    Layer,
    /// RMSNorm with gain.
    Rms,
    /// RMSNorm without parameters (nanochat).
    RmsPlain,
}

/// Normalisation of each head of queries and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QkNorm {
    /// None.
    None,
    /// RMSNorm with a gain shared by the heads, before the rotation (Qwen3).
    Gain,
    /// RMSNorm without parameters, after the rotation (nanochat).
    Plain,
}

/// Kind of the position-wise part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mlp {
    /// Two matrices and GELU (GPT-2).
    Gelu,
    /// Three matrices, one gating another.
    SwiGlu,
    /// Two matrices and the squared ReLU (nanochat).
    Relu2,
}

/// Everything that decides the shape of a model. `head_dim` is `width / heads`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// Token ids, V.
    pub vocab_size: usize,
    /// Tokens that the model can see, T.
    pub context: usize,
    /// Blocks, L.
    pub layers: usize,
    /// Query heads, H.
    pub heads: usize,
    /// Key-value heads, K; divides `heads`.
    pub kv_heads: usize,
    /// Values of the residual stream, C.
    pub width: usize,
    /// Values inside the MLP, I.
    pub mlp_width: usize,
    /// How positions are known.
    pub position: Position,
    /// Normalisation.
    pub norm: Norm,
    /// Added inside the root of every norm.
    pub norm_eps: f32,
    /// Normalisation of queries and keys.
    pub qk_norm: QkNorm,
    /// Kind of MLP.
    pub mlp: Mlp,
    /// Whether linear layers have biases.
    pub bias: bool,
    /// Whether the head is the embedding.
    pub tied: bool,
    /// Whether the embedding is normalised (nanochat).
    pub embedding_norm: bool,
    /// Logits are `cap · tanh(logits / cap)`.
    pub softcap: Option<f32>,
    /// Id at which a document starts: attention never crosses it.
    pub document_start: Option<u32>,
}

/// Largest sizes that are accepted at all; memory sets the real limit.
const MOST: usize = 1 << 20;
/// Most blocks and heads: each costs names and places before it costs weights.
const MOST_PARTS: usize = 1 << 10;

impl Config {
    /// GPT-2 style: learned positions, LayerNorm, GELU, biases, tied head, MLP of 4·C.
    pub fn gpt2(vocab_size: usize, context: usize, layers: usize, heads: usize, width: usize) -> Self {
        Self {
            vocab_size,
            context,
            layers,
            heads,
            kv_heads: heads,
            width,
            mlp_width: width.saturating_mul(4),
            position: Position::Learned,
            norm: Norm::Layer,
            norm_eps: 1e-5,
            qk_norm: QkNorm::None,
            mlp: Mlp::Gelu,
            bias: true,
            tied: true,
            embedding_norm: false,
            softcap: None,
            document_start: None,
        }
    }

    /// Modern style (Qwen3): RoPE, RMSNorm, QK-norm, SwiGLU, no biases, tied head; MLP of 8/3·C in steps of 16.
    pub fn modern(vocab_size: usize, context: usize, layers: usize, heads: usize, width: usize) -> Self {
        Self {
            mlp_width: width.saturating_mul(8).div_ceil(3 * 16) * 16,
            position: Position::Rope { theta: 10_000.0, back: false },
            norm: Norm::Rms,
            qk_norm: QkNorm::Gain,
            mlp: Mlp::SwiGlu,
            bias: false,
            ..Self::gpt2(vocab_size, context, layers, heads, width)
        }
    }

    /// nanochat style (`NanoChatForCausalLM`): RoPE the other way round, RMSNorm without gain, also behind the embedding
    /// and on queries and keys, squared ReLU, logits capped at 15, head of its own; MLP of 4·C.
    pub fn nanochat(vocab_size: usize, context: usize, layers: usize, heads: usize, width: usize) -> Self {
        Self {
            mlp_width: width.saturating_mul(4),
            position: Position::Rope { theta: 10_000.0, back: true },
            norm: Norm::RmsPlain,
            norm_eps: 1e-6,
            qk_norm: QkNorm::Plain,
            mlp: Mlp::Relu2,
            tied: false,
            embedding_norm: true,
            softcap: Some(15.0),
            ..Self::modern(vocab_size, context, layers, heads, width)
        }
    }

    /// Values per head, D.
    pub fn head_dim(&self) -> usize {
        self.width / self.heads
    }

    /// Whether matrices are stored (in, out), as GPT-2 does, not (out, in).
    pub fn stores_inputs_first(&self) -> bool {
        self.norm == Norm::Layer
    }

    /// Values of a fused row of queries, keys and values, (H + 2K)·D.
    pub fn qkv_width(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.head_dim()
    }

    /// Checks every size and relation, then that training with `batch` rows fits into `allowed_bytes`.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first setting that is out of range; [`Error::Memory`] gives both numbers.
    pub fn validate(&self, batch: usize, allowed_bytes: u64) -> Result<()> {
        range("batch", batch, MOST)?;
        self.check()?;
        let needed_bytes = self.memory_bytes(batch);
        if needed_bytes > allowed_bytes {
            return Err(Error::Memory { needed_bytes, allowed_bytes });
        }
        Ok(())
    }

    /// The part of [`Config::validate`] that needs no batch and no memory.
    pub(super) fn check(&self) -> Result<()> {
        range("vocabSize", self.vocab_size, MOST)?;
        range("context", self.context, MOST)?;
        range("layers", self.layers, MOST_PARTS)?;
        range("heads", self.heads, MOST_PARTS)?;
        range("kvHeads", self.kv_heads, MOST_PARTS)?;
        range("width", self.width, MOST)?;
        range("mlpWidth", self.mlp_width, MOST)?;
        let relation = |holds, name, expected, found: usize| {
            if holds { Ok(()) } else { Err(setting(name, expected, found)) }
        };
        relation(
            self.width.is_multiple_of(self.heads),
            "heads",
            format!("a divisor of width {}", self.width),
            self.heads,
        )?;
        let divisor = format!("a divisor of heads {}", self.heads);
        relation(self.heads.is_multiple_of(self.kv_heads), "kvHeads", divisor, self.kv_heads)?;
        if let Position::Rope { theta, .. } = self.position {
            let even = format!("such that width / heads is even (width {})", self.width);
            relation(self.head_dim().is_multiple_of(2), "heads", even, self.heads)?;
            if !(theta > 1.0 && theta.is_finite()) {
                return Err(Error::Setting { name: "theta", expected: "> 1".into(), found: theta.to_string() });
            }
        }
        if self.norm == Norm::Layer {
            relation(self.kv_heads == self.heads, "kvHeads", format!("{} in GPT-2 style", self.heads), self.kv_heads)?;
        }
        if !(self.norm_eps > 0.0 && self.norm_eps < 1.0) {
            return Err(Error::Setting {
                name: "normEps",
                expected: "0 < eps < 1".into(),
                found: self.norm_eps.to_string(),
            });
        }
        if let Some(cap) = self.softcap.filter(|cap| !(*cap > 0.0 && cap.is_finite())) {
            return Err(Error::Setting { name: "softcap", expected: "> 0".into(), found: cap.to_string() });
        }
        match self.document_start.filter(|&id| id as usize >= self.vocab_size) {
            Some(found) => Err(Error::TokenId { found, vocab_size: self.vocab_size }),
            None => Ok(()),
        }
    }

    /// Values in all parameters.
    pub fn parameter_count(&self) -> u64 {
        let [v, t, l, c, i] =
            [self.vocab_size, self.context, self.layers, self.width, self.mlp_width].map(|x| x as u64);
        let r = (self.heads as u64 + 2 * self.kv_heads as u64) * (c / self.heads as u64);
        let norm = match self.norm {
            Norm::Layer => 2 * c,
            Norm::Rms => c,
            Norm::RmsPlain => 0,
        };
        let gains = if self.qk_norm == QkNorm::Gain { 2 * self.head_dim() as u64 } else { 0 };
        let mlp = if self.mlp == Mlp::SwiGlu { 3 * c * i } else { 2 * c * i };
        let biases = if self.bias { r + c + i + c + if self.mlp == Mlp::SwiGlu { i } else { 0 } } else { 0 };
        let positions = if self.position == Position::Learned { t * c } else { 0 };
        let head = if self.tied { 0 } else { v * c };
        v * c + positions + l * (c * r + c * c + mlp + 2 * norm + gains + biases) + norm + head
    }

    /// Bytes for training with `batch` rows: weights, two gradients, two moments, average, activations and their gradients.
    pub fn memory_bytes(&self, batch: usize) -> u64 {
        let state = self.parameter_count().saturating_mul(6);
        state.saturating_add(self.activation_count(batch)).saturating_mul(4)
    }

    /// Bytes for reading and continuing one text of a whole context: weights, keys and values, rotations, and the buffers
    /// of a piece of the prompt.
    pub fn reading_bytes(&self) -> u64 {
        let [v, t, l, c, h] = [self.vocab_size, self.context, self.layers, self.width, self.heads].map(|x| x as u64);
        let (d, kv) = (self.head_dim() as u64, self.kv_heads as u64);
        let n = t.min(super::cache::PIECE as u64);
        let piece = n * (self.block_row() + 3 * c) + n * h * t + v;
        self.parameter_count().saturating_add(2 * l * kv * d * t + t * d + piece).saturating_mul(4)
    }

    /// Values in the buffers of [`super::Activations`] for `batch` rows of `context` tokens.
    pub fn activation_count(&self, batch: usize) -> u64 {
        let [v, t, l, c, h] = [self.vocab_size, self.context, self.layers, self.width, self.heads].map(|x| x as u64);
        let n = (batch as u64).saturating_mul(t);
        let layer = n.saturating_mul(self.block_row()).saturating_add(n.saturating_mul(h * t));
        let backward = n.saturating_mul(4 * c + 2 * self.qkv_width() as u64 + self.mlp_row());
        layer.saturating_mul(l).saturating_add(n.saturating_mul(3 * c + v)).saturating_add(backward)
    }

    /// Values of a token in one block's buffers, without its attention.
    fn block_row(&self) -> u64 {
        let norms = 2 * (self.heads + self.kv_heads) + 4;
        (5 * self.width + 2 * self.qkv_width() + norms) as u64 + self.mlp_row()
    }

    /// Values of a token inside the MLP.
    fn mlp_row(&self) -> u64 {
        self.mlp_width as u64 * if self.mlp == Mlp::SwiGlu { 3 } else { 2 }
    }

    /// Floating-point operations of training on one token in sequences of `time`: 6 per matrix weight (each head use
    /// of a tied embedding counts) and the causal half of attention.
    pub fn flops_per_token(&self, time: usize) -> u64 {
        let [v, l, c, i] = [self.vocab_size, self.layers, self.width, self.mlp_width].map(|x| x as u64);
        let mlp = if self.mlp == Mlp::SwiGlu { 3 * c * i } else { 2 * c * i };
        let matrices = l * (c * self.qkv_width() as u64 + c * c + mlp) + v * c;
        6 * matrices + 6 * l * time as u64 * c
    }
}

fn range(name: &'static str, value: usize, most: usize) -> Result<()> {
    if (1..=most).contains(&value) { Ok(()) } else { Err(setting(name, format!("1..={most}"), value)) }
}

fn setting(name: &'static str, expected: alloc::string::String, found: usize) -> Error {
    Error::Setting { name, expected, found: found.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ALLOWED_BYTES, Model};

    const ENOUGH: u64 = 1 << 31;

    /// The name that must be refused, and how to spoil it.
    type Wrong = (&'static str, fn(&mut Config));

    #[test]
    fn each_wrong_setting_is_refused_by_its_name() {
        let good = Config::modern(300, 32, 2, 4, 64);
        assert_eq!(good.validate(8, ENOUGH), Ok(()));
        let wrong: &[Wrong] = &[
            ("vocabSize", |c| c.vocab_size = 0),
            ("vocabSize", |c| c.vocab_size = MOST + 1),
            ("context", |c| c.context = 0),
            ("context", |c| c.context = usize::MAX),
            ("layers", |c| c.layers = 0),
            ("layers", |c| c.layers = MOST_PARTS + 1),
            ("heads", |c| c.heads = 0),
            ("heads", |c| c.heads = 3),
            ("heads", |c| c.heads = 64),
            ("heads", |c| c.heads = MOST_PARTS + 1),
            ("kvHeads", |c| c.kv_heads = 0),
            ("kvHeads", |c| c.kv_heads = 3),
            ("kvHeads", |c| c.kv_heads = 8),
            ("kvHeads", |c| (c.norm, c.kv_heads) = (Norm::Layer, 2)),
            ("width", |c| c.width = 0),
            ("width", |c| c.width = usize::MAX),
            ("mlpWidth", |c| c.mlp_width = 0),
            ("mlpWidth", |c| c.mlp_width = MOST + 1),
            ("theta", |c| c.position = Position::Rope { theta: f64::NAN, back: false }),
            ("theta", |c| c.position = Position::Rope { theta: f64::INFINITY, back: true }),
            ("normEps", |c| c.norm_eps = f32::NAN),
            ("normEps", |c| c.norm_eps = 0.0),
            ("softcap", |c| c.softcap = Some(0.0)),
            ("softcap", |c| c.softcap = Some(f32::INFINITY)),
        ];
        for (expected, spoil) in wrong {
            let mut config = good.clone();
            spoil(&mut config);
            for refusal in [config.validate(8, ENOUGH).err(), Model::new(config).err()] {
                assert!(
                    matches!(&refusal, Some(Error::Setting { name, .. }) if name == expected),
                    "{expected}: {refusal:?}"
                );
            }
        }
        assert!(matches!(good.validate(0, ENOUGH), Err(Error::Setting { name: "batch", .. })));
        let mut crossing = good.clone();
        crossing.document_start = Some(300);
        assert_eq!(crossing.validate(8, ENOUGH), Err(Error::TokenId { found: 300, vocab_size: 300 }));
    }

    #[test]
    fn absurd_sizes_are_refused_by_their_memory_without_overflow() {
        let config = Config { mlp_width: MOST, ..Config::modern(MOST, MOST, MOST_PARTS, MOST_PARTS, MOST) };
        assert!(matches!(config.validate(MOST, ENOUGH), Err(Error::Memory { allowed_bytes: ENOUGH, .. })));
        assert!(matches!(Model::new(config).err(), Some(Error::Memory { .. })));
        assert!(matches!(Config::modern(9, 9, 1, 1, usize::MAX).validate(1, ENOUGH), Err(Error::Setting { .. })));
    }

    #[test]
    fn a_published_model_can_be_read_where_it_is_too_large_to_be_trained() {
        let gpt2 = Config::gpt2(50_257, 1_024, 12, 12, 768);
        assert_eq!(gpt2.parameter_count(), 124_439_808);
        assert!(matches!(gpt2.validate(1, ALLOWED_BYTES), Err(Error::Memory { .. })));
        assert!(gpt2.reading_bytes() < 640 << 20, "{} bytes", gpt2.reading_bytes());
        assert!(Model::new(gpt2).is_ok());
    }

    #[test]
    fn the_reference_model_has_its_published_size() {
        let reference = Config { bias: false, ..Config::gpt2(65, 64, 4, 4, 128) };
        // 804,096 counts no biases and norm gains only (facts of the reference step).
        assert_eq!(reference.parameter_count() - 9 * 128, 804_096);
    }
}
