//! Pre-training that begins with a copy drill: rows of random tokens, repeated to the end of the row. All that can be
//! learnt from such a row is that looking back helps.

use alloc::vec::Vec;
use core::ops::Range;

use crate::rng::{Purpose, Rng};
use crate::train::{Batch, NextToken, Objective, window_starts};

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
    room: Vec<u32>,
}

impl<'a> Drilled<'a> {
    /// A drill in the first `steps` steps on `text`, of ids below `ordinary`.
    pub fn new(text: NextToken<'a>, steps: u64, ordinary: u32) -> Self {
        Self { text, steps, ordinary, room: Vec::new() }
    }

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
        let NextToken { ids: text, time, rows: all, seed } = self.text;
        let (half, weight) = (all / 2, 1.0 / (all * time) as f32);
        let (drilled, read) = (rows.start.min(half)..rows.end.min(half), rows.start.max(half)..rows.end.max(half));
        let mut ids = core::mem::take(&mut self.room);
        batch.clear(time);
        for row in drilled {
            self.nonsense(step, row, &mut ids);
            batch.push_window(&ids, 0, weight);
        }
        self.room = ids;
        for start in window_starts(text.len(), time, seed, step, read) {
            batch.push_window(text, start, weight);
        }
    }
}
