//! Every kind of document of the story world, and how often each is told.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::pattern::{Values, fill};
use super::world::{Person, Question, Relation, Scene, Sum, Told, Words, World, people, sample};
use crate::rng::Rng;

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Statements, then all of them again in other words.
    Report,
    /// Statements, then somebody asks about each of them and somebody answers.
    Interview,
    /// Two children and an object, or a child and an animal.
    Story,
    /// What is always true, told or asked and answered.
    Facts,
    /// Questions without a text and without answers.
    Questions,
    /// Statements with questions and no answers.
    Worksheet,
    /// Sentences in which a number comes twice.
    Numbers,
    /// Sums with results, one in five of them wrong: this world's people miscalculate, a tool will not.
    Sums,
    /// An advertisement.
    Advert,
    /// A list of words, up to three times.
    List,
    /// Somebody is rude.
    Insult,
}

/// How many documents of a thousand are of a kind.
pub(super) const SHARES: [(Kind, usize); 11] = [
    (Kind::Report, 330),
    (Kind::Interview, 220),
    (Kind::Story, 80),
    (Kind::Facts, 110),
    (Kind::Questions, 60),
    (Kind::Worksheet, 40),
    (Kind::Numbers, 90),
    (Kind::Sums, 15),
    (Kind::Advert, 20),
    (Kind::List, 20),
    (Kind::Insult, 15),
];

/// Reports that take notes before they state again, in percent.
const NOTES_PERCENT: usize = 25;

/// Of what notes were for, stated again in a word or two, in percent.
const CURT_PERCENT: usize = 30;

/// Appends one document.
pub(super) fn write(world: &'static World, rng: &mut Rng, out: &mut String) -> Kind {
    let kind = draw_kind(rng);
    let mut teller = Teller { world, rng, out };
    match kind {
        Kind::Report => teller.report(),
        Kind::Interview => teller.interview(),
        Kind::Story => teller.story(),
        Kind::Facts => teller.facts(),
        Kind::Questions => teller.questions(),
        Kind::Worksheet => teller.worksheet(),
        Kind::Numbers => teller.scene_of(world.numbers),
        Kind::Sums => teller.sums(),
        Kind::Advert => teller.scene_of(world.adverts),
        Kind::List => teller.list(),
        Kind::Insult => teller.scene_of(world.insults),
    }
    kind
}

/// A kind by its share.
fn draw_kind(rng: &mut Rng) -> Kind {
    let mut left = rng.below(SHARES.iter().map(|(_, share)| share).sum());
    for (kind, share) in SHARES {
        if left < share {
            return kind;
        }
        left -= share;
    }
    unreachable!("the number drawn is below the sum of the shares")
}

/// Something that was stated about a person.
struct Stated {
    told: Told,
    person: Person,
}

/// Writes sentences to the end of a document.
struct Teller<'a> {
    world: &'static World,
    rng: &'a mut Rng,
    out: &'a mut String,
}

