use super::*;

fn pairs(reference: &mut Reader, count: u64) -> Vec<Pair> {
    let pair = |n| {
        let mut rng = Rng::new(n, Purpose::Test, 7);
        let [prompt, chosen, rejected] = [3, 2, 3].map(|n| ids(&mut rng, n));
        Pair::new(reference, Example::answered(&prompt, &chosen), Example::answered(&prompt, &rejected))
    };
    (0..count).map(pair).collect()
}

#[test]
fn the_loss_starts_at_ln_2_and_the_margin_grows() {
    let start = params(1);
    let mut objective = Dpo::new(pairs(&mut reader(&start), 6), 0.1, 3, 1);
    let mut learner = learner(&start, objective.sized(settings(1, 1)));
    step(&mut learner, &mut objective);
    let first = objective.report();
    assert!((first.loss_nats - core::f64::consts::LN_2).abs() < 1e-6 && first.margin.abs() < 1e-6, "{first:?}");
    assert_eq!(first.pairs, 3);
    (0..40).for_each(|_| _ = step(&mut learner, &mut objective));
    let last = objective.report();
    assert!(last.loss_nats < 0.5 && last.margin > 0.5 && last.accuracy == 1.0, "{last:?}");
    assert!(last.chosen > last.rejected, "{last:?}");
}

#[test]
fn the_gradient_is_the_derivative_with_rows_left_over_too() {
    let start = params(2);
    let at = params(3);
    let make = || Dpo::new(pairs(&mut reader(&start), 5), 0.3, 3, 1);
    for skipped in [0, 1] {
        // The second step of a round of five has two pairs.
        let of = |p: &[f32]| {
            let mut objective = make();
            let settings = objective.sized(settings(1, 1));
            let weights = Weights::fresh(p.to_vec(), &settings);
            let mut learner = Learner::new(config(), settings, weights, skipped, ALLOWED_BYTES).unwrap();
            let result = loss_and_gradient(&mut learner, &mut objective);
            assert_eq!(objective.report().pairs, [3, 2][skipped as usize]);
            result
        };
        let (_, gradient) = of(&at);
        assert_slope("dpo", &at, &gradient, |p| of(p).0);
    }
}

#[test]
fn every_round_sees_every_pair_once_in_another_order_and_the_same_seed_gives_the_same_bits() {
    let start = params(4);
    let run = |seed| {
        let mut objective = Dpo::new(pairs(&mut reader(&start), 5), 0.1, 2, seed);
        let mut learner = learner(&start, objective.sized(settings(1, 1)));
        assert_eq!(objective.steps_per_round(), 3);
        let seen: Vec<usize> = (0..6)
            .map(|_| {
                step(&mut learner, &mut objective);
                objective.report().pairs
            })
            .collect();
        assert_eq!(seen, [2, 2, 1, 2, 2, 1]);
        bits(&learner.weights().params)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn the_loss_of_a_comparison_is_exact_at_both_ends() {
    let (nats, slope) = bradley_terry(0.0);
    assert_eq!((nats, slope), (core::f64::consts::LN_2, -0.5));
    assert_eq!(bradley_terry(1e4), (0.0, 0.0));
    assert_eq!(bradley_terry(-1e4), (1e4, -1.0));
    for margin in [-3.0, -0.2, 0.7, 5.0] {
        let step = 1e-6;
        let slope = (bradley_terry(margin + step).0 - bradley_terry(margin - step).0) / (2.0 * step);
        assert!((slope - bradley_terry(margin).1).abs() < 1e-8);
    }
}

#[test]
fn a_reward_head_learns_what_was_preferred_and_has_no_opinion_where_answers_are_equal() {
    let start = params(5);
    let mut reader = reader(&start);
    // Preferred is the answer that holds token 1.
    let pairs: Vec<(Example, Example)> = (0..30)
        .map(|n| {
            let mut rng = Rng::new(n, Purpose::Test, 8);
            let mut make = |word: u32| {
                let prompt = ids(&mut rng, 3);
                let filler = 3 + rng.below(VOCAB - 3) as u32;
                Example::answered(&prompt, &[word, filler, 2])
            };
            (make(1), make(3))
        })
        .collect();
    let head = RewardHead::train(&mut reader, &pairs[..20]).unwrap();
    assert!(head.losses[1] < 0.5 && head.losses[0] > head.losses[1] && head.accuracy > 0.9, "{head:?}");
    assert!((head.losses[0] - core::f64::consts::LN_2).abs() < 1e-6);
    let better = pairs[20..].iter().filter(|(a, b)| head.score(&mut reader, a) > head.score(&mut reader, b)).count();
    assert!(better >= 8, "{better} of 10 new pairs");
    assert_eq!(head, RewardHead::train(&mut reader, &pairs[..20]).unwrap());

    let same = vec![(pairs[0].0.clone(), pairs[0].0.clone()); 4];
    let head = RewardHead::train(&mut reader, &same).unwrap();
    assert_eq!(head.score(&mut reader, &pairs[0].0), 0.0);
    let single = RewardHead::train(&mut reader, &pairs[..1]).unwrap();
    assert!(single.score(&mut reader, &pairs[3].0).is_finite());
}

#[test]
fn pooling_and_its_gradient_follow_the_weights() {
    let hidden = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let mut out = [0.0; 2];
    pool(&mut out, &hidden, &[0.0, 1.0, 3.0]);
    assert_eq!(out, [4.5, 5.5]);
    let mut dhidden = [0.0; 6];
    pool_backward(&mut dhidden, &[4.0, 8.0], &[0.0, 1.0, 3.0]);
    assert_eq!(dhidden, [0.0, 0.0, 1.0, 2.0, 3.0, 6.0]);
    pool(&mut out, &hidden, &[0.0; 3]);
    assert_eq!(out, [0.0; 2]);
}
