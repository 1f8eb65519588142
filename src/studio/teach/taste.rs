//! What somebody likes, learnt from clicks: answers are sampled, one is chosen, and the model learns from the pairs, by
//! direct preference optimisation ([`Course::prefer`]) or by a reward model and policy gradient ([`PolicyLesson`]).

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::kept::Kept;
use crate::align::{
    Answer, Example, PolicyGradient, PolicyReport, PolicySettings, Reader, Replayed, RewardHead, advantages,
};
use crate::data::{Dialogue, Part, Taste, Tone, Topic};
use crate::error::Result;
use crate::generate::{Sampling, Speaker};
use crate::model::Model;
use crate::rng::{Purpose, Rng};
use crate::train::{Learner, Settings, StepReport};

/// Temperature of sampled answers.
pub(super) const TEMPERATURE: f32 = 0.8;
/// Most tokens of an answer.
pub(super) const ANSWER_TOKENS: usize = 56;
/// Answers that are sampled for one click, and shown at most.
const SAMPLES: (usize, usize) = (8, 4);

/// One click: a question, and pairs of the chosen answer with each of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Click {
    /// The question.
    pub user: String,
    /// The chosen answer.
    pub chosen: String,
    /// The others that were shown.
    pub rejected: Vec<String>,
}

impl Click {
    /// (user, chosen, rejected) of each pair.
    pub fn pairs(&self) -> impl Iterator<Item = (String, String, String)> {
        self.rejected.iter().map(|other| (self.user.clone(), self.chosen.clone(), other.clone()))
    }
}

/// A question, and answers with tone and what the judge says.
type Shown = (String, Vec<((Tone, i32), String)>);

/// Says how good an answer is; the larger, the better.
pub type Judge<'a> = &'a dyn Fn(&str) -> i32;

impl Course {
    /// How answers are sampled.
    pub(super) fn sampling() -> Sampling {
        Sampling { temperature: TEMPERATURE, ..Sampling::default() }
    }

    /// A question to sample answers to.
    pub(super) fn question(&self, rng: &mut Rng, part: Part) -> Dialogue {
        let topic = *rng.choose(&Topic::QUESTIONS);
        Dialogue::draw(self.lang(), rng, part, Some(topic), None)
    }

    /// Answers to choose from, number `click`: up to four that differ in tone, in any order, with their tones; fewer than
    /// two if all samples are alike.
    ///
    /// # Errors
    /// Those of answering.
    pub fn cards(&self, params: &[f32], seed: u64, click: u64) -> Result<(String, Vec<(Tone, String)>)> {
        let mut speaker = Speaker::new(self.model(), params);
        let (user, cards) = self.shown(&mut speaker, &|_| 0, seed, click)?;
        Ok((user, cards.into_iter().map(|((tone, _), text)| (tone, text)).collect()))
    }

    /// Answers that differ in tone, or in what the judge says.
    fn shown(&self, speaker: &mut Speaker, judge: Judge, seed: u64, click: u64) -> Result<Shown> {
        let mut rng = Rng::new(seed, Purpose::Taste, click);
        let user = self.question(&mut rng, Part::Train).user;
        let mut cards: Vec<((Tone, i32), String)> = Vec::new();
        for answer in self.sample(speaker, &user, SAMPLES.0, &mut rng)? {
            let text = self.chat().decode(&answer);
            let kind = (self.lang().tone_of(&text).0, judge(&text));
            if !cards.iter().any(|(k, _)| *k == kind) {
                cards.push((kind, text));
            }
        }
        cards.truncate(SAMPLES.1);
        if cards.len() > 1 {
            rng.shuffle(&mut cards);
        }
        Ok((user, cards))
    }

    /// Click number `click` of a judge: the best of the answers against those that are worse. `None` if it finds all alike.
    fn click(&self, speaker: &mut Speaker, judge: Judge, seed: u64, click: u64) -> Result<Option<Click>> {
        let (user, cards) = self.shown(speaker, judge, seed, click)?;
        let best = cards.iter().map(|((_, score), _)| *score).max();
        let (good, worse): (Vec<_>, Vec<_>) = cards.into_iter().partition(|((_, score), _)| Some(*score) == best);
        let chosen = good.into_iter().next().filter(|_| !worse.is_empty());
        let rejected = worse.into_iter().map(|(_, text)| text).collect();
        Ok(chosen.map(|(_, chosen)| Click { user, chosen, rejected }))
    }

