//! Weights of earlier steps, kept in bounded memory: what lets a learner look back in time.

use alloc::vec::Vec;

/// Most steps that are kept.
pub const MAX_ENTRIES: usize = 32;
/// Most memory that kept weights take.
pub const MAX_BYTES: usize = 64 << 20;

/// Weights by step, in rising order: the first, the newest, and others evenly spread between them.
#[derive(Debug, Clone, Default)]
pub struct History {
    entries: Vec<(u64, Vec<f32>)>,
}

impl History {
    /// Keeps a copy of `params` for `step`, giving up the entry whose neighbours are closest when full. A step that is
    /// kept already is replaced; steps from `step` on are forgotten first (training went on from an earlier point).
    /// Weights of more than 64 MiB are not kept at all.
    pub fn remember(&mut self, step: u64, params: &[f32]) {
        let capacity = (MAX_BYTES / (4 * params.len().max(1))).min(MAX_ENTRIES);
        self.entries.retain(|(kept, _)| *kept < step);
        let mut room = Vec::new();
        while self.entries.len() >= capacity.max(1) {
            room = self.entries.remove(self.most_crowded()).1;
        }
        if capacity > 0 {
            room.clear();
            room.extend_from_slice(params);
            self.entries.push((step, room));
        }
    }

    /// Index of the entry without which the largest gap stays smallest; the first is kept as long as there is another.
    fn most_crowded(&self) -> usize {
        let gap = |i: usize| self.entries[i + 1].0 - self.entries[i - 1].0;
        let inner = 1..self.entries.len().saturating_sub(1);
        inner.min_by_key(|&i| gap(i)).unwrap_or(self.entries.len() - 1)
    }

    /// The steps that are kept, rising.
    pub fn steps(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().map(|(step, _)| *step)
    }

    /// The weights of `step`, if kept.
    pub fn params_at(&self, step: u64) -> Option<&[f32]> {
        self.entries.iter().find(|(kept, _)| *kept == step).map(|(_, params)| params.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_the_first_the_newest_and_an_even_spread_within_the_limits() {
        let mut history = History::default();
        for step in (0..=10_000).step_by(50) {
            history.remember(step, &[step as f32]);
        }
        let steps: Vec<u64> = history.steps().collect();
        assert_eq!(steps.len(), MAX_ENTRIES);
        assert_eq!((steps[0], steps[MAX_ENTRIES - 1]), (0, 10_000));
        let widest = steps.windows(2).map(|w| w[1] - w[0]).max().unwrap();
        // Even spacing would be 10,000 / 31 = 323; halving gaps keeps the widest within twice of it.
        assert!(widest <= 650, "{steps:?}");
        assert!(steps.iter().all(|&s| history.params_at(s) == Some(&[s as f32][..])));
        assert_eq!(history.params_at(51), None);
    }

    #[test]
    fn going_on_from_an_earlier_step_forgets_the_other_future() {
        let mut history = History::default();
        (0..5).for_each(|s| history.remember(s * 10, &[1.0]));
        history.remember(20, &[2.0]);
        assert_eq!(history.steps().collect::<Vec<_>>(), [0, 10, 20]);
        assert_eq!(history.params_at(20), Some(&[2.0][..]));
    }

    #[test]
    fn large_weights_are_kept_only_as_far_as_memory_allows() {
        let third = alloc::vec![0.0; MAX_BYTES / 4 / 3];
        let mut history = History::default();
        (0..6).for_each(|s| history.remember(s, &third));
        assert_eq!(history.steps().count(), 3);
        assert_eq!((history.steps().next(), history.steps().last()), (Some(0), Some(5)));
        let mut none = History::default();
        none.remember(0, &alloc::vec![0.0; MAX_BYTES / 4 + 1]);
        assert_eq!(none.steps().count(), 0);
    }
}
