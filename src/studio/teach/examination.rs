//! Examinations in slices: one question at a time, so that whoever waits for something else waits for one at most.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::examine::{self, divergence_on, greedy};
use super::recall;
use super::taste::{ANSWER_TOKENS, Click, learn_taste};
use crate::align::{Example, Reader, RewardHead};
use crate::data::{Dialogue, Part, TaskKind, Tone, Topic};
use crate::error::Result;
use crate::generate::Speaker;
use crate::rng::{Purpose, Rng};

/// What is examined. `of`: number of a stage.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Exam {
    /// Exact answers to held-out questions.
    Exact {
        /// Whose.
        of: u32,
        /// Which questions.
        part: Part,
        /// How many.
        count: u64,
        /// As plain text instead of a dialogue.
        plain: bool,
    },
    /// Loss on the text of pre-training that is not learnt from.
    Validation {
        /// Whose.
        of: u32,
    },
    /// Whether it looks back.
    LookBack {
        /// Who.
        of: u32,
        /// Questions of each topic.
        count: u64,
    },
    /// Manners and content, beside those of a former stage.
    Manners {
        /// Whose.
        of: u32,
        /// The former stage.
        before: u32,
        /// How many questions.
        count: u64,
        /// Choices that a reward model is learnt from; it judges each pair.
        clicks: Vec<Click>,
    },
    /// Tasks that need a tool.
    Tasks {
        /// Whose.
        of: u32,
        /// How many of each kind.
        count: u64,
    },
}

impl Exam {
    /// The stages that it needs.
    pub fn stages(&self) -> (u32, Option<u32>) {
        match self {
            Self::Exact { of, .. } | Self::Validation { of } | Self::LookBack { of, .. } | Self::Tasks { of, .. } => {
                (*of, None)
            }
            Self::Manners { of, before, .. } => (*of, Some(*before)),
        }
    }
}

/// Right answers to some kind of question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share<K> {
    /// Which kind.
    pub kind: K,
    /// People that the question tells of; 0 where that is no matter.
    pub people: usize,
    /// Right answers.
    pub right: usize,
    /// Questions.
    pub asked: usize,
}

/// A question with its answer, to look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The question.
    pub user: String,
    /// The answer.
    pub answer: String,
    /// What would be right.
    pub wanted: String,
    /// Whether it is.
    pub right: bool,
}

/// How two stages answer one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The question.
    pub user: String,
    /// The former stage's answer and the present one's, sampled with the same numbers.
    pub answers: [String; 2],
    /// Their tones.
    pub tones: [Tone; 2],
    /// Whether their content is exact.
    pub right: [bool; 2],
    /// What the reward model says of them, where there is one.
    pub rewards: Option<[f64; 2]>,
    /// Exact divergence of the present stage from the former one over the answer, in nats.
    pub divergence: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", untagged)]
pub enum Findings {
    /// Of exact answers.
    Exact {
        /// By topic and people.
        shares: Vec<Share<Topic>>,
        /// The first few.
        samples: Vec<Shown>,
    },
    /// Of the loss.
    Validation {
        /// Nats per token.
        loss_nats: f64,
    },
    /// Of looking back.
    LookBack {
        /// By topic.
        shares: Vec<Share<Topic>>,
        /// Mean without the colour.
        score: f64,
    },
    /// Of manners.
    Manners {
        /// Question by question.
        rows: Vec<Compared>,
    },
    /// Of tasks.
    Tasks {
        /// By kind.
        shares: Vec<Share<TaskKind>>,
        /// One of each kind, and the first that are wrong.
        samples: Vec<Shown>,
    },
}

/// Samples that are shown at most.
const SAMPLES: usize = 6;
/// Windows of text that are read in one slice, and in all.
const WINDOWS: (usize, usize) = (4, 64);

/// An examination on its way.
pub struct Examination<'a> {
    course: &'a Course,
    exam: Exam,
    params: Vec<f32>,
    reader: Reader,
    former: Option<(Vec<f32>, Reader)>,
    head: Option<RewardHead>,
    questions: Vec<Dialogue>,
    done: u64,
    findings: Findings,
}

fn count<K: PartialEq>(shares: &mut Vec<Share<K>>, kind: K, people: usize, right: bool) {
    let at = shares.iter().position(|s| s.kind == kind && s.people == people).unwrap_or(shares.len());
    if at == shares.len() {
        shares.push(Share { kind, people, right: 0, asked: 0 });
    }
    shares[at].asked += 1;
    shares[at].right += usize::from(right);
}

