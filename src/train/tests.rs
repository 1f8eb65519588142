//! Behaviour of whole runs.

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::error::Error;
use crate::model::{ALLOWED_BYTES, Config};

/// Sentences of a small grammar, as ids below 11. The fourth word follows from the second: pairs cannot tell, attention can.
pub(super) fn split() -> Split {
    let mut rng = crate::rng::Rng::new(5, crate::rng::Purpose::Test, 0);
    let mut text = |sentences: usize| {
        let sentence = |_| {
            let (who, end) = (rng.below(3) as u32, rng.below(2) as u32);
            [0, 1 + who, 4, 5 + who, 8 + end, 10]
        };
        (0..sentences).flat_map(sentence).collect::<Vec<u32>>()
    };
    Split { train: text(300), validation: text(60), validation_bytes: 60 * 20 }
}

fn config() -> Config {
    Config::modern(11, 12, 2, 2, 16)
}

fn settings() -> Settings {
    Settings { batch: 4, shards: 2, steps: 60, warmup: 5, ..Settings::default() }
}

fn session() -> Session {
    Session::new(config(), settings(), split()).unwrap()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn run(session: &mut Session, steps: usize) -> Vec<StepReport> {
    (0..steps).map(|_| session.step().unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() {
    let (mut a, mut b) = (session(), session());
    assert_eq!(run(&mut a, 8), run(&mut b, 8));
    assert_eq!(bits(&a.snapshot().weights.params), bits(&b.snapshot().weights.params));
    let mut c = Session::new(config(), Settings { seed: 2, ..settings() }, split()).unwrap();
    run(&mut c, 8);
    assert_ne!(bits(&a.snapshot().weights.params), bits(&c.snapshot().weights.params));
}

#[test]
fn a_run_learns_and_its_average_evaluates_below_the_bigram_baseline() {
    let mut session = session();
    let first = session.step().unwrap();
    let before = session.evaluate();
    run(&mut session, 150);
    let after = session.evaluate();
    let baselines = Baselines::of(session.split(), 11);
    assert!((first.loss_nats - baselines.uniform).abs() < 0.3, "{first:?}");
    assert!(
        before.loss_nats > baselines.bigram && after.loss_nats < baselines.bigram,
        "{before:?} {after:?} {baselines:?}"
    );
    assert_eq!((before.step, after.step), (1, 151));
    let bits_per_byte = after.loss_nats / core::f64::consts::LN_2 * 360.0 / 1_200.0;
    assert!((after.bits_per_byte - bits_per_byte).abs() < 1e-12);
}

#[test]
fn a_restored_run_goes_on_bit_for_bit() {
    for optimizer in [Optimizer::AdamW, Optimizer::Lion, Optimizer::Muon] {
        for average in [true, false] {
            let settings = Settings { optimizer, average, learning_rate: 1e-3, ..settings() };
            let mut whole = Session::new(config(), settings, split()).unwrap();
            run(&mut whole, 7);
            whole.advance().unwrap(); // half a step: not part of a snapshot, done anew
            let mut restored = Session::restore(whole.snapshot(), split()).unwrap();
            whole.discard_partial();
            assert_eq!(run(&mut whole, 6), run(&mut restored, 6));
            assert_eq!(whole.snapshot(), restored.snapshot());
            assert_eq!(bits(whole.shown_params()), bits(restored.shown_params()));
            assert_eq!(restored.steps_done(), 13);
        }
    }
}

#[test]
fn a_state_survives_its_parts_bit_for_bit() {
    let mut session = session();
    run(&mut session, 3);
    session.tune(1.7e-3, 99).unwrap();
    let state = session.snapshot();
    let (text, tensors) = state.to_parts().unwrap();
    let find = |name: &str| tensors.iter().find(|(n, ..)| n == name).map(|&(_, _, values)| values);
    assert_eq!(State::from_parts(&text, find, ALLOWED_BYTES).unwrap(), state);
    for (name, shape, values) in &tensors {
        assert_eq!(shape.iter().product::<usize>(), values.len(), "{name}");
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let mut session = session();
    run(&mut session, 1);
    let state = session.snapshot();
    let (text, tensors) = state.to_parts().unwrap();
    let find = |name: &str| tensors.iter().find(|(n, ..)| n == name).map(|&(_, _, values)| values);
    let code = |text: &str, find: &dyn Fn(&str) -> Option<&'static [f32]>| {
        State::from_parts(text, find, ALLOWED_BYTES).unwrap_err().code()
    };
    assert_eq!(code(&text, &|_| None), "format");
    assert_eq!(code(&text, &|_| Some(&[0.0; 3])), "format");
    assert_eq!(code("{}", &|_| None), "format");
    assert_eq!(code(&text.replace("\"batch\":4", "\"batch\":0"), &|_| None), "setting");
    let small = State::from_parts(&text, find, 1_000).unwrap_err();
    assert_eq!(small.code(), "memory");
}

#[test]
fn another_text_is_refused_on_restoring() {
    let state = session().snapshot();
    let mut other = split();
    other.train[17] ^= 1;
    assert_eq!(Session::restore(state, other).err(), Some(Error::OtherCorpus));
}

#[test]
fn accumulation_equals_the_larger_batch_within_rounding() {
    let of = |batch, accumulation, shards| {
        let settings = Settings { batch, accumulation, shards, ..settings() };
        let mut session = Session::new(config(), settings, split()).unwrap();
        let report = session.step().unwrap();
        (report, session.snapshot().weights.momentum)
    };
    let (report, momentum) = of(8, 1, 1);
    for (batch, accumulation, shards) in [(4, 2, 1), (2, 4, 1), (8, 1, 3), (4, 2, 3), (1, 8, 4)] {
        let (other, m) = of(batch, accumulation, shards);
        assert!((other.loss_nats - report.loss_nats).abs() < 1e-6, "{other:?} {report:?}");
        let largest = momentum.iter().fold(0.0f32, |a, &b| a.max(b.abs()));
        let error = m.iter().zip(&momentum).fold(0.0f32, |a, (x, y)| a.max((x - y).abs()));
        // f32 sums in another order: a few units in the last place of the largest gradient.
        assert!(error <= 2e-6 * largest, "batch {batch} x {accumulation}, {shards} shards: {error:e} of {largest:e}");
    }
}

#[test]
fn shards_computed_elsewhere_give_the_same_bits() {
    let mut alone = session();
    let (mut one, mut two) = (session(), session());
    for _ in 0..4 {
        let report = alone.step().unwrap();
        let gradients: Vec<(f64, Vec<f32>)> = [&mut two, &mut one] // shard 0 on the other instance
            .into_iter()
            .enumerate()
            .map(|(shard, instance)| {
                let (loss, gradient) = instance.shard_gradient(shard);
                (loss, gradient.to_vec())
            })
            .collect();
        for instance in [&mut one, &mut two] {
            gradients.iter().for_each(|(loss, g)| instance.learner_mut().add_shard(*loss, g));
            assert_eq!(instance.learner_mut().apply().unwrap(), report);
        }
    }
    assert_eq!(bits(&alone.snapshot().weights.params), bits(&one.snapshot().weights.params));
    assert_eq!(bits(&alone.snapshot().weights.params), bits(&two.snapshot().weights.params));
}

#[test]
fn helpers_with_nothing_but_the_weights_give_the_same_bits_in_whatever_order_they_work() {
    let settings = Settings { batch: 7, shards: 5, ..settings() };
    let session = || Session::new(config(), settings.clone(), split()).unwrap();
    let (mut alone, mut shared) = (session(), session());
    let lesson = shared.learner().lesson();
    let lesson: Lesson = serde_json::from_str(&serde_json::to_string(&lesson).unwrap()).unwrap();
    let mut helpers = [(); 2].map(|()| Helper::new(&lesson, ALLOWED_BYTES).unwrap());
    for _ in 0..6 {
        helpers.iter_mut().for_each(|h| h.params_mut().copy_from_slice(&shared.learner().weights().params));
        let mut elsewhere: Vec<(usize, f64, Vec<f32>)> = Vec::new();
        for shard in [4, 3, 2] {
            let batch = shared.shard_batch(shard).clone();
            let (loss, gradient) = helpers[shard % 2].gradient(|b| b.clone_from(&batch));
            elsewhere.push((shard, loss, gradient.to_vec()));
        }
        assert_eq!((shared.advance().unwrap(), shared.advance().unwrap()), (None, None));
        let mut reports = Vec::new();
        for (shard, loss, gradient) in elsewhere.iter().rev() {
            assert_eq!(shared.learner().shards_added(), *shard);
            reports.extend(shared.receive_shard(*loss, |room| room.copy_from_slice(gradient)).unwrap());
        }
        assert_eq!(reports, [alone.step().unwrap()]);
    }
    assert_eq!(bits(&alone.snapshot().weights.params), bits(&shared.snapshot().weights.params));
    assert_eq!(bits(&alone.snapshot().weights.momentum), bits(&shared.snapshot().weights.momentum));
}

#[test]
fn one_symbol_has_loss_zero_and_no_nan() {
    let split = Split { train: vec![0; 200], validation: vec![0; 50], validation_bytes: 50 };
    let mut session = Session::new(Config::modern(1, 12, 2, 2, 16), settings(), split).unwrap();
    for report in run(&mut session, 30) {
        assert_eq!(report.loss_nats, 0.0);
        assert!(report.grad_norm == 0.0 && report.update_norm.is_finite(), "{report:?}");
    }
    let evaluation = session.evaluate();
    assert_eq!((evaluation.loss_nats, evaluation.bits_per_byte), (0.0, 0.0));
    assert!(session.shown_params().iter().all(|p| p.is_finite()));
}

#[test]
fn a_short_text_is_refused_with_both_numbers() {
    let short = Split { train: vec![0; 20], validation: vec![0; 12], validation_bytes: 12 };
    let error = Session::new(config(), settings(), short).err();
    assert_eq!(error, Some(Error::CorpusTooShort { needed_tokens: 26, found_tokens: 32 }));
}

#[test]
fn weights_that_break_stop_the_run_and_keep_what_was_before_the_step() {
    let mut healthy = session();
    run(&mut healthy, 4);
    let mut state = healthy.snapshot();
    state.weights.params[3] = f32::NAN;
    let mut broken = Session::restore(state.clone(), split()).unwrap();
    assert_eq!(broken.step(), Err(Error::NotFinite { step: 4 }));
    assert_eq!(broken.step(), Err(Error::NotFinite { step: 4 }), "still usable: says the same again");
    let kept = broken.snapshot();
    assert_eq!(kept.step, 4);
    assert_eq!(bits(&kept.weights.params), bits(&state.weights.params));
    assert_eq!(bits(&kept.weights.momentum), bits(&state.weights.momentum));
    assert_eq!(bits(&kept.weights.average), bits(&state.weights.average));
}

#[test]
fn an_absurd_learning_rate_never_panics_and_never_leaves_broken_weights() {
    for learning_rate in [1e3, 1e9, 1e30] {
        let mut session = session();
        session.learner_mut().set_learning_rate_unchecked(learning_rate);
        for _ in 0..40 {
            match session.step() {
                Ok(report) => assert!(report.loss_nats.is_finite(), "{report:?}"),
                Err(error) => {
                    assert_eq!(error, Error::NotFinite { step: session.steps_done() });
                    break;
                }
            }
            assert!(session.snapshot().weights.params.iter().all(|p| p.is_finite()), "{learning_rate}");
        }
        assert!(session.shown_params().iter().all(|p| p.is_finite()), "{learning_rate}");
    }
}

#[test]
fn tuning_takes_effect_at_the_next_step_and_refuses_nonsense() {
    let mut session =
        Session::new(config(), Settings { warmup: 0, schedule: Schedule::Constant, ..settings() }, split()).unwrap();
    assert_eq!(session.step().unwrap().learning_rate, f64::from(4e-3f32));
    session.tune(1e-3, 80).unwrap();
    assert_eq!(session.step().unwrap().learning_rate, f64::from(1e-3f32));
    assert_eq!(session.tune(1e9, 80).unwrap_err().code(), "setting");
    assert_eq!((session.settings().learning_rate, session.settings().steps), (1e-3, 80));
}

#[test]
fn kept_steps_show_the_weights_of_their_time() {
    let mut session = session();
    session.remember();
    let start = session.shown_params().to_vec();
    run(&mut session, 3);
    session.remember();
    assert_eq!(session.kept_steps(), [0, 3]);
    assert_eq!(session.params_at(0), Some(start.as_slice()));
    assert_eq!(session.params_at(3), Some(session.shown_params()));
    assert_eq!(session.params_at(1), None);
}

#[test]
fn an_evaluation_is_not_disturbed_by_training_between_its_slices() {
    let mut session = session();
    run(&mut session, 2);
    let at_once = session.evaluate();
    let mut sliced = session.evaluation();
    let evaluation = loop {
        if let Some(evaluation) = sliced.advance(&mut session) {
            break evaluation;
        }
        session.advance().unwrap();
    };
    assert!(session.steps_done() > 2);
    assert_eq!(evaluation, at_once);
}

#[test]
fn the_update_norm_is_the_length_of_the_change() {
    let mut session = session();
    let before = session.snapshot().weights.params;
    let report = session.step().unwrap();
    let after = session.snapshot().weights.params;
    let squared: f64 = before.iter().zip(&after).map(|(b, a)| f64::from(a - b) * f64::from(a - b)).sum();
    assert!((report.update_norm - squared.sqrt()).abs() < 1e-6 * squared.sqrt() && squared > 0.0, "{report:?}");
}