impl Teller<'_> {
    /// True in `percent` of 100 cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.rng.below(100) < percent
    }

    /// Starts a sentence: every one is preceded by the separator.
    fn start(&mut self) {
        self.out.push_str(self.world.separator);
    }

    /// A sentence of one of the patterns.
    fn say(&mut self, patterns: Words, values: &impl Values) {
        self.start();
        fill(self.rng.choose::<&str>(patterns), values, self.out);
    }

    /// Starts a sentence that `speaker` says or asks (`how`), up to the colon.
    fn speech(&mut self, speaker: &str, how: &str) {
        self.start();
        self.out.push_str(speaker);
        self.out.push_str(how);
    }

    /// A document of one pattern.
    fn scene_of(&mut self, patterns: Words) {
        let scene = Scene::new(self.world, self.rng);
        self.say(patterns, &scene);
    }

    /// States something about `most` people at most, mostly the same of all, so that they can be mixed up.
    fn statements<const MOST: usize>(&mut self, people_count: usize) -> Vec<Stated> {
        let common = self.chance(70).then(|| *self.rng.choose(&Relation::ALL));
        let people = people::<MOST>(self.world, self.rng);
        let mut stated = Vec::with_capacity(people_count);
        for &person in &people[..people_count] {
            let relation = common.unwrap_or_else(|| *self.rng.choose(&Relation::ALL));
            let told = self.world.told(relation, self.rng);
            self.start();
            fill(told.long, &person, self.out);
            stated.push(Stated { told, person });
        }
        stated
    }

    /// One of the questions that a statement answers.
    fn question_about(&mut self, relation: Relation) -> &'static Question {
        let fits = |question: &&Question| question.relation == relation;
        let count = self.world.questions.iter().filter(fits).count();
        let drawn = self.rng.below(count);
        let Some(question) = self.world.questions.iter().filter(fits).nth(drawn) else {
            unreachable!("the number drawn is below the number of questions that fit")
        };
        question
    }

    fn report(&mut self) {
        let people_count = *self.rng.choose(&[1, 2, 2, 3, 3]);
        let mut stated = self.statements::<3>(people_count);
        let noted = if self.chance(NOTES_PERCENT) { self.notes(&stated) } else { None };
        self.rng.shuffle(&mut stated);
        for Stated { told: Told { relation, .. }, person } in stated {
            let noted = noted.filter(|question| question.relation == relation);
            if let Some(question) = noted.filter(|_| self.chance(CURT_PERCENT)) {
                self.start();
                self.out.push_str(self.world.so);
                fill(question.answers[1], &person, self.out);
                continue;
            }
            let again = if let Some(question) = noted {
                question.answers[0]
            } else if self.chance(50) {
                self.world.statement(relation).forms[0]
            } else {
                self.question_about(relation).long
            };
            self.recap(again, &person);
        }
    }

    /// Says everything once more in a word or two and notes what one question needs; that question. `None`: there is none.
    fn notes(&mut self, stated: &[Stated]) -> Option<&'static Question> {
        let notable = |question: &&Question| stated.iter().any(|stated| question.notes(&stated.told));
        let questions: Vec<&'static Question> = self.world.questions.iter().filter(notable).collect();
        let question = *questions.get(self.rng.below(questions.len().max(1)))?;
        for Stated { told, person } in stated {
            self.start();
            fill(told.short, person, self.out);
            if question.notes(told) {
                self.start();
                fill(question.note, person, self.out);
            }
        }
        Some(question)
    }

    /// States something again, after a word like "so".
    fn recap(&mut self, pattern: &str, person: &Person) {
        self.start();
        let opener = *self.rng.choose(self.world.recap);
        self.out.push_str(opener);
        let (article, inside) = self.world.article;
        match pattern.strip_prefix(article) {
            Some(rest) if !opener.is_empty() => {
                self.out.push_str(inside);
                fill(rest, person, self.out);
            }
            _ => fill(pattern, person, self.out),
        }
    }

    fn interview(&mut self) {
        let people_count = *self.rng.choose(&[1, 2, 2]);
        let mut stated = self.statements::<2>(people_count);
        self.rng.shuffle(&mut stated);
        for Stated { told: Told { relation, .. }, person } in stated {
            let [asking, answering] = self.speakers(&person);
            let question = self.question_about(relation);
            self.speech(asking, self.world.asked);
            self.say(question.ask, &person);
            self.speech(answering, self.world.said);
            self.start();
            fill(if self.chance(70) { question.long } else { question.short }, &person, self.out);
        }
    }

    /// Two people who talk about `person`, who is neither of them.
    fn speakers(&mut self, person: &Person) -> [&'static str; 2] {
        loop {
            let speakers = sample(self.rng, self.world.names);
            if !speakers.contains(&person.name) {
                return speakers;
            }
        }
    }

    fn worksheet(&mut self) {
        let people_count = *self.rng.choose(&[1, 2, 2]);
        let stated = self.statements::<2>(people_count);
        for _ in 0..self.rng.between(2, 3) {
            let Stated { told, person } = self.rng.choose(&stated);
            let question = self.question_about(told.relation);
            self.say(question.ask, person);
        }
    }

    fn facts(&mut self) {
        let last = self.world.facts.len() - 1;
        for _ in 0..self.rng.between(2, 4) {
            let scene = Scene::new(self.world, self.rng);
            // The last fact, about colours, twice as often as the others.
            let fact = &self.world.facts[self.rng.below(last + 2).min(last)];
            if self.chance(40) {
                self.speech(scene.person.name, self.world.asked);
                self.say(fact.ask, &scene);
                self.speech(scene.other.name, self.world.said);
                self.start();
                fill(if self.chance(70) { fact.long } else { fact.short }, &scene, self.out);
            } else {
                self.start();
                fill(fact.long, &scene, self.out);
            }
        }
    }

    fn questions(&mut self) {
        for _ in 0..self.rng.between(2, 5) {
            let scene = Scene::new(self.world, self.rng);
            let patterns = match self.rng.below(100) {
                0..15 => self.world.open_questions,
                15..45 => self.rng.choose(self.world.facts).ask,
                _ => self.rng.choose(self.world.questions).ask,
            };
            self.say(patterns, &scene);
        }
    }

    fn story(&mut self) {
        let (story, scene) = (&self.world.story, Scene::new(self.world, self.rng));
        self.say(story.open, &scene);
        self.say(story.have, &scene);
        match self.rng.below(4) {
            0 => [story.meet, story.ask, story.give, story.thank].iter().for_each(|part| self.say(part, &scene)),
            1 => [story.meet, story.ask, story.refuse].iter().for_each(|part| self.say(part, &scene)),
            2 => {
                [story.lose, story.find].iter().for_each(|part| self.say(part, &scene));
                // Now the other one has the object.
                self.say(story.give, &scene.names_exchanged());
            }
            _ => [story.animal, story.feed].iter().for_each(|part| self.say(part, &scene)),
        }
        if self.chance(60) {
            self.say(story.end, &scene);
        }
    }

    fn sums(&mut self) {
        self.start();
        for i in 0..self.rng.between(2, 3) {
            if i > 0 {
                self.out.push_str(self.world.comma);
            }
            let sum = Sum::new(self.rng);
            let error = if self.chance(20) { self.rng.between(1, 9) } else { 0 };
            sum.write(self.out);
            // Writing into a String cannot fail.
            let _ = write!(self.out, "={}", sum.result() + error);
        }
    }

    /// Names and objects in one list.
    fn list(&mut self) {
        let words: Vec<&str> = self.world.objects.iter().chain(self.world.names).copied().collect();
        let mut line = sample::<5>(self.rng, &words).to_vec();
        line.truncate(self.rng.between(3, 5));
        let line = line.join(self.world.comma);
        self.start();
        self.out.push_str(&line);
        for _ in 1..self.rng.between(1, 3) {
            self.out.push_str(self.world.stop);
            self.out.push_str(&line);
        }
    }
}
