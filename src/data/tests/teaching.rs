//! Dialogues and tasks: held-out sets are never drawn for training, answers are right, and tones can be told.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::LANGS;
use crate::data::{Dialogue, Lang, Part, Task, TaskKind, Taste, Tone, Topic, calculate};
use crate::rng::{Purpose, Rng};

fn dialogues(lang: Lang, part: Part, count: u64) -> Vec<Dialogue> {
    (0..count).map(|n| Dialogue::draw(lang, &mut Rng::new(1, Purpose::Test, n), part, None, None)).collect()
}

fn tasks(lang: Lang, part: Part, count: u64) -> Vec<Task> {
    (0..count).map(|n| Task::draw(lang, &mut Rng::new(1, Purpose::Test, n), part, None, false)).collect()
}

#[test]
fn no_question_of_a_test_is_ever_one_of_training() {
    for lang in LANGS {
        let train: BTreeSet<String> = dialogues(lang, Part::Train, 60_000).into_iter().map(|d| d.user).collect();
        for part in [Part::Combinations, Part::New] {
            let test = dialogues(lang, part, 20_000);
            let common: Vec<&Dialogue> = test.iter().filter(|d| train.contains(&d.user)).collect();
            assert!(common.is_empty(), "{part:?}: {:?}", common[0]);
            assert!(test.iter().all(|d| d.topic != Topic::Greeting), "greetings cannot be held out");
        }
    }
}

#[test]
fn training_never_mentions_the_new_names_and_objects_and_every_new_question_does() {
    for lang in LANGS {
        let world = lang.world();
        let new: Vec<&str> = [world.names, world.objects].iter().flat_map(|l| &l[l.len() - 5..]).copied().collect();
        let mentions = |text: &str| {
            // Words of English are whole words; the last letter of one may be another's.
            let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
            new.iter().any(|w| if lang == Lang::En { words.contains(w) } else { text.contains(w) })
        };
        for d in dialogues(lang, Part::Train, 20_000) {
            assert!(!mentions(&d.user) && !mentions(&d.long), "{d:?}");
        }
        for d in dialogues(lang, Part::New, 5_000) {
            assert!(d.topic == Topic::Fact || mentions(&d.user), "{d:?}");
        }
    }
}

#[test]
fn topics_come_in_the_shares_of_the_recipe_and_the_first_quarter_can_tell_of_one_person() {
    let all = dialogues(Lang::En, Part::Train, 41_000);
    let mut count: BTreeMap<Topic, usize> = BTreeMap::new();
    all.iter().for_each(|d| *count.entry(d.topic).or_default() += 1);
    for (topic, per_41) in
        [(Topic::Who, 10), (Topic::Colour, 7), (Topic::What, 3), (Topic::Fact, 5), (Topic::Greeting, 1)]
    {
        let found = count[&topic] as f64 / 1_000.0;
        assert!((found - f64::from(per_41)).abs() < 0.4, "{topic:?}: {found} of 41");
    }
    let two = all.iter().filter(|d| d.topic == Topic::Who && d.people == 2).count() as f64;
    assert!((two / count[&Topic::Who] as f64 - 0.75).abs() < 0.03);
    for n in 0..200 {
        let mut rng = Rng::new(2, Purpose::Test, n);
        assert_eq!(Dialogue::draw(Lang::En, &mut rng, Part::Train, Some(Topic::Where), Some(1)).people, 1);
    }
}

