//! What preferences shall not unlearn: how to answer right, in whatever manner.

use super::course::Course;
use crate::align::{Example, Rows, pack};
use crate::data::{Part, Tone};
use crate::rng::{Purpose, Rng};

/// Dialogues of fine-tuning of which all counts but their manners: an opener does not, nor that there is none, nor the token
/// that tells a curt answer from a whole sentence.
pub struct Kept<'a> {
    pub(super) course: &'a Course,
    pub(super) seed: u64,
}

impl Rows for Kept<'_> {
    fn row(&mut self, step: u64, row: usize, out: &mut Example) {
        let recipe = self.course.recipe();
        let mut rng = Rng::new(self.seed, Purpose::Content, step * recipe.kept.0 as u64 + row as u64);
        pack(out, recipe.context, self.course.chat().marks().end, |example| {
            *example = self.dialogue(&mut rng);
            true
        });
    }
}

impl Kept<'_> {
    fn dialogue(&self, rng: &mut Rng) -> Example {
        let (chat, lang) = (self.course.chat(), self.course.lang());
        let dialogue = self.course.question(rng, Part::Train);
        let tone = *rng.choose(&Tone::ALL);
        let answer = lang.speak(rng, &dialogue, tone);
        let mut example = chat.example(&dialogue.user, &answer);
        // A vocabulary may cut a text otherwise behind an opener: then a token too many or too few counts.
        let first = example.weights.iter().position(|weight| *weight > 0.0).unwrap_or(0);
        let content = example.len().saturating_sub(chat.answer(lang.tone_of(&answer).1).len()).max(first);
        example.weights[first..content.max(first + 1)].fill(0.0);
        let [long, short] = [&dialogue.long, &dialogue.short].map(|answer| chat.answer(answer));
        let differs = long.iter().zip(&short).position(|(a, b)| a != b);
        if let Some(weight) = differs.and_then(|at| example.weights.get_mut(content + at)) {
            *weight = 0.0;
        }
        example
    }
}
