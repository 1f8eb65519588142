//! A course in somebody's hands: stages that are kept, one lesson or examination at a time in slices, and answers of any
//! stage, also of the one that is learning.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::course::{Course, Start};
use super::examination::{Exam, Examination, Findings};
use super::recall;
use super::spoken::{Question, Spoken};
use super::work::{Plan, Progress, Shared, Work, work};
use crate::align::Example;
use crate::data::{Part, Recall, Task, TaskKind};
use crate::error::{Error, Result};
use crate::rng::{Purpose, Rng};
use crate::studio::{Inspection, habit, inspect};
use crate::train::Batch;

/// Number of the stage that is learning.
pub const LEARNING: u32 = 0;

/// A teacher of one model.
pub struct Teacher<'a> {
    course: &'a Course,
    seed: u64,
    stages: BTreeMap<u32, Vec<f32>>,
    lesson: Option<Box<dyn Work + 'a>>,
    examination: Option<Examination<'a>>,
}

fn missing(found: u32) -> Error {
    Error::Setting { name: "stage", expected: "one that was made".into(), found: found.to_string() }
}

impl<'a> Teacher<'a> {
    /// A teacher without any stage.
    pub fn new(course: &'a Course, seed: u64) -> Self {
        Self { course, seed, stages: BTreeMap::new(), lesson: None, examination: None }
    }

