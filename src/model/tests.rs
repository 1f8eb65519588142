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
        // Settings of one configuration, so any mixture works.
        Config {
            mlp: Mlp::SwiGlu,
            qk_norm: QkNorm::Gain,
            position: Position::Rope { theta: 100.0, back: false },
            ..Config::gpt2(11, 12, 2, 2, 16)
        },
        Config {
            mlp: Mlp::Gelu,
            bias: true,
            kv_heads: 1,
            position: Position::Alibi,
            softcap: Some(4.0),
            ..Config::modern(11, 12, 1, 3, 12)
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
fn a_prompt_in_any_pieces_gives_the_logits_of_the_full_pass() {
    // Longer than one piece of the cache; a document starts in each piece, and one at its edge.
    let config = Config { document_start: Some(0), kv_heads: 1, ..Config::modern(11, 80, 2, 2, 16) };
    let model = Model::new(config).unwrap();
    let params = random_params(&model, 3);
    let mut ids: Vec<u32> = random_ids(3, 80, 10).iter().map(|id| id + 1).collect();
    [5, 31, 32, 50].iter().for_each(|&t| ids[t] = 0);
    let mut acts = Activations::new(model.config(), 1, 80);
    model.forward(&params, &mut acts, &ids, 1, 80);
    let mut cache = Cache::new(model.config());
    for cut in [1, 31, 32, 33, 40, 64, 65, 79, 80] {
        cache.clear();
        for piece in [&ids[..cut], &ids[cut..]].into_iter().filter(|piece| !piece.is_empty()) {
            let logits = model.decode(&params, &mut cache, piece).unwrap().to_vec();
            let full = &acts.logits()[(cache.len() - 1) * 11..][..11];
            assert!(logits.iter().zip(full).all(|(a, b)| (a - b).abs() < 2e-5), "cut at {cut}, {} read", cache.len());
        }
    }
}

#[test]
fn passes_after_the_first_allocate_nothing() {
    let model = Model::new(Config::modern(11, 12, 2, 2, 16)).unwrap();
    let params = random_params(&model, 7);
    let mut grads = vec![0.0; params.len()];
    let mut acts = Activations::new(model.config(), 2, 12);
    let places = |acts: &mut Activations| {
        let Activations { embedding, layers, hidden, logits, backward: b, .. } = acts;
        let mut all = vec![embedding, hidden, logits, &mut b.stream, &mut b.norm, &mut b.mixed, &mut b.last];
        all.extend([&mut b.qkv, &mut b.raw, &mut b.inner, &mut b.up, &mut b.active, &mut b.scratch]);
        for a in layers {
            all.extend([&mut a.norm1, &mut a.raw, &mut a.qkv, &mut a.probs, &mut a.mixed, &mut a.middle]);
            all.extend([&mut a.norm2, &mut a.inner, &mut a.up, &mut a.active, &mut a.out]);
        }
        all.into_iter().map(|v| (v.as_ptr(), v.capacity())).collect::<Vec<_>>()
    };
    let mut after = Vec::new();
    for (batch, time) in [(2, 12), (1, 12), (2, 5), (2, 12)] {
        let ids = random_ids(7, batch * time, 11);
        model.forward(&params, &mut acts, &ids, batch, time);
        model.backward(&params, &mut grads, &mut acts, &ids, None);
        after.push(places(&mut acts));
    }
    assert!(after.windows(2).all(|pair| pair[0] == pair[1]), "a buffer has moved or grown");
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
fn the_estimate_for_reading_is_what_a_cache_holds_and_no_square_of_the_context() {
    for config in [Config::modern(300, 1_000, 3, 3, 96), Config { kv_heads: 1, ..Config::modern(50, 40, 4, 2, 32) }] {
        let values = config.parameter_count() + Cache::new(&config).values() as u64;
        let (real, estimate) = ((values * 4) as f64, config.reading_bytes() as f64);
        assert!((estimate / real - 1.0).abs() < 0.1, "estimated {estimate}, held {real}");
    }
}

#[test]
fn initial_weights_have_the_same_bits_everywhere_and_for_good() {
    let nanochat = styles().swap_remove(3);
    let hashes = [Config::modern(11, 12, 2, 4, 16), Config::gpt2(11, 12, 2, 2, 16), nanochat].map(|config| {
        let params = Model::new(config).unwrap().init(42, Init::Preset);
        // FNV-1a over the bits.
        params.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, x| (h ^ u64::from(x.to_bits())).wrapping_mul(0x100_0000_01b3))
    });
    assert_eq!(
        hashes.map(|h| alloc::format!("{h:016x}")),
        ["e9e8eebd4bcffb81", "4bc93dcd5535adbc", "28c38e030f4d6596"]
    );
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
