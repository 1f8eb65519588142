//! The one list of parameters: name, shape, place in the flat buffer, decay and start value.
//! Names and layouts are those of Hugging Face files, so that tensors copy straight in and out.

use super::config::{Config, Mlp, Norm, Position, QkNorm};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// How a tensor starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Every value the same.
    Constant(f32),
    /// Normal with this standard deviation.
    Normal(f32),
    /// Sine and cosine waves over positions, scaled to this root mean square.
    Waves(f32),
}

/// One tensor of the flat buffer.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Name in Hugging Face files.
    pub name: String,
    /// Dimensions as stored there.
    pub shape: Vec<usize>,
    /// First value in the flat buffer.
    pub offset: usize,
    /// Whether weight decay applies: tensors with two dimensions.
    pub decayed: bool,
    /// How it starts.
    pub start: Start,
}

impl Tensor {
    /// Values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it is a matrix inside a block, not an embedding or the head: what Muon is for.
    pub fn is_block_matrix(&self) -> bool {
        let in_block = ["transformer.h.", "model.layers."].iter().any(|blocks| self.name.starts_with(blocks));
        in_block && self.shape.len() == 2
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its place in the flat buffer.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len()
    }
}

/// A linear layer's place: weight stored (in, out) by GPT-2, (out, in) by everyone since.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    pub weight: Range<usize>,
    pub bias: Option<Range<usize>>,
    pub n_in: usize,
    pub n_out: usize,
    pub in_first: bool,
}

/// A norm's place; empty when it has no parameters.
#[derive(Debug, Clone, Default)]
pub(super) struct NormSlots {
    pub gain: Option<Range<usize>>,
    pub bias: Option<Range<usize>>,
}

/// Where a block's tensors lie.
#[derive(Debug, Clone)]
pub(super) struct LayerSlots {
    pub norm1: NormSlots,
    /// One fused or three single projections, each with its first column in the fused row.
    pub qkv: Vec<(Linear, usize)>,
    pub q_gain: Option<Range<usize>>,
    pub k_gain: Option<Range<usize>>,
    pub out: Linear,
    pub norm2: NormSlots,
    /// `fc`, or `gate` of SwiGLU.
    pub mlp_in: Linear,
    pub mlp_up: Option<Linear>,
    pub mlp_out: Linear,
}

/// Where everything lies.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    pub embedding: Range<usize>,
    pub positions: Option<Range<usize>>,
    pub layers: Vec<LayerSlots>,
    pub norm: NormSlots,
    /// (V, C); the embedding when tied.
    pub head: Range<usize>,
}

/// The list, in the order of the flat buffer.
#[derive(Debug, Clone, PartialEq)]
pub struct Table(Vec<Tensor>);

impl Table {
    /// Tensors of these names, shapes and starts, one after another.
    pub fn of(tensors: impl IntoIterator<Item = (String, Vec<usize>, Start)>) -> Self {
        let mut table = Self(Vec::new());
        for (name, shape, start) in tensors {
            table.add(name, shape, start);
        }
        table
    }

    /// Every tensor.
    pub fn tensors(&self) -> &[Tensor] {
        &self.0
    }

    /// Values in all.
    pub fn total(&self) -> usize {
        self.0.last().map_or(0, |t| t.range().end)
    }

    /// The tensor of that name.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.0.iter().find(|t| t.name == name)
    }

    fn add(&mut self, name: String, shape: Vec<usize>, start: Start) -> Range<usize> {
        let tensor = Tensor { name, decayed: shape.len() > 1, offset: self.total(), shape, start };
        let range = tensor.range();
        self.0.push(tensor);
        range
    }
}

/// Standard deviation for a matrix that reads `n_in` values.
fn fan_in(n_in: usize) -> Start {
    Start::Normal(1.0 / libm::sqrtf(n_in as f32))
}

/// Start values that differ between the styles (measured: half the cost of reaching a loss, see docs/log.md).
struct Starts {
    embedding: f32,
    final_gain: f32,
}

fn starts(config: &Config) -> Starts {
    match config.norm {
        Norm::Layer => Starts { embedding: 0.2, final_gain: 0.2 },
        Norm::Rms => Starts { embedding: 0.1, final_gain: 0.3 },
        Norm::RmsPlain => Starts { embedding: 1.0, final_gain: 1.0 },
    }
}

struct Builder<'a> {
    config: &'a Config,
    table: Table,
}

