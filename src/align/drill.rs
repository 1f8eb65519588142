//! Pre-training that begins with a copy drill: rows of random tokens, repeated to the end of the row. All that can be
//! learnt from such a row is that looking back helps.

use alloc::vec::Vec;
use core::ops::Range;

use crate::rng::{Purpose, Rng};
use crate::train::{Batch, NextToken, Objective};

/// Random tokens that are repeated: as few and as many.
const SEGMENT: core::ops::RangeInclusive<usize> = 4..=23;

/// Next-token prediction whose first steps have rows of nonsense to copy.
#[derive(Debug, Clone)]
pub struct Drilled<'a> {
    /// The text, and how a step reads it.
    pub text: NextToken<'a>,
    /// Steps with a drill.
    pub steps: u64,
    /// Ids below are drilled: special tokens come last in a vocabulary and mean something.
    pub ordinary: u32,
}

impl Drilled<'_> {
    /// Row `row` of step `step`: drawn tokens of the text, so that frequent ones are frequent.
    fn nonsense(&self, step: u64, row: usize, ids: &mut Vec<u32>) {
        let NextToken { ids: text, time, rows, seed } = self.text;
        let mut rng = Rng::new(seed, Purpose::Drill, step * rows as u64 + row as u64);
        let length = rng.between(*SEGMENT.start(), *SEGMENT.end());
        ids.clear();
        while ids.len() <= time {
            let id = if ids.len() < length {
                text[rng.below(text.len())].min(self.ordinary.saturating_sub(1))
            } else {
                ids[ids.len() - length]
            };
            ids.push(id);
        }
    }
}

impl Objective for Drilled<'_> {
    fn fill(&mut self, step: u64, rows: Range<usize>, batch: &mut Batch) {
        if step >= self.steps {
            return self.text.fill(step, rows, batch);
        }
        // The first half of the rows; the others read the text where they would without a drill.
        let half = self.text.rows / 2;
        let (drilled, read) = (rows.start.min(half)..rows.end.min(half), rows.start.max(half)..rows.end.max(half));
        self.text.fill(step, read, batch);
        let (mut ids, weight) =
            (Vec::with_capacity(self.text.time + 1), 1.0 / (self.text.rows * self.text.time) as f32);
        for row in drilled {
            self.nonsense(step, row, &mut ids);
            batch.push_window(&ids, 0, weight);
        }
    }
}
