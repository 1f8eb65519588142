//! The sum behind each kind of number.

use super::{Part, Place, Rule, Sum, Term};
use crate::model::activations::Activations;
use crate::model::config::{Mlp, Norm, QkNorm};
use crate::model::table::{Linear, NormSlots};
use crate::model::{Model, slope_of};
use alloc::vec::Vec;

impl Sum {
    fn of(terms: Vec<Term>) -> Self {
        Self { value: 0.0, rule: Rule::Sum, terms, scale: 1.0, offset: 0.0, chosen: 0 }.added()
    }

    /// The value of the terms under [`Rule::Sum`].
    fn added(mut self) -> Self {
        let sum: f64 = self.terms.iter().map(|t| f64::from(t.value)).sum();
        self.value = (f64::from(self.scale) * sum + f64::from(self.offset)) as f32;
        self
    }

    fn scaled(mut self, scale: f32) -> Self {
        self.scale = scale;
        self.added()
    }

    fn plus(mut self, offset: f32) -> Self {
        self.offset = offset;
        self.added()
    }

    /// What came out in the pass, which adds in an order of its own.
    fn is(mut self, value: f32, rule: Rule) -> Self {
        (self.value, self.rule) = (value, rule);
        self
    }

    fn softmax(terms: Vec<Term>, chosen: usize, value: f32) -> Self {
        Self { value, rule: Rule::Softmax, terms, scale: 1.0, offset: 0.0, chosen }
    }
}

fn term(factor: f32, times: f32, from: Option<Place>) -> Term {
    Term { factor, times, value: factor * times, from, with: None, weight: None }
}

/// Place of a weight of a linear layer in the flat buffer.
pub(super) fn weight_at(linear: &Linear, input: usize, output: usize) -> usize {
    let (row, column, stride) =
        if linear.in_first { (input, output, linear.n_out) } else { (output, input, linear.n_in) };
    linear.weight.start + row * stride + column
}

impl Model {
    /// How a number of the pass that ran was made.
    ///
    /// # Panics
    /// If there is no such number: callers ask [`Model::has`] first.
    pub fn sum(&self, params: &[f32], acts: &Activations, at: Place) -> Sum {
        let kept = || self.kept(acts, at).map_or(0.0, |row| row[at.column]);
        match at.part {
            Part::Residual if at.layer == 0 => self.embedding_sum(params, acts, at),
            Part::Residual => {
                let block = Place { layer: at.layer - 1, ..at };
                self.both(params, acts, [Part::Middle, Part::Mlp].map(|part| Place { part, ..block }))
                    .is(kept(), Rule::Sum)
            }
            Part::Middle => self
                .both(params, acts, [Part::Residual, Part::Attention].map(|part| Place { part, ..at }))
                .is(kept(), Rule::Sum),
            Part::Norm1 | Part::Norm2 | Part::Hidden => self.norm_sum(params, acts, at).is(kept(), Rule::Sum),
            Part::Projected => self.projected_sum(params, acts, at),
            Part::Turned => self.turned_sum(params, acts, at, Part::Projected),
            Part::Normed => self.normed_sum(params, acts, at, Part::Projected),
            Part::Qkv => self.qkv_sum(params, acts, at).is(kept(), Rule::Sum),
            Part::Score => self.score_sum(acts, at),
            Part::Weight => {
                let from = acts.visible_from[at.row] as usize * usize::from(self.config.document_start.is_some());
                let score = |column| Place { part: Part::Score, column, ..at };
                let terms = (from..=at.row).map(|j| term(self.score_sum(acts, score(j)).value, 1.0, Some(score(j))));
                Sum::softmax(terms.collect(), at.column.saturating_sub(from), kept())
            }
            Part::Mixed => self.mixed_sum(acts, at, kept()),
            Part::Attention => {
                let slots = &self.slots.layers[at.layer];
                self.linear_sum(params, acts, &slots.out, Place { part: Part::Mixed, ..at })
            }
            Part::Inner => {
                let slots = &self.slots.layers[at.layer];
                self.linear_sum(params, acts, &slots.mlp_in, Place { part: Part::Norm2, ..at }).is(kept(), Rule::Sum)
            }
            Part::Up => match &self.slots.layers[at.layer].mlp_up {
                Some(up) => self.linear_sum(params, acts, up, Place { part: Part::Norm2, ..at }).is(kept(), Rule::Sum),
                None => Sum::of(Vec::new()),
            },
            Part::Active => self.active_sum(acts, at).is(kept(), self.activation()),
            Part::Mlp if acts.layers[at.layer].off.mlp => Sum::of(Vec::new()).is(0.0, Rule::Off),
            Part::Mlp => {
                let slots = &self.slots.layers[at.layer];
                self.linear_sum(params, acts, &slots.mlp_out, Place { part: Part::Active, ..at })
            }
            Part::Logit => self.logit_sum(params, acts, at, kept()),
            Part::Probability => {
                let logits = self.kept(acts, Place { part: Part::Logit, ..at }).unwrap_or_default();
                let from = |column| Some(Place { part: Part::Logit, column, ..at });
                let terms: Vec<Term> = logits.iter().enumerate().map(|(i, &x)| term(x, 1.0, from(i))).collect();
                let max = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
                let total: f64 = logits.iter().map(|&x| libm::exp(f64::from(x - max))).sum();
                Sum::softmax(terms, at.column, (libm::exp(f64::from(logits[at.column] - max)) / total) as f32)
            }
        }
    }

