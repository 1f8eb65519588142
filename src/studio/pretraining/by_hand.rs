//! One step of training, small enough to be recomputed with a pocket calculator: the real forward pass, backward pass and
//! optimizer on a model of a few dozen weights.

use crate::error::{Error, Result};
use crate::kernels::loss;
use crate::model::{ALLOWED_BYTES, Activations, Config, Init, Mlp, Model, Tensor};
use crate::train::{Batch, Learner, Objective, Schedule, Settings, Weights};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;
use serde::Serialize;

/// Words of the tiny vocabulary.
const VOCABULARY: usize = 4;
/// Values of the residual stream.
const WIDTH: usize = 2;
/// What is read, and what should follow.
const READ: [u32; 3] = [0, 1, 2];
const FOLLOWS: [u32; 3] = [1, 2, 3];
/// Steps beyond this differ in digits that nobody looks at.
pub const MOST_STEPS: u64 = 200;
/// Half the distance of the two losses that the finite difference is taken of: large enough for f32, small enough for the
/// error of the formula, which goes with its square.
const NUDGE: f32 = 0.01;

/// One step of the tiny model, seen from one of its weights. T = 3 places, V = 4 words, C = 2 values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // documented where the page reads them: `ByHand` of www/engine/pretraining-protocol.js
pub struct ByHand {
    pub step: u64,
    pub parameters: usize,
    pub tensors: Vec<Part>,
    pub tensor: usize,
    pub index: usize,
    pub tokens: Vec<u32>,
    pub targets: Vec<u32>,
    pub head: Vec<f32>,
    pub hidden: Vec<f32>,
    pub logits: Vec<f32>,
    pub probs: Vec<f32>,
    pub losses: Vec<f32>,
    pub loss_nats: f64,
    pub weights: Vec<f32>,
    pub gradients: Vec<f32>,
    pub nudge: f64,
    pub loss_above: f64,
    pub loss_below: f64,
    pub learning_rate: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    pub momentum: [f32; 2],
    pub variance: [f32; 2],
    pub weight: [f32; 2],
    pub loss_after: f64,
}

/// A tensor of the tiny model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Part {
    pub name: String,
    pub shape: Vec<usize>,
    pub decayed: bool,
}

/// The one row that is learned, over and over.
struct OneRow;

impl Objective for OneRow {
    fn fill(&mut self, _step: u64, _rows: Range<usize>, batch: &mut Batch) {
        batch.clear(READ.len());
        batch.push(&READ, &FOLLOWS, 1.0 / READ.len() as f32);
    }
}

fn config() -> Config {
    Config { mlp_width: WIDTH, mlp: Mlp::SwiGlu, tied: false, ..Config::modern(VOCABULARY, READ.len(), 1, 1, WIDTH) }
}

/// Nothing that would need explaining first: no warm-up, no clipping, no average.
fn settings() -> Settings {
    Settings {
        batch: 1,
        shards: 1,
        learning_rate: 0.1,
        warmup: 0,
        schedule: Schedule::Constant,
        clip: 0.0,
        average: false,
        ..Settings::default()
    }
}

/// Weights that show something: those of a model this small would start so close to zero that every word is as likely.
fn start(model: &Model) -> Vec<f32> {
    let mut weights = model.init(1, Init::Preset);
    for tensor in model.table().tensors().iter().filter(|t| t.decayed) {
        let range = tensor.range();
        let square: f32 = weights[range.clone()].iter().map(|w| w * w).sum();
        let scale = 0.7 / libm::sqrtf(square / tensor.len() as f32).max(1e-9);
        weights[range].iter_mut().for_each(|w| *w *= scale);
    }
    weights
}

/// Step `step` (from 1) of the tiny model, seen from weight `index` of tensor `tensor`.
///
/// # Errors
/// [`Error::Setting`] for a step, a tensor or a weight that there is not.
pub fn by_hand(step: u64, tensor: usize, index: usize) -> Result<ByHand> {
    let model = Model::new(config())?;
    let tensors = model.table().tensors();
    within("step", step, 1, MOST_STEPS)?;
    within("tensor", tensor as u64, 0, tensors.len() as u64 - 1)?;
    within("index", index as u64, 0, tensors[tensor].len() as u64 - 1)?;
    let settings = settings();
    let weights = Weights::fresh(start(&model), &settings);
    let mut learner = Learner::new(config(), settings.clone(), weights, 0, ALLOWED_BYTES)?;
    for _ in 1..step {
        learner.advance(&mut OneRow)?;
    }
    let range = tensors[tensor].range();
    let place = range.start + index;
    let before = learner.weights().clone();
    let (loss_nats, gradient) = learner.rows_gradient(&mut OneRow, 0..1);
    let gradients = gradient[range.clone()].to_vec();
    let mut nudged = |by: f32| {
        let mut params = before.params.clone();
        params[place] += by;
        learner.loss_with(&params, |batch| OneRow.fill(0, 0..1, batch)) / READ.len() as f64
    };
    let (loss_above, loss_below) = (nudged(NUDGE), nudged(-NUDGE));
    learner.advance(&mut OneRow)?;
    let after = learner.weights().clone();
    let loss_after = learner.rows_gradient(&mut OneRow, 0..1).0;
    let seen = look(&model, &before.params);
    let part = |t: &Tensor| Part { name: t.name.clone(), shape: t.shape.clone(), decayed: t.decayed };
    let [beta1, beta2] = settings.betas.map(f64::from);
    Ok(ByHand {
        step,
        parameters: model.table().total(),
        tensors: tensors.iter().map(part).collect(),
        tensor,
        index,
        tokens: READ.to_vec(),
        targets: FOLLOWS.to_vec(),
        head: tensors.last().map(|t| before.params[t.range()].to_vec()).unwrap_or_default(),
        hidden: seen.hidden,
        logits: seen.logits,
        probs: seen.probs,
        losses: seen.losses,
        loss_nats,
        weights: before.params[range].to_vec(),
        gradients,
        nudge: f64::from(NUDGE),
        loss_above,
        loss_below,
        learning_rate: f64::from(settings.learning_rate),
        beta1,
        beta2,
        epsilon: f64::from(settings.epsilon),
        weight_decay: if tensors[tensor].decayed { f64::from(settings.weight_decay) } else { 0.0 },
        momentum: [before.momentum[place], after.momentum[place]],
        variance: [before.variance[place], after.variance[place]],
        weight: [before.params[place], after.params[place]],
        loss_after,
    })
}