impl Builder<'_> {
    fn gpt2(&self) -> bool {
        self.config.stores_inputs_first()
    }

    fn linear(&mut self, name: &str, n_in: usize, n_out: usize, start: Start) -> Linear {
        let in_first = self.gpt2();
        let shape = if in_first { vec![n_in, n_out] } else { vec![n_out, n_in] };
        let weight = self.table.add(format!("{name}.weight"), shape, start);
        let bias = self.config.bias.then(|| self.table.add(format!("{name}.bias"), vec![n_out], Start::Constant(0.0)));
        Linear { weight, bias, n_in, n_out, in_first }
    }

    fn norm(&mut self, name: &str, gain: f32) -> NormSlots {
        let c = self.config.width;
        let mut add = |part: &str, value| self.table.add(format!("{name}.{part}"), vec![c], Start::Constant(value));
        match self.config.norm {
            Norm::Layer => NormSlots { gain: Some(add("weight", gain)), bias: Some(add("bias", 0.0)) },
            Norm::Rms => NormSlots { gain: Some(add("weight", gain)), bias: None },
            Norm::RmsPlain => NormSlots::default(),
        }
    }

    fn layer(&mut self, l: usize) -> LayerSlots {
        let c = self.config.width;
        let [block, first, attention, out, second] = if self.gpt2() {
            ["transformer.h", "ln_1", "attn", "c_proj", "ln_2"]
        } else {
            ["model.layers", "input_layernorm", "self_attn", "o_proj", "post_attention_layernorm"]
        };
        let p = format!("{block}.{l}");
        let attention = format!("{p}.{attention}");
        let norm1 = self.norm(&format!("{p}.{first}"), 1.0);
        let qkv = self.qkv(&attention);
        let [q_gain, k_gain] = ["q", "k"].map(|part| self.head_gain(&format!("{attention}.{part}_norm.weight")));
        let out = self.linear(&format!("{attention}.{out}"), c, c, Start::Constant(0.0));
        let norm2 = self.norm(&format!("{p}.{second}"), 1.0);
        let (mlp_in, mlp_up, mlp_out) = self.mlp(&format!("{p}.mlp"));
        LayerSlots { norm1, qkv, q_gain, k_gain, out, norm2, mlp_in, mlp_up, mlp_out }
    }

    fn qkv(&mut self, attention: &str) -> Vec<(Linear, usize)> {
        let (c, row) = (self.config.width, self.config.qkv_width());
        if self.gpt2() {
            return vec![(self.linear(&format!("{attention}.c_attn"), c, row, fan_in(c)), 0)];
        }
        let kv = self.config.kv_heads * self.config.head_dim();
        [("q", c, 0), ("k", kv, c), ("v", kv, c + kv)]
            .map(|(part, n, at)| (self.linear(&format!("{attention}.{part}_proj"), c, n, fan_in(c)), at))
            .into()
    }

    fn head_gain(&mut self, name: &str) -> Option<Range<usize>> {
        let has = self.config.qk_norm == QkNorm::Gain;
        has.then(|| self.table.add(name.into(), vec![self.config.head_dim()], Start::Constant(1.0)))
    }

    /// Names follow the kind of MLP where it has names of its own, else the style.
    fn mlp(&mut self, p: &str) -> (Linear, Option<Linear>, Linear) {
        let (c, i) = (self.config.width, self.config.mlp_width);
        let gated = self.config.mlp == Mlp::SwiGlu;
        let [inner, outer] = match (gated, self.gpt2()) {
            (true, _) => ["gate_proj", "down_proj"],
            (false, true) => ["c_fc", "c_proj"],
            (false, false) => ["fc1", "fc2"],
        };
        let mlp_in = self.linear(&format!("{p}.{inner}"), c, i, fan_in(c));
        let mlp_up = gated.then(|| self.linear(&format!("{p}.up_proj"), c, i, fan_in(c)));
        (mlp_in, mlp_up, self.linear(&format!("{p}.{outer}"), i, c, Start::Constant(0.0)))
    }
}

/// Builds the table of a configuration and the places that the passes use.
pub(super) fn build(config: &Config) -> (Table, Slots) {
    let (v, c) = (config.vocab_size, config.width);
    let first = starts(config);
    let mut b = Builder { config, table: Table(Vec::new()) };
    let (embedding_name, position_name, norm_name) = if b.gpt2() {
        ("transformer.wte.weight", "transformer.wpe.weight", "transformer.ln_f")
    } else {
        ("model.embed_tokens.weight", "model.embed_positions.weight", "model.norm")
    };
    let embedding = b.table.add(embedding_name.into(), vec![v, c], Start::Normal(first.embedding));
    let learned = config.position == Position::Learned;
    let positions = learned.then(|| b.table.add(position_name.into(), vec![config.context, c], Start::Waves(0.2)));
    let layers = (0..config.layers).map(|l| b.layer(l)).collect();
    let norm = b.norm(norm_name, first.final_gain);
    let head = if config.tied {
        embedding.clone()
    } else {
        b.table.add("lm_head.weight".into(), vec![v, c], Start::Normal(0.02))
    };
    (b.table, Slots { embedding, positions, layers, norm, head })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_gap_and_the_size_that_the_configuration_says() {
        let nanochat = Config {
            norm: Norm::RmsPlain,
            qk_norm: QkNorm::Plain,
            mlp: Mlp::Relu2,
            tied: false,
            ..Config::modern(50, 16, 2, 4, 32)
        };
        let grouped = Config { kv_heads: 2, tied: false, bias: true, ..Config::modern(50, 16, 2, 4, 32) };
        let gpt2 = Config::gpt2(50, 16, 2, 4, 32);
        let mixed = Config { mlp: Mlp::SwiGlu, qk_norm: QkNorm::Gain, ..gpt2.clone() };
        for config in [gpt2, Config::modern(50, 16, 3, 2, 32), grouped, nanochat, mixed] {
            let (table, slots) = build(&config);
            let mut end = 0;
            for tensor in table.tensors() {
                assert_eq!(tensor.offset, end);
                end = tensor.range().end;
            }
            assert_eq!(end as u64, config.parameter_count());
            assert_eq!(slots.head == slots.embedding, config.tied);
        }
    }

    #[test]
    fn only_tensors_with_two_dimensions_decay() {
        let (table, _) = build(&Config::gpt2(50, 16, 1, 2, 8));
        assert!(table.get("transformer.wpe.weight").is_some_and(|t| t.decayed));
        assert!(table.get("transformer.h.0.ln_1.weight").is_some_and(|t| !t.decayed));
        assert!(table.get("transformer.h.0.attn.c_attn.bias").is_some_and(|t| !t.decayed));
    }
}