impl<'a> Examination<'a> {
    /// `params`: of the stage that is examined; `former`: of the one beside it.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub(super) fn new(course: &'a Course, exam: Exam, params: &[f32], former: Option<&[f32]>) -> Result<Self> {
        let findings = match exam {
            Exam::Exact { .. } => Findings::Exact { shares: Vec::new(), samples: Vec::new() },
            Exam::Validation { .. } => Findings::Validation { loss_nats: 0.0 },
            Exam::LookBack { .. } => Findings::LookBack { shares: Vec::new(), score: 0.0 },
            Exam::Manners { .. } => Findings::Manners { rows: Vec::new() },
            Exam::Tasks { .. } => Findings::Tasks { shares: Vec::new(), samples: Vec::new() },
        };
        let questions = match exam {
            Exam::Exact { part, count, .. } => course.questions(part, count),
            _ => Vec::new(),
        };
        let former = former.map(|p| course.reader(p).map(|reader| (p.to_vec(), reader))).transpose()?;
        let (params, reader) = (params.to_vec(), course.reader(params)?);
        Ok(Self { course, exam, params, reader, former, head: None, questions, done: 0, findings })
    }

    /// Questions asked, and in all.
    pub fn progress(&self) -> (u64, u64) {
        let all = match &self.exam {
            Exam::Exact { count, .. } | Exam::Manners { count, .. } => *count,
            Exam::Validation { .. } => self.windows().div_ceil(WINDOWS.0) as u64,
            Exam::LookBack { count, .. } => recall::TOPICS.len() as u64 * count,
            Exam::Tasks { count, .. } => TaskKind::ALL.len() as u64 * count,
        };
        (self.done, all)
    }

    fn windows(&self) -> usize {
        let (ids, time) = (&self.course.split().validation, self.course.model().config().context);
        WINDOWS.1.min(ids.len().saturating_sub(1) / time)
    }

    /// Whether every question was asked.
    pub fn is_finished(&self) -> bool {
        let (done, all) = self.progress();
        done >= all
    }

    /// One question; nothing after the last.
    ///
    /// # Errors
    /// Those of answering.
    pub fn advance(&mut self) -> Result<()> {
        if self.is_finished() {
            return Ok(());
        }
        match &self.exam {
            Exam::Exact { plain, .. } => self.exact(*plain)?,
            Exam::Validation { .. } => self.validation(),
            Exam::LookBack { count, .. } => self.look_back(*count),
            Exam::Manners { .. } => self.manners()?,
            Exam::Tasks { count, .. } => self.task(*count)?,
        }
        self.done += 1;
        Ok(())
    }

    /// What was found so far.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    fn exact(&mut self, plain: bool) -> Result<()> {
        let (course, question) = (self.course, &self.questions[self.done as usize]);
        let chat = course.chat();
        let prompt = if plain { chat.document(&question.user) } else { chat.prompt(&question.user) };
        let answer = greedy(course, &mut Speaker::new(course.model(), &self.params), &prompt)?;
        let right = course.lang().is_right(question, &answer);
        if let Findings::Exact { shares, samples } = &mut self.findings {
            count(shares, question.topic, question.people, right);
            if samples.len() < SAMPLES {
                samples.push(Shown { user: question.user.clone(), answer, wanted: question.long.clone(), right });
            }
        }
        Ok(())
    }

    fn validation(&mut self) {
        let (all, time) = (self.windows(), self.course.model().config().context);
        let first = self.done as usize * WINDOWS.0;
        let some = WINDOWS.0.min(all - first);
        let nats = self.reader.loss_on(&self.course.split().validation[first * time..], some);
        if let Findings::Validation { loss_nats } = &mut self.findings {
            *loss_nats = (*loss_nats * first as f64 + nats * some as f64) / (first + some) as f64;
        }
    }

    fn look_back(&mut self, each: u64) {
        let (topic, n) = (recall::TOPICS[(self.done / each) as usize], self.done % each);
        let right = recall::recalls(self.course, &mut self.reader, topic, n);
        if let Findings::LookBack { shares, score } = &mut self.findings {
            count(shares, topic, 0, right);
            let share = |s: &Share<Topic>| s.right as f64 / s.asked as f64;
            let forward: Vec<f64> = shares.iter().filter(|s| s.kind != Topic::Colour).map(share).collect();
            *score = forward.iter().sum::<f64>() / forward.len().max(1) as f64;
        }
    }

    fn manners(&mut self) -> Result<()> {
        let (Some((before, old)), Exam::Manners { clicks, .. }) = (&mut self.former, &self.exam) else { return Ok(()) };
        let (course, chat) = (self.course, self.course.chat());
        if self.head.is_none() && !clicks.is_empty() {
            self.head = Some(learn_taste(course, before, clicks)?);
        }
        let mut rng = Rng::new(77, Purpose::HeldOut, self.done);
        let question = course.question(&mut rng, Part::Combinations);
        let prompt = chat.prompt(&question.user);
        let say = |params: &[f32]| -> Result<Vec<u32>> {
            let (mut speaker, mut ids, mut rng) = (Speaker::new(course.model(), params), Vec::new(), rng.clone());
            speaker.begin(&prompt)?;
            speaker.say(ANSWER_TOKENS, &[chat.marks().end], &Course::sampling(), &mut rng, &mut ids)?;
            Ok(ids)
        };
        let ids = [say(before)?, say(&self.params)?];
        let answers = [0, 1].map(|i| chat.decode(&ids[i]));
        let examples = [0, 1].map(|i| Example::answered(&prompt, &ids[i]));
        let rewards = self.head.as_ref().map(|head| [0, 1].map(|i| head.score(old, &examples[i])));
        let row = Compared {
            tones: [0, 1].map(|i| course.lang().tone_of(&answers[i]).0),
            right: [0, 1].map(|i| course.lang().is_right(&question, &answers[i])),
            rewards,
            divergence: divergence_on(&mut self.reader, old, &examples[1]),
            user: question.user,
            answers,
        };
        if let Findings::Manners { rows } = &mut self.findings {
            rows.push(row);
        }
        Ok(())
    }

    fn task(&mut self, each: u64) -> Result<()> {
        let (kind, n) = (TaskKind::ALL[(self.done / each) as usize], self.done % each);
        let mut speaker = Speaker::new(self.course.model(), &self.params);
        let (task, answer, _) = examine::task(self.course, &mut speaker, kind, n)?;
        let right = answer.as_ref() == Some(&task.answer);
        if let Findings::Tasks { shares, samples } = &mut self.findings {
            count(shares, kind, 0, right);
            if n == 0 || (!right && samples.len() < 2 * SAMPLES) {
                let answer = answer.unwrap_or_default();
                samples.push(Shown { user: task.user, answer, wanted: task.answer, right });
            }
        }
        Ok(())
    }
}