    fn activation(&self) -> Rule {
        match self.config.mlp {
            Mlp::Gelu => Rule::Gelu,
            Mlp::SwiGlu => Rule::SwiGlu,
            Mlp::Relu2 => Rule::Relu2,
        }
    }

    fn embedding_sum(&self, params: &[f32], acts: &Activations, at: Place) -> Sum {
        let c = self.config.width;
        let value = acts.embedding[at.row * c + at.column];
        let id = acts.ids[at.row] as usize;
        let index = self.slots.embedding.start + id * c + at.column;
        let scale = if self.config.embedding_norm { acts.embedding_rstd[at.row] } else { 1.0 };
        let mut terms = Vec::from([Term { weight: Some(index), ..term(1.0, params[index], None) }]);
        if let Some(positions) = &self.slots.positions {
            let index = positions.start + at.row * c + at.column;
            terms.push(Term { weight: Some(index), ..term(1.0, params[index], None) });
        }
        Sum::of(terms).scaled(scale).is(value, Rule::Sum)
    }

    /// A sum of two places.
    fn both(&self, params: &[f32], acts: &Activations, places: [Place; 2]) -> Sum {
        Sum::of(places.into_iter().map(|p| term(self.number(params, acts, p), 1.0, Some(p))).collect())
    }

    /// One number.
    fn number(&self, params: &[f32], acts: &Activations, at: Place) -> f32 {
        match self.kept(acts, at) {
            Some(row) => row[at.column],
            None => self.sum(params, acts, at).value,
        }
    }

    fn norm_sum(&self, params: &[f32], acts: &Activations, at: Place) -> Sum {
        let (l, r) = (at.layer, at.row);
        let (slots, part, layer, mean, rstd): (&NormSlots, _, _, &[f32], &[f32]) = match at.part {
            Part::Norm1 => {
                let a = &acts.layers[l];
                (&self.slots.layers[l].norm1, Part::Residual, l, &a.norm1_mean, &a.norm1_rstd)
            }
            Part::Norm2 => {
                let a = &acts.layers[l];
                (&self.slots.layers[l].norm2, Part::Middle, l, &a.norm2_mean, &a.norm2_rstd)
            }
            _ => (&self.slots.norm, Part::Residual, self.config.layers, &acts.hidden_mean, &acts.hidden_rstd),
        };
        let weight = |range: &Option<core::ops::Range<usize>>| range.as_ref().map(|r| r.start + at.column);
        let gain = weight(&slots.gain);
        let bias = weight(&slots.bias).filter(|_| self.config.norm == Norm::Layer);
        let from = Place { part, layer, ..at };
        let mean = if self.config.norm == Norm::Layer { mean[r] } else { 0.0 };
        let x = self.kept(acts, from).map_or(0.0, |row| row[at.column]) - mean;
        let times = gain.map_or(1.0, |i| params[i]);
        let normed = Sum::of(Vec::from([Term { weight: gain, ..term(x, times, Some(from)) }])).scaled(rstd[r]);
        normed.plus(bias.map_or(0.0, |i| params[i]))
    }

