//! What the lessons' rows promise; what a model learns from them is tested in `tests/teaches.rs`.

use super::*;
use crate::align::{Example, Rows as _};
use crate::data::{Dialogue, Lang, LookUp, Part, Task, Tone};
use crate::train::{Batch, Objective};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

fn course(lang: Lang) -> Course {
    let recipe = Recipe { corpus_bytes: 60_000, vocab_size: 400, layers: 1, heads: 2, width: 32, ..Recipe::of(lang) };
    Course::new(recipe, &mut |_| true).unwrap()
}

#[test]
fn rows_of_dialogues_count_answers_alone_and_the_last_row_is_text_of_pre_training() {
    for lang in [Lang::En, Lang::ZhHans] {
        let course = course(lang);
        let base = course.pretrain(1).unwrap().params().to_vec();
        let mut lesson = course.tune(&base, 1).unwrap();
        let rows: Vec<Example> = lesson.objective_mut().rows(3).to_vec();
        let context = course.recipe().context;
        let (end, assistant, user) = (course.chat().marks().end, course.chat().marks().assistant, course.chat().user());
        assert_eq!(rows.len(), 8);
        assert!(rows.iter().all(|row| row.len() == context + 1 && row.weights.len() == context + 1));
        for row in &rows[..7] {
            let mut inside = false;
            for (i, (&id, &weight)) in row.ids.iter().zip(&row.weights).enumerate() {
                if id == end {
                    // An end counts where an answer came to it; what fills the row up does not.
                    assert_eq!(weight, f32::from(u8::from(inside)), "{i}");
                    inside = false;
                } else {
                    assert_eq!(weight, f32::from(u8::from(inside)), "{i} of {:?}", row.ids);
                }
                inside |= id == assistant;
                assert!(id != user || !inside);
            }
            assert!(row.counted() > 3.0);
        }
        let replay = &rows[7];
        assert!(replay.weights.iter().all(|&w| w == 1.0));
        assert!(course.split().train.windows(context + 1).any(|window| window == replay.ids));
        // Rows depend on step and seed alone.
        let again = course.tune(&base, 1).unwrap().objective_mut().rows(3).to_vec();
        assert_eq!(rows, again);
        assert_ne!(rows, course.tune(&base, 2).unwrap().objective_mut().rows(3).to_vec());
        assert_ne!(rows, course.tune(&base, 1).unwrap().objective_mut().rows(4).to_vec());
    }
}

#[test]
fn own_dialogues_come_among_the_others() {
    let course = course(Lang::En);
    let base = course.pretrain(1).unwrap().params().to_vec();
    let mut lesson = course.tune_with(&base, [("Sing!".into(), "La la la.".into())].into(), 1).unwrap();
    let own = course.chat().prompt("Sing!");
    let holds = |row: &Example| row.ids.windows(own.len()).any(|window| window == own);
    let rows: usize =
        (0..20).map(|step| lesson.objective_mut().rows(step).iter().filter(|row| holds(row)).count()).sum();
    assert!((70..140).contains(&rows), "{rows} of 140 rows hold it");
}

#[test]
fn preferences_longer_than_the_context_are_read_as_far_as_it_goes() {
    let course = course(Lang::En);
    let base = course.pretrain(1).unwrap().params().to_vec();
    let long = |word: &str| [word; 400].join(" ");
    let pairs = [("Hi".into(), long("yes"), "no".into()), (long("why"), long("yes"), long("no"))];
    let mut lesson = course.prefer(&base, &pairs, 1).unwrap();
    while !lesson.is_finished() {
        lesson.step().unwrap();
    }
    let report = lesson.objective().task().report();
    assert!(report.loss_nats.is_finite() && report.pairs == 2, "{report:?}");
}

