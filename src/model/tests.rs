//! What the golden data does not reach: masks, grouped queries by finite differences, reuse of buffers, decoding.

use super::cache::logits_one_by_one;
use super::*;
use crate::error::Error;
use crate::kernels::loss;
use crate::rng::{Purpose, Rng};
use alloc::vec;

fn random_params(model: &Model, seed: u64) -> Vec<f32> {
    let mut r = Rng::new(seed, Purpose::Test, 0);
    (0..model.table().total()).map(|_| (r.normal() * 0.3) as f32).collect()
}

fn random_ids(seed: u64, n: usize, vocab: usize) -> Vec<u32> {
    let mut r = Rng::new(seed, Purpose::Test, 1);
    (0..n).map(|_| r.below(vocab) as u32).collect()
}

/// Styles with every option that differs.
fn styles() -> Vec<Config> {
    let modern = Config::modern(11, 12, 2, 4, 16);
    vec![
        Config::gpt2(11, 12, 2, 2, 16),
        Config { document_start: Some(0), ..modern.clone() },
        Config { kv_heads: 2, tied: false, document_start: Some(3), ..modern.clone() },
        Config {
            norm: Norm::RmsPlain,
            qk_norm: QkNorm::Plain,
            mlp: Mlp::Relu2,
            position: Position::Rope { theta: 10_000.0, back: true },
            tied: false,
            embedding_norm: true,
            softcap: Some(15.0),
            ..modern
        },
    ]
}

/// Mean loss and, when asked, its gradient.
fn loss_of(model: &Model, params: &[f32], ids: &[u32], batch: usize, grads: Option<&mut [f32]>) -> f64 {
    let time = ids.len() / batch - 1;
    let (mut x, mut y) = (vec![], vec![]);
    for row in ids.chunks_exact(time + 1) {
        x.extend_from_slice(&row[..time]);
        y.extend_from_slice(&row[1..]);
    }
    let mut acts = Activations::new(model.config(), batch, time);
    model.forward(params, &mut acts, &x, batch, time);
    let capped = acts.logits().to_vec();
    let mut losses = vec![0.0; y.len()];
    let weights = vec![1.0 / y.len() as f32; y.len()];
    loss::cross_entropy_backward(acts.logits_mut(), &mut losses, &y, &weights);
    if let Some(grads) = grads {
        model.backward(params, grads, &mut acts, &x, Some(&capped));
    }
    losses.iter().map(|&l| f64::from(l)).sum::<f64>() / y.len() as f64
}

#[test]
fn gradients_agree_with_finite_differences_in_every_style() {
    for (i, config) in styles().into_iter().enumerate() {
        let model = Model::new(config).unwrap();
        let params = random_params(&model, i as u64);
        let ids = random_ids(i as u64, 2 * 11, 11);
        let mut grads = vec![0.0; params.len()];
        loss_of(&model, &params, &ids, 2, Some(&mut grads));
        for tensor in model.table().tensors() {
            // Along the tensor's own gradient the loss changes by |g|² per unit: large against rounding.
            let g = &grads[tensor.range()];
            let norm = libm::sqrt(g.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>());
            if norm < 1e-4 {
                continue;
            }
            let shifted = |step: f64| {
                let mut p = params.clone();
                p[tensor.range()].iter_mut().zip(g).for_each(|(p, &g)| *p += (step * f64::from(g) / norm) as f32);
                loss_of(&model, &p, &ids, 2, None)
            };
            let step = 4e-3;
            let slope = (shifted(step) - shifted(-step)) / (2.0 * step);
            // f32 losses near 3 carry 3e-7 of rounding, 4e-5 of it in the slope; curvature adds step².
            assert!((slope - norm).abs() < 0.01 * norm + 2e-4, "style {i} {}: {slope} for {norm}", tensor.name);
        }
    }
}

#[test]
fn token_by_token_gives_the_logits_of_the_full_pass() {
    for (i, config) in styles().into_iter().enumerate() {
        let model = Model::new(config).unwrap();
        let params = random_params(&model, 9 + i as u64);
        let ids = random_ids(i as u64, 12, 11);
        let mut acts = Activations::new(model.config(), 1, 12);
        model.forward(&params, &mut acts, &ids, 1, 12);
        for (a, b) in acts.logits().iter().zip(logits_one_by_one(&model, &params, &ids)) {
            // The same sums in another blocking: a few roundings of values up to ~10.
            assert!((a - b).abs() < 2e-5, "style {i}: {a} and {b}");
        }
        // In two pieces as well.
        let mut cache = Cache::new(model.config());
        model.decode(&params, &mut cache, &ids[..5]).unwrap();
        let logits = model.decode(&params, &mut cache, &ids[5..]).unwrap();
        assert!(logits.iter().zip(&acts.logits()[11 * 11..]).all(|(a, b)| (a - b).abs() < 2e-5));
    }
}

#[test]
fn nothing_before_a_document_start_changes_what_follows() {
    let model = Model::new(Config { document_start: Some(0), ..Config::modern(11, 12, 2, 2, 16) }).unwrap();
    let params = random_params(&model, 4);
    let mut acts = Activations::new(model.config(), 2, 6);
    model.forward(&params, &mut acts, &[1, 2, 3, 0, 5, 6, 7, 8, 9, 0, 5, 6], 2, 6);
    let logits = acts.logits();
    let (first, second) = logits.split_at(6 * 11);
    assert_eq!(first[3 * 11..], second[3 * 11..]);
    assert_ne!(first[..11], second[..11]);
    for row in acts.attention(0).chunks_exact(36) {
        assert_eq!(row[4 * 6..4 * 6 + 3], [0.0; 3], "the future document looks back across its start");
    }
}

#[test]
fn rows_of_a_batch_do_not_touch_and_buffers_can_be_reused_for_smaller_passes() {
    let model = Model::new(Config::modern(11, 12, 2, 2, 16)).unwrap();
    let params = random_params(&model, 5);
    let ids = random_ids(5, 24, 11);
    let mut large = Activations::new(model.config(), 2, 12);
    model.forward(&params, &mut large, &ids, 2, 12);
    let second = large.logits()[12 * 11..].to_vec();
    model.forward(&params, &mut large, &ids[12..], 1, 12);
    assert_eq!(large.logits(), second);
    model.forward(&params, &mut large, &ids[12..17], 1, 5);
    assert_eq!(large.logits(), &second[..5 * 11]);
}

#[test]
fn the_memory_estimate_is_what_the_buffers_hold() {
    for config in styles() {
        let acts = Activations::new(&config, 3, config.context);
        let (real, estimate) = (acts.len() as f64, config.activation_count(3) as f64);
        assert!((estimate / real - 1.0).abs() < 0.1, "estimated {estimate}, allocated {real}");
    }
}

#[test]
fn decoding_refuses_what_does_not_fit_and_keeps_its_cache() {
    let model = Model::new(Config::modern(11, 4, 1, 2, 16)).unwrap();
    let params = random_params(&model, 6);
    let mut cache = Cache::new(model.config());
    assert_eq!(model.decode(&params, &mut cache, &[]).err(), Some(Error::EmptyText));
    model.decode(&params, &mut cache, &[1, 2]).unwrap();
    let too_long = Error::TooLong { limit_tokens: 4, found_tokens: 5 };
    assert_eq!(model.decode(&params, &mut cache, &[1, 2, 3]).err(), Some(too_long));
    assert_eq!(model.decode(&params, &mut cache, &[11]).err(), Some(Error::TokenId { found: 11, vocab_size: 11 }));
    assert_eq!(cache.len(), 2);
    cache.clear();
    assert!(cache.is_empty());
}