    /// Σ input · weight + bias for output `at.column` of a linear layer; `at.part` is its input.
    fn linear_sum(&self, params: &[f32], acts: &Activations, linear: &Linear, at: Place) -> Sum {
        let output = at.column;
        let input = self.kept(acts, Place { column: 0, ..at }).unwrap_or_default();
        let terms = input.iter().enumerate().map(|(column, &x)| {
            let weight = weight_at(linear, column, output);
            Term { weight: Some(weight), ..term(x, params[weight], Some(Place { column, ..at })) }
        });
        Sum::of(terms.collect()).plus(linear.bias.as_ref().map_or(0.0, |b| params[b.start + output]))
    }

    fn projected_sum(&self, params: &[f32], acts: &Activations, at: Place) -> Sum {
        let slots = &self.slots.layers[at.layer];
        let found = slots.qkv.iter().find(|(linear, first)| (*first..first + linear.n_out).contains(&at.column));
        found.map_or_else(
            || Sum::of(Vec::new()),
            |(linear, first)| {
                self.linear_sum(params, acts, linear, Place { part: Part::Norm1, column: at.column - first, ..at })
            },
        )
    }

    /// Head of a column of the fused row, and its index there; values stay as they are: `None`.
    fn turning(&self, column: usize) -> Option<(usize, usize)> {
        let d = self.config.head_dim();
        (column < (self.config.heads + self.config.kv_heads) * d).then_some((column / d, column % d))
    }

    fn turned_sum(&self, params: &[f32], acts: &Activations, at: Place, from: Part) -> Sum {
        let (Some(table), Some((head, i))) = (&self.rope, self.turning(at.column)) else {
            let from = Place { part: from, ..at };
            return Sum::of(Vec::from([term(self.number(params, acts, from), 1.0, Some(from))]));
        };
        let d = self.config.head_dim();
        let (half, first) = (d / 2, head * d);
        let (cos, sin) = table.at(at.row, i % half);
        let sin = if self.turn() == crate::kernels::rope::Turn::Forward { sin } else { -sin };
        let partner = first + (i + half) % d;
        let sign = if i < half { -1.0 } else { 1.0 };
        let terms = [(at.column, cos), (partner, sign * sin)].map(|(column, times)| {
            let from = Place { part: from, column, ..at };
            term(self.number(params, acts, from), times, Some(from))
        });
        Sum::of(terms.into())
    }

    fn normed_sum(&self, params: &[f32], acts: &Activations, at: Place, from: Part) -> Sum {
        let from = Place { part: from, ..at };
        let x = self.number(params, acts, from);
        let (a, slots) = (&acts.layers[at.layer], &self.slots.layers[at.layer]);
        let (heads, kv) = (self.config.heads, self.config.kv_heads);
        let (rstd, gain) = match self.turning(at.column) {
            None => (1.0, None),
            Some((h, i)) if h < heads => (a.q_rstd[at.row * heads + h], slots.q_gain.as_ref().map(|r| r.start + i)),
            Some((h, i)) => (a.k_rstd[at.row * kv + h - heads], slots.k_gain.as_ref().map(|r| r.start + i)),
        };
        let times = gain.map_or(1.0, |i| params[i]);
        Sum::of(Vec::from([Term { weight: gain, ..term(x, times, Some(from)) }])).scaled(rstd)
    }

