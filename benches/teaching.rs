//! From a predictor to an assistant: runs every stage at the recipe's size and prints what each has learnt, examined on
//! questions that it has never seen.
//!
//!     cargo xtask bench teaching [--lang en|zh] [--seeds N] [--first N] [--short] [--questions N] [--answers N]
//!
//! `--short` leaves out what compares (12 clicks, other tastes, an own rule, no penalty, no tool, adapters). More questions
//! (of exact answers) and sampled answers (of manners) than usual make figures surer, and take longer.

#![forbid(unsafe_code)]

use std::time::Instant;

use glassgpt::align::Targets;
use glassgpt::data::{Lang, Part, Taste, Topic};
use glassgpt::studio::teach::{Click, Course, PolicyLesson, Recipe, examine, learn_taste};
use glassgpt::train::StepReport;

const USAGE: &str =
    "usage: cargo xtask bench teaching [--lang en|zh] [--seeds N] [--first N] [--short] [--questions N] [--answers N]";
type Result<T> = glassgpt::Result<T>;

/// Operations so far, and seconds of learning.
#[derive(Default)]
struct Cost {
    tflop: f64,
    seconds: f64,
}

/// How much is asked.
#[derive(Clone, Copy)]
struct Examination {
    /// Questions of exact answers, of each part.
    questions: u64,
    /// Sampled answers whose manners are judged.
    answers: u64,
}

struct Bench<'a> {
    course: &'a Course,
    examination: Examination,
    seed: u64,
    cost: Cost,
    /// TFLOP of the last policy gradient.
    preferences: f64,
}

