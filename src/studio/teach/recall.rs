//! Does a model look back? Two people are told of, then one of the statements begins again: the next word can only be known
//! from the first mention.

use alloc::vec::Vec;

use super::course::Course;
use crate::align::{Example, Reader};
use crate::data::{Recall, Topic};
use crate::error::Result;
use crate::rng::{Purpose, Rng};
use crate::train::Batch;

/// What is asked for again.
pub(super) const TOPICS: [Topic; 5] = [Topic::What, Topic::Colour, Topic::Where, Topic::Feels, Topic::Count];

/// Share of second mentions that are right, by topic: What, Colour, Where, Feels, Count; and the mean without Colour, which
/// is asked backward. About 0.5 = copies one of both at random; 0 = does not look back.
///
/// # Errors
/// As [`Reader::new`].
pub fn look_back(course: &Course, params: &[f32], count: u64) -> Result<(Vec<(Topic, f64)>, f64)> {
    let mut reader = course.reader(params)?;
    let mut out = Vec::new();
    for topic in TOPICS {
        let right = (0..count).filter(|&n| recalls(course, &mut reader, topic, n));
        out.push((topic, right.count() as f64 / count.max(1) as f64));
    }
    let forward: Vec<f64> = out.iter().filter(|(topic, _)| *topic != Topic::Colour).map(|(_, share)| *share).collect();
    let mean = forward.iter().sum::<f64>() / forward.len() as f64;
    Ok((out, mean))
}

/// Whether the second mention number `n` of a topic is right.
pub(super) fn recalls(course: &Course, reader: &mut Reader, topic: Topic, n: u64) -> bool {
    let mut rng = Rng::new(5 + topic as u64, Purpose::HeldOut, n);
    remembers(course, reader, &Recall::draw(course.lang(), &mut rng, topic))
}

/// Whether every token of the value is the most probable one.
fn remembers(course: &Course, reader: &mut Reader, recall: &Recall) -> bool {
    let chat = course.chat();
    let head = chat.document(&recall.before);
    let whole = chat.document(&[recall.before.as_str(), &recall.value].concat());
    if !whole.starts_with(&head) || whole.len() == head.len() || whole.len() > course.recipe().context {
        return false; // the value is no token of its own: nothing to ask for
    }
    let example = Example::answered(&head, &whole[head.len()..]);
    let mut batch = Batch::default();
    batch.clear(example.len() - 1);
    example.push_to(&mut batch, 1.0);
    let v = reader.model().config().vocab_size;
    let logits = reader.logits(&batch);
    let best = |row: &[f32]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(id, _)| id as u32);
    (head.len()..whole.len()).all(|at| best(&logits[(at - 1) * v..at * v]) == whole[at])
}