    fn qkv_sum(&self, params: &[f32], acts: &Activations, at: Place) -> Sum {
        if self.turning(at.column).is_none() {
            return self.projected_sum(params, acts, at);
        }
        match (self.config.qk_norm, self.rope.is_some()) {
            (QkNorm::None, false) => self.projected_sum(params, acts, at),
            (QkNorm::None, true) => self.turned_sum(params, acts, at, Part::Projected),
            (QkNorm::Gain, _) => self.turned_sum(params, acts, at, Part::Normed),
            (QkNorm::Plain, _) => self.normed_sum(params, acts, at, Part::Turned),
        }
    }

    /// Columns of the fused row: of a head's query, and of the key and value it reads.
    pub fn head_columns(&self, head: usize) -> [usize; 3] {
        let c = &self.config;
        let kv = head * c.kv_heads / c.heads;
        [head, c.heads + kv, c.heads + c.kv_heads + kv].map(|part| part * c.head_dim())
    }

    fn score_sum(&self, acts: &Activations, at: Place) -> Sum {
        let (d, stride) = (self.config.head_dim(), self.config.qkv_width());
        let [q, k, _] = self.head_columns(at.head);
        let qkv = &acts.layers[at.layer].qkv;
        let place = |row, column| Some(Place { part: Part::Qkv, row, column, ..at });
        let terms = (0..d).map(|i| {
            let [x, y] = [(at.row, q), (at.column, k)].map(|(row, first)| qkv[row * stride + first + i]);
            Term { with: place(at.column, k + i), ..term(x, y, place(at.row, q + i)) }
        });
        let slope = self.slopes.is_some().then(|| slope_of(at.head, self.config.heads));
        let mut sum = Sum::of(terms.collect());
        sum.scale = 1.0 / libm::sqrtf(d as f32);
        sum.plus(slope.map_or(0.0, |s| -s * (at.row.saturating_sub(at.column)) as f32))
    }

    fn mixed_sum(&self, acts: &Activations, at: Place, value: f32) -> Sum {
        let (d, stride) = (self.config.head_dim(), self.config.qkv_width());
        let (head, i) = (at.column / d, at.column % d);
        let a = &acts.layers[at.layer];
        if a.off.heads.get(head) == Some(&true) {
            return Sum::of(Vec::new()).is(0.0, Rule::Off);
        }
        let [_, _, v] = self.head_columns(head);
        let weights = self.kept(acts, Place { part: Part::Weight, head, ..at }).unwrap_or_default();
        let terms = weights.iter().enumerate().map(|(j, &weight)| Term {
            with: Some(Place { part: Part::Qkv, row: j, column: v + i, ..at }),
            ..term(weight, a.qkv[j * stride + v + i], Some(Place { part: Part::Weight, head, column: j, ..at }))
        });
        Sum::of(terms.collect()).is(value, Rule::Sum)
    }

    fn active_sum(&self, acts: &Activations, at: Place) -> Sum {
        let from = |part| Place { part, ..at };
        let [x, up] = [Part::Inner, Part::Up].map(|part| self.kept(acts, from(part)).map_or(1.0, |row| row[at.column]));
        let gated = self.config.mlp == Mlp::SwiGlu;
        let times = if gated { up } else { 1.0 };
        Sum::of(Vec::from([Term { with: gated.then(|| from(Part::Up)), ..term(x, times, Some(from(Part::Inner))) }]))
    }

    fn logit_sum(&self, params: &[f32], acts: &Activations, at: Place, value: f32) -> Sum {
        let c = self.config.width;
        let first = self.slots.head.start + at.column * c;
        let hidden = self.kept(acts, Place { part: Part::Hidden, column: 0, ..at }).unwrap_or_default();
        let terms = hidden.iter().enumerate().map(|(column, &x)| {
            let from = Place { part: Part::Hidden, column, ..at };
            Term { weight: Some(first + column), ..term(x, params[first + column], Some(from)) }
        });
        let sum = Sum::of(terms.collect());
        match self.config.softcap {
            Some(cap) => Sum { scale: cap, ..sum.is(value, Rule::Softcap) },
            None => sum.is(value, Rule::Sum),
        }
    }
}
