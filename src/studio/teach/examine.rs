//! Examinations on held-out questions: what a model of a course can do, as numbers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::course::Course;
use super::taste::{ANSWER_TOKENS, TEMPERATURE};
use crate::align::{Example, Reader};
use crate::data::{Dialogue, LookUp, Part, Task, TaskKind, Taste, Tone, Topic};
use crate::error::Result;
use crate::generate::{Outcome, Sampling, Speaker};
use crate::kernels::policy::{Slopes, policy_backward};
use crate::rng::{Purpose, Rng};
use crate::train::Batch;

pub use super::recall::look_back;

/// Exact answers: right and asked, by topic and number of people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// (right, asked).
    pub by: BTreeMap<(Topic, usize), (usize, usize)>,
}

impl Marks {
    /// Share of exact answers.
    pub fn share(&self) -> f64 {
        self.share_of(|_, _| true)
    }

    /// Share of exact answers to some of the questions; NaN if there are none.
    pub fn share_of(&self, which: impl Fn(Topic, usize) -> bool) -> f64 {
        let some = self.by.iter().filter(|((topic, people), _)| which(*topic, *people));
        let (right, asked) = some.fold((0, 0), |sum, (_, n)| (sum.0 + n.0, sum.1 + n.1));
        right as f64 / asked as f64
    }
}

/// Greedy answer to a prompt.
pub(super) fn greedy(course: &Course, speaker: &mut Speaker, prompt: &[u32]) -> Result<String> {
    let (sampling, mut rng) = (Sampling { temperature: 0.0, ..Sampling::default() }, Rng::new(0, Purpose::Sample, 0));
    let mut ids = Vec::new();
    speaker.begin(prompt)?;
    speaker.say(ANSWER_TOKENS, &[course.chat().marks().end], &sampling, &mut rng, &mut ids)?;
    Ok(course.chat().decode(&ids))
}

/// Greedy answers to questions in the format of dialogues.
///
/// # Errors
/// Those of answering.
pub fn answers<'a>(course: &Course, params: &[f32], users: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
    let mut speaker = Speaker::new(course.model(), params);
    users.map(|user| greedy(course, &mut speaker, &course.chat().prompt(user))).collect()
}

/// Exact answers to questions in the format of dialogues.
///
/// # Errors
/// Those of answering.
pub fn exact(course: &Course, params: &[f32], questions: &[Dialogue]) -> Result<Marks> {
    let given = answers(course, params, questions.iter().map(|d| d.user.as_str()))?;
    Ok(marks(course, questions, &given))
}

/// Exact answers of a model that knows no dialogues: asked in plain text.
///
/// # Errors
/// Those of answering.
pub fn exact_in_plain_text(course: &Course, params: &[f32], questions: &[Dialogue]) -> Result<Marks> {
    let mut speaker = Speaker::new(course.model(), params);
    let given: Result<Vec<String>> =
        questions.iter().map(|d| greedy(course, &mut speaker, &course.chat().document(&d.user))).collect();
    Ok(marks(course, questions, &given?))
}

fn marks(course: &Course, questions: &[Dialogue], answers: &[String]) -> Marks {
    let mut marks = Marks::default();
    for (question, answer) in questions.iter().zip(answers) {
        let (right, asked) = marks.by.entry((question.topic, question.people)).or_default();
        *asked += 1;
        *right += usize::from(course.lang().is_right(question, answer));
    }
    marks
}

/// Nats per token on the text of pre-training that was never learnt from: what was forgotten shows here.
///
/// # Errors
/// As [`Reader::new`].
pub fn validation(course: &Course, params: &[f32]) -> Result<f64> {
    Ok(course.reader(params)?.loss_on(&course.split().validation, 64))
}

/// Manners and content of sampled answers to held-out questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Manners {
    /// Share of answers in the wanted tone.
    pub wanted: f64,
    /// Share of answers whose content is exact.
    pub exact: f64,
    /// The same two of greedy answers.
    pub greedy: (f64, f64),
    /// Divergence from the reference per answer, in nats.
    pub divergence: f64,
    /// Share of each tone.
    pub tones: Vec<(Tone, f64)>,
}