impl Bench<'_> {
    /// Runs a stage and counts what it costs: `tokens` tokens are learnt from.
    fn stage<T>(&mut self, name: &str, tokens: u64, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let begin = Instant::now();
        let result = work()?;
        let (seconds, tflop) = (begin.elapsed().as_secs_f64(), self.course.flops(tokens) / 1e12);
        println!("{name}: {tflop:.2} TFLOP, {seconds:.0} s");
        self.cost.tflop += tflop;
        self.cost.seconds += seconds;
        Ok(result)
    }

    /// Tokens of `steps` steps of whole rows.
    fn tokens(&self, steps: u64) -> u64 {
        steps * (self.course.recipe().rows * self.course.recipe().context) as u64
    }

    fn base(&mut self) -> Result<Vec<f32>> {
        let (course, seed) = (self.course, self.seed);
        let tokens = self.tokens(course.recipe().pretrain.0);
        let base =
            self.stage("pre-training", tokens, || course.pretrain(seed)?.complete(&mut |_: &StepReport| true))?;
        let questions: Vec<_> = course
            .questions(Part::Combinations, self.examination.questions)
            .into_iter()
            .filter(|d| Topic::QUESTIONS.contains(&d.topic))
            .collect();
        let (by, look_back) = examine::look_back(course, &base, 50)?;
        println!(
            "  validation {:.3}, looks back {look_back:.2} {by:.2?}\n  asked in plain text {:.3} exact, in dialogues {:.3}",
            examine::validation(course, &base)?,
            examine::exact_in_plain_text(course, &base, &questions)?.share(),
            examine::exact(course, &base, &questions)?.share(),
        );
        Ok(base)
    }

    fn answers(&self, name: &str, params: &[f32], detailed: bool) -> Result<()> {
        let course = self.course;
        for part in [Part::Combinations, Part::New] {
            let marks = examine::exact(course, params, &course.questions(part, self.examination.questions))?;
            let backward = |topic, people| matches!(topic, Topic::Who | Topic::Colour) && people == 2;
            println!(
                "  {name}, {part:?}: {:.3} exact, backward with two people {:.2}",
                marks.share(),
                marks.share_of(backward)
            );
            if detailed {
                let by: Vec<String> =
                    marks.by.iter().map(|((t, n), (r, a))| format!("{t:?}{n} {:.2}", *r as f64 / *a as f64)).collect();
                println!("    {}", by.join(", "));
            }
        }
        println!("  validation {:.3}", examine::validation(course, params)?);
        Ok(())
    }

    fn manners(&self, name: &str, params: &[f32], sft: &[f32], taste: Taste) -> Result<()> {
        let m = examine::manners(self.course, params, sft, taste, self.examination.answers)?;
        println!(
            "  {name}: wanted tone {:.3}, exact {:.3}, greedy {:.2} / {:.2}, divergence {:.2} {:.2?}",
            m.wanted, m.exact, m.greedy.0, m.greedy.1, m.divergence, m.tones
        );
        Ok(())
    }

    /// Reward model and policy gradient.
    fn policy(&mut self, params: &[f32], clicks: &[Click], kl: f64) -> Result<Vec<f32>> {
        let head = learn_taste(self.course, params, clicks)?;
        println!(
            "  reward model: {:.3} -> {:.3} nats, {:.2} of its pairs",
            head.losses[0], head.losses[1], head.accuracy
        );
        let mut lesson = PolicyLesson::new(self.course, params, head, kl, self.seed)?;
        while !lesson.is_finished() {
            lesson.step()?;
        }
        println!(
            "  reward {:.2}, divergence {:.2}, {} steps without signal",
            lesson.reward,
            lesson.report().divergence,
            lesson.without_signal
        );
        // Each token is sampled, scored and read by the reference (a third each of what learning from it costs), then learnt from.
        let kept = (self.course.recipe().kept.0 * self.course.recipe().context) as u64 * lesson.steps().0;
        let tflop = self.course.flops(2 * lesson.tokens + kept) / 1e12;
        println!("  {tflop:.2} TFLOP");
        self.preferences = tflop;
        Ok(lesson.params().to_vec())
    }

    fn dpo(&self, params: &[f32], clicks: &[Click]) -> Result<Vec<f32>> {
        let pairs: Vec<_> = clicks.iter().flat_map(Click::pairs).collect();
        let mut lesson = self.course.prefer(params, &pairs, self.seed)?;
        let mut first = None;
        while !lesson.is_finished() {
            lesson.step()?;
            first.get_or_insert(lesson.objective().task().report());
        }
        let (first, last) = (first.unwrap_or_default(), lesson.objective().task().report());
        println!(
            "  {} pairs, loss {:.3} -> {:.3}, chosen {:.1} -> {:.1}, rejected {:.1} -> {:.1}",
            pairs.len(),
            first.loss_nats,
            last.loss_nats,
            first.chosen,
            last.chosen,
            first.rejected,
            last.rejected
        );
        Ok(lesson.params().to_vec())
    }

    fn taste(&mut self, sft: &[f32], taste: Taste, clicks: usize, kls: &[f64]) -> Result<(Vec<f32>, Vec<f32>)> {
        let (course, seed) = (self.course, self.seed);
        println!("{taste:?}, {clicks} clicks");
        self.manners("before", sft, sft, taste)?;
        let begin = Instant::now();
        let made = course.clicks(sft, taste, clicks, seed)?;
        let mut out = Vec::new();
        for &kl in kls {
            out = self.policy(sft, &made, kl)?;
            self.manners(&format!("policy gradient, penalty {kl}"), &out, sft, taste)?;
        }
        let dpo = self.dpo(sft, &made)?;
        self.manners("DPO", &dpo, sft, taste)?;
        println!("  {:.0} s with examinations", begin.elapsed().as_secs_f64());
        Ok((out, dpo))
    }

    /// A rule of the learner's own as the judge: how many greedy answers to held-out questions follow it before and after.
    fn own_rule(&mut self, sft: &[f32]) -> Result<()> {
        let course = self.course;
        let word = if course.lang() == Lang::En { "friend" } else { "朋友" };
        let follows = |text: &str| text.contains(word);
        let clicks = course.judged(sft, &|text| i32::from(follows(text)), 24, self.seed)?;
        println!("Own rule: says {word}, {} clicks", clicks.len());
        let learnt = self.policy(sft, &clicks, course.recipe().kl)?;
        let questions = course.questions(Part::Combinations, self.examination.questions);
        for (name, params) in [("before", sft), ("policy gradient", &learnt)] {
            let answers = examine::answers(course, params, questions.iter().map(|q| q.user.as_str()))?;
            let right = questions.iter().zip(&answers).filter(|(q, answer)| course.lang().is_right(q, answer)).count();
            let share = |n: usize| n as f64 / questions.len() as f64;
            let followed = answers.iter().filter(|answer| follows(answer)).count();
            println!("  {name}: follows {:.3}, exact {:.3}", share(followed), share(right));
        }
        Ok(())
    }

    fn tools(&mut self, name: &str, params: &[f32], sft: &[f32], tool: bool) -> Result<()> {
        let (course, seed) = (self.course, self.seed);
        let tokens = self.tokens(course.recipe().tools.0);
        let skilled =
            self.stage(name, tokens, || course.tools(params, tool, seed)?.complete(&mut |_: &StepReport| true))?;
        let mut samples = Vec::new();
        println!("  {:.2?}", examine::tasks(course, &skilled, 100, &mut samples)?);
        if tool {
            samples.iter().for_each(|s| println!("    {s}"));
        }
        self.answers(name, &skilled, false)?;
        self.manners("manners", &skilled, sft, Taste::Polite)
    }

    fn adapters(&mut self, base: &[f32]) -> Result<()> {
        let (course, seed) = (self.course, self.seed);
        for (targets, rank) in [(Targets::Attention, 8), (Targets::Blocks, 8), (Targets::Blocks, 32)] {
            let lesson = course.tune_adapters(base, targets, rank, 4e-3, seed)?;
            let trained = lesson.learner().weights().params.len();
            let tuned = self.stage("adapters", 0, || lesson.complete(&mut |_: &StepReport| true))?;
            self.answers(&format!("{targets:?}, rank {rank}, {trained} numbers"), &tuned, false)?;
        }
        Ok(())
    }

    fn whole(&mut self, short: bool) -> Result<()> {
        let (course, seed) = (self.course, self.seed);
        let base = self.base()?;
        let tokens = self.tokens(course.recipe().tune.0);
        let sft =
            self.stage("fine-tuning", tokens, || course.tune(&base, seed)?.complete(&mut |_: &StepReport| true))?;
        self.answers("fine-tuned", &sft, true)?;
        let kls: &[f64] = if short { &[course.recipe().kl] } else { &[0.0, course.recipe().kl] };
        let (policy, dpo) = self.taste(&sft, Taste::Polite, 24, kls)?;
        self.tools("tools after policy gradient", &policy, &sft, true)?;
        println!(
            "chain: {:.2} TFLOP, preferences {:.2} of them; {:.0} s of learning, preferences apart",
            self.cost.tflop + self.preferences,
            self.preferences,
            self.cost.seconds
        );
        if !short {
            self.tools("tools after DPO", &dpo, &sft, true)?;
            self.tools("without tool", &policy, &sft, false)?;
            self.taste(&sft, Taste::Polite, 12, &[course.recipe().kl])?;
            self.taste(&sft, Taste::NotRude, 24, &[course.recipe().kl])?;
            self.taste(&sft, Taste::Short, 24, &[course.recipe().kl])?;
            self.own_rule(&sft)?;
            self.adapters(&base)?;
        }
        Ok(())
    }
}

