//! What simple counting achieves on the same text: the lines that a model has to beat.
//! Sorted lists instead of hash maps: the same order and the same sums everywhere.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::split::Split;

/// Bits of an id in a packed n-gram: vocabularies up to two million.
const ID_BITS: u32 = 21;
/// Pseudo-count of the shorter context in every interpolation.
const PRIOR: f64 = 2.0;

/// Nats per token on the validation ids.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Baselines {
    /// Every token equally probable: ln V.
    pub uniform: f64,
    /// Counts of pairs.
    pub bigram: f64,
    /// Counts of triples.
    pub trigram: f64,
}

impl Baselines {
    /// All three. Takes time in proportion to n log n of the ids: 450,000 ids well under 0.3 s.
    ///
    /// # Panics
    /// If an id needs more than 21 bits.
    pub fn of(split: &Split, vocab_size: usize) -> Self {
        let mut run = BaselineRun::new(vocab_size);
        loop {
            if let Some(found) = run.advance(split) {
                return found;
            }
        }
    }
}

/// Places that a slice predicts: a few milliseconds.
const SLICE_PLACES: usize = 4_096;
/// Ids of the longest n-grams.
const LONGEST: usize = 3;

/// [`Baselines`] in slices: first the n-grams of each length are sorted, then the validation ids are predicted.
pub struct BaselineRun {
    grams: NGrams,
    vocab_size: usize,
    /// Places predicted.
    done: usize,
    /// Nats so far under pairs and triples.
    nats: [f64; 2],
}

impl BaselineRun {
    /// Nothing counted yet.
    pub fn new(vocab_size: usize) -> Self {
        Self { grams: NGrams::default(), vocab_size, done: 0, nats: [0.0; 2] }
    }

    /// One slice; `Some` at the end, then advance no more. `split` is the same each time.
    ///
    /// # Panics
    /// If an id needs more than 21 bits.
    pub fn advance(&mut self, split: &Split) -> Option<Baselines> {
        if self.grams.count_next(&split.train) {
            return None;
        }
        let until = (self.done + SLICE_PLACES).min(split.validation.len());
        for (n, nats) in [2, 3].into_iter().zip(&mut self.nats) {
            // The place of an id is where its n-gram ends.
            let from = self.done.max(n - 1) + 1 - n;
            let places = split.validation.get(from..until).unwrap_or_default().windows(n);
            *nats = places.fold(*nats, |sum, gram| sum + self.grams.nats(gram, self.vocab_size));
        }
        self.done = until;
        let uniform = uniform(self.vocab_size);
        let [bigram, trigram] = [2, 3].map(|n| match split.validation.len() {
            len if len < n => uniform,
            len => self.nats[n - 2] / (len + 1 - n) as f64,
        });
        (until == split.validation.len()).then_some(Baselines { uniform, bigram, trigram })
    }
}

/// Loss of a model that knows nothing: ln V nats per token.
pub fn uniform(vocab_size: usize) -> f64 {
    libm::log(vocab_size.max(1) as f64)
}

/// Sorted n-grams of a text, n = 1..: the number of times one occurs is the width of its range.
#[derive(Debug, Clone, Default)]
pub struct NGrams {
    /// `by_length[n - 1]`: all n-grams, packed, sorted.
    by_length: Vec<Vec<u64>>,
}

impl NGrams {
    /// Counts the n-grams of `ids` for n = 1..=`longest` (at most 3).
    pub fn count(ids: &[u32], longest: usize) -> Self {
        assert!((1..=3).contains(&longest), "n-grams of 1 to 3 ids, found {longest}");
        let mut counted = Self::default();
        (1..=longest).for_each(|n| counted.count_more(ids, n));
        counted
    }

    /// Counts the n-grams of the next length, unless all lengths are counted; says whether it did.
    pub fn count_next(&mut self, ids: &[u32]) -> bool {
        let n = self.by_length.len() + 1;
        if n <= LONGEST {
            self.count_more(ids, n);
        }
        n <= LONGEST
    }

    /// Counts the n-grams of the next length, `n`.
    fn count_more(&mut self, ids: &[u32], n: usize) {
        assert!(ids.iter().all(|&id| id >> ID_BITS == 0), "an id needs more than {ID_BITS} bits");
        let mut grams: Vec<u64> = ids.windows(n).map(pack).collect();
        grams.sort_unstable();
        self.by_length.push(grams);
    }

    /// Nats per token of `ids` under p_n = (count + 2 p_(n-1)) / (total + 2), down to the uniform distribution, where
    /// count is that of the n-gram and total that of its first n - 1 ids (Jelinek-Mercer smoothing with a Dirichlet
    /// prior: MacKay and Peto 1995). The first n - 1 ids are context only; with nothing to predict: ln V.
    pub fn loss(&self, ids: &[u32], n: usize, vocab_size: usize) -> f64 {
        let places = ids.windows(n);
        let count = places.len();
        if count == 0 {
            return uniform(vocab_size);
        }
        places.fold(0.0, |sum, gram| sum + self.nats(gram, vocab_size)) / count as f64
    }

    /// Nats of the last id of `gram` after the others.
    pub(super) fn nats(&self, gram: &[u32], vocab_size: usize) -> f64 {
        -libm::log(self.probability(gram, vocab_size))
    }

