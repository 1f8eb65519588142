//! Heads and MLPs switched off, weights edited; what that does to the text at hand.

use super::Lab;
use crate::error::{Error, Result};
use crate::model::anatomy::Off;
use crate::model::{Activations, Model};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// What of a model is changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Heads that are off, as layer · H + head.
    pub heads: Vec<usize>,
    /// Blocks whose MLP is off.
    pub mlps: Vec<usize>,
    /// Weights in the flat buffer with the value that each gets.
    pub edits: Vec<(usize, f32)>,
}

impl Changes {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is off of a block.
    fn off(&self, layer: usize, heads: usize) -> Off {
        let off = |h| self.heads.contains(&(layer * heads + h));
        Off { heads: (0..heads).map(off).collect(), mlp: self.mlps.contains(&layer) }
    }

    fn check(&self, model: &Model) -> Result<()> {
        let config = model.config();
        let total = model.table().total();
        let below = |name, limit: usize, found: Option<usize>| match found.filter(|&n| n >= limit) {
            Some(n) => Err(Error::Setting { name, expected: format!("below {limit}"), found: format!("{n}") }),
            None => Ok(()),
        };
        below("heads", config.layers * config.heads, self.heads.iter().max().copied())?;
        below("mlps", config.layers, self.mlps.iter().max().copied())?;
        below("weight", total, self.edits.iter().map(|e| e.0).max())?;
        match self.edits.iter().find(|(_, value)| !value.is_finite()) {
            None => Ok(()),
            Some((_, found)) => {
                let expected = "a finite number".into();
                Err(Error::Setting { name: "value", expected, found: format!("{found}") })
            }
        }
    }
}

impl Lab {
    /// Changes the model and reads the text again; no change gives it back as it was.
    ///
    /// # Errors
    /// [`Error::Setting`] for parts that the model does not have: nothing is changed then.
    pub fn change(&mut self, changes: Changes) -> Result<()> {
        changes.check(&self.model)?;
        self.edited = if changes.edits.is_empty() { Vec::new() } else { self.params.clone() };
        changes.edits.iter().for_each(|&(i, value)| self.edited[i] = value);
        self.changes = changes;
        self.run_changed();
        Ok(())
    }

    /// What is changed.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    pub(super) fn run_changed(&mut self) {
        if self.changes.is_empty() {
            self.changed = None;
            return;
        }
        let mut acts = self.changed.take().unwrap_or_else(|| self.room());
        self.run_with(&self.changes, &mut acts);
        self.changed = Some(acts);
    }

    pub(super) fn room(&self) -> Activations {
        Activations::for_reading(self.model.config(), self.model.config().context)
    }

    fn run_with(&self, changes: &Changes, acts: &mut Activations) {
        self.forward_with(changes, acts, &self.ids);
    }

    /// Reads ids with parts off and the weights in use.
    pub(super) fn forward_with(&self, changes: &Changes, acts: &mut Activations, ids: &[u32]) {
        let config = self.model.config();
        (0..config.layers).for_each(|l| acts.switch_off(l, changes.off(l, config.heads)));
        if !ids.is_empty() {
            self.model.forward(self.weights(), acts, ids, 1, ids.len());
        }
    }

    /// What each token after the first costs, in nats (T - 1), in the model as it is or as it was changed.
    pub fn losses(&self, changed: bool) -> Vec<f32> {
        let acts = if changed { self.pass() } else { &self.plain };
        losses(acts.logits(), &self.ids, self.model.config().vocab_size)
    }

    /// By how much the mean loss of the text rises if one more part is off: a head, or the MLP of its block.
    ///
    /// # Errors
    /// [`Error::Setting`] for a part that the model does not have.
    pub fn effect(&self, layer: usize, head: Option<usize>) -> Result<f32> {
        let mut changes = self.changes.clone();
        match head {
            Some(h) => changes.heads.push(layer * self.model.config().heads + h),
            None => changes.mlps.push(layer),
        }
        changes.check(&self.model)?;
        let mut acts = self.room();
        self.run_with(&changes, &mut acts);
        let found = losses(acts.logits(), &self.ids, self.model.config().vocab_size);
        Ok(mean(&found) - mean(&self.losses(true)))
    }

    /// How far the residual stream is from that of the model as it is, (L + 1, T): root mean square of the difference
    /// over that of the stream.
    pub fn ripple(&self) -> Vec<f32> {
        let config = self.model.config();
        let (time, c) = (self.ids.len(), config.width);
        let mut out = vec![0.0; (config.layers + 1) * time];
        let Some(changed) = self.changed.as_ref().filter(|_| time > 0) else { return out };
        for (l, out) in out.chunks_exact_mut(time).enumerate() {
            let rows = changed.residual(l).chunks_exact(c).zip(self.plain.residual(l).chunks_exact(c));
            for (out, (a, b)) in out.iter_mut().zip(rows) {
                let square = |x: f32| f64::from(x) * f64::from(x);
                let moved: f64 = a.iter().zip(b).map(|(a, b)| square(a - b)).sum();
                let size: f64 = b.iter().map(|&b| square(b)).sum();
                *out = libm::sqrt(moved / size.max(1e-30)) as f32;
            }
        }
        out
    }
}

/// Mean; 0 of nothing.
pub(super) fn mean(values: &[f32]) -> f32 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f32>() / values.len() as f32 }
}

/// Nats that each id after the first costs under logits (T, V) that precede it.
pub(super) fn losses(logits: &[f32], ids: &[u32], vocab_size: usize) -> Vec<f32> {
    let targets = ids.iter().skip(1);
    logits.chunks_exact(vocab_size).zip(targets).map(|(row, &id)| -log_probability(row, id)).collect()
}

/// Natural logarithm of the probability of an id under a row of logits.
pub(super) fn log_probability(row: &[f32], id: u32) -> f32 {
    let max = row.iter().fold(f32::MIN, |a, &b| a.max(b));
    let total: f64 = row.iter().map(|&x| libm::exp(f64::from(x - max))).sum();
    (f64::from(row[id as usize] - max) - libm::log(total)) as f32
}
