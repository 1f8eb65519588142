//! Rotary position embedding, "half rotation": pair (x_i, x_{i + D/2}) turns by position · θ^(-2i/D).
//! Source: Su et al. 2021, arXiv:2104.09864; pairing as in Llama and Qwen3.

use super::heads::HeadRows;
use alloc::vec::Vec;

/// Cosines and sines of every position and pair, (P, D/2). Frequencies and angles are f32, as in the libraries that
/// load such models.
#[derive(Debug, Clone)]
pub struct Table {
    cos: Vec<f32>,
    sin: Vec<f32>,
    half: usize,
}

/// Direction of the rotation; each is the backward pass of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// (a cos - b sin, b cos + a sin).
    Forward,
    /// (a cos + b sin, b cos - a sin).
    Back,
}

impl Table {
    /// For positions `0..positions` and heads of `head_dim` (even) values.
    pub fn new(positions: usize, head_dim: usize, theta: f64) -> Self {
        let half = head_dim / 2;
        let frequency = |i: usize| (1.0 / libm::pow(theta, 2.0 * i as f64 / head_dim as f64)) as f32;
        let angles = || (0..positions).flat_map(move |t| (0..half).map(move |i| f64::from(t as f32 * frequency(i))));
        Self {
            cos: angles().map(|a| libm::cos(a) as f32).collect(),
            sin: angles().map(|a| libm::sin(a) as f32).collect(),
            half,
        }
    }

    /// Cosine and sine by which pair `i` turns at a position.
    pub fn at(&self, position: usize, i: usize) -> (f32, f32) {
        (self.cos[position * self.half + i], self.sin[position * self.half + i])
    }
}

/// Rotates the heads in place; row r stands at position `start + r % time`.
///
/// # Panics
/// If a position lies beyond the table or a length disagrees.
pub fn rotate(x: &mut [f32], at: &HeadRows, table: &Table, start: usize, turn: Turn) {
    assert_eq!(at.head_dim, 2 * table.half, "heads of the table's size");
    for (row, from) in at.starts() {
        let position = start + row % at.time;
        let range = position * table.half..(position + 1) * table.half;
        let (cos, sin) = (&table.cos[range.clone()], &table.sin[range]);
        let (a, b) = x[from..from + at.head_dim].split_at_mut(table.half);
        for (((a, b), &c), &s) in a.iter_mut().zip(b).zip(cos).zip(sin) {
            let s = if turn == Turn::Forward { s } else { -s };
            (*a, *b) = (*a * c - *b * s, *b * c + *a * s);
        }
    }
}
