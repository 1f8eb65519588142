//! The whole life of a tiny model: predictor, assistant, assistant with manners, assistant with tools.
//!
//!     cargo run --release --example chain [en | zh] [seed]
//!
//! Takes a few minutes. Every stage is examined on questions that it has never seen.

use std::time::Instant;

use glassgpt::data::{Lang, LookUp, Part, Taste};
use glassgpt::generate::{Piece, Speaker, Writer};
use glassgpt::studio::teach::{Click, Course, PolicyLesson, Recipe, examine, learn_taste};
use glassgpt::train::StepReport;

fn main() -> glassgpt::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let lang = if arguments.next().as_deref() == Some("zh") { Lang::ZhHans } else { Lang::En };
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let begin = Instant::now();
    let course = Course::new(Recipe::of(lang), &mut |_| true)?;
    let (combinations, new) = (course.questions(Part::Combinations, 240), course.questions(Part::New, 240));
    println!("{} tokens of text, {} weights", course.split().train.len(), course.model().table().total());

    let base = course.pretrain(seed)?.complete(&mut watch("pre-training"))?;
    let plain = examine::exact_in_plain_text(&course, &base, &combinations)?;
    let (_, look_back) = examine::look_back(&course, &base, 50)?;
    println!("base: {:.2} exact, looks back {look_back:.2}", plain.share());

    let assistant = course.tune(&base, seed)?.complete(&mut watch("fine-tuning"))?;
    let exact = |params: &[f32], questions| examine::exact(&course, params, questions).map(|marks| marks.share());
    println!(
        "assistant: {:.2} exact, {:.2} with new names",
        exact(&assistant, &combinations)?,
        exact(&assistant, &new)?
    );
    let asked = combinations.iter().take(4).map(|d| d.user.as_str());
    let answers = examine::answers(&course, &assistant, asked.clone())?;
    asked.zip(answers).for_each(|(user, answer)| println!("  {user} => {answer}"));

    let clicks: Vec<Click> = course.clicks(&assistant, Taste::Polite, 24, seed)?;
    let head = learn_taste(&course, &assistant, &clicks)?;
    let mut lesson = PolicyLesson::new(&course, &assistant, head, course.recipe().kl, seed)?;
    while !lesson.is_finished() {
        let report = lesson.step()?;
        if report.step % 5 == 0 {
            println!(
                "  policy step {}: reward {:.2}, divergence {:.2}",
                report.step,
                lesson.reward,
                lesson.report().divergence
            );
        }
    }
    let polite = lesson.params().to_vec();
    for (name, params) in [("before", &assistant), ("after", &polite)] {
        let manners = examine::manners(&course, params, &assistant, Taste::Polite, 200)?;
        println!("{name} 24 clicks: {:.2} polite, {:.2} exact", manners.wanted, manners.exact);
    }

    let skilled = course.tools(&polite, true, seed)?.complete(&mut watch("tools"))?;
    let mut samples = Vec::new();
    println!("tools: {:.2?}", examine::tasks(&course, &skilled, 50, &mut samples)?);
    samples.iter().take(6).for_each(|sample| println!("  {sample}"));
    show_calls(&course, &skilled)?;
    println!("{:.0} s", begin.elapsed().as_secs_f64());
    Ok(())
}

/// Reports every 100 steps.
fn watch(stage: &'static str) -> impl FnMut(&StepReport) -> bool {
    move |report| {
        if report.step % 100 == 0 {
            println!("  {stage} step {}: loss {:.3}", report.step, report.loss_nats);
        }
        true
    }
}

/// One conversation, token by token: who wrote what.
fn show_calls(course: &Course, params: &[f32]) -> glassgpt::Result<()> {
    let mut speaker = Speaker::new(course.model(), params);
    let user = if course.lang() == Lang::En { "What is 335+735?" } else { "335+735是多少？" };
    let transcript = course.answer_with_tools(&mut speaker, user, &LookUp::new(), &mut |_, reply| reply)?;
    for Piece { writer, ids } in &transcript.pieces {
        let who = if *writer == Writer::Model { "model" } else { "runtime" };
        println!("  {who}: {}", course.chat().tokenizer().decode_lossy(ids)?);
    }
    Ok(())
}
