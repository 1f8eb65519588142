//! Seeded random numbers, equal on every target.
//! Every purpose draws from a stream of its own, so one purpose never shifts the numbers of another.

use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

/// What random numbers are drawn for. The discriminant is part of every seed: never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Initial weights.
    Init = 1,
    /// Training windows; `index` = step.
    Windows = 2,
    /// Sampled tokens; `index` = stream.
    Sample = 3,
    /// Generated text; `index` = document or seed variant.
    Corpus = 4,
    /// Anything in tests.
    Test = 5,
    /// Low-rank adapters; `index` = tensor.
    Adapters = 6,
    /// Rows of nonsense to copy; `index` = row of the run.
    Drill = 7,
    /// The order in which examples are learned from; `index` = round.
    Order = 8,
    /// Dialogues; `index` = row of the run, or dialogue.
    Dialogue = 9,
    /// Tasks for tools; `index` as for dialogues.
    Task = 10,
    /// Questions, and what a simulated human prefers; `index` = click.
    Taste = 11,
    /// Held-out sets; `index` = set.
    HeldOut = 12,
    /// Dialogues that keep the content of answers beside preferences; `index` = row of the run.
    Content = 13,
}

/// A seeded generator (PCG-XSH-RR 64/32, O'Neill 2014).
#[derive(Debug, Clone)]
pub struct Rng(Pcg32);

impl Rng {
    /// The generator of (`seed`, `purpose`, `index`).
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut bytes = [0u8; 16];
        bytes[..8].copy_from_slice(&mix(seed ^ mix(index)).to_le_bytes());
        bytes[8..].copy_from_slice(&mix(mix(seed).wrapping_add(purpose as u64)).to_le_bytes());
        Self(Pcg32::from_seed(bytes))
    }

    /// A number of 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in `0..n` (Lemire's method, without bias). `n` > 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0 && n <= u32::MAX as usize, "below({n}): expected 1..=u32::MAX");
        let n = n as u32;
        let threshold = n.wrapping_neg() % n;
        loop {
            let wide = u64::from(self.bits()) * u64::from(n);
            if wide as u32 >= threshold {
                return (wide >> 32) as usize;
            }
        }
    }

    /// Uniform in `low..=high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// Uniform in [0, 1), 32 bits.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.bits()) / 4_294_967_296.0
    }

    /// Standard normal (Box-Muller, one of the pair; in f64 through `libm`, so the same bits everywhere).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(core::f64::consts::TAU * self.unit())
    }

    /// One of `items`.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Fisher-Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// SplitMix64 finaliser (Steele et al. 2014): neighbouring seeds become unrelated.
fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn same_key_same_numbers_and_any_other_key_differs() {
        let draw = |seed, purpose, index| {
            let mut r = Rng::new(seed, purpose, index);
            (0..4).map(|_| r.bits()).collect::<Vec<_>>()
        };
        let base = draw(1, Purpose::Init, 0);
        assert_eq!(base, draw(1, Purpose::Init, 0));
        assert_ne!(base, draw(2, Purpose::Init, 0));
        assert_ne!(base, draw(1, Purpose::Windows, 0));
        assert_ne!(base, draw(1, Purpose::Init, 1));
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut r = Rng::new(7, Purpose::Test, 0);
        let x: Vec<f64> = (0..20_000).map(|_| r.normal()).collect();
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / x.len() as f64;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "mean {mean}, variance {variance}");
    }

    #[test]
    fn below_is_even_and_shuffle_keeps_every_item() {
        let mut r = Rng::new(3, Purpose::Test, 1);
        let mut counts = [0; 5];
        (0..10_000).for_each(|_| counts[r.below(5)] += 1);
        assert!(counts.iter().all(|&c| (1_800..2_200).contains(&c)), "{counts:?}");
        let mut items: Vec<usize> = (0..50).collect();
        r.shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
