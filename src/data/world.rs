//! The tiny world: what a language must say about it, and who and what is in a scene.
//!
//! Every list of a language is a constant table of [`World`]; the engine draws from the tables and knows no word.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::pattern::Values;
use crate::rng::Rng;

/// Words or sentence patterns, one of which is drawn.
pub(super) type Words = &'static [&'static str];

/// What a statement says of a person; the index of [`World::statements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Has an object of a colour.
    Has,
    /// Is at a place.
    In,
    /// Feels something.
    Feels,
    /// Has a number of things.
    Counts,
}

impl Relation {
    /// In the order of the discriminants.
    pub(super) const ALL: [Self; 4] = [Self::Has, Self::In, Self::Feels, Self::Counts];
}

/// How a language states a relation. Placeholders: those of [`Person`].
#[derive(Debug)]
pub(super) struct Statement {
    /// The first is the plain one, in which reports state again.
    pub forms: Words,
    /// Forms in another order, in which the owner follows the object, or the colour follows it; may be empty.
    pub turned: Words,
    /// The plain forms in a word or two, and each of the others.
    pub short: (&'static str, Words),
}

/// A question about a statement, and its answer. Placeholders: those of [`Person`].
#[derive(Debug)]
pub(super) struct Question {
    /// The statement that answers it.
    pub relation: Relation,
    /// Ways to ask.
    pub ask: Words,
    /// Answer of the people of the text in a whole sentence.
    pub long: &'static str,
    /// Their answer in a word or two.
    pub short: &'static str,
    /// How an assistant answers: in a whole sentence, and in a word or two. Both begin with what is asked about, from which the
    /// rest is looked up.
    pub answers: [&'static str; 2],
    /// What it notes of each person first, where what is asked for may stand in front of what is asked about; else empty. A
    /// tiny model finds what followed a word, not what stood before it: in the note it follows.
    pub note: &'static str,
}

impl Question {
    /// Whether what was told has to be noted.
    pub(super) fn notes(&self, told: &Told) -> bool {
        !self.note.is_empty() && told.relation == self.relation
    }
}

/// Something that is always true. Placeholders: those of [`Scene`].
#[derive(Debug)]
pub(super) struct Fact {
    /// The fact; also the long answer.
    pub long: &'static str,
    /// Ways to ask.
    pub ask: Words,
    /// Answer in a word or two.
    pub short: &'static str,
}

/// An animal and what is always true of it.
#[derive(Debug)]
pub(super) struct Animal {
    pub name: &'static str,
    /// The measure word between "one" and the name; empty in languages without.
    pub measure: &'static str,
    pub sound: &'static str,
    pub home: &'static str,
    pub food: &'static str,
}

/// Sentences of a story, by what happens. Placeholders: those of [`Scene`].
#[derive(Debug)]
pub(super) struct Story {
    pub open: Words,
    pub have: Words,
    pub meet: Words,
    pub ask: Words,
    pub give: Words,
    pub thank: Words,
    pub refuse: Words,
    pub lose: Words,
    pub find: Words,
    pub animal: Words,
    pub feed: Words,
    pub end: Words,
}

/// All that one language says of the world.
///
/// Lists are equally long in every language, so that the same draws tell the same story in each.
/// The last five names and the last five objects are for tests of generalisation: keep them last.
#[derive(Debug)]
pub(super) struct World {
    /// In front of every sentence, the first of a document too: so a word is the same token wherever it stands.
    pub separator: &'static str,
    /// Between the items of a list.
    pub comma: &'static str,
    /// Between lists.
    pub stop: &'static str,
    /// Article at the start of a sentence, and how it reads inside one.
    pub article: (&'static str, &'static str),
    pub names: Words,
    pub objects: Words,
    pub colours: Words,
    pub places: Words,
    pub feelings: Words,
    pub things: Words,
    pub weather: Words,
    pub animals: &'static [Animal],
    /// Things of the world and the colour they always have.
    pub coloured: &'static [(&'static str, &'static str)],
    /// By [`Relation`].
    pub statements: [Statement; 4],
    pub questions: &'static [Question],
    /// The last is about [`World::coloured`]; the others are about animals.
    pub facts: &'static [Fact],
    /// After the name of who asks, before the question.
    pub asked: &'static str,
    /// After the name of who says something.
    pub said: &'static str,
    /// In front of a curt answer after notes, so that it is told from a note.
    pub so: &'static str,
    /// In front of what is stated again; may be empty.
    pub recap: Words,
    pub story: Story,
    pub insults: Words,
    pub adverts: Words,
    pub numbers: Words,
    /// Questions that nothing answers.
    pub open_questions: Words,
}

/// Statements in another order, in percent of those that have one (see [`Statement::turned`]). Few, so that the plain form
/// stays the rule: a reader must still look back from the object to its owner.
const TURNED_PERCENT: usize = 30;

/// One way to state something. Placeholders: those of [`Person`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub relation: Relation,
    /// As a sentence or two.
    pub long: &'static str,
    /// The same in a word or two.
    pub short: &'static str,
}

impl World {
    /// How to state `relation`.
    pub(super) fn statement(&self, relation: Relation) -> &Statement {
        &self.statements[relation as usize]
    }