#[test]
fn answers_follow_from_what_is_told() {
    for lang in LANGS {
        for d in dialogues(lang, Part::Train, 10_000).into_iter().chain(dialogues(lang, Part::New, 3_000)) {
            let world = lang.world();
            let named = |list: &[&'static str], text: &str| -> Vec<&'static str> {
                let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
                list.iter()
                    .copied()
                    .filter(|w| if lang == Lang::En { words.contains(w) } else { text.contains(w) })
                    .collect()
            };
            match d.topic {
                Topic::Who | Topic::What | Topic::Where | Topic::Feels | Topic::Count => {
                    let names = named(world.names, &d.long);
                    assert_eq!(names.len(), 1, "{d:?}");
                    assert!(d.user.contains(names[0]), "{d:?}");
                }
                Topic::Colour => {
                    let (colours, objects) = (named(world.colours, &d.long), named(world.objects, &d.long));
                    assert!(colours.len() == 1 && !objects.is_empty() && d.user.contains(colours[0]), "{d:?}");
                }
                _ => {}
            }
            assert!(!d.user.contains(['{', '}']) && !d.long.contains(['{', '}']) && !d.short.contains('{'), "{d:?}");
        }
    }
}

#[test]
fn every_tone_is_told_from_the_others_and_leaves_the_content_as_it_is() {
    for lang in LANGS {
        for (n, d) in dialogues(lang, Part::Combinations, 4_000).into_iter().enumerate() {
            if !Topic::QUESTIONS.contains(&d.topic) {
                continue;
            }
            for tone in Tone::ALL {
                let text = lang.speak(&mut Rng::new(1, Purpose::Test, n as u64), &d, tone);
                assert_eq!(lang.tone_of(&text).0, tone, "{text} of {d:?}");
                assert!(lang.is_right(&d, &text), "{text} of {d:?}");
                assert!(!lang.is_right(&d, &format!("{text}x")));
            }
        }
    }
}

#[test]
fn a_taste_likes_what_it_wants_best_and_politeness_dislikes_rudeness() {
    for taste in [Taste::Polite, Taste::Short, Taste::NotRude, Taste::Excited] {
        let best = Tone::ALL.iter().map(|t| taste.score(*t)).max();
        for tone in Tone::ALL {
            assert_eq!(taste.wants(tone), Some(taste.score(tone)) == best, "{taste:?} {tone:?}");
        }
    }
    assert!(Taste::Polite.score(Tone::Plain) > Taste::Polite.score(Tone::Rude));
}

#[test]
fn calls_are_calculated_right_and_lead_to_the_answer() {
    for lang in LANGS {
        for task in tasks(lang, Part::Train, 5_000).into_iter().chain(tasks(lang, Part::Combinations, 2_000)) {
            let last = task.calls.last().unwrap();
            if task.kind == TaskKind::LookUp {
                assert!(task.user.contains(&last.request), "{task:?}");
                assert!(last.result == lang.no_entry() || task.answer.ends_with(&last.result), "{task:?}");
                continue;
            }
            for call in &task.calls {
                assert_eq!(calculate(&call.request).unwrap(), call.result.parse::<i64>().unwrap(), "{task:?}");
                assert!(!call.result.starts_with('-'), "{task:?}");
            }
            assert!(task.answer.contains(&last.result), "{task:?}");
            assert_eq!(task.calls.len(), if task.kind == TaskKind::TwoSteps { 2 } else { 1 });
            if let Some(second) = task.calls.get(1) {
                assert!(second.request.starts_with(&task.calls[0].result), "{task:?}");
            }
        }
    }
}

#[test]
fn sums_of_tests_are_never_calculated_in_training() {
    for lang in LANGS {
        let first = |task: &Task| task.calls[0].request.clone();
        let sums = |part| tasks(lang, part, 30_000).into_iter().filter(|t| t.kind != TaskKind::LookUp);
        let train: BTreeSet<String> = sums(Part::Train).map(|t| first(&t)).collect();
        let test: BTreeSet<String> = sums(Part::Combinations).map(|t| first(&t)).collect();
        assert!(train.len() > 5_000 && test.len() > 500 && train.is_disjoint(&test));
        let names = |part| {
            let of = move |t: Task| (t.kind == TaskKind::LookUp).then(|| t.calls[0].request.clone());
            tasks(lang, part, 5_000).into_iter().filter_map(of).collect::<BTreeSet<String>>()
        };
        assert!(names(Part::Train).is_disjoint(&names(Part::Combinations)));
    }
}

#[test]
fn both_languages_hold_as_many_sentences_of_each_kind() {
    let sizes = LANGS.map(|lang| {
        let t = lang.talk();
        let mut sizes: Vec<usize> =
            [t.shout.0, t.shorten.0, t.repeat, t.sums, t.problem_questions, t.look_ups, t.entries]
                .iter()
                .map(|l| l.len())
                .collect();
        sizes.push(t.greetings.len());
        sizes.extend(t.openers.iter().chain(&t.problems).map(|l| l.len()));
        sizes
    });
    assert_eq!(sizes[0], sizes[1]);
}
