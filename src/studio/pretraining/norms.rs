//! How much the next step of a run would pull at each tensor, and how far it would move it.

use crate::error::Result;
use crate::kernels::optimizer::norm_squared;
use crate::studio::Run;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// A tensor and the step: lengths of its weights, of the gradient before clipping, and of the change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct TensorNorms {
    pub name: String,
    pub values: usize,
    pub weights: f64,
    pub gradient: f64,
    pub update: f64,
}

/// One step of a run, tensor by tensor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Norms {
    /// The step, from 1.
    pub step: u64,
    /// Length of the whole gradient before clipping.
    pub gradient: f64,
    /// Length that the gradient is shortened to where it is longer; 0 = never.
    pub clip: f64,
    /// Length of the whole change.
    pub update: f64,
    /// In the order of the table.
    pub tensors: Vec<TensorNorms>,
}

/// Does the next step of `run`, and tells its norms.
///
/// # Errors
/// [`crate::Error::NotFinite`] for a step that cannot be done.
pub fn norms(run: &mut Run) -> Result<Norms> {
    let session = run.session_mut();
    session.discard_partial();
    let mut gradient = alloc::vec![0.0f32; session.model().table().total()];
    for shard in 0..session.settings().shards_per_step() {
        let (_, part) = session.shard_gradient(shard);
        gradient.iter_mut().zip(part).for_each(|(sum, g)| *sum += g);
    }
    let before = session.learner().weights().params.clone();
    let report = session.step()?;
    let mut change = session.learner().weights().params.clone();
    change.iter_mut().zip(&before).for_each(|(new, old)| *new -= old);
    let length = |values: &[f32]| libm::sqrt(norm_squared(values));
    let tensors = session.model().table().tensors().iter().map(|t| TensorNorms {
        name: t.name.clone(),
        values: t.len(),
        weights: length(&before[t.range()]),
        gradient: length(&gradient[t.range()]),
        update: length(&change[t.range()]),
    });
    let clip = f64::from(session.settings().clip);
    Ok(Norms {
        step: report.step,
        gradient: report.grad_norm,
        clip,
        update: report.update_norm,
        tensors: tensors.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::settings::tests::small;

    #[test]
    fn the_norms_of_the_tensors_are_those_of_the_step() {
        let mut run = Run::open(small(), Vec::new(), &mut |_, _, _| {}).unwrap();
        let found = norms(&mut run).unwrap();
        let whole = |of: fn(&TensorNorms) -> f64| found.tensors.iter().map(|t| of(t) * of(t)).sum::<f64>().sqrt();
        assert_eq!((found.step, run.step()), (1, 1));
        assert!((whole(|t| t.gradient) / found.gradient - 1.0).abs() < 1e-6);
        assert!((whole(|t| t.update) / found.update - 1.0).abs() < 1e-4);
        assert!(found.update > 0.0 && found.tensors.iter().all(|t| t.values > 0));
    }
}
