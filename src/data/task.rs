//! Tasks for an assistant with tools: sums, word problems, and what a table says of a name.
//!
//! The first two numbers of a sum, as its text shows them, decide whether it belongs to training or to a test.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::Lang;
use super::dialogue::Part;
use super::pattern::{Values, fill};
use super::world::{Person, number_of, people_of};
use crate::rng::Rng;

/// Names that only tests ask the table for.
const NEW: usize = 5;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// + - * of numbers below 100.
    TwoDigits,
    /// + - of numbers of three digits.
    ThreeDigits,
    /// Two operations, one after the other.
    TwoSteps,
    /// A sum told in words.
    Problem,
    /// What the table says of a name.
    LookUp,
}

impl TaskKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::TwoDigits, Self::ThreeDigits, Self::TwoSteps, Self::Problem, Self::LookUp];
}

/// One call of a tool: what the model writes and what comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Expression or name.
    pub request: String,
    /// Result.
    pub result: String,
}

/// A task, the calls that solve it, and the right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What is asked for.
    pub kind: TaskKind,
    /// What the user says.
    pub user: String,
    /// Calls in order.
    pub calls: Vec<Call>,
    /// The answer.
    pub answer: String,
}

/// What the patterns of a task are filled with.
struct Fills<'a> {
    person: &'a Person,
    left: i64,
    right: i64,
    sum: &'a str,
    result: &'a str,
}

impl Values for Fills<'_> {
    fn write(&self, key: &str, out: &mut String) -> bool {
        match key {
            "left" => write!(out, "{}", self.left).is_ok(),
            "right" => write!(out, "{}", self.right).is_ok(),
            "sum" => out.write_str(self.sum).is_ok(),
            "result" => out.write_str(self.result).is_ok(),
            _ => self.person.write(key, out),
        }
    }
}

/// `left operator right` and its value; the larger number first where it is taken from.
struct Operation {
    left: i64,
    operator: char,
    right: i64,
}

impl Operation {
    fn value(&self) -> i64 {
        match self.operator {
            '+' => self.left + self.right,
            '-' => self.left - self.right,
            _ => self.left * self.right,
        }
    }

    fn call(&self) -> Call {
        let Self { left, operator, right } = self;
        Call { request: format!("{left}{operator}{right}"), result: self.value().to_string() }
    }

    /// One in ten pairs of numbers begins no task of training. Mixed well, so that those pairs look like all others.
    fn held_out(&self) -> bool {
        let mixed = self.left.wrapping_mul(0x9E37_79B9) ^ self.right.wrapping_mul(0x85EB_CA77);
        (mixed >> 16).rem_euclid(10) == 0
    }
}

impl Task {
    /// A task of `part` (tests are not told apart: any but [`Part::Train`]). `easy`: numbers below 100 only.
    pub fn draw(lang: Lang, rng: &mut Rng, part: Part, kind: Option<TaskKind>, easy: bool) -> Self {
        let kind = kind.unwrap_or_else(|| *rng.choose(&TaskKind::ALL));
        let test = part != Part::Train;
        let (world, names) = (lang.world(), lang.world().names);
        let (old, new) = names.split_at(names.len() - NEW);
        let old_objects = &world.objects[..world.objects.len() - NEW];
        let [person]: [Person; 1] = people_of(world, if test { new } else { old }, old_objects, rng);
        if kind == TaskKind::LookUp {
            return look_up(lang, rng, &person, test);
        }
        let first = operation(rng, kind, test, easy);
        let (first_call, value) = (first.call(), first.value());
        let result = value.to_string();
        let fills = Fills { person: &person, left: first.left, right: first.right, sum: "", result: &result };
        let talk = lang.talk();
        match kind {
            TaskKind::Problem => {
                let problem = talk.problems["+-*".find(first.operator).unwrap_or(0)];
                let parts = [
                    filled(rng.choose::<&str>(problem), &fills),
                    filled(rng.choose::<&str>(talk.problem_questions), &fills),
                ];
                let (user, answer) = (parts.join(world.separator), filled(talk.problem_answer, &fills));
                Self { kind, user, calls: [first_call].into(), answer }
            }
            TaskKind::TwoSteps => {
                // Either sign as often, so that it has to be read; never below 0.
                let operator = *rng.choose(&['+', '-']);
                let right = loop {
                    let right = number_of(rng, if easy { &[1, 2] } else { &[1, 2, 3] }) as i64;
                    if operator == '+' || right <= value {
                        break right;
                    }
                };
                let second = Operation { left: value, operator, right };
                let (sum, result) = (format!("{}{operator}{right}", first_call.request), second.value().to_string());
                let fills = Fills { sum: &sum, result: &result, ..fills };
                let (user, answer) = (filled(rng.choose::<&str>(talk.sums), &fills), filled(talk.sum_answer, &fills));
                Self { kind, user, calls: [first_call, second.call()].into(), answer }
            }
            _ => {
                let fills = Fills { sum: &first_call.request, ..fills };
                let (user, answer) = (filled(rng.choose::<&str>(talk.sums), &fills), filled(talk.sum_answer, &fills));
                Self { kind, user, calls: [first_call].into(), answer }
            }
        }
    }
}

fn filled(pattern: &str, fills: &Fills) -> String {
    let mut out = String::new();
    fill(pattern, fills, &mut out);
    out
}

fn operation(rng: &mut Rng, kind: TaskKind, test: bool, easy: bool) -> Operation {
    let digits: &[usize] = match kind {
        TaskKind::TwoDigits => &[1, 2],
        _ if easy => &[1, 2],
        TaskKind::ThreeDigits => &[3],
        _ => &[1, 2, 3],
    };
    loop {
        let [x, y] = [(); 2].map(|()| number_of(rng, digits) as i64);
        let small = x.max(y) < 100;
        let times = small && matches!(kind, TaskKind::TwoDigits | TaskKind::Problem);
        let operator = *rng.choose(if times { &['+', '-', '*'][..] } else { &['+', '-'] });
        let (left, right) = if operator == '-' || kind == TaskKind::TwoSteps { (x.max(y), x.min(y)) } else { (x, y) };
        let operation = Operation { left, operator, right };
        // A plural is right from 2 on.
        let told = kind != TaskKind::Problem || left.min(right) > 1;
        // Tests of two digits have two.
        let long = !(test && kind == TaskKind::TwoDigits && left.min(right) < 10);
        if told && long && operation.held_out() == test {
            return operation;
        }
    }
}

/// What the table says of a name, or in training of a thing; one in eight has no entry.
fn look_up(lang: Lang, rng: &mut Rng, person: &Person, test: bool) -> Task {
    let talk = lang.talk();
    let (left, found) = (number_of(rng, &[1, 2, 3]) as i64, rng.below(8) > 0);
    // Things too, so that it is the word of the question that is looked up, whatever it is.
    let thing = !test && rng.below(5) < 2;
    let person = &Person { name: if thing { person.object } else { person.name }, ..*person };
    let entries: Vec<&str> = talk.entries.iter().copied().filter(|e| !(thing && e.contains("{name}"))).collect();
    let fills = Fills { person, left, right: 0, sum: "", result: "" };
    let result = if found { filled(rng.choose::<&str>(&entries), &fills) } else { talk.no_entry.into() };
    let user = filled(rng.choose::<&str>(talk.look_ups), &fills);
    let answer = match found {
        true => filled(talk.look_up_answer, &Fills { result: &result, ..fills }),
        false => talk.look_up_failed.into(),
    };
    Task { kind: TaskKind::LookUp, user, calls: [Call { request: person.name.into(), result }].into(), answer }
}
