//! What the golden data does not reach: finite differences, whole runs, leftovers, and the edges.

mod adapters;
mod pairs;
mod policy;
mod rows;

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::model::{ALLOWED_BYTES, Config, Model};
use crate::rng::{Purpose, Rng};
use crate::train::{Learner, Objective, Schedule, Settings, StepReport, View, Weights};

const VOCAB: usize = 13;

fn config() -> Config {
    Config { document_start: Some(0), ..Config::modern(VOCAB, 16, 2, 2, 16) }
}

/// Weights that are large enough to have opinions.
fn params(seed: u64) -> Vec<f32> {
    let model = Model::new(config()).unwrap();
    let mut rng = Rng::new(seed, Purpose::Test, 0);
    model.init(seed, crate::model::Init::Preset).iter().map(|p| p + 0.2 * rng.normal() as f32).collect()
}

fn settings(rows: usize, shards: usize) -> Settings {
    Settings {
        batch: rows,
        shards,
        learning_rate: 2e-3,
        warmup: 0,
        schedule: Schedule::Constant,
        weight_decay: 0.0,
        average: false,
        ..Settings::default()
    }
}

fn learner(params: &[f32], settings: Settings) -> Learner {
    let weights = Weights::fresh(params.to_vec(), &settings);
    Learner::new(config(), settings, weights, 0, ALLOWED_BYTES).unwrap()
}

fn reader(params: &[f32]) -> Reader {
    Reader::new(&config(), params, 4).unwrap()
}

fn ids(rng: &mut Rng, n: usize) -> Vec<u32> {
    (0..n).map(|_| 1 + rng.below(VOCAB - 1) as u32).collect()
}

/// A prompt and an answer of random tokens.
fn answered(rng: &mut Rng) -> Example {
    let (prompt, answer) = (2 + rng.below(3), 1 + rng.below(4));
    let prompt = ids(rng, prompt);
    Example::answered(&prompt, &ids(rng, answer))
}

fn step<V: View>(learner: &mut Learner<V>, objective: &mut dyn Objective) -> StepReport {
    loop {
        if let Some(report) = learner.advance(objective).unwrap() {
            return report;
        }
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Loss of all shards, and their gradient.
fn loss_and_gradient<V: View>(learner: &mut Learner<V>, objective: &mut dyn Objective) -> (f64, Vec<f32>) {
    learner.discard_partial();
    let mut loss = 0.0;
    for shard in 0..learner.settings().shards_per_step() {
        let (part, gradient) = learner.shard_gradient(objective, shard);
        let gradient = gradient.to_vec();
        learner.add_shard(part, &gradient);
        loss += part;
    }
    (loss, learner.gradient().to_vec())
}

/// The gradient of an objective against central differences of its loss, along the gradient itself.
fn assert_slope(name: &str, at: &[f32], gradient: &[f32], loss: impl Fn(&[f32]) -> f64) {
    let norm = libm::sqrt(gradient.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>());
    assert!(norm > 1e-3, "{name}: a gradient of length {norm} shows nothing");
    let shifted = |step: f64| {
        let moved: Vec<f32> = at.iter().zip(gradient).map(|(p, &g)| p + (step * f64::from(g) / norm) as f32).collect();
        loss(&moved)
    };
    let step = 4e-3;
    let slope = (shifted(step) - shifted(-step)) / (2.0 * step);
    // f32 losses of a few nats carry 1e-6 of rounding, 1e-4 of it in the slope; curvature adds step².
    assert!((slope - norm).abs() < 0.01 * norm + 2e-4, "{name}: {slope} by differences, {norm} as computed");
}
