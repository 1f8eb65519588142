//! The tools themselves, and what their lesson is made of.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::course::Course;
use super::taste::ANSWER_TOKENS;
use crate::data::{CalculatorError, Dialogue, Lang, LookUp, Part, Task, calculate};
use crate::error::Result;
use crate::generate::{Limits, Sampling, Speaker, Transcript, with_tools};
use crate::rng::{Purpose, Rng};

/// Samples of an answer at most, until one is right.
const TRIES: usize = 4;

/// A task for training.
pub(super) fn draw(lang: Lang, rng: &mut Rng, easy: bool) -> Task {
    Task::draw(lang, rng, Part::Train, None, easy)
}

/// The model's own answer to question `n` of training: the first of a few samples that is right, so that what it repeats
/// is what it knows; the last one if none is.
pub(super) fn own_answer(course: &Course, params: &[f32], seed: u64, n: usize) -> Result<(String, String)> {
    let mut speaker = Speaker::new(course.model(), params);
    let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
    // Far behind the rows of the lesson.
    let mut rng = Rng::new(seed, Purpose::Task, 1 << 40 | n as u64);
    let asked = Dialogue::draw(course.lang(), &mut rng, Part::Train, None, None);
    speaker.begin(&course.chat().prompt(&asked.user))?;
    let mut answer = String::new();
    for _ in 0..TRIES {
        let mut ids = Vec::new();
        speaker.again();
        speaker.say(ANSWER_TOKENS, &[course.chat().marks().end], &sampling, &mut rng, &mut ids)?;
        answer = course.chat().decode(&ids);
        if course.lang().is_right(&asked, &answer) {
            break;
        }
    }
    Ok((asked.user, answer))
}

/// What a runtime says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A sum's value.
    Value(i64),
    /// What the table says.
    Entry(String),
    /// The table says nothing of this name.
    NoEntry,
    /// No sum, and no name either.
    Refused(CalculatorError),
}

impl Reply {
    /// What is written into the context; `None` if nothing is.
    pub fn text(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Value(value) => Some(value.to_string()),
            Self::Entry(entry) => Some(entry.clone()),
            Self::NoEntry => Some(lang.no_entry().into()),
            Self::Refused(_) => None,
        }
    }
}

/// The runtime: a request with a digit is a sum, any other is a name in the table.
pub fn reply(table: &LookUp, request: &str) -> Reply {
    if let Some(entry) = table.get(request) {
        return Reply::Entry(entry.into());
    }
    match calculate(request) {
        Ok(value) => Reply::Value(value),
        Err(error) if request.chars().any(|c| c.is_ascii_digit()) || request.trim().is_empty() => Reply::Refused(error),
        Err(_) => Reply::NoEntry,
    }
}

impl Course {
    /// Lets a model answer with tools, greedily. `seen` is told each request and its reply, and may change the reply.
    ///
    /// # Errors
    /// As [`with_tools`].
    pub fn answer_with_tools(
        &self,
        speaker: &mut Speaker,
        user: &str,
        table: &LookUp,
        seen: &mut dyn FnMut(&str, Reply) -> Reply,
    ) -> Result<Transcript> {
        let (chat, greedy) = (self.chat(), Sampling { temperature: 0.0, ..Sampling::default() });
        let mut rng = Rng::new(0, Purpose::Sample, 0);
        let mut runtime = |request: &[u32]| {
            let request = chat.decode(request);
            let reply = seen(&request, reply(table, &request));
            reply.text(self.lang()).map(|text| chat.tool_text(&text))
        };
        let (prompt, limits) = (chat.prompt(user), Limits::default());
        with_tools(speaker, &prompt, chat.marks(), limits, &greedy, &mut rng, &mut runtime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_an_entry_a_sum_or_refused_with_its_reason() {
        let mut table = LookUp::new();
        table.set("Mia", "a red ball");
        table.set("1+1", "three, says the table");
        assert_eq!(reply(&table, "12*(3+4)"), Reply::Value(84));
        assert_eq!(reply(&table, " Mia"), Reply::Entry("a red ball".into()));
        assert_eq!(reply(&table, "1+1"), Reply::Entry("three, says the table".into()), "the learner's entry counts");
        assert_eq!(reply(&table, "Tom"), Reply::NoEntry);
        assert_eq!(reply(&table, "1/0"), Reply::Refused(CalculatorError::DivisionByZero));
        assert_eq!(reply(&table, "99999999999999999999"), Reply::Refused(CalculatorError::Overflow));
        for broken in ["12+", "", " ", "1 2"] {
            assert!(matches!(reply(&table, broken), Reply::Refused(CalculatorError::Malformed { .. })), "{broken:?}");
        }
        assert_eq!(Reply::Refused(CalculatorError::Overflow).text(Lang::En), None);
        assert_eq!(Reply::NoEntry.text(Lang::ZhHans), Some("没有".into()));
    }
}