    /// The course.
    pub fn course(&self) -> &'a Course {
        self.course
    }

    /// Weights of a stage, or of the one that is learning.
    ///
    /// # Errors
    /// [`Error::Setting`] named `stage` if there is none of this number.
    pub fn params(&self, stage: u32) -> Result<&[f32]> {
        match &self.lesson {
            Some(lesson) if stage == LEARNING => Ok(lesson.params()),
            _ => self.stages.get(&stage).map(Vec::as_slice).ok_or_else(|| missing(stage)),
        }
    }

    /// Keeps weights as a stage.
    ///
    /// # Errors
    /// [`Error::Setting`] named `weights` for another number of them, named `stage` for [`LEARNING`].
    pub fn put(&mut self, stage: u32, params: Vec<f32>) -> Result<()> {
        let wanted = self.course.model().table().total();
        if params.len() != wanted {
            let (expected, found) = (alloc::format!("{wanted} numbers"), params.len().to_string());
            return Err(Error::Setting { name: "weights", expected, found });
        }
        if stage == LEARNING {
            return Err(missing(stage));
        }
        self.stages.insert(stage, params);
        Ok(())
    }

    /// Forgets a stage.
    pub fn remove(&mut self, stage: u32) {
        self.stages.remove(&stage);
    }

    /// Weights before any training.
    ///
    /// # Errors
    /// As [`Course::initial`].
    pub fn initial(&self, start: Start) -> Result<Vec<f32>> {
        self.course.initial(start, self.seed)
    }

    /// Begins a lesson; one that was there is forgotten.
    ///
    /// # Errors
    /// Those of the lesson; [`Error::Setting`] named `stage` for one that is not there.
    pub fn begin(&mut self, plan: Plan) -> Result<()> {
        let from = match plan.from() {
            Some(stage) => self.stages.get(&stage).map(Vec::as_slice).ok_or_else(|| missing(stage))?,
            None => &[],
        };
        self.lesson = Some(work(self.course, plan, from, self.seed)?);
        Ok(())
    }

    /// One slice of the lesson; whether it completed a step. Nothing without a lesson, or when it is finished.
    ///
    /// # Errors
    /// As [`Learner::advance`](crate::train::Learner::advance).
    pub fn advance(&mut self) -> Result<bool> {
        match &mut self.lesson {
            Some(lesson) if !lesson.is_finished() => lesson.advance(),
            _ => Ok(false),
        }
    }

    /// The lesson where helpers can take part in it now.
    pub fn shared(&mut self) -> Option<&mut dyn Shared> {
        self.lesson.as_mut().filter(|lesson| !lesson.is_finished()).and_then(|lesson| lesson.shared())
    }

    /// How far the lesson is.
    pub fn progress(&self) -> Option<Progress> {
        self.lesson.as_ref().map(|lesson| lesson.progress())
    }

    /// Whether the lesson is finished.
    pub fn is_finished(&self) -> bool {
        self.lesson.as_ref().is_none_or(|lesson| lesson.is_finished())
    }

    /// Ends the lesson and keeps its weights as they are as a stage; gives the numbers that were trained.
    ///
    /// # Errors
    /// [`Error::Setting`] named `stage` without a lesson, or for [`LEARNING`]: the lesson then goes on.
    pub fn keep(&mut self, stage: u32) -> Result<usize> {
        let lesson = self.lesson.as_ref().ok_or_else(|| missing(LEARNING))?;
        let (params, trained) = (lesson.params().to_vec(), lesson.trained());
        self.put(stage, params)?;
        self.lesson = None;
        Ok(trained)
    }

    /// Forgets the lesson.
    pub fn abandon(&mut self) {
        self.lesson = None;
    }

    /// Where the lesson has adapters: the largest difference of a logit on held-out text between the model it began with
    /// and the one whose adapters were merged and taken out again, and between the former and the one with its adapters.
    ///
    /// # Errors
    /// Those of reading; [`Error::Setting`] named `stage` if `from` is not there.
    pub fn unmerged(&self, from: u32) -> Result<Option<[f64; 2]>> {
        let Some((out, lesson)) = self.lesson.as_ref().and_then(|lesson| Some((lesson.unmerged()?, lesson))) else {
            return Ok(None);
        };
        let time = self.course.model().config().context.min(self.course.split().validation.len());
        let mut batch = Batch::default();
        batch.clear(time);
        let mut row = Example::new();
        row.push(&self.course.split().validation[..time], 1.0);
        row.push_to(&mut batch, 1.0);
        let logits = |params: &[f32]| Ok(self.course.reader(params)?.logits(&batch).to_vec());
        let before: Vec<f32> = logits(self.params(from)?)?;
        let apart =
            |other: Vec<f32>| before.iter().zip(&other).fold(0.0, |m, (a, b)| f64::max(m, f64::from((a - b).abs())));
        Ok(Some([apart(logits(&out)?), apart(logits(lesson.params())?)]))
    }

    /// What a stage answers.
    ///
    /// # Errors
    /// As [`Course::ask`] and [`Teacher::params`].
    pub fn ask(&self, stage: u32, question: &Question) -> Result<Spoken> {
        self.course.ask(self.params(stage)?, question)
    }

    /// What a stage does with a text, read as the beginning of a document: its tokens, at most a context, and one pass
    /// over them.
    ///
    /// # Errors
    /// As [`Teacher::params`] and [`inspect`].
    pub fn inspect(&self, stage: u32, text: &str) -> Result<(Vec<u32>, Inspection)> {
        self.inspected(self.params(stage)?, text)
    }

    /// The same before any training.
    ///
    /// # Errors
    /// As [`Teacher::initial`] and [`inspect`].
    pub fn inspect_start(&self, start: Start, text: &str) -> Result<(Vec<u32>, Inspection)> {
        self.inspected(&self.initial(start)?, text)
    }

    fn inspected(&self, params: &[f32], text: &str) -> Result<(Vec<u32>, Inspection)> {
        let (chat, model) = (self.course.chat(), self.course.model());
        let mut ids = chat.document(text);
        ids.truncate(model.config().context);
        let punctuation = habit::punctuation(chat.tokenizer(), &ids);
        let found = inspect(model, params, &ids, &punctuation)?;
        Ok((ids, found))
    }

    /// Text number `n` in which something is mentioned twice, by whom it is known: up to the second mention, and its word.
    pub fn twice(&self, n: u64) -> (String, String) {
        let topic = recall::TOPICS[n as usize % recall::TOPICS.len()];
        let recall = Recall::draw(self.course.lang(), &mut Rng::new(5 + topic as u64, Purpose::HeldOut, n), topic);
        (recall.before, recall.value)
    }

    /// Dialogue number `n` of fine-tuning: its tokens, and how much each counts.
    pub fn example(&self, n: u64) -> Example {
        self.course.dialogue(&mut Rng::new(self.seed, Purpose::Dialogue, n), Some(1))
    }

    /// Held-out question number `n`, and its answer.
    pub fn held_out(&self, n: u64) -> (String, String) {
        let mut rng = Rng::new(Part::Combinations as u64, Purpose::HeldOut, n);
        let dialogue = self.course.question(&mut rng, Part::Combinations);
        (dialogue.user, dialogue.long)
    }

    /// Held-out task number `n`, and its answer.
    pub fn task(&self, n: u64) -> (String, String) {
        let kind = TaskKind::ALL[n as usize % TaskKind::ALL.len()];
        let mut rng = Rng::new(7 + kind as u64, Purpose::HeldOut, n);
        let task = Task::draw(self.course.lang(), &mut rng, Part::Combinations, Some(kind), false);
        (task.user, task.answer)
    }

    /// Begins an examination; one that was there is forgotten.
    ///
    /// # Errors
    /// As [`Teacher::params`] and [`Course::reader`].
    pub fn examine(&mut self, exam: Exam) -> Result<()> {
        let (of, before) = exam.stages();
        let former = before.map(|stage| self.params(stage)).transpose()?;
        let examination = Examination::new(self.course, exam, self.params(of)?, former)?;
        self.examination = Some(examination);
        Ok(())
    }

    /// One question of the examination; its (questions asked, in all).
    ///
    /// # Errors
    /// Those of answering; [`Error::Setting`] named `examination` without one.
    pub fn question(&mut self) -> Result<(u64, u64)> {
        let examination = self.examination.as_mut().ok_or_else(|| Error::Setting {
            name: "examination",
            expected: "one that was begun".into(),
            found: "none".into(),
        })?;
        examination.advance()?;
        Ok(examination.progress())
    }

    /// Ends the examination with what it has found.
    pub fn findings(&mut self) -> Option<Findings> {
        self.examination.take().map(|examination| examination.findings().clone())
    }
}
