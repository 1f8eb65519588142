use super::*;
use crate::kernels::loss::IGNORE;
use crate::train::{Batch, NextToken};

fn example(ids: &[u32], weights: &[f32]) -> Example {
    Example { ids: ids.to_vec(), weights: weights.to_vec() }
}

#[test]
fn dialogues_are_laid_end_to_end_and_the_end_of_one_starts_the_next() {
    let dialogues = [
        example(&[0, 1, 2, 5, 0], &[0.0, 0.0, 0.0, 1.0, 1.0]),
        example(&[0, 1, 3, 6, 7, 0], &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
        example(&[0, 1, 2, 2, 2, 2, 2, 0], &[0.0; 8]),
    ];
    let mut row = Example::new();
    let mut given = dialogues.iter();
    pack(&mut row, 12, 0, |out| {
        given.next().is_some_and(|d| {
            out.clone_from(d);
            true
        })
    });
    assert_eq!(row.ids, [0, 1, 2, 5, 0, 1, 3, 6, 7, 0, 0, 0, 0]);
    assert_eq!(row.weights, [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(given.len(), 0, "the third does not fit and is not cut");
}

#[test]
fn a_row_holds_what_fits_exactly_and_the_beginning_of_what_is_longer_than_it() {
    let mut row = Example::new();
    let mut once = true;
    pack(&mut row, 4, 0, |out| {
        out.push(&[0, 1, 2, 3, 0], 1.0);
        core::mem::take(&mut once)
    });
    assert_eq!((row.ids.as_slice(), row.weights[4]), (&[0, 1, 2, 3, 0][..], 1.0));
    pack(&mut row, 3, 0, |out| {
        out.push(&[0, 1, 2, 3, 4, 5, 0], 1.0);
        true
    });
    assert_eq!(row.ids, [0, 1, 2, 3]);
    pack(&mut row, 3, 0, |_| false);
    assert_eq!((row.ids.as_slice(), row.counted()), (&[0; 4][..], 0.0));
}

#[test]
fn what_counts_nothing_is_no_target_and_padding_changes_no_loss() {
    let mut batch = Batch::default();
    batch.clear(5);
    example(&[4, 5, 6], &[1.0, 0.0, 0.5]).push_to(&mut batch, 2.0);
    assert_eq!(batch.tokens, [4, 5, 6, 6, 6]);
    assert_eq!(batch.targets, [IGNORE, 6, IGNORE, IGNORE, IGNORE]);
    assert_eq!(batch.weights, [0.0, 1.0, 0.0, 0.0, 0.0]);
}

/// Rows of random answers that depend on step and row alone.
fn source(step: u64, row: usize, out: &mut Example) {
    *out = answered(&mut Rng::new(step, Purpose::Test, row as u64));
}

#[test]
fn a_masked_step_is_the_mean_over_its_counted_tokens_however_it_is_cut() {
    let start = params(1);
    let mut reader = reader(&start);
    let examples: Vec<Example> = (0..6)
        .map(|row| {
            let mut out = Example::new();
            source(0, row, &mut out);
            out
        })
        .collect();
    let tokens: f64 = examples.iter().map(Example::counted).sum();
    let mean = -examples.iter().map(|e| reader.log_prob(e)).sum::<f64>() / tokens;
    let mut norms = Vec::new();
    for shards in [1, 2, 3, 6] {
        let report = step(&mut learner(&start, settings(6, shards)), &mut Masked::new(source, 6));
        assert!((report.loss_nats - mean).abs() < 1e-5, "{shards} shards: {report:?}, expected {mean}");
        norms.push(report.grad_norm);
    }
    assert!(norms.iter().all(|n| (n / norms[0] - 1.0).abs() < 1e-5), "{norms:?}");
}

#[test]
fn the_masked_gradient_is_the_derivative() {
    let start = params(2);
    let mut objective = Masked::new(source, 4);
    let (_, gradient) = loss_and_gradient(&mut learner(&start, settings(4, 2)), &mut objective);
    assert_slope("masked", &start, &gradient, |p| {
        loss_and_gradient(&mut learner(p, settings(4, 2)), &mut Masked::new(source, 4)).0
    });
}

#[test]
fn shards_computed_by_another_instance_give_the_same_bits() {
    let start = params(3);
    let (mut alone, mut shared, mut other) =
        (learner(&start, settings(5, 3)), learner(&start, settings(5, 3)), learner(&start, settings(5, 3)));
    let mut objectives = [(); 3].map(|()| Masked::new(source, 5));
    for _ in 0..3 {
        let report = step(&mut alone, &mut objectives[0]);
        let parts: Vec<(f64, Vec<f32>)> = (0..3)
            .rev()
            .map(|shard| {
                let (loss, gradient) = other.shard_gradient(&mut objectives[1], shard);
                (loss, gradient.to_vec())
            })
            .collect();
        for instance in [&mut shared, &mut other] {
            parts.iter().rev().for_each(|(loss, gradient)| instance.add_shard(*loss, gradient));
            assert_eq!(instance.apply().unwrap(), report);
        }
    }
    assert_eq!(bits(&alone.weights().params), bits(&shared.weights().params));
}

#[test]
fn a_step_in_which_nothing_counts_changes_nothing() {
    let start = params(4);
    let mut learner = learner(&start, settings(2, 1));
    let report = step(&mut learner, &mut Masked::new(|_, _, out: &mut Example| out.push(&[1, 2, 3], 0.0), 2));
    assert_eq!((report.loss_nats, report.grad_norm), (0.0, 0.0));
    assert_eq!(bits(&learner.weights().params), bits(&start));
}

#[test]
fn half_of_the_rows_are_repeated_nonsense_while_the_drill_lasts_and_the_others_read_on_as_ever() {
    let text: Vec<u32> = (0..200).map(|i| (i * i % 12) as u32).collect();
    let plain = NextToken { ids: &text, time: 60, rows: 5, seed: 3 };
    let mut drilled = Drilled::new(plain, 2, 10);
    let fill = |objective: &mut dyn Objective, step, rows| {
        let mut batch = Batch::default();
        objective.fill(step, rows, &mut batch);
        batch
    };
    let (with, without) = (fill(&mut drilled, 1, 0..5), fill(&mut { plain }, 1, 0..5));
    assert_eq!(with.rows, 5);
    for row in 0..2 {
        let tokens = &with.tokens[row * 60..][..60];
        let repeats = |n: usize| tokens[n..].iter().zip(tokens).all(|(a, b)| a == b);
        assert!((4..=23).any(repeats) && tokens.iter().all(|&id| id < 10), "{tokens:?}");
        assert_eq!(with.targets[row * 60..][..59], with.tokens[row * 60 + 1..][..59]);
    }
    let read = |batch: &Batch| batch.tokens[2 * 60..].to_vec();
    assert_eq!(read(&with), read(&without));
    assert_eq!(with.weights, without.weights);
    // In whatever company a row is filled, and no longer when the drill is over.
    let parts = [fill(&mut drilled, 1, 0..1), fill(&mut drilled, 1, 1..3), fill(&mut drilled, 1, 3..5)];
    assert_eq!(parts.iter().flat_map(|b| b.tokens.clone()).collect::<Vec<_>>(), with.tokens);
    assert_eq!(fill(&mut drilled, 2, 0..5).tokens, fill(&mut { plain }, 2, 0..5).tokens);
}

#[test]
fn rows_beside_a_task_add_their_mean_loss_times_their_weight() {
    let start = params(5);
    let beside = |step: u64, row: usize, out: &mut Example| source(step + 100, row, out);
    let alone = |rows: usize, source: &dyn Fn(u64, usize, &mut Example)| {
        let mut objective = Masked::new(|step, row, out: &mut Example| source(step, row, out), rows);
        loss_and_gradient(&mut learner(&start, settings(rows, rows / 2)), &mut objective)
    };
    let (task, kept) = (alone(6, &source), alone(4, &beside));
    for weight in [0.0, 0.5, 3.0] {
        let mut objective = Replayed::new(Masked::new(source, 6), 6, beside, 4, weight);
        let settings = objective.sized(settings(6, 3));
        assert_eq!((settings.batch, settings.shards), (10, 5));
        let (loss, gradient) = loss_and_gradient(&mut learner(&start, settings), &mut objective);
        let weighted = |task: f64, kept: f64| task + f64::from(weight) * kept;
        assert!((loss - weighted(task.0, kept.0)).abs() < 1e-6, "{loss}");
        for ((g, task), kept) in gradient.iter().zip(&task.1).zip(&kept.1) {
            assert!((f64::from(*g) - weighted(f64::from(*task), f64::from(*kept))).abs() < 1e-5, "{g} {task} {kept}");
        }
    }
}

#[test]
#[should_panic(expected = "a shard is of one task")]
fn a_shard_with_rows_of_both_tasks_is_refused() {
    Replayed::new(Masked::new(source, 3), 3, source, 3, 1.0).fill(0, 2..4, &mut Batch::default());
}
