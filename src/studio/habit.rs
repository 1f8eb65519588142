//! What an attention head tends to look at, measured on one text.
//! The share of a habit is the attention that goes to the columns its rule names, averaged over the rows in which the
//! rule names any; a habit is given only when it explains more than 30 %.

use crate::tokenizer::Tokenizer;
use alloc::vec::Vec;

/// A tendency. The discriminant is the index in the page's list: never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Habit {
    /// No rule explains more than 30 %.
    Spread = 0,
    /// The token just before.
    Previous = 1,
    /// The first token read.
    First = 2,
    /// Any earlier punctuation token.
    Punctuation = 3,
    /// Earlier copies of this token.
    Same = 4,
    /// What followed this token last time it occurred (all earlier times).
    Followed = 5,
}

/// Below this share no habit is named.
pub const THRESHOLD: f32 = 0.3;
/// Rows 0 and 1 have too few columns to tell habits apart.
const FIRST_ROW: usize = 2;
/// A rule must apply to this many rows, or one lucky row would name the head.
const FEWEST_ROWS: usize = 2;

/// Whether a habit names column j for row i.
type Rule<'a> = &'a dyn Fn(usize, usize) -> bool;

/// The strongest habit of a head and its share.
///
/// * `weights` (T,T) attention, row looks, column is looked at
/// * `ids` (T) token ids · `punctuation` (T) whether the token is punctuation
///
/// # Panics
/// If a length disagrees: callers are in-crate.
pub fn measure(weights: &[f32], ids: &[u32], punctuation: &[bool]) -> (Habit, f32) {
    let mut best = (Habit::Spread, THRESHOLD);
    for (habit, share) in shares(weights, ids, punctuation) {
        if share > best.1 {
            best = (habit, share);
        }
    }
    if best.0 == Habit::Spread { (Habit::Spread, 0.0) } else { best }
}

/// Every habit's share, in the order of the discriminants from [`Habit::Previous`] on.
///
/// # Panics
/// As [`measure`].
pub fn shares(weights: &[f32], ids: &[u32], punctuation: &[bool]) -> [(Habit, f32); 5] {
    let time = ids.len();
    assert_eq!(weights.len(), time * time, "attention of {time} tokens");
    assert_eq!(punctuation.len(), time, "punctuation of {time} tokens");
    let rules: [(Habit, Rule); 5] = [
        (Habit::Previous, &|i, j| j + 1 == i),
        (Habit::First, &|_, j| j == 0),
        (Habit::Punctuation, &|_, j| punctuation[j]),
        (Habit::Same, &|i, j| j < i && ids[j] == ids[i]),
        (Habit::Followed, &|i, j| j > 0 && j <= i && j - 1 < i && ids[j - 1] == ids[i]),
    ];
    rules.map(|(habit, names)| (habit, share(weights, time, names)))
}

/// Which of `ids` (T) are punctuation.
pub fn punctuation(tokenizer: &Tokenizer, ids: &[u32]) -> Vec<bool> {
    let marks = |&id: &u32| {
        let bytes = tokenizer.token_bytes(id).unwrap_or_default();
        let text = core::str::from_utf8(bytes).unwrap_or_default().trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_punctuation() || "。，、！？：；“”".contains(c))
    };
    ids.iter().map(marks).collect()
}

/// Mean over the rows that the rule applies to of the attention on the columns that it names.
fn share(weights: &[f32], time: usize, names: Rule) -> f32 {
    let (mut sum, mut rows) = (0.0, 0);
    for i in FIRST_ROW..time {
        let columns = (0..=i).filter(|&j| names(i, j));
        let (mut row_sum, mut count) = (0.0, 0);
        for j in columns {
            row_sum += weights[i * time + j];
            count += 1;
        }
        if count > 0 {
            sum += row_sum;
            rows += 1;
        }
    }
    if rows < FEWEST_ROWS { 0.0 } else { sum / rows as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// Attention in which every row puts `weight` on the column of `pick` and spreads the rest evenly.
    fn attention(time: usize, weight: f32, pick: impl Fn(usize) -> usize) -> Vec<f32> {
        let mut out = vec![0.0; time * time];
        for i in 0..time {
            for j in 0..=i {
                out[i * time + j] = (1.0 - weight) / (i + 1) as f32;
            }
            out[i * time + pick(i)] += weight;
        }
        out
    }

    #[test]
    fn each_habit_is_recognised_and_even_attention_has_none() {
        let ids = [5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8];
        let (plain, time) = ([false; 12], 12);
        let habit = |pick: fn(usize) -> usize| measure(&attention(time, 0.8, pick), &ids, &plain).0;
        assert_eq!(habit(|i| i.saturating_sub(1)), Habit::Previous);
        assert_eq!(habit(|_| 0), Habit::First);
        assert_eq!(habit(|i| if i >= 4 { i - 4 } else { i }), Habit::Same);
        assert_eq!(habit(|i| if i >= 4 { i - 3 } else { i }), Habit::Followed);
        assert_eq!(
            measure(&attention(time, 0.0, |i| i), &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], &plain),
            (Habit::Spread, 0.0)
        );
        let mut stops = plain;
        stops[3] = true;
        let to_stop = attention(time, 0.8, |i| if i >= 3 { 3 } else { i });
        assert_eq!(measure(&to_stop, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], &stops).0, Habit::Punctuation);
    }

    #[test]
    fn short_texts_have_no_habit() {
        assert_eq!(measure(&[], &[], &[]).0, Habit::Spread);
        assert_eq!(measure(&[1.0], &[3], &[false]).0, Habit::Spread);
    }
}