fn run(lang: Lang, seeds: std::ops::Range<u64>, short: bool, examination: Examination) -> Result<()> {
    let begin = Instant::now();
    let course = Course::new(Recipe::of(lang), &mut |_| true)?;
    println!("{lang:?}: text and vocabulary in {:.1} s", begin.elapsed().as_secs_f64());
    for seed in seeds {
        println!("\n== seed {seed}");
        Bench { course: &course, examination, seed, cost: Cost::default(), preferences: 0.0 }.whole(short)?;
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let value = |flag: &str| arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1));
    let number = |flag, usual| value(flag).map_or(Ok(usual), |n| n.parse::<u64>());
    let lang = match value("--lang").map(String::as_str) {
        None | Some("en") => Some(Lang::En),
        Some("zh") => Some(Lang::ZhHans),
        _ => None,
    };
    let short = arguments.iter().any(|a| a == "--short");
    let (questions, answers) = (number("--questions", 240), number("--answers", 200));
    let (Some(lang), Ok(seeds), Ok(first), Ok(questions), Ok(answers)) =
        (lang, number("--seeds", 1), number("--first", 1), questions, answers)
    else {
        eprintln!("{USAGE}");
        std::process::exit(1);
    };
    if let Err(error) = run(lang, first..first + seeds, short, Examination { questions, answers }) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
