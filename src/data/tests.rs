//! What the generated text promises, whatever the language.

mod agreement;
mod teaching;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use std::println;

use super::documents::{self, Kind};
use super::pattern::fill;
use super::world::{Scene, Story, World};
use super::*;

const LANGS: [Lang; 2] = [Lang::En, Lang::ZhHans];

/// The first `count` documents of seed 1 with their kinds.
fn told(lang: Lang, count: u64) -> Vec<(Kind, String)> {
    let tell = |index| {
        let mut out = String::new();
        let kind = documents::write(lang.world(), &mut Rng::new(1, Purpose::Corpus, index), &mut out);
        (kind, out)
    };
    (0..count).map(tell).collect()
}

/// FNV-1a, 64 bits.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_first_thousand_documents_are_the_same_text_on_every_target() {
    let hashes = LANGS.map(|lang| {
        let documents: Vec<String> = Stories::new(lang, 1).take(1000).collect();
        hash(&documents.join("\n"))
    });
    assert_eq!(hashes, [0x8a27_f7c1_793c_ddf1, 0xd842_3d62_af7a_8f00], "{hashes:#x?}");
}

#[test]
fn a_document_does_not_depend_on_those_before_it() {
    for lang in LANGS {
        let in_order: Vec<String> = Stories::new(lang, 7).take(60).collect();
        for (index, document) in in_order.iter().enumerate().rev() {
            let mut stories = Stories::starting_at(lang, 7, index as u64);
            assert_eq!(stories.next().as_ref(), Some(document), "document {index}");
            assert_eq!(stories.position(), index as u64 + 1);
        }
    }
}

#[test]
fn a_corpus_reaches_its_size_with_as_few_documents_as_possible() {
    for lang in LANGS {
        assert_eq!(stories(lang, 0, 1).documents.len(), 0);
        for size_bytes in [1, 500, 8_000, 100_000] {
            let corpus = stories(lang, size_bytes, 1);
            let last = corpus.documents[corpus.documents.len() - 1];
            assert!(corpus.text.len() >= size_bytes, "{} bytes for {size_bytes}", corpus.text.len());
            assert!(last.saturating_sub(1) < size_bytes, "without the last document {last} bytes for {size_bytes}");
            let documents: Vec<&str> = corpus.documents().collect();
            assert_eq!(documents.join("\n"), corpus.text);
        }
    }
}

#[test]
fn other_seeds_tell_other_stories() {
    for lang in LANGS {
        let documents = |seed| Stories::new(lang, seed).take(500).collect::<BTreeSet<String>>();
        let (one, two) = (documents(1), documents(2));
        let common = one.intersection(&two).count();
        assert!(common <= 25, "{common} of 500 documents are the same");
    }
}

#[test]
fn documents_of_a_number_tell_the_same_in_both_languages() {
    let [english, chinese] = LANGS.map(|lang| told(lang, 300));
    for (index, (one, two)) in english.iter().zip(&chinese).enumerate() {
        assert_eq!(one.0, two.0, "document {index}: {one:?} {two:?}");
    }
    let state = |lang: Lang| {
        let mut rng = Rng::new(1, Purpose::Corpus, 0);
        (0..200).for_each(|_| _ = documents::write(lang.world(), &mut rng, &mut String::new()));
        rng.bits()
    };
    assert_eq!(state(Lang::En), state(Lang::ZhHans), "the languages draw differently");
}

#[test]
fn kinds_come_in_the_shares_of_the_recipe() {
    let expected = [
        (Kind::Report, 33.0),
        (Kind::Interview, 22.0),
        (Kind::Story, 8.0),
        (Kind::Facts, 11.0),
        (Kind::Questions, 6.0),
        (Kind::Worksheet, 4.0),
        (Kind::Numbers, 9.0),
        (Kind::Sums, 1.5),
        (Kind::Advert, 2.0),
        (Kind::List, 2.0),
        (Kind::Insult, 1.5),
    ];
    let count = 14_000;
    let documents = told(Lang::En, count);
    for (kind, percent) in expected {
        let found = documents.iter().filter(|document| document.0 == kind).count() as f64;
        let (mean, share) = (count as f64 * percent / 100.0, percent / 100.0);
        // Four standard deviations of the binomial distribution.
        let tolerance = 4.0 * libm::sqrt(mean * (1.0 - share));
        assert!((found - mean).abs() < tolerance, "{kind:?}: {found} documents, expected {mean} ± {tolerance}");
    }
}

#[test]
fn no_list_repeats_a_word_and_names_and_objects_have_their_sizes() {
    for lang in LANGS {
        let world = lang.world();
        assert_eq!((world.names.len(), world.objects.len()), (40, 32));
        for list in [world.names, world.objects, world.colours, world.places, world.feelings, world.things] {
            assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), list.len(), "{list:?}");
        }
        let people_and_objects: BTreeSet<_> = world.names.iter().chain(world.objects).collect();
        assert_eq!(people_and_objects.len(), 72, "a name is also an object");
    }
}

