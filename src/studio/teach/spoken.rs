//! One answer to look at, token by token: who wrote it, and how probable the model found it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::tools::{Reply, reply};
use crate::align::Example;
use crate::data::{CalculatorError, Lang, LookUp};
use crate::error::Result;
use crate::generate::{Limits, Outcome, Piece, Sampling, Speaker, Transcript, Writer, with_tools};
use crate::rng::{Purpose, Rng};

/// How a text is put before a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As the beginning of a document.
    Document,
    /// As what a user says.
    Dialogue,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The text.
    pub text: String,
    /// How it is put.
    pub form: Form,
    /// 0 = the most probable token each time.
    pub temperature: f32,
    /// Decides the draw.
    pub seed: u64,
    /// Most tokens between two results.
    pub tokens: usize,
    /// Most calls of a tool.
    pub calls: usize,
    /// Names and facts of the look-up table.
    pub table: Vec<(String, String)>,
    /// What is written into the context instead of the reply to each call; `None`: the reply.
    pub edits: Vec<Option<String>>,
}

/// Who wrote a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// It was given.
    Given,
    /// The model.
    Model,
    /// The runtime.
    Page,
}

/// A request and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Called {
    /// What the model wrote.
    pub request: String,
    /// `value`, `entry`, `no-entry`, `malformed`, `division-by-zero`, `not-whole`, `overflow`.
    pub kind: &'static str,
    /// What the tool says; empty where it refuses.
    pub reply: String,
    /// What was written into the context: the reply, or somebody's edit. `None`: nothing.
    pub written: Option<String>,
}

impl Called {
    /// What the tools say to a request, and would write.
    pub fn of(request: String, table: &LookUp, lang: Lang) -> Self {
        let reply = reply(table, &request);
        let written = reply.text(lang);
        Self { request, kind: kind(&reply), reply: written.clone().unwrap_or_default(), written }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// All tokens, those that were given first.
    pub ids: Vec<u32>,
    /// Who wrote each.
    pub authors: Vec<Author>,
    /// How probable the model found each after those before it; 1 for the first.
    pub probabilities: Vec<f32>,
    /// The model's last words.
    pub answer: String,
    /// Calls in order.
    pub calls: Vec<Called>,
    /// `answered`, `too-long`, `malformed`, `refused`, `too-many-calls`.
    pub outcome: &'static str,
}

fn kind(reply: &Reply) -> &'static str {
    match reply {
        Reply::Value(_) => "value",
        Reply::Entry(_) => "entry",
        Reply::NoEntry => "no-entry",
        Reply::Refused(CalculatorError::Malformed { .. }) => "malformed",
        Reply::Refused(CalculatorError::DivisionByZero) => "division-by-zero",
        Reply::Refused(CalculatorError::NotWhole { .. }) => "not-whole",
        Reply::Refused(CalculatorError::Overflow) => "overflow",
    }
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::Malformed => "malformed",
        Outcome::Refused => "refused",
        Outcome::TooManyCalls => "too-many-calls",
        Outcome::TooLong => "too-long",
    }
}

impl Course {
    /// What a model with these weights answers.
    ///
    /// # Errors
    /// [`Error::TooLong`](crate::Error::TooLong) for a text that leaves no room for an answer; those of answering.
    pub fn ask(&self, params: &[f32], question: &Question) -> Result<Spoken> {
        let chat = self.chat();
        let given = match question.form {
            Form::Document => chat.document(&question.text),
            Form::Dialogue => chat.prompt(&question.text),
        };
        let room = self.model().config().context;
        if given.len() >= room {
            return Err(crate::Error::TooLong { limit_tokens: room - 1, found_tokens: given.len() });
        }
        let mut table = LookUp::new();
        question.table.iter().for_each(|(name, fact)| table.set(name, fact));
        let (mut calls, mut edits) = (Vec::new(), question.edits.iter().cloned());
        let mut runtime = |request: &[u32]| {
            let request = chat.decode(request);
            let mut called = Called::of(request, &table, self.lang());
            called.written = edits.next().flatten().filter(|edit| !edit.trim().is_empty()).or(called.written);
            let written = called.written.clone();
            calls.push(called);
            written.map(|text| chat.tool_text(&text))
        };
        let mut speaker = Speaker::new(self.model(), params);
        let sampling = Sampling { temperature: question.temperature.clamp(0.0, 2.0), ..Sampling::default() };
        let limits = Limits { tokens: question.tokens.clamp(1, room), calls: question.calls };
        let mut rng = Rng::new(question.seed, Purpose::Sample, 0);
        let said = with_tools(&mut speaker, &given, chat.marks(), limits, &sampling, &mut rng, &mut runtime)?;
        self.spoken(params, given, &said, calls)
    }

    fn spoken(&self, params: &[f32], given: Vec<u32>, said: &Transcript, calls: Vec<Called>) -> Result<Spoken> {
        let mut authors = alloc::vec![Author::Given; given.len()];
        let mut ids = given;
        for Piece { writer, ids: piece } in &said.pieces {
            let author = if *writer == Writer::Model { Author::Model } else { Author::Page };
            ids.extend_from_slice(piece);
            authors.resize(ids.len(), author);
        }
        let mut all = Example::new();
        all.push(&ids, 1.0);
        let mut probabilities: Vec<f32> = [1.0].into();
        // The context may be full, with one token more: that one has a prediction, too.
        probabilities.extend(self.reader(params)?.losses(&all).iter().map(|&nats| libm::expf(-nats)));
        probabilities.resize(ids.len(), 0.0);
        let answer = self.chat().decode(said.answer(self.chat().marks()));
        Ok(Spoken { ids, authors, probabilities, answer, calls, outcome: name(said.outcome) })
    }
}