/// How answers are said, and whether they are right still.
///
/// # Errors
/// Those of answering and of [`Reader::new`].
pub fn manners(course: &Course, params: &[f32], reference: &[f32], taste: Taste, count: u64) -> Result<Manners> {
    let (lang, chat, end) = (course.lang(), course.chat(), course.chat().marks().end);
    let mut speaker = Speaker::new(course.model(), params);
    let (mut reader, mut other) = (course.reader(params)?, course.reader(reference)?);
    let mut tones: BTreeMap<Tone, usize> = BTreeMap::new();
    let (mut right, mut divergence, mut best) = (0usize, 0.0, (0usize, 0usize));
    for n in 0..count {
        let mut rng = Rng::new(77, Purpose::HeldOut, n);
        let question = course.question(&mut rng, Part::Combinations);
        let prompt = chat.prompt(&question.user);
        let text = greedy(course, &mut speaker, &prompt)?;
        best.0 += usize::from(taste.wants(lang.tone_of(&text).0));
        best.1 += usize::from(lang.is_right(&question, &text));
        speaker.again();
        let mut ids = Vec::new();
        speaker.say(ANSWER_TOKENS, &[end], &Course::sampling(), &mut rng, &mut ids)?;
        let text = chat.decode(&ids);
        *tones.entry(lang.tone_of(&text).0).or_default() += 1;
        right += usize::from(lang.is_right(&question, &text));
        divergence += divergence_on(&mut reader, &mut other, &Example::answered(&prompt, &ids));
    }
    let share = |n: usize| n as f64 / count.max(1) as f64;
    let wanted = tones.iter().filter(|(tone, _)| taste.wants(**tone)).map(|(_, n)| n).sum();
    Ok(Manners {
        wanted: share(wanted),
        exact: share(right),
        greedy: (share(best.0), share(best.1)),
        divergence: divergence / count.max(1) as f64,
        tones: Tone::ALL.iter().map(|t| (*t, share(tones.get(t).copied().unwrap_or(0)))).collect(),
    })
}

/// Exact divergence of one model from another over an answer's tokens, in nats.
pub fn divergence_on(reader: &mut Reader, reference: &mut Reader, answer: &Example) -> f64 {
    let time = (answer.len().saturating_sub(1)).min(reader.model().config().context);
    if time == 0 {
        return 0.0;
    }
    let mut batch = Batch::default();
    batch.clear(time);
    answer.push_to(&mut batch, 1.0);
    let (mut logits, mut sum) = (reader.logits(&batch).to_vec(), 0.0);
    policy_backward(&mut logits, reference.logits(&batch), &batch.targets, TEMPERATURE, |_, place| {
        sum += place.divergence;
        Slopes::default()
    });
    sum
}

/// Held-out task `n` of a kind with the model's answer, `None` if it came to none, and its calls.
pub(super) fn task(
    course: &Course,
    speaker: &mut Speaker,
    kind: TaskKind,
    n: u64,
) -> Result<(Task, Option<String>, Vec<String>)> {
    let mut rng = Rng::new(7 + kind as u64, Purpose::HeldOut, n);
    let task = Task::draw(course.lang(), &mut rng, Part::Combinations, Some(kind), false);
    let mut table = LookUp::new();
    if kind == TaskKind::LookUp && task.calls[0].result != course.lang().no_entry() {
        table.set(&task.calls[0].request, &task.calls[0].result);
    }
    let mut seen = vec![];
    let transcript = course.answer_with_tools(speaker, &task.user, &table, &mut |request, reply| {
        seen.push(alloc::format!("{request} → {}", reply.text(course.lang()).unwrap_or_default()));
        reply
    })?;
    let answer = course.chat().decode(transcript.answer(course.chat().marks()));
    Ok((task, (transcript.outcome == Outcome::Answered).then_some(answer), seen))
}

/// Share of held-out tasks whose final answer is exactly right, by kind; `samples` gets one transcript of each kind and
/// two that are wrong.
///
/// # Errors
/// Those of answering.
pub fn tasks(course: &Course, params: &[f32], count: u64, samples: &mut Vec<String>) -> Result<Vec<(TaskKind, f64)>> {
    let mut speaker = Speaker::new(course.model(), params);
    let mut out = Vec::new();
    for kind in TaskKind::ALL {
        let (mut right, mut shown) = (0u64, 0);
        for n in 0..count {
            let (asked, answer, seen) = task(course, &mut speaker, kind, n)?;
            let good = answer.as_ref() == Some(&asked.answer);
            right += u64::from(good);
            if n == 0 || (!good && shown < 2) {
                shown += u32::from(!good);
                let (steps, answer) = (seen.join(", "), answer.unwrap_or_default());
                samples.push(alloc::format!("{} [{steps}] {answer}{}", asked.user, if good { "" } else { " (wrong)" }));
            }
        }
        out.push((kind, right as f64 / count.max(1) as f64));
    }
    Ok(out)
}