/// Patterns about a person, and patterns about a scene.
fn patterns(world: &World) -> (Vec<&'static str>, Vec<&'static str>) {
    let World { statements, questions, facts, insults, adverts, numbers, open_questions, .. } = world;
    // In full, so that no new part is forgotten.
    let Story { open, have, meet, ask, give, thank, refuse, lose, find, animal, feed, end } = &world.story;
    let mut about_person: Vec<&str> = Vec::new();
    statements
        .iter()
        .for_each(|s| about_person.extend(s.forms.iter().chain(s.turned).chain(s.short.1).chain(&[s.short.0])));
    questions
        .iter()
        .for_each(|q| about_person.extend(q.ask.iter().chain(&[q.long, q.short, q.note]).chain(&q.answers)));
    let mut about_scene: Vec<&str> = Vec::new();
    facts.iter().for_each(|f| about_scene.extend(f.ask.iter().chain(&[f.long, f.short])));
    for list in [open, have, meet, ask, give, thank, refuse, lose, find, animal, feed, end] {
        about_scene.extend(*list);
    }
    for list in [insults, adverts, numbers, open_questions] {
        about_scene.extend(*list);
    }
    (about_person, about_scene)
}

#[test]
fn every_pattern_is_filled_to_the_last_placeholder() {
    for lang in LANGS {
        let scene = Scene::new(lang.world(), &mut Rng::new(1, Purpose::Test, 0));
        let (about_person, about_scene) = patterns(lang.world());
        let mut filled = String::new();
        about_person.iter().for_each(|pattern| fill(pattern, &scene.person, &mut filled));
        about_scene.iter().for_each(|pattern| fill(pattern, &scene, &mut filled));
        assert!(about_person.len() > 25 && about_scene.len() > 50, "{} {}", about_person.len(), about_scene.len());
        assert!(!filled.contains(['{', '}']), "{filled}");
    }
}

#[test]
fn english_documents_start_with_one_space_and_use_no_quotation_marks() {
    for (kind, document) in told(Lang::En, 5000) {
        assert!(document.starts_with(' ') && !document.contains("  ") && !document.ends_with(' '), "{document:?}");
        let allowed = |c: char| c.is_ascii_alphanumeric() || " .,:?!+-*=".contains(c);
        assert!(document.chars().all(allowed), "{document:?}");
        let ends_as_sentence = document.ends_with(['.', '?', '!']);
        assert_eq!(ends_as_sentence, !matches!(kind, Kind::List | Kind::Sums), "{document:?}");
    }
}

#[test]
fn chinese_documents_hold_no_latin_letter_and_no_half_width_punctuation() {
    for (_, document) in told(Lang::ZhHans, 5000) {
        let ascii_allowed = |c: char| c.is_ascii_digit() || "+-*=".contains(c);
        let wide_allowed = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || "，。！？：、".contains(c);
        assert!(document.chars().all(|c| ascii_allowed(c) || wide_allowed(c)), "{document:?}");
    }
}

#[test]
fn one_sum_in_five_is_wrong_and_the_others_are_right() {
    let (mut wrong, mut all) = (0, 0);
    for (kind, document) in told(Lang::En, 60_000) {
        if kind != Kind::Sums {
            continue;
        }
        let lines: Vec<&str> = document.trim().split(", ").collect();
        assert!((2..=3).contains(&lines.len()), "{document}");
        for line in lines {
            let (sum, written) = line.split_once('=').unwrap();
            let operator = sum.find(['+', '-', '*']).unwrap();
            let number = |digits: &str| digits.parse::<i64>().unwrap();
            let (x, y) = (number(&sum[..operator]), number(&sum[operator + 1..]));
            let right = match &sum[operator..=operator] {
                "+" => x + y,
                "-" => x - y,
                _ => x * y,
            };
            let error = number(written) - right;
            assert!((0..=9).contains(&error) && right >= 0, "{line}");
            wrong += u32::from(error > 0);
            all += 1;
        }
    }
    let share = f64::from(wrong) / f64::from(all);
    // Four standard deviations at about 2,250 sums.
    assert!((share - 0.2).abs() < 0.034, "{wrong} of {all} sums are wrong");
}

#[test]
fn few_validation_documents_were_seen_in_training() {
    for lang in LANGS {
        let corpus = stories(lang, 1_500_000, 1);
        let documents: Vec<&str> = corpus.documents().collect();
        let (train, validation) = documents.split_at(corpus.split());
        let seen: BTreeSet<&str> = train.iter().copied().collect();
        let repeated = validation.iter().filter(|document| seen.contains(**document)).count();
        println!("{}: {repeated} of {} validation documents repeat a training document", corpus.name, validation.len());
        // Insults and one-person reports of a feeling have few variants.
        assert!(repeated * 100 < validation.len() * 4, "{repeated} of {}", validation.len());
    }
}