    /// `count` clicks of a simulated human with this taste.
    ///
    /// # Errors
    /// Those of answering.
    pub fn clicks(&self, params: &[f32], taste: Taste, count: usize, seed: u64) -> Result<Vec<Click>> {
        self.judged(params, &|text| taste.score(self.lang().tone_of(text).0), count, seed)
    }

    /// `count` clicks of any judge: a rule of the learner's own, for example.
    ///
    /// # Errors
    /// Those of answering.
    pub fn judged(&self, params: &[f32], judge: Judge, count: usize, seed: u64) -> Result<Vec<Click>> {
        let mut speaker = Speaker::new(self.model(), params);
        let mut out = Vec::new();
        // A model of one tone gives nothing to choose: it is asked a bounded number of times.
        for number in 0..20 * count as u64 {
            if out.len() == count {
                break;
            }
            out.extend(self.click(&mut speaker, judge, seed, number)?);
        }
        Ok(out)
    }

    /// `count` sampled answers to one text, in ids with their end.
    pub(super) fn sample(
        &self,
        speaker: &mut Speaker,
        user: &str,
        count: usize,
        rng: &mut Rng,
    ) -> Result<Vec<Vec<u32>>> {
        speaker.begin(&self.chat().prompt(user))?;
        let answer = |_| {
            speaker.again();
            let mut ids = Vec::new();
            speaker.say(ANSWER_TOKENS, &[self.chat().marks().end], &Self::sampling(), rng, &mut ids)?;
            Ok(ids)
        };
        (0..count).map(answer).collect()
    }
}

/// A reward model of clicks: scores by the model as it was when they were made.
///
/// # Errors
/// As [`RewardHead::train`].
pub fn learn_taste(course: &Course, params: &[f32], clicks: &[Click]) -> Result<RewardHead> {
    let example = |user: &str, answer: &str| course.chat().example(user, answer);
    let pairs: Vec<(Example, Example)> = clicks
        .iter()
        .flat_map(Click::pairs)
        .map(|(user, chosen, rejected)| (example(&user, &chosen), example(&user, &rejected)))
        .collect();
    RewardHead::train(&mut course.reader(params)?, &pairs)
}

/// Policy gradient with a reward model: each step samples answers, scores them and learns; dialogues of fine-tuning beside
/// them keep the content of answers.
pub struct PolicyLesson<'a> {
    course: &'a Course,
    learner: Learner,
    objective: Replayed<PolicyGradient, Kept<'a>>,
    head: RewardHead,
    scorer: Reader,
    /// Answers of the coming step, by group.
    answers: Vec<Example>,
    rewards: Vec<f64>,
    seed: u64,
    /// Mean reward of the last step's answers.
    pub reward: f64,
    /// Steps whose answers all had the same rewards: nothing could be learnt from them.
    pub without_signal: u64,
    /// Tokens of all sampled answers so far with their prompts.
    pub tokens: u64,
}