/// End of the forward pass.
struct Seen {
    hidden: Vec<f32>,
    logits: Vec<f32>,
    probs: Vec<f32>,
    losses: Vec<f32>,
}

fn look(model: &Model, params: &[f32]) -> Seen {
    let mut activations = Activations::new(model.config(), 1, READ.len());
    model.forward(params, &mut activations, &READ, 1, READ.len());
    let (hidden, logits) = (activations.hidden().to_vec(), activations.logits().to_vec());
    let mut losses = alloc::vec![0.0; READ.len()];
    // The gradient at the logits with a weight of 1 is p − 1 at the right word and p elsewhere.
    let mut probs = logits.clone();
    loss::cross_entropy_backward(&mut probs, &mut losses, &FOLLOWS, &[1.0; FOLLOWS.len()]);
    for (row, &right) in probs.chunks_exact_mut(VOCABULARY).zip(&FOLLOWS) {
        row[right as usize] += 1.0;
    }
    Seen { hidden, logits, probs, losses }
}

fn within(name: &'static str, found: u64, least: u64, most: u64) -> Result<()> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(Error::Setting { name, expected: format!("{least}..={most}"), found: found.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gradient_is_its_finite_difference_and_the_head_is_its_sum() {
        let tensors = by_hand(1, 0, 0).unwrap().tensors;
        for (t, part) in tensors.iter().enumerate() {
            for i in 0..part.shape.iter().product() {
                let found = by_hand(3, t, i).unwrap();
                let difference = (found.loss_above - found.loss_below) / (2.0 * found.nudge);
                let gradient = f64::from(found.gradients[i]);
                // The formula's own error is about nudge² times a third derivative of the order of 10.
                assert!(
                    (difference - gradient).abs() < 2e-3 + 0.01 * gradient.abs(),
                    "{} {i}: {gradient} {difference}",
                    part.name
                );
                if part.name == "lm_head.weight" {
                    let (word, c) = (i / WIDTH, i % WIDTH);
                    let sum: f32 = (0..READ.len())
                        .map(|p| {
                            let right = f32::from(u8::from(FOLLOWS[p] as usize == word));
                            (found.probs[p * VOCABULARY + word] - right) * found.hidden[p * WIDTH + c] / 3.0
                        })
                        .sum();
                    assert!((f64::from(sum) - gradient).abs() < 1e-6, "{sum} {gradient}");
                }
            }
        }
    }

    #[test]
    fn the_update_is_what_the_shown_numbers_say() {
        let found = by_hand(4, 0, 2).unwrap();
        let g = f64::from(found.gradients[2]);
        let m = found.beta1 * f64::from(found.momentum[0]) + (1.0 - found.beta1) * g;
        let v = found.beta2 * f64::from(found.variance[0]) + (1.0 - found.beta2) * g * g;
        assert!((m - f64::from(found.momentum[1])).abs() < 1e-7 && (v - f64::from(found.variance[1])).abs() < 1e-7);
        let (m, v) = (m / (1.0 - found.beta1.powi(4)), v / (1.0 - found.beta2.powi(4)));
        let decayed = f64::from(found.weight[0]) * (1.0 - found.learning_rate * found.weight_decay);
        let expected = decayed - found.learning_rate * m / (v.sqrt() + found.epsilon);
        assert!((expected - f64::from(found.weight[1])).abs() < 1e-6, "{expected} {:?}", found.weight);
        assert!(found.loss_after < found.loss_nats);
    }

    #[test]
    fn rows_are_distributions_and_losses_their_logarithms() {
        let found = by_hand(1, 0, 0).unwrap();
        for (p, row) in found.probs.chunks(VOCABULARY).enumerate() {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!((found.losses[p] + row[FOLLOWS[p] as usize].ln()).abs() < 1e-4);
        }
        let mean = found.losses.iter().map(|&l| f64::from(l)).sum::<f64>() / 3.0;
        assert!((mean - found.loss_nats).abs() < 1e-6);
    }

    #[test]
    fn what_there_is_not_is_refused_by_name() {
        for (step, tensor, index, name) in
            [(0, 0, 0, "step"), (201, 0, 0, "step"), (1, 99, 0, "tensor"), (1, 0, 99, "index")]
        {
            match by_hand(step, tensor, index) {
                Err(Error::Setting { name: found, .. }) => assert_eq!(found, name),
                other => panic!("{other:?}"),
            }
        }
    }
}