#[test]
fn beside_preferences_all_of_an_answer_counts_but_its_manners() {
    for lang in [Lang::En, Lang::ZhHans] {
        let course = course(lang);
        let (chat, mut row, mut tones) = (course.chat(), Example::new(), BTreeSet::new());
        for number in 0..60 {
            Kept { course: &course, seed: 1 }.row(number, 1, &mut row);
            let tokens: Vec<(u32, f32)> = row.ids.iter().copied().zip(row.weights.iter().copied()).collect();
            for dialogue in tokens.split(|(id, _)| *id == chat.user()).skip(1) {
                let mut parts = dialogue.split(|(id, _)| *id == chat.marks().assistant);
                let (asked, answer) = (parts.next().unwrap(), parts.next().unwrap());
                assert!(asked.iter().all(|(_, weight)| *weight == 0.0));
                let Some(end) = answer.iter().position(|(id, _)| *id == chat.marks().end) else { continue };
                let said = chat.decode(&answer[..end].iter().map(|(id, _)| *id).collect::<Vec<_>>());
                let counts: Vec<bool> = answer[..=end].iter().map(|(_, weight)| *weight > 0.0).collect();
                let (tone, content) = lang.tone_of(&said);
                // What stands in front of the content, or else its first token; then one place where a curt answer differs.
                let opener = (end + 1 - chat.answer(content).len()).max(1);
                assert!(!counts[..opener].contains(&true), "{said}: {counts:?}");
                let left_out = counts[opener..].iter().filter(|counts| !**counts).count();
                assert!(left_out <= 1 && counts[end], "{said}: {counts:?}");
                tones.insert((tone, left_out));
            }
        }
        assert!(Tone::ALL.iter().all(|tone| tones.contains(&(*tone, 1))), "{tones:?}");
    }
}

#[test]
fn a_judge_prefers_what_it_finds_better_and_nothing_where_it_finds_all_alike() {
    let course = course(Lang::En);
    let model = course.pretrain(1).unwrap().params().to_vec();
    assert_eq!(course.judged(&model, &|_| 7, 3, 1).unwrap(), []);
    let judge = |text: &str| (text.len() % 3) as i32;
    let clicks = course.judged(&model, &judge, 6, 1).unwrap();
    assert_eq!(clicks.len(), 6);
    for Click { chosen, rejected, .. } in &clicks {
        assert!(
            !rejected.is_empty() && rejected.iter().all(|other| judge(other) < judge(chosen)),
            "{chosen} {rejected:?}"
        );
    }
}

#[test]
fn shards_of_a_lesson_hold_the_rows_of_its_step() {
    let course = course(Lang::En);
    let base = course.pretrain(1).unwrap().params().to_vec();
    let mut lesson = course.tune(&base, 1).unwrap();
    let objective = lesson.objective_mut();
    let fill = |objective: &mut dyn Objective, rows| {
        let mut batch = Batch::default();
        objective.fill(5, rows, &mut batch);
        batch
    };
    let whole = fill(objective, 0..8);
    let parts: Vec<Batch> = [3..8, 0..3].into_iter().map(|rows| fill(objective, rows)).collect();
    assert_eq!([&parts[1].tokens[..], &parts[0].tokens].concat(), whole.tokens);
    assert_eq!([&parts[1].weights[..], &parts[0].weights].concat(), whole.weights);
    let total: f32 = whole.weights.iter().sum();
    assert!((total - 1.0).abs() < 1e-4, "{total}");
}

#[test]
fn held_out_questions_are_the_same_every_time_and_of_their_part() {
    let course = course(Lang::En);
    let combinations = course.questions(Part::Combinations, 40);
    assert_eq!(combinations, course.questions(Part::Combinations, 40));
    let new: Vec<Dialogue> = course.questions(Part::New, 40);
    assert!(combinations.iter().all(|d| !new.contains(d)));
}

#[test]
fn every_character_of_dialogues_and_tasks_is_a_token() {
    let course = Course::new(Recipe { corpus_bytes: 400_000, ..Recipe::of(Lang::ZhHans) }, &mut |_| true).unwrap();
    let mut rng = crate::rng::Rng::new(7, crate::rng::Purpose::Test, 0);
    for _ in 0..500 {
        let dialogue = Dialogue::draw(Lang::ZhHans, &mut rng, Part::Train, None, None);
        let task = Task::draw(Lang::ZhHans, &mut rng, Part::Train, None, false);
        for words in [dialogue.user, dialogue.long, task.user, task.answer] {
            for character in words.chars() {
                let ids = course.chat().tokenizer().encode(character.encode_utf8(&mut [0; 4]));
                assert_eq!(ids.len(), 1, "{character} in {words}");
            }
        }
    }
}

