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
    let all = dialogues(Lang::En, Part::Train, 43_000);
    let mut count: BTreeMap<Topic, usize> = BTreeMap::new();
    all.iter().for_each(|d| *count.entry(d.topic).or_default() += 1);
    for (topic, per_43) in
        [(Topic::Who, 8), (Topic::Colour, 6), (Topic::What, 6), (Topic::Fact, 6), (Topic::Greeting, 1)]
    {
        let found = count[&topic] as f64 / 1_000.0;
        assert!((found - f64::from(per_43)).abs() < 0.4, "{topic:?}: {found} of 43");
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
            // Behind what is noted first: the last sentence.
            let sentences: Vec<&str> = d.long.split_inclusive(world.stop.trim()).collect();
            let answer = sentences.last().unwrap();
            match d.topic {
                Topic::Who | Topic::What | Topic::Where | Topic::Feels | Topic::Count => {
                    let names = named(world.names, answer);
                    assert_eq!(names.len(), 1, "{d:?}");
                    assert!(d.user.contains(names[0]), "{d:?}");
                }
                Topic::Colour => {
                    let (colours, objects) = (named(world.colours, answer), named(world.objects, answer));
                    assert!(colours.len() == 1 && !objects.is_empty() && d.user.contains(colours[0]), "{d:?}");
                }
                _ => {}
            }
            assert!(!d.user.contains(['{', '}']) && !d.long.contains(['{', '}']) && !d.short.contains('{'), "{d:?}");
        }
    }
}

#[test]
fn questions_that_ask_backward_are_answered_after_notes_that_hold_the_answer_the_other_way_round() {
    let fixed = |user: &str, long: &str, short: &str| (user.into(), long.into(), short.into());
    let drawn = |lang, topic, number| {
        let d = Dialogue::draw(lang, &mut Rng::new(1, Purpose::Test, number), Part::Train, Some(topic), Some(2));
        (d.user, d.long, d.short)
    };
    assert_eq!(
        drawn(Lang::En, Topic::Who, 3),
        fixed(
            "Anna got a white flag. Ben found a grey cake. Tell me who has the flag.",
            "Anna, white flag. flag: Anna. Ben, grey cake. cake: Ben. The flag is with Anna.",
            "Anna, white flag. flag: Anna. Ben, grey cake. cake: Ben. So flag, Anna.",
        )
    );
    assert_eq!(
        drawn(Lang::ZhHans, Topic::Colour, 3),
        fixed(
            "丽娜得到了白色的旗子。大伟找到了灰色的蛋糕。告诉我旗子的颜色。",
            "丽娜，白色的旗子。旗子：白色。大伟，灰色的蛋糕。蛋糕：灰色。旗子是白色的。",
            "丽娜，白色的旗子。旗子：白色。大伟，灰色的蛋糕。蛋糕：灰色。所以旗子，白色。",
        )
    );
    for lang in LANGS {
        for topic in [Topic::Who, Topic::Colour] {
            for number in 0..2_000 {
                let (user, long, short) = drawn(lang, topic, number);
                let sentences: Vec<&str> = short.split_inclusive(lang.world().stop.trim()).map(str::trim).collect();
                let (conclusion, notes) = sentences.split_last().unwrap();
                let [thing, value] = ends(conclusion.strip_prefix(lang.world().so.trim()).unwrap().trim());
                let noted: Vec<[&str; 2]> =
                    notes.iter().filter(|note| note.contains([':', '：'])).map(|n| ends(n)).collect();
                assert!((1..=2).contains(&noted.len()), "{short}");
                assert!(noted.contains(&[thing, value]), "{short}");
                assert!(noted.iter().filter(|[other, _]| *other == thing).count() == 1, "{short}");
                assert!(user.contains(thing) && user.contains(value), "{user} {short}");
                assert!(long.starts_with(short.strip_suffix(conclusion).unwrap()), "{long} {short}");
            }
        }
    }
}

/// What stands before and behind the comma or colon of a note.
fn ends(note: &str) -> [&str; 2] {
    let (thing, value) = note.split_once([',', ':', '，', '：']).unwrap();
    [thing, value.trim().trim_end_matches(['.', '。'])]
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
fn the_second_step_takes_away_as_often_as_it_adds() {
    let steps =
        tasks(Lang::En, Part::Train, 20_000).into_iter().filter_map(|task| Some(task.calls.get(1)?.request.clone()));
    let (minus, plus): (Vec<String>, Vec<String>) = steps.partition(|request| request.contains('-'));
    let share = minus.len() as f64 / (minus.len() + plus.len()) as f64;
    // Three standard deviations of some 4,000 steps.
    assert!((share - 0.5).abs() < 0.024, "{} of {}", minus.len(), minus.len() + plus.len());
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
        let world = lang.world();
        sizes.extend(world.statements.iter().flat_map(|s| [s.forms.len(), s.turned.len(), s.short.1.len()]));
        sizes.extend(world.statements.iter().map(|s| s.turned.len() - s.short.1.len()));
        sizes.extend(world.questions.iter().map(|q| usize::from(q.note.is_empty())));
        sizes.extend(t.openers.iter().chain(&t.problems).map(|l| l.len()));
        sizes
    });
    assert_eq!(sizes[0], sizes[1]);
}