impl<'a> PolicyLesson<'a> {
    /// From `params`, which also stay the reference and read for the reward model.
    ///
    /// # Errors
    /// As [`Learner::new`] and [`Reader::new`].
    pub fn new(course: &'a Course, params: &[f32], head: RewardHead, kl: f64, seed: u64) -> Result<Self> {
        let (groups, each) = course.recipe().groups;
        let (rows, (kept, weight)) = (groups * each, course.recipe().kept);
        // Two rows a shard, or what fits both kinds of rows and makes no more shards than a step may have.
        let fits = |n: &usize| rows.is_multiple_of(*n) && kept.is_multiple_of(*n) && (rows + kept) / n <= 64;
        let shards = rows / [2, 4, 8, 16].into_iter().find(fits).unwrap_or(1);
        let settings = Settings { batch: rows, shards, ..course.settings(course.recipe().policy, 0.0, seed) };
        let reference = Reader::new(course.model().config(), params, settings.rows_per_shard())?;
        let set = PolicySettings { kl, temperature: TEMPERATURE, ..PolicySettings::default() };
        // The rows beside are part of what holds the model near its start: as strong as the penalty, and nothing without it.
        let usual = course.recipe().kl;
        let weight = if usual > 0.0 { weight * (kl / usual) as f32 } else { 0.0 };
        let objective = Replayed::new(PolicyGradient::new(set, reference), rows, Kept { course, seed }, kept, weight);
        let settings = objective.sized(settings);
        Ok(Self {
            learner: course.policy_learner(params, settings)?,
            objective,
            scorer: Reader::new(course.model().config(), params, 1)?,
            head,
            course,
            answers: Vec::new(),
            rewards: Vec::new(),
            seed,
            reward: 0.0,
            without_signal: 0,
            tokens: 0,
        })
    }

    /// One bounded slice: the answers to one prompt, or one shard. `Some` when this completed a step.
    ///
    /// # Errors
    /// As [`Learner::advance`]; those of answering.
    pub fn advance(&mut self) -> Result<Option<StepReport>> {
        let (groups, each) = self.course.recipe().groups;
        let done = self.answers.len() / each.max(1);
        if done < groups {
            self.sample(done as u64)?;
            if done + 1 == groups {
                self.compare(each);
            }
            return Ok(None);
        }
        let report = self.learner.advance(&mut self.objective)?;
        if report.is_some() {
            self.answers.clear();
            self.rewards.clear();
        }
        Ok(report)
    }

    /// Samples answers to prompt `group` of the coming step and scores them.
    fn sample(&mut self, group: u64) -> Result<()> {
        let course = self.course;
        let (groups, each) = course.recipe().groups;
        let number = self.learner.step() * groups as u64 + group;
        // Far behind the questions that clicks were about.
        let mut rng = Rng::new(self.seed, Purpose::Taste, 1 << 32 | number);
        let user = course.question(&mut rng, Part::Train).user;
        let model: &Model = course.model();
        let mut speaker = Speaker::new(model, self.learner.shown_params());
        let prompt = course.chat().prompt(&user);
        for ids in course.sample(&mut speaker, &user, each, &mut rng)? {
            let mut example = Example::answered(&prompt, &ids);
            example.truncate(model.config().context + 1);
            self.tokens += example.len() as u64;
            self.rewards.push(self.head.score(&mut self.scorer, &example));
            self.answers.push(example);
        }
        Ok(())
    }

    /// Turns rewards into advantages.
    fn compare(&mut self, each: usize) {
        self.reward = self.rewards.iter().sum::<f64>() / self.rewards.len().max(1) as f64;
        let compared = advantages(&self.rewards, each);
        self.without_signal += u64::from(compared.is_none());
        let advantage = |i: usize| compared.as_ref().map_or(0.0, |a| a[i]);
        let answer = |(i, example): (usize, &Example)| Answer {
            example: example.clone(),
            advantage: advantage(i),
            old_log_probs: Vec::new(),
        };
        self.objective.task_mut().set(self.answers.iter().enumerate().map(answer).collect());
    }

    /// Completes the current step.
    ///
    /// # Errors
    /// As [`PolicyLesson::advance`].
    pub fn step(&mut self) -> Result<StepReport> {
        loop {
            if let Some(report) = self.advance()? {
                return Ok(report);
            }
        }
    }

    /// Whether the planned steps are done.
    pub fn is_finished(&self) -> bool {
        let (done, all) = self.steps();
        done >= all
    }

    /// Steps done, and in all.
    pub fn steps(&self) -> (u64, u64) {
        (self.learner.step(), self.learner.settings().steps)
    }

    /// Divergence and log-probability of the last step's answers.
    pub fn report(&self) -> PolicyReport {
        self.objective.task().report()
    }

    /// The weights as they are.
    pub fn params(&self) -> &[f32] {
        self.learner.shown_params()
    }
}