#[test]
fn a_request_of_anybody_is_answered_or_refused_with_its_kind() {
    let mut table = LookUp::new();
    table.set("Mia", "7 pears");
    for (request, kind, reply) in [
        ("37*48", "value", "1776"),
        ("(3+4)*5", "value", "35"),
        ("Mia", "entry", "7 pears"),
        ("Tom", "no-entry", Lang::En.no_entry()),
        ("5/0", "division-by-zero", ""),
        ("7/2", "not-whole", ""),
        ("9223372036854775807+1", "overflow", ""),
        ("5--5+", "malformed", ""),
    ] {
        let called = Called::of(request.into(), &table, Lang::En);
        assert_eq!((called.kind, called.reply.as_str()), (kind, reply), "{request}");
        assert_eq!(called.written.is_none(), reply.is_empty(), "{request}");
    }
}

fn question(text: &str) -> Question {
    Question {
        text: text.into(),
        form: Form::Dialogue,
        temperature: 0.0,
        seed: 1,
        tokens: 24,
        calls: 3,
        table: Vec::new(),
        edits: Vec::new(),
    }
}

/// Small enough to be made in a moment, too small to learn anything.
fn tiny() -> Recipe {
    Recipe { corpus_bytes: 60_000, vocab_size: 400, layers: 1, heads: 2, width: 32, ..Recipe::of(Lang::En) }
}

