//! What a language needs for talking with an assistant, beside the world that both talk about.

use super::world::Words;
use super::{talk_en, talk_zh};
use crate::data::Lang;

/// Sentences of dialogues. Placeholders of sums: those of `Values` of a task; of the others: those of `Person`.
#[derive(Debug)]
pub(super) struct Talk {
    /// Greetings and what to answer.
    pub greetings: &'static [(&'static str, &'static str)],
    /// Ways to ask for a word to be shouted, and the shout.
    pub shout: (Words, &'static str),
    /// Beginnings of a request to shorten the statement that follows, and the short form.
    pub shorten: (Words, &'static str),
    /// Beginnings of a request to repeat the statement that follows.
    pub repeat: Words,
    /// Openers by manner: polite, rude, excited.
    pub openers: [Words; 3],
    /// What every whole sentence holds behind its first word, and no short answer does.
    pub verbs: Words,
    /// Ways to ask for a sum.
    pub sums: Words,
    /// The answer to a sum.
    pub sum_answer: &'static str,
    /// Word problems by operator: +, -, *.
    pub problems: [Words; 3],
    /// Their questions.
    pub problem_questions: Words,
    /// Their answer.
    pub problem_answer: &'static str,
    /// Ways to ask what the look-up table says of a name.
    pub look_ups: Words,
    /// The answer with what it says.
    pub look_up_answer: &'static str,
    /// The answer when it says nothing.
    pub look_up_failed: &'static str,
    /// What the table gives where it has no entry.
    pub no_entry: &'static str,
    /// Things that a table may say of somebody.
    pub entries: Words,
}

impl Lang {
    /// Sentences of dialogues.
    pub(super) fn talk(self) -> &'static Talk {
        match self {
            Self::En => &talk_en::TALK,
            Self::ZhHans => &talk_zh::TALK,
        }
    }
}
