use super::*;

fn answers(count: u64) -> Vec<Answer> {
    let answer = |n| {
        let mut rng = Rng::new(n, Purpose::Test, 9);
        Answer { example: answered(&mut rng), advantage: rng.normal(), old_log_probs: Vec::new() }
    };
    (0..count).map(answer).collect()
}

fn objective(reference: &[f32], set: PolicySettings, answers: &[Answer]) -> PolicyGradient {
    let mut objective = PolicyGradient::new(set, reader(reference));
    objective.set(answers.to_vec());
    objective
}

#[test]
fn the_gradient_is_the_derivative_for_every_choice() {
    let (start, at) = (params(1), params(2));
    let mut with_old = answers(5);
    for (i, answer) in with_old.iter_mut().enumerate() {
        let tokens = answer.example.counted();
        // Ratios near 1, where nothing is clipped and the loss is smooth.
        let mean = reader(&at).log_prob(&answer.example) / tokens;
        answer.old_log_probs = vec![mean + 0.01 * i as f64; tokens as usize];
    }
    for surrogate in [Surrogate::Reinforce, Surrogate::Clipped { clip: 50.0 }] {
        for penalty in [Penalty::Exact, Penalty::K3] {
            for average in [Average::Answers, Average::Tokens, Average::TokensOfAnswers] {
                // k3 is an exponential: a small weight keeps its curvature out of the differences.
                let kl = if penalty == Penalty::Exact { 0.5 } else { 0.01 };
                let set = PolicySettings { surrogate, penalty, kl, average, temperature: 0.8 };
                let reference: Vec<f32> = at.iter().zip(&start).map(|(a, s)| a + 0.1 * (s - a)).collect();
                let of = |p: &[f32]| {
                    loss_and_gradient(&mut learner(p, settings(5, 3)), &mut objective(&reference, set, &with_old))
                };
                let (_, gradient) = of(&at);
                assert_slope("policy", &at, &gradient, |p| of(p).0);
            }
        }
    }
}

#[test]
fn the_divergence_is_zero_at_the_start_and_never_negative_after() {
    let start = params(3);
    let set = PolicySettings { kl: 0.05, ..PolicySettings::default() };
    let given = answers(6);
    let mut objective = objective(&start, set, &given);
    let mut learner = learner(&start, settings(6, 3));
    let mut last = 0.0;
    for n in 0..10 {
        objective.set(given.clone());
        step(&mut learner, &mut objective);
        let report = objective.report();
        assert_eq!(report.answers, 6);
        assert!(if n == 0 { report.divergence < 1e-5 } else { report.divergence >= 0.0 }, "{report:?}");
        last = report.divergence;
    }
    assert!(last > 1e-3, "{last}");
}

#[test]
fn good_answers_become_more_probable_than_bad_ones_and_a_penalty_holds_them_back() {
    let start = params(4);
    let given: Vec<Answer> = answers(4)
        .into_iter()
        .enumerate()
        .map(|(i, a)| Answer { advantage: if i % 2 == 0 { 1.0 } else { -1.0 }, ..a })
        .collect();
    let gain = |kl: f64| {
        let mut objective = objective(&start, PolicySettings { kl, ..PolicySettings::default() }, &given);
        let mut learner = learner(&start, settings(4, 2));
        for _ in 0..30 {
            objective.set(given.clone());
            step(&mut learner, &mut objective);
        }
        let (mut before, mut after) = (reader(&start), reader(&learner.weights().params));
        let moved: Vec<f64> = given.iter().map(|a| after.log_prob(&a.example) - before.log_prob(&a.example)).collect();
        (moved[0] + moved[2] - moved[1] - moved[3], objective.report().divergence)
    };
    let ((free, far), (held, near)) = (gain(0.0), gain(1.0));
    assert!(free > held && held > 0.5 && far > near, "{free} {far}, {held} {near}");
}

#[test]
fn equal_rewards_are_no_signal_and_never_divide_zero_by_zero() {
    assert_eq!(advantages(&[0.1; 8], 4), None);
    assert_eq!(advantages(&[], 4), None);
    assert_eq!(advantages(&[1.0, 2.0, 3.0], 1), None);
    assert_eq!(advantages(&[1.0, 2.0, 0.3, 0.3], 2), Some(vec![-0.5, 0.5, 0.0, 0.0]));
    let start = params(5);
    let still: Vec<Answer> = answers(3).into_iter().map(|a| Answer { advantage: 0.0, ..a }).collect();
    let mut objective = objective(&start, PolicySettings::default(), &still);
    let mut learner = learner(&start, settings(3, 1));
    let report = step(&mut learner, &mut objective);
    assert!(report.loss_nats.abs() < 1e-6 && report.grad_norm < 1e-4, "{report:?}");
}

#[test]
fn rows_without_an_answer_count_nothing() {
    let start = params(6);
    let run = |rows, shards| {
        let mut objective = objective(&start, PolicySettings::default(), &answers(3));
        step(&mut learner(&start, settings(rows, shards)), &mut objective)
    };
    let (full, padded) = (run(3, 3), run(5, 5));
    assert_eq!(full.loss_nats.to_bits(), padded.loss_nats.to_bits());
    assert_eq!(full.grad_norm.to_bits(), padded.grad_norm.to_bits());
}
