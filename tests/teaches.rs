//! The whole chain at a small scale: every stage learns what it is for, on questions that it has never seen.

use glassgpt::align::PolicyReport;
use glassgpt::data::{Lang, LookUp, Part, Taste, Topic};
use glassgpt::generate::{Outcome, Speaker};
use glassgpt::studio::teach::{Course, PolicyLesson, Recipe, Reply, examine, learn_taste};

fn recipe() -> Recipe {
    Recipe {
        corpus_bytes: 300_000,
        vocab_size: 512,
        context: 64,
        layers: 2,
        heads: 2,
        width: 64,
        pretrain: (220, 4e-3),
        drill: 60,
        tune: (220, 3e-3),
        tools: (240, 3e-3),
        pool: 30,
        dpo: (4, 3e-4),
        policy: (8, 1e-3),
        groups: (4, 6),
        ..Recipe::of(Lang::En)
    }
}

/// What one seed reaches.
#[derive(Debug)]
struct Reached {
    validation: f64,
    look_back: f64,
    base: f64,
    exact: f64,
    forgotten: f64,
    polite: [f64; 3],
    policy: PolicyReport,
    answered: f64,
}

fn run(course: &Course, seed: u64) -> glassgpt::Result<Reached> {
    let lang = course.lang();
    let easy: Vec<_> = course.questions(Part::Combinations, 80).into_iter().filter(|d| d.people == 1).collect();
    let base = course.pretrain(seed)?.complete(&mut |_| true)?;
    let validation = examine::validation(course, &base)?;
    let assistant = course.tune(&base, seed)?.complete(&mut |_| true)?;
    let exact = |params: &[f32]| examine::exact(course, params, &easy).map(|m| m.share_of(|t, _| t != Topic::Fact));

    let clicks = course.clicks(&assistant, Taste::Polite, 12, seed)?;
    let pairs: Vec<_> = clicks.iter().flat_map(|c| c.pairs()).collect();
    let by_pairs = course.prefer(&assistant, &pairs, seed)?.complete(&mut |_| true)?;
    let head = learn_taste(course, &assistant, &clicks)?;
    let mut lesson = PolicyLesson::new(course, &assistant, head, course.recipe().kl, seed)?;
    while !lesson.is_finished() {
        lesson.step()?;
    }
    let polite = |params: &[f32]| examine::manners(course, params, &assistant, Taste::Polite, 30).map(|m| m.wanted);

    let skilled = course.tools(&assistant, true, seed)?.complete(&mut |_| true)?;
    let mut speaker = Speaker::new(course.model(), &skilled);
    let sums = (10..22).map(|n| format!("What is {n}+{}?", 47 - n));
    let mut answered = 0;
    for sum in sums {
        let transcript = course.answer_with_tools(&mut speaker, &sum, &LookUp::new(), &mut |_, _| Reply::Value(47))?;
        let answer = course.chat().decode(transcript.answer(course.chat().marks()));
        answered +=
            u32::from(transcript.outcome == Outcome::Answered && transcript.calls() == 1 && answer.contains("47"));
    }
    assert_eq!(lang, Lang::En);
    Ok(Reached {
        validation,
        look_back: examine::look_back(course, &base, 15)?.1,
        base: exact(&base)?,
        exact: exact(&assistant)?,
        forgotten: examine::validation(course, &assistant)? - validation,
        polite: [polite(&assistant)?, polite(&by_pairs)?, polite(lesson.params())?],
        policy: lesson.report(),
        answered: f64::from(answered) / 12.0,
    })
}

#[test]
fn every_stage_teaches_what_it_is_for() {
    let course = Course::new(recipe(), &mut |_| true).unwrap();
    // Two seeds side by side.
    let reached = std::thread::scope(|scope| {
        [1, 2]
            .map(|seed| {
                scope.spawn({
                    let course = &course;
                    move || run(course, seed)
                })
            })
            .map(|t| t.join().unwrap().unwrap())
    });
    for r in reached {
        println!("{r:.2?}");
        assert!(r.validation < 2.2 && r.look_back > 0.2, "{r:?}");
        assert!(r.base < 0.05 && r.exact > 0.3, "{r:?}");
        assert!(r.forgotten < 0.5, "{r:?}");
        assert!(r.polite[1] > r.polite[0] + 0.1 && r.polite[2] > r.polite[0] + 0.1, "{r:?}");
        assert!(r.policy.divergence >= 0.0, "{r:?}");
        assert!(r.answered > 0.3, "{r:?}");
    }
}