    /// Probability of every id (V) after `context`, at most two ids.
    pub fn after(&self, context: &[u32], vocab_size: usize) -> Vec<f32> {
        let mut gram = [context, &[0]].concat();
        let last = context.len();
        let mut probability = |id| {
            gram[last] = id;
            self.probability(&gram, vocab_size) as f32
        };
        (0..vocab_size as u32).map(&mut probability).collect()
    }

    /// Interpolated probability of the last id of `gram` after the others.
    fn probability(&self, gram: &[u32], vocab_size: usize) -> f64 {
        (1..=gram.len()).fold(1.0 / vocab_size as f64, |shorter, n| {
            let grams = &self.by_length[n - 1];
            let key = pack(&gram[gram.len() - n..]);
            let context = key >> ID_BITS << ID_BITS;
            // The n-grams of one context stand side by side, and those of one id within it.
            let first = grams.partition_point(|&g| g < context);
            let of_context = &grams[first..];
            let of_context = &of_context[..of_context.partition_point(|&g| g < context + (1 << ID_BITS))];
            let at = of_context.partition_point(|&g| g < key);
            let count = of_context[at..].partition_point(|&g| g == key);
            (count as f64 + PRIOR * shorter) / (of_context.len() as f64 + PRIOR)
        })
    }
}

/// Ids as the digits of one number, so that sorting sorts by context first.
fn pack(gram: &[u32]) -> u64 {
    gram.iter().fold(0, |key, &id| (key << ID_BITS) | u64::from(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use std::collections::HashMap;

    /// The same model by counting in hash maps, word for word as its definition.
    fn naive_loss(train: &[u32], validation: &[u32], n: usize, vocab_size: usize) -> f64 {
        let mut counts: Vec<HashMap<&[u32], f64>> = alloc::vec![HashMap::new(); n + 1];
        let mut totals = counts.clone();
        for m in 1..=n {
            for gram in train.windows(m) {
                *counts[m].entry(gram).or_default() += 1.0;
                *totals[m].entry(&gram[..m - 1]).or_default() += 1.0;
            }
        }
        let mut nats = 0.0;
        for i in n - 1..validation.len() {
            let mut p = 1.0 / vocab_size as f64;
            for m in 1..=n {
                let gram = &validation[i + 1 - m..=i];
                let count = counts[m].get(gram).unwrap_or(&0.0);
                p = (count + 2.0 * p) / (totals[m].get(&gram[..m - 1]).unwrap_or(&0.0) + 2.0);
            }
            nats -= p.ln();
        }
        nats / (validation.len() - n + 1) as f64
    }

    #[test]
    fn sorted_counting_equals_counting_in_hash_maps() {
        let mut rng = Rng::new(1, Purpose::Test, 4);
        for (vocab, len) in [(2, 50), (7, 400), (300, 2_000), (8_192, 900)] {
            // Squaring makes some ids frequent, so that every order of context occurs seen and unseen.
            let mut text =
                |n: usize| (0..n).map(|_| (rng.unit() * rng.unit() * vocab as f64) as u32).collect::<Vec<_>>();
            let (train, validation) = (text(len), text(len / 3));
            let grams = NGrams::count(&train, 3);
            for n in 1..=3 {
                let (fast, naive) = (grams.loss(&validation, n, vocab), naive_loss(&train, &validation, n, vocab));
                assert!((fast - naive).abs() < 1e-12, "V {vocab}, n {n}: {fast}, {naive}");
            }
        }
    }

    #[test]
    fn slices_give_the_bits_of_whole_passes() {
        let mut rng = Rng::new(1, Purpose::Test, 5);
        for len in [0, 1, 2, 3, SLICE_PLACES - 1, SLICE_PLACES, SLICE_PLACES + 1, SLICE_PLACES + 2, 3 * SLICE_PLACES] {
            let mut text = |n: usize| (0..n).map(|_| rng.below(40) as u32).collect::<Vec<_>>();
            let split = Split { train: text(3_000), validation: text(len), validation_bytes: len };
            let (found, grams) = (Baselines::of(&split, 40), NGrams::count(&split.train, 3));
            let whole = [2, 3].map(|n| grams.loss(&split.validation, n, 40));
            assert_eq!([found.bigram, found.trigram], whole, "{len} ids");
        }
    }

    #[test]
    fn uniform_is_the_logarithm_of_the_vocabulary() {
        assert_eq!(uniform(1), 0.0);
        assert!((uniform(768) - 768f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn one_symbol_costs_nothing_and_a_short_text_falls_back_to_uniform() {
        let same = Split { train: alloc::vec![0; 100], validation: alloc::vec![0; 50], validation_bytes: 50 };
        assert_eq!(Baselines::of(&same, 1), Baselines { uniform: 0.0, bigram: 0.0, trigram: 0.0 });
        let grams = NGrams::count(&[1, 2, 3], 3);
        assert_eq!(grams.loss(&[1, 2], 3, 5), uniform(5));
    }

    #[test]
    fn a_repeated_pattern_is_learnt_better_with_more_context() {
        let text: Vec<u32> = (0..3_000).map(|i| [0, 1, 0, 2][i % 4]).collect();
        let split = Split { train: text.clone(), validation: text[..400].to_vec(), validation_bytes: 400 };
        let b = Baselines::of(&split, 3);
        // After 0 come 1 and 2 equally often: ln 2 at every other place. The trigram knows which.
        assert!((b.bigram - 0.5 * core::f64::consts::LN_2).abs() < 0.01, "{b:?}");
        assert!(b.trigram < 0.01, "{b:?}");
    }
}
