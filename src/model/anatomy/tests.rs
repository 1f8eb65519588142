use super::*;
use crate::model::{Init, Norm, Position};

const IDS: [u32; 9] = [3, 7, 1, 7, 22, 3, 7, 14, 0];

fn models() -> Vec<Model> {
    let grouped = Config { kv_heads: 2, tied: false, ..Config::modern(24, 12, 2, 4, 16) };
    let alibi = Config { position: Position::Alibi, qk_norm: QkNorm::None, ..Config::gpt2(24, 12, 2, 4, 16) };
    let plain = Config { qk_norm: QkNorm::None, mlp: Mlp::SwiGlu, norm: Norm::Rms, ..Config::modern(24, 12, 1, 1, 8) };
    [Config::gpt2(24, 12, 2, 2, 16), grouped, Config::nanochat(24, 12, 2, 2, 16), alibi, plain]
        .map(|config| Model::new(Config { document_start: Some(22), ..config }).unwrap())
        .into()
}

/// Weights of which none is 0 or 1: initial ones would hide biases, gains and what blocks add.
fn params(model: &Model) -> Vec<f32> {
    let noise = (0..model.table().total()).map(|i| ((i * 7919 % 211) as f32 / 105.0 - 1.0) * 0.2);
    model.init(5, Init::Preset).iter().zip(noise).map(|(a, b)| 0.5 * a + b).collect()
}

fn read(model: &Model, params: &[f32], off: Option<Off>) -> Activations {
    let mut acts = Activations::for_reading(model.config(), 12);
    if let Some(off) = off {
        acts.switch_off(0, off);
    }
    model.forward(params, &mut acts, &IDS, 1, IDS.len());
    acts
}

fn recomputed(sum: &Sum) -> f64 {
    let terms = || sum.terms.iter().map(|t| f64::from(t.factor) * f64::from(t.times));
    let total: f64 = terms().sum();
    let scale = f64::from(sum.scale);
    match sum.rule {
        Rule::Sum => scale * total + f64::from(sum.offset),
        Rule::Softmax => {
            terms().nth(sum.chosen).unwrap_or(f64::NEG_INFINITY).exp() / terms().map(f64::exp).sum::<f64>()
        }
        Rule::Gelu => {
            let inner = (2.0 / core::f64::consts::PI).sqrt() * (total + 0.044_715 * total.powi(3));
            0.5 * total * (1.0 + inner.tanh())
        }
        Rule::SwiGlu => total / (1.0 + (-f64::from(sum.terms[0].factor)).exp()),
        Rule::Relu2 => total.max(0.0).powi(2),
        Rule::Softcap => scale * (total / scale).tanh(),
        Rule::Off => 0.0,
    }
}

#[test]
fn every_number_of_a_pass_is_the_sum_that_is_shown_for_it() {
    for model in models() {
        let params = params(&model);
        let acts = read(&model, &params, None);
        let mut seen = 0;
        for part in (0..).map_while(Part::from_index) {
            for layer in 0..=model.config().layers {
                for row in [0, 3, 8] {
                    for column in 0..model.config().vocab_size.max(64) {
                        let head = column % model.config().heads;
                        let at = Place { part, layer, row, head, column };
                        if !model.has(at, acts.time()) || (part == Part::Weight && row == 8 && column < 4) {
                            continue;
                        }
                        let sum = model.sum(&params, &acts, at);
                        let want = recomputed(&sum);
                        let close = (f64::from(sum.value) - want).abs() < 2e-5 * (1.0 + want.abs());
                        assert!(close, "{at:?} of {:?}: {} is not {want}", model.config(), sum.value);
                        for term in &sum.terms {
                            if let Some(weight) = term.weight {
                                assert_eq!(
                                    params.get(weight),
                                    Some(&term.times),
                                    "{at:?}: what is called a weight is one"
                                );
                            }
                            for from in [term.from, term.with].into_iter().flatten() {
                                assert!(model.has(from, acts.time()), "{from:?} behind {at:?}");
                            }
                        }
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 500, "{seen}");
    }
}

#[test]
fn factors_are_the_numbers_that_they_come_from() {
    for model in models() {
        let params = params(&model);
        let acts = read(&model, &params, None);
        for part in (0..).map_while(Part::from_index) {
            let at = Place { part, layer: 0, row: 3, head: 0, column: 2 };
            if !model.has(at, acts.time()) || [Part::Norm1, Part::Norm2, Part::Hidden].contains(&part) {
                continue;
            }
            for term in model.sum(&params, &acts, at).terms {
                for (value, from) in [(term.factor, term.from), (term.times, term.with)] {
                    let Some(from) = from else { continue };
                    let found = model.sum(&params, &acts, from).value;
                    assert!((found - value).abs() < 1e-5 * (1.0 + found.abs()), "{from:?} behind {at:?}");
                }
            }
        }
    }
}

#[test]
fn a_head_that_is_off_adds_nothing_and_the_others_stay() {
    for model in models() {
        let params = params(&model);
        let heads = model.config().heads;
        let d = model.config().head_dim();
        let on = read(&model, &params, None);
        let off = Off { heads: (0..heads).map(|h| h == 0).collect(), mlp: true };
        let cut = read(&model, &params, Some(off));
        assert_ne!(on.logits(), cut.logits());
        let (a, b) = (&on.layers[0].mixed, &cut.layers[0].mixed);
        for row in 0..IDS.len() {
            let at = |x: usize| row * model.config().width + x;
            assert!(b[at(0)..at(d)].iter().all(|&x| x == 0.0));
            assert_eq!(a[at(d)..at(d * heads)], b[at(d)..at(d * heads)]);
        }
        let n = IDS.len() * model.config().width;
        assert_eq!(cut.layers[0].out[..n], cut.layers[0].middle[..n]);
        let nothing = read(&model, &params, Some(Off::default()));
        assert_eq!(on.logits(), nothing.logits());
    }
}

#[test]
fn shares_add_up_to_the_logit_above_the_mean() {
    for model in models() {
        let params = params(&model);
        let acts = read(&model, &params, None);
        let uncapped = Model::new(Config { softcap: None, ..model.config().clone() }).unwrap();
        let raw = read(&uncapped, &params, None);
        let v = model.config().vocab_size;
        for (row, id) in [(0, 3), (8, 14)] {
            let logits = &raw.logits()[row * v..(row + 1) * v];
            let want = logits[id] - logits.iter().sum::<f32>() / v as f32;
            let found: f32 = model.shares(&params, &acts, row, id).iter().map(|s| s.value).sum();
            assert!((found - want).abs() < 1e-4 * (1.0 + want.abs()), "{found} is not {want}");
        }
    }
}

#[test]
fn reading_off_the_last_stream_gives_the_logits_and_leaves_the_pass_as_it_was() {
    for model in models() {
        let params = params(&model);
        let mut acts = read(&model, &params, None);
        let logits = acts.logits().to_vec();
        let hidden = acts.hidden().to_vec();
        assert_eq!(model.read_off(&params, &mut acts, model.config().layers), logits);
        assert_ne!(model.read_off(&params, &mut acts, 0), logits);
        assert_eq!((acts.logits(), acts.hidden()), (&logits[..], &hidden[..]));
    }
}
