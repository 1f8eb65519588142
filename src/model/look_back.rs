//! Initial weights of a plain modern model that hold a small circuit which looks back: what stood before a token is known
//! from the start, and a name that was seen is found again. All weights are trained as ever.
//!
//! After Olsson et al. 2022, arXiv:2209.11895 (induction heads). Channel 0 of the residual stream is the constant 1;
//! channels 1..=E hold the token (E = C/2 - 1); two rooms of M channels behind them are filled by the first block with the
//! words before: head 0 looks one position back, head 1 at a soft window around three. In the blocks above, head 0 looks
//! for a place where the word *before* is my own word, in similar company, and copies what stands there; head 1 looks for
//! my own word.

use super::config::{Config, Norm, Position, QkNorm};
use super::table::Table;
use super::{Init, Model};
use crate::error::{Error, Result};
use crate::rng::{Purpose, Rng};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Strength of a head that copies what it sees.
const COPY: f64 = 0.2;
/// Strength of the head that hands on what it found.
const HAND_ON: f64 = 0.4;
/// Weight of the company of a word beside the word.
const BIND: f64 = 0.7;
/// Standard deviation of weights without a task.
const NOISE: f64 = 0.02;
/// Both gains of queries and keys together multiply the scores by it.
const SHARPNESS: f64 = 3.0;
/// Rotations faster than this depend on the distance too much for words to be matched in them.
const FAST: f64 = 0.15;

/// Rows of a matrix.
#[derive(Clone)]
struct Rows {
    width: usize,
    values: Vec<f64>,
}

impl Rows {
    fn zeros(rows: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; rows * width] }
    }

    fn noise(rng: &mut Rng, rows: usize, width: usize) -> Self {
        Self { width, values: (0..rows * width).map(|_| NOISE * rng.normal()).collect() }
    }

    /// `rows` <= `width` orthonormal rows in a random direction (Gram-Schmidt, twice for exactness).
    fn orthonormal(rng: &mut Rng, rows: usize, width: usize) -> Self {
        let mut out = Self::zeros(rows, width);
        for r in 0..rows {
            let mut row: Vec<f64> = (0..width).map(|_| rng.normal()).collect();
            for before in (0..r).chain(0..r) {
                let other = &out.values[before * width..][..width];
                let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                row.iter_mut().zip(other).for_each(|(x, o)| *x -= along * o);
            }
            let length = libm::sqrt(row.iter().map(|x| x * x).sum());
            out.values[r * width..][..width].iter_mut().zip(&row).for_each(|(o, x)| *o = x / length);
        }
        out
    }

    /// The same rows in the channels `first ..` of wider ones.
    fn placed(&self, first: usize, width: usize) -> Self {
        let mut out = Self::zeros(self.rows(), width);
        for r in 0..self.rows() {
            out.values[r * width + first..][..self.width].copy_from_slice(self.row(r));
        }
        out
    }

    fn rows(&self) -> usize {
        self.values.len() / self.width
    }

    fn row(&self, r: usize) -> &[f64] {
        &self.values[r * self.width..][..self.width]
    }

    fn row_mut(&mut self, r: usize) -> &mut [f64] {
        &mut self.values[r * self.width..][..self.width]
    }

    /// `factor` · self · other, of which self has a column for each row.
    fn times(&self, other: &Self, factor: f64) -> Self {
        let mut out = Self::zeros(self.rows(), other.width);
        for r in 0..self.rows() {
            for (k, &a) in self.row(r).iter().enumerate() {
                let from = other.row(k);
                out.row_mut(r).iter_mut().zip(from).for_each(|(o, &b)| *o += factor * a * b);
            }
        }
        out
    }

    fn plus(mut self, other: &Self) -> Self {
        self.values.iter_mut().zip(&other.values).for_each(|(a, b)| *a += b);
        self
    }
}

/// The weights being made.
struct Start<'a> {
    config: &'a Config,
    table: &'a Table,
    params: Vec<f32>,
    rng: Rng,
}

