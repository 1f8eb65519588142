//! How surprising every token of a text is: to the model, and to counting tables of the text that it learns from.

use alloc::vec;
use alloc::vec::Vec;

use super::baseline::NGrams;
use super::session::Session;

/// Most tokens that are scored.
pub const MOST_SCORED: usize = 4_096;

/// Nats of every token of a text (T). Nothing is before the first one, so it has no score: NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Steps that the weights had done.
    pub step: u64,
    /// Under the model.
    pub model: Vec<f32>,
    /// Under counts of pairs.
    pub bigram: Vec<f32>,
    /// Under counts of triples, of pairs for the second token.
    pub trigram: Vec<f32>,
    /// Tokens before it that the model read.
    pub context: Vec<u32>,
}

/// A scoring in slices, with a copy of the weights of when it began.
///
/// The first window of the model's context scores all its tokens; each further one begins where the next token still has
/// at least half a context before it.
pub struct ScoringRun {
    params: Vec<f32>,
    ids: Vec<u32>,
    /// Tokens that are scored, the first one included.
    done: usize,
    scores: Scores,
}

impl ScoringRun {
    /// Scores the first [`MOST_SCORED`] of `ids` under `params`, the weights of `step`.
    ///
    /// # Panics
    /// In `advance`, if an id is not below V.
    pub fn new(params: &[f32], step: u64, ids: &[u32]) -> Self {
        let ids = ids[..ids.len().min(MOST_SCORED)].to_vec();
        let nats = vec![f32::NAN; ids.len()];
        let context = vec![0; ids.len()];
        let scores = Scores { step, model: nats.clone(), bigram: nats.clone(), trigram: nats, context };
        Self { params: params.to_vec(), ids, done: 1, scores }
    }

    /// Counts the n-grams of a further length, where `grams` lacks one, or reads a few windows. `Some` at the end.
    ///
    /// # Panics
    /// If `session` has another model or text than the calls before.
    pub fn advance(&mut self, session: &mut Session, grams: &mut NGrams) -> Option<Scores> {
        let (learner, split) = session.parts_mut();
        if grams.count_next(&split.train) {
            return None;
        }
        let Self { params, ids, done, scores } = self;
        let (vocab_size, last) = (learner.model().config().vocab_size, ids.len().saturating_sub(1));
        let time = learner.model().config().context.min(last);
        // Where each window begins, and the first token that it scores.
        let (mut windows, mut next) = (Vec::new(), *done);
        while next <= last && windows.len() < learner.settings().rows_per_shard() {
            let start = (next - 1).saturating_sub(time / 2).min(last - time);
            windows.push((start, next));
            next = start + time + 1;
        }
        if windows.is_empty() {
            return Some(scores.clone());
        }
        let losses = learner.losses_with(params, |batch| {
            batch.clear(time);
            windows.iter().for_each(|&(start, _)| batch.push_window(ids, start, 1.0));
        });
        for (&(start, first), losses) in windows.iter().zip(losses.chunks_exact(time)) {
            for i in first..=start + time {
                scores.model[i] = losses[i - start - 1];
                scores.context[i] = (i - start) as u32;
                scores.bigram[i] = grams.nats(&ids[i - 1..=i], vocab_size) as f32;
                scores.trigram[i] = grams.nats(&ids[i.saturating_sub(2)..=i], vocab_size) as f32;
            }
        }
        *done = next;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activations, Config};
    use crate::rng::{Purpose, Rng};
    use crate::train::{Baselines, Settings, Split};

    const CONTEXT: usize = 8;
    const V: usize = 23;

    fn session() -> Session {
        let mut rng = Rng::new(4, Purpose::Test, 0);
        let mut text = |n: usize| (0..n).map(|_| (rng.unit() * rng.unit() * V as f64) as u32).collect::<Vec<_>>();
        let split = Split { train: text(600), validation: text(10 * CONTEXT + 1), validation_bytes: 500 };
        let mut session = Session::new(Config::modern(V, CONTEXT, 2, 2, 16), Settings::default(), split).unwrap();
        for _ in 0..3 {
            session.step().unwrap();
        }
        session
    }

    fn scores(session: &mut Session, ids: &[u32]) -> Scores {
        let params = session.shown_params().to_vec();
        let (mut run, mut grams) = (ScoringRun::new(&params, session.steps_done(), ids), NGrams::default());
        loop {
            if let Some(found) = run.advance(session, &mut grams) {
                return found;
            }
        }
    }