#[test]
fn a_teacher_in_slices_makes_what_a_lesson_makes_and_finds_what_an_examination_finds() {
    let recipe = Recipe { pretrain: (6, 3e-3), tune: (5, 2e-3), ..tiny() };
    let course = Course::new(recipe, &mut |_| true).unwrap();
    let mut teacher = Teacher::new(&course, 1);
    teacher.begin(Plan::Base { start: Start::LookBack }).unwrap();
    while !teacher.is_finished() {
        teacher.advance().unwrap();
    }
    assert_eq!(teacher.keep(LEARNING).unwrap_err().code(), "setting");
    teacher.keep(1).unwrap();
    let base = course.pretrain(1).unwrap().complete(&mut |_| true).unwrap();
    assert_eq!(teacher.params(1).unwrap(), base);
    teacher.begin(Plan::Tune { from: 1, own: Vec::new(), replay: true }).unwrap();
    let mut steps = 0;
    while !teacher.is_finished() {
        steps += u64::from(teacher.advance().unwrap());
        // Whoever asks meanwhile gets an answer of the model as it is.
        teacher.ask(LEARNING, &question("Where is Mia?")).unwrap();
    }
    assert_eq!((steps, teacher.progress().unwrap().step), (5, 5));
    teacher.keep(2).unwrap();
    let tuned = course.tune(&base, 1).unwrap().complete(&mut |_| true).unwrap();
    assert_eq!(teacher.params(2).unwrap(), tuned);

    teacher.examine(Exam::Validation { of: 2 }).unwrap();
    while teacher.question().is_ok_and(|(asked, all)| asked < all) {}
    let Some(Findings::Validation { loss_nats }) = teacher.findings() else { panic!("another examination") };
    assert!((loss_nats - examine::validation(&course, &tuned).unwrap()).abs() < 1e-9);

    let spoken = teacher.ask(2, &question("Where is Mia?")).unwrap();
    assert_eq!((spoken.ids.len(), spoken.authors.len()), (spoken.probabilities.len(), spoken.ids.len()));
    assert!(spoken.probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
    assert_eq!(spoken.authors[0], Author::Given);
    for broken in [teacher.begin(Plan::Tune { from: 9, own: Vec::new(), replay: true }), teacher.put(3, [1.0].into())] {
        assert_eq!(broken.unwrap_err().code(), "setting");
    }
    assert_eq!(teacher.ask(2, &question(&"Mia ".repeat(300))).unwrap_err().code(), "too-long");
    let nothing = Plan::Prefer { from: 2, clicks: Vec::new() };
    assert_eq!(teacher.begin(nothing).unwrap_err().code(), "setting");
}

#[test]
fn adapters_taken_out_again_leave_the_logits_of_the_base() {
    let course = course(Lang::En);
    let mut teacher = Teacher::new(&course, 1);
    teacher.put(1, course.initial(Start::LookBack, 1).unwrap()).unwrap();
    teacher.begin(Plan::Adapters { from: 1, targets: crate::align::Targets::Blocks, rank: 2, rate: 5e-2 }).unwrap();
    for _ in 0..16 {
        teacher.advance().unwrap();
    }
    let [out, with] = teacher.unmerged(1).unwrap().unwrap();
    assert!(out < 1e-3 && with > 10.0 * out, "{out} {with}");
    assert!(teacher.keep(2).unwrap() < course.model().table().total() / 4);
}

#[test]
fn the_circuit_is_there_before_any_training_and_not_in_random_weights() {
    for lang in [Lang::En, Lang::ZhHans] {
        let course = course(lang);
        let mut teacher = Teacher::new(&course, 1);
        let (before, value) = teacher.twice(0);
        let text = [before.as_str(), &value].concat();
        let (ids, circuit) = teacher.inspect_start(Start::LookBack, &text).unwrap();
        let (_, random) = teacher.inspect_start(Start::Random, &text).unwrap();
        assert_eq!((circuit.time, ids.len()), (ids.len(), random.time));
        // The first head of the first layer looks at the token before, whatever the text.
        let previous = crate::studio::habit::Habit::Previous as u8;
        assert!(circuit.habits[0] == previous && circuit.habit_shares[0] > 0.7, "{:?}", circuit.habit_shares);
        assert!(random.habit_shares[0] < 0.5, "{:?}", random.habit_shares);
        teacher.put(1, course.initial(Start::LookBack, 1).unwrap()).unwrap();
        assert_eq!(teacher.inspect(1, &text).unwrap().1, circuit);
        assert_eq!(teacher.inspect(2, &text).unwrap_err().code(), "setting");
        assert_eq!(teacher.inspect(1, &text.repeat(40)).unwrap().1.time, course.model().config().context);
    }
}

#[test]
fn helpers_change_no_bit_of_a_lesson() {
    let recipe = Recipe { pretrain: (4, 3e-3), tune: (3, 2e-3), tools: (3, 2e-3), pool: 2, ..tiny() };
    let course = Course::new(recipe, &mut |_| true).unwrap();
    let plans = [
        Plan::Base { start: Start::LookBack },
        Plan::Tune { from: 1, own: Vec::new(), replay: true },
        Plan::Adapters { from: 1, targets: crate::align::Targets::Blocks, rank: 2, rate: 5e-3 },
        Plan::Tools { from: 2, tool: true },
    ];
    let [mut alone, mut helped] = [Teacher::new(&course, 1), Teacher::new(&course, 1)];
    for (stage, plan) in (1..).zip(plans) {
        for teacher in [&mut alone, &mut helped] {
            teacher.begin(plan.clone()).unwrap();
        }
        while !alone.is_finished() {
            alone.advance().unwrap();
        }
        let mut helper = None;
        while !helped.is_finished() {
            let Some(shared) = helped.shared() else {
                helped.advance().unwrap(); // its own answers come first
                continue;
            };
            let [shards, added] = shared.shards();
            if added % 3 == 0 {
                helped.advance().unwrap();
                continue;
            }
            // As in the page: weights anew for every step, rows for every shard, and some shard in advance.
            let helper = helper.get_or_insert_with(|| {
                crate::train::Helper::new(&shared.lesson(), crate::model::ALLOWED_BYTES).unwrap()
            });
            helper.params_mut().copy_from_slice(shared.weights());
            shared.shard_batch(shards - 1);
            let rows = shared.shard_batch(added).clone();
            let (loss_nats, gradient) = helper.gradient(|batch| batch.clone_from(&rows));
            shared.receive_shard(loss_nats, &mut |room| room.copy_from_slice(gradient)).unwrap();
        }
        alone.keep(stage).unwrap();
        helped.keep(stage).unwrap();
        assert_eq!(alone.params(stage).unwrap(), helped.params(stage).unwrap(), "{plan:?}");
    }
    helped.begin(Plan::Prefer { from: 2, clicks: [click()].into() }).unwrap();
    assert!(helped.shared().is_none());
}

fn click() -> Click {
    Click { user: "Where is Mia?".into(), chosen: "At home.".into(), rejected: ["Home, you fool!".into()].into() }
}