impl Start<'_> {
    fn tensor(&mut self, name: &str) -> &mut [f32] {
        let range = self.table.get(name).map_or(0..0, |t| t.range());
        &mut self.params[range]
    }

    fn name(block: usize, part: &str) -> String {
        format!("model.layers.{block}.self_attn.{part}.weight")
    }

    /// Sets what head `head` of a block reads for `part` (`q_proj`, `k_proj`, `v_proj`): D rows of C.
    fn read(&mut self, block: usize, head: usize, part: &str, rows: &Rows) {
        let at = head * rows.values.len();
        let into = &mut self.tensor(&Self::name(block, part))[at..at + rows.values.len()];
        into.iter_mut().zip(&rows.values).for_each(|(w, &v)| *w = v as f32);
    }

    /// Sets what a head writes: `factor` times the transpose of D rows of C.
    fn write(&mut self, block: usize, head: usize, rows: &Rows, factor: f64) {
        let (c, d) = (self.config.width, self.config.head_dim());
        let out = self.tensor(&Self::name(block, "o_proj"));
        for channel in 0..c {
            for i in 0..d {
                out[channel * c + head * d + i] = (factor * rows.row(i)[channel]) as f32;
            }
        }
    }
}

/// Whether a model can hold the circuit.
fn check(config: &Config) -> Result<()> {
    let refuse = |name, expected: &str, found: String| Err(Error::Setting { name, expected: expected.into(), found });
    match config.position {
        Position::Rope { back: false, .. } => {}
        other => return refuse("position", "rope, to start with a circuit that looks back", format!("{other:?}")),
    }
    if config.qk_norm != QkNorm::Gain {
        return refuse("qkNorm", "gain, to start with a circuit that looks back", format!("{:?}", config.qk_norm));
    }
    if config.heads < 2 || config.kv_heads != config.heads {
        let found = format!("{} of {}", config.kv_heads, config.heads);
        return refuse("kvHeads", "as many as heads, and 2 at least, to start with a circuit that looks back", found);
    }
    if config.norm != Norm::Rms {
        return refuse("norm", "rms, to start with a circuit that looks back", format!("{:?}", config.norm));
    }
    if config.head_dim() < 8 {
        return refuse("width", "8 values a head at least", format!("{}", config.head_dim()));
    }
    Ok(())
}

impl Model {
    /// Initial weights of `seed` that hold a circuit which looks back; everything else as [`Init::Preset`].
    ///
    /// # Errors
    /// [`Error::Setting`] if the style is another than rotated positions, normalised queries and keys with gains, and two
    /// heads or more with keys of their own, of 8 values at least.
    pub fn init_look_back(&self, seed: u64) -> Result<Vec<f32>> {
        check(&self.config)?;
        let params = self.init(seed, Init::Preset);
        let rng = Rng::new(seed, Purpose::Init, u64::from(u32::MAX));
        let mut start = Start { config: &self.config, table: &self.table, params, rng };
        start.fill();
        Ok(start.params)
    }
}