    /// Nats of token `i` after the `context` tokens before it, from the logits of a pass over them alone.
    fn naive(session: &Session, ids: &[u32], i: usize, context: usize) -> f64 {
        let read = &ids[i - context..i];
        let mut acts = Activations::new(session.model().config(), 1, context);
        session.model().forward(session.shown_params(), &mut acts, read, 1, context);
        let row = &acts.logits()[(context - 1) * V..];
        let total: f64 = row.iter().map(|&z| libm::exp(f64::from(z))).sum();
        libm::log(total) - f64::from(row[ids[i] as usize])
    }

    #[test]
    fn every_token_costs_what_the_full_logits_after_its_context_say() {
        let mut session = session();
        let ids = session.split().validation.clone();
        for len in [2, 3, CONTEXT, CONTEXT + 1, CONTEXT + 2, 2 * CONTEXT + 3, ids.len()] {
            let found = scores(&mut session, &ids[..len]);
            assert!(found.model[0].is_nan() && found.bigram[0].is_nan() && found.context[0] == 0);
            for i in 1..len {
                let context = found.context[i] as usize;
                assert!(context >= i.min(CONTEXT / 2) && context <= i.min(CONTEXT), "{len}: token {i} after {context}");
                let expected = naive(&session, &ids, i, context);
                assert!((f64::from(found.model[i]) - expected).abs() < 1e-4, "{len}: token {i}: {expected}");
            }
            assert!(found.context[..len.min(CONTEXT + 1)].iter().zip(0..).all(|(&c, i)| c == i));
        }
    }

    #[test]
    fn sums_are_those_of_an_evaluation() {
        let mut session = session();
        let validation = session.split().validation.clone();
        let windows = validation.len() / CONTEXT;
        let sum = |nats: &[f32], from: usize| nats[from..].iter().map(|&l| f64::from(l)).sum::<f64>();
        // An evaluation reads windows side by side, each without what was before it.
        let total: f64 = (0..windows)
            .map(|w| sum(&scores(&mut session, &validation[w * CONTEXT..(w + 1) * CONTEXT + 1]).model, 1))
            .sum();
        let expected = session.evaluate().loss_nats;
        assert!((total / (windows * CONTEXT) as f64 - expected).abs() < 1e-5, "{total}, {expected}");
        let found = scores(&mut session, &validation);
        let of = Baselines::of(session.split(), V);
        let n = validation.len() as f64;
        assert!((sum(&found.bigram, 1) / (n - 1.0) - of.bigram).abs() < 1e-6);
        assert!((sum(&found.trigram, 2) / (n - 2.0) - of.trigram).abs() < 1e-6);
    }

    #[test]
    fn a_scoring_keeps_its_weights_while_training_goes_on_and_leaves_no_trace_in_it() {
        let (mut still, mut moving) = (session(), session());
        let ids = still.split().validation.clone();
        let expected = scores(&mut still, &ids);
        let params = moving.shown_params().to_vec();
        let (mut run, mut grams) = (ScoringRun::new(&params, 3, &ids), NGrams::default());
        let found = loop {
            moving.advance().unwrap();
            if let Some(found) = run.advance(&mut moving, &mut grams) {
                break found;
            }
        };
        let bits = |s: &Scores| s.model[1..].iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&found), bits(&expected));
        moving.step().unwrap();
        while still.steps_done() < moving.steps_done() {
            still.step().unwrap();
        }
        assert_eq!(moving.shown_params(), still.shown_params());
    }

    #[test]
    fn nothing_and_a_single_token_have_no_score_and_long_texts_are_cut() {
        let mut session = session();
        assert!(scores(&mut session, &[]).model.is_empty());
        assert!(scores(&mut session, &[5]).model[0].is_nan());
        assert_eq!(scores(&mut session, &[1; MOST_SCORED + 9]).model.len(), MOST_SCORED);
    }

    #[test]
    fn probabilities_of_the_tables_add_up_and_are_those_of_the_scores() {
        let mut session = session();
        let ids = session.split().validation[..9].to_vec();
        let found = scores(&mut session, &ids);
        let grams = NGrams::count(&session.split().train, 3);
        for (nats, context) in [(found.bigram[8], &ids[7..8]), (found.trigram[8], &ids[6..8])] {
            let probs = grams.after(context, V);
            assert!((probs.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!((-libm::logf(probs[ids[8] as usize]) - nats).abs() < 1e-5);
        }
    }
}