    /// One of the ways to do it.
    pub(super) fn told(&self, relation: Relation, rng: &mut Rng) -> Told {
        let Statement { forms, turned, short: (plain, others) } = *self.statement(relation);
        if !turned.is_empty() && rng.below(100) < TURNED_PERCENT {
            let at = rng.below(turned.len());
            return Told { relation, long: turned[at], short: others[at] };
        }
        Told { relation, long: rng.choose::<&str>(forms), short: plain }
    }
}

/// A person and everything that can be said of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub name: &'static str,
    pub object: &'static str,
    pub colour: &'static str,
    pub place: &'static str,
    pub feeling: &'static str,
    pub things: &'static str,
    /// At least 2, so that a plural is always right.
    pub count: usize,
}

/// `N` people who differ in name, object, colour, place, feeling and things.
pub(super) fn people<const N: usize>(world: &World, rng: &mut Rng) -> [Person; N] {
    people_of(world, world.names, world.objects, rng)
}

/// The same with names and objects of these lists.
pub(super) fn people_of<const N: usize>(
    world: &World,
    names: &[&'static str],
    objects: &[&'static str],
    rng: &mut Rng,
) -> [Person; N] {
    let [names, objects, colours, places, feelings, things] =
        [names, objects, world.colours, world.places, world.feelings, world.things].map(|list| sample::<N>(rng, list));
    core::array::from_fn(|i| Person {
        name: names[i],
        object: objects[i],
        colour: colours[i],
        place: places[i],
        feeling: feelings[i],
        things: things[i],
        count: count(rng),
    })
}

impl Values for Person {
    fn write(&self, key: &str, out: &mut String) -> bool {
        out.push_str(match key {
            "name" => self.name,
            "object" => self.object,
            "colour" => self.colour,
            "place" => self.place,
            "feeling" => self.feeling,
            "things" => self.things,
            "count" => return write!(out, "{}", self.count).is_ok(),
            _ => return false,
        });
        true
    }
}

/// A person, somebody else, and what is around them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub person: Person,
    pub other: Person,
    pub animal: &'static Animal,
    /// A thing and its colour.
    pub coloured: (&'static str, &'static str),
    pub weather: &'static str,
    pub sum: Sum,
}

impl Scene {
    /// Draws a scene.
    pub(super) fn new(world: &World, rng: &mut Rng) -> Self {
        let [person, other] = people(world, rng);
        Self {
            person,
            other,
            animal: rng.choose(world.animals),
            coloured: *rng.choose(world.coloured),
            weather: *rng.choose(world.weather),
            sum: Sum::new(rng),
        }
    }

    /// The same scene with the two names exchanged.
    pub(super) fn names_exchanged(mut self) -> Self {
        core::mem::swap(&mut self.person.name, &mut self.other.name);
        self
    }
}

impl Values for Scene {
    fn write(&self, key: &str, out: &mut String) -> bool {
        out.push_str(match key {
            "other" => self.other.name,
            "count2" => return self.other.write("count", out),
            "animal" => self.animal.name,
            "measure" => self.animal.measure,
            "sound" => self.animal.sound,
            "home" => self.animal.home,
            "food" => self.animal.food,
            "thing" => self.coloured.0,
            "thing_colour" => self.coloured.1,
            "weather" => self.weather,
            "sum" => return self.sum.write(out),
            _ => return self.person.write(key, out),
        });
        true
    }
}

/// `left operator right`, never negative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    left: usize,
    operator: char,
    right: usize,
}

impl Sum {
    /// Sums and differences twice as often as products.
    pub(super) fn new(rng: &mut Rng) -> Self {
        let (x, y) = (number(rng), number(rng));
        match rng.below(5) {
            0..=1 => Self { left: x, operator: '+', right: y },
            2..=3 => Self { left: x.max(y), operator: '-', right: x.min(y) },
            _ => Self { left: x, operator: '*', right: y },
        }
    }

    /// The right result.
    pub(super) fn result(&self) -> usize {
        match self.operator {
            '+' => self.left + self.right,
            '-' => self.left - self.right,
            _ => self.left * self.right,
        }
    }

    /// Appends it without its result.
    pub(super) fn write(&self, out: &mut String) -> bool {
        write!(out, "{}{}{}", self.left, self.operator, self.right).is_ok()
    }
}

/// A number of one, two or three digits, each length as often.
fn number(rng: &mut Rng) -> usize {
    number_of(rng, &[1, 2, 3])
}

/// A number whose count of digits (1, 2 or 3) is one of `digits`.
pub(super) fn number_of(rng: &mut Rng, digits: &[usize]) -> usize {
    let (low, high) = [(0, 9), (10, 99), (100, 999)][rng.choose(digits) - 1];
    rng.between(low, high)
}

/// Like [`number`], without 0 and 1.
fn count(rng: &mut Rng) -> usize {
    loop {
        let n = number(rng);
        if n > 1 {
            return n;
        }
    }
}

/// `N` different items in random order.
///
/// # Panics
/// If there are fewer.
pub(super) fn sample<'a, const N: usize>(rng: &mut Rng, items: &[&'a str]) -> [&'a str; N] {
    let mut order: Vec<usize> = Vec::with_capacity(N);
    assert!(items.len() >= N, "{N} different items of {}", items.len());
    while order.len() < N {
        let i = rng.below(items.len());
        if !order.contains(&i) {
            order.push(i);
        }
    }
    core::array::from_fn(|i| items[order[i]])
}