impl Start<'_> {
    fn fill(&mut self) {
        let (c, d, heads, blocks) = (self.config.width, self.config.head_dim(), self.config.heads, self.config.layers);
        let half = d / 2;
        let token = c / 2 - 1;
        let room_width = ((c - 1 - token) / 2).min(d);

        self.channels(token);
        for block in 0..blocks {
            for part in ["q_norm", "k_norm"] {
                self.tensor(&Self::name(block, part)).fill(libm::sqrt(SHARPNESS) as f32);
            }
            // Every head copies what it sees until it has learnt better.
            for head in 0..heads {
                let value = Rows::orthonormal(&mut self.rng, d, c - 1).placed(1, c);
                self.read(block, head, "v_proj", &value);
                self.write(block, head, &value, COPY);
            }
        }

        // The code of a word, the same in both rooms.
        let word = Rows::orthonormal(&mut self.rng, room_width, token).placed(1, c);
        let mut rooms = Vec::new();
        for (head, (offset, pairs)) in [(1.0, 0..3), (3.0, 1..4)].into_iter().enumerate() {
            let [mut q, mut k] = [(); 2].map(|()| Rows::noise(&mut self.rng, d, c));
            self.at_offset(&mut q, &mut k, offset, pairs);
            let mut room = Rows::zeros(room_width, c);
            (0..room_width).for_each(|r| room.row_mut(r)[1 + token + head * room_width + r] = 1.0);
            let [mut value, mut out] = [(); 2].map(|()| Rows::noise(&mut self.rng, d, c));
            for r in 0..room_width {
                value.row_mut(r).copy_from_slice(word.row(r));
                out.row_mut(r).iter_mut().zip(room.row(r)).for_each(|(o, x)| *o = COPY * x);
            }
            self.read(0, head, "q_proj", &q);
            self.read(0, head, "k_proj", &k);
            self.read(0, head, "v_proj", &value);
            self.write(0, head, &out, 1.0);
            rooms.push(room);
        }
        let slow: Vec<usize> = (0..half).filter(|&i| self.frequency(i) < FAST).flat_map(|i| [i, i + half]).collect();
        for block in 1..blocks {
            self.matching(block, &slow, &word, &rooms, token);
        }
    }

    /// How far the rotation turns pair `i` of a head's dimensions for each position.
    fn frequency(&self, i: usize) -> f64 {
        let theta = if let Position::Rope { theta, .. } = self.config.position { theta } else { 1e4 };
        libm::pow(theta, -2.0 * i as f64 / self.config.head_dim() as f64)
    }

    /// A head that prefers the place `offset` positions back: a constant key, and a constant query turned back by the offset;
    /// the rotation does the rest.
    fn at_offset(&self, q: &mut Rows, k: &mut Rows, offset: f64, pairs: Range<usize>) {
        let half = self.config.head_dim() / 2;
        for i in pairs {
            let angle = offset * self.frequency(i);
            (k.row_mut(i)[0], k.row_mut(i + half)[0]) = (1.0, 0.0);
            (q.row_mut(i)[0], q.row_mut(i + half)[0]) = (libm::cos(angle), -libm::sin(angle));
        }
    }

    /// A constant in channel 0, hidden from the logits; tokens in the next ones, and nearly nothing in the rooms.
    fn channels(&mut self, token: usize) {
        let c = self.config.width;
        let more = libm::sqrtf((c - 1) as f32 / token as f32);
        for row in self.tensor("model.embed_tokens.weight").chunks_exact_mut(c) {
            row[0] = 1.0;
            row[1..=token].iter_mut().for_each(|x| *x *= more);
            row[token + 1..].iter_mut().for_each(|x| *x *= 0.1);
        }
        self.tensor("model.norm.weight")[0] = 0.0;
    }

    /// A random rotation, cut to `rows` x `columns`.
    fn turn(&mut self, rows: usize, columns: usize) -> Rows {
        let size = rows.max(columns);
        let whole = Rows::orthonormal(&mut self.rng, size, size);
        let mut cut = Rows::zeros(rows, columns);
        (0..rows).for_each(|r| cut.row_mut(r).copy_from_slice(&whole.row(r)[..columns]));
        cut
    }

    /// The matching heads of a block above the first.
    fn matching(&mut self, block: usize, slow: &[usize], word: &Rows, rooms: &[Rows], token: usize) {
        let (c, d) = (self.config.width, self.config.head_dim());
        // Three unrelated rotations: of the word, of the word before, of the window.
        let turns = [(); 3].map(|()| self.turn(slow.len(), word.rows()));
        let company = turns[1].times(&rooms[0], BIND).plus(&turns[2].times(&rooms[1], BIND));
        let own = turns[0].times(word, 1.0);
        let found = turns[0].times(&rooms[0], 1.0).plus(&company);
        let asked = own.clone().plus(&company);
        let [mut q, mut k, mut same] = [(); 3].map(|()| Rows::noise(&mut self.rng, d, c));
        for (r, &dimension) in slow.iter().enumerate() {
            q.row_mut(dimension).copy_from_slice(asked.row(r));
            k.row_mut(dimension).copy_from_slice(found.row(r));
            same.row_mut(dimension).copy_from_slice(own.row(r));
        }
        let copied = d.min(token);
        let code = Rows::orthonormal(&mut self.rng, copied, token).placed(1, c);
        let mut value = Rows::zeros(d, c);
        (0..copied).for_each(|r| value.row_mut(r).copy_from_slice(code.row(r)));
        self.read(block, 0, "q_proj", &q);
        self.read(block, 0, "k_proj", &k);
        self.read(block, 0, "v_proj", &value);
        self.write(block, 0, &value, HAND_ON);
        self.read(block, 1, "q_proj", &same);
        self.read(block, 1, "k_proj", &same);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activations, Mlp};

    fn model() -> Model {
        Model::new(Config { document_start: Some(0), ..Config::modern(200, 96, 3, 3, 96) }).unwrap()
    }

    #[test]
    fn before_any_training_a_head_sees_the_token_before_and_another_one_finds_what_followed_a_word() {
        let model = model();
        let params = model.init_look_back(1).unwrap();
        let mut rng = Rng::new(3, Purpose::Test, 0);
        // Twenty random tokens, twice.
        let once: Vec<u32> = (0..20).map(|_| 5 + rng.below(190) as u32).collect();
        let text = [once.clone(), once].concat();
        let mut acts = Activations::new(model.config(), 1, 96);
        model.forward(&params, &mut acts, &text, 1, 40);
        let looks = |block: usize, head: usize, from: usize, to: usize| {
            f64::from(acts.attention(block)[(head * 40 + from) * 40 + to])
        };
        let before = (4..40).map(|t| looks(0, 0, t, t - 1)).sum::<f64>() / 36.0;
        assert!(before > 0.85, "{before} of the attention is on the token before");
        // Token t - 19 followed the earlier mention of token t.
        let found = (24..39).map(|t| looks(1, 0, t, t - 19)).sum::<f64>() / 15.0;
        assert!(found > 0.25, "{found} of the attention is on what followed");
        let plain = model.init(1, Init::Preset);
        model.forward(&plain, &mut acts, &text, 1, 40);
        let by_chance = (24..39).map(|t| f64::from(acts.attention(1)[t * 40 + t - 19])).sum::<f64>() / 15.0;
        assert!(by_chance < 0.1, "{by_chance}");
    }

    #[test]
    fn the_constant_is_hidden_from_the_logits_and_the_rest_is_as_ever() {
        let model = model();
        let (params, plain) = (model.init_look_back(2).unwrap(), model.init(2, Init::Preset));
        let of = |params: &'_ [f32], name: &str| params[model.table().get(name).unwrap().range()].to_vec();
        assert!(of(&params, "model.embed_tokens.weight").chunks_exact(96).all(|row| row[0] == 1.0));
        assert_eq!(of(&params, "model.norm.weight")[..2], [0.0, 0.3]);
        for tensor in model.table().tensors().iter().filter(|t| t.name.contains("mlp") || t.name.contains("layernorm"))
        {
            assert_eq!(of(&params, &tensor.name), of(&plain, &tensor.name), "{}", tensor.name);
        }
        assert!(params.iter().all(|p| p.is_finite()));
        assert_eq!(params, model.init_look_back(2).unwrap());
        assert_ne!(params, model.init_look_back(3).unwrap());
    }

    #[test]
    fn styles_that_cannot_hold_the_circuit_are_refused_by_name_and_small_models_are_not() {
        let modern = Config::modern(50, 16, 2, 2, 32);
        let refused = |config: Config| match Model::new(config).unwrap().init_look_back(1) {
            Err(Error::Setting { name, .. }) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(Config::gpt2(50, 16, 2, 2, 32)), "position");
        assert_eq!(refused(Config::nanochat(50, 16, 2, 2, 32)), "position");
        assert_eq!(refused(Config { qk_norm: QkNorm::None, ..modern.clone() }), "qkNorm");
        assert_eq!(refused(Config::modern(50, 16, 2, 1, 32)), "kvHeads");
        assert_eq!(refused(Config { kv_heads: 1, ..modern.clone() }), "kvHeads");
        assert_eq!(refused(Config::modern(50, 16, 2, 8, 32)), "width");
        assert_eq!(refused(Config { norm: Norm::RmsPlain, ..modern.clone() }), "norm");
        for config in
            [modern.clone(), Config::modern(50, 16, 1, 2, 16), Config { mlp: Mlp::Gelu, bias: true, ..modern }]
        {
            assert!(Model::new(config).unwrap().init_look_back(1).is_ok());
        }
    }
}
