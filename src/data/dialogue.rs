//! Questions about the story world and their right answers, for fine-tuning and for tests of it.
//!
//! What is asked about decides, by itself, whether a question belongs to training or to a test: no test question can
//! ever be drawn for training, whatever the seeds.

use alloc::string::String;
use alloc::vec::Vec;

use super::Lang;
use super::pattern::fill;
use super::talk::Talk;
use super::world::{Person, Question, Relation, Scene, Told, World, people_of};
use crate::rng::Rng;
use core::borrow::Borrow;

/// Names and objects at the ends of their lists that fine-tuning never mentions: only pre-training does.
const NEW: usize = 5;

/// What an exchange is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Who has something? Backward: the answer stands before what is asked about.
    Who,
    /// What does somebody have?
    What,
    /// What colour is something? Backward.
    Colour,
    /// Where is somebody?
    Where,
    /// How does somebody feel?
    Feels,
    /// How many things does somebody have?
    Count,
    /// Something that is always true, known from pre-training.
    Fact,
    /// A greeting. There are so few that none is held out.
    Greeting,
    /// A word to be shouted.
    Shout,
    /// A statement to be shortened.
    Shorten,
    /// A statement to be repeated.
    Repeat,
}

impl Topic {
    /// The first six are questions about a statement, in the order of the world's questions; then facts.
    pub const QUESTIONS: [Self; 7] =
        [Self::Who, Self::What, Self::Colour, Self::Where, Self::Feels, Self::Count, Self::Fact];

    /// How often each is drawn: in training and in tests.
    const SHARES: [(Self, usize, usize); 11] = [
        (Self::Who, 8, 4),
        (Self::What, 6, 4),
        (Self::Colour, 6, 4),
        (Self::Where, 3, 4),
        (Self::Feels, 3, 4),
        (Self::Count, 4, 4),
        (Self::Fact, 6, 4),
        (Self::Greeting, 1, 0),
        (Self::Shout, 2, 2),
        (Self::Shorten, 2, 2),
        (Self::Repeat, 2, 2),
    ];

    fn draw(rng: &mut Rng, part: Part) -> Self {
        let share = |&(_, train, test): &(Self, usize, usize)| if part == Part::Train { train } else { test };
        let mut left = rng.below(Self::SHARES.iter().map(share).sum());
        for entry in &Self::SHARES {
            if left < share(entry) {
                return entry.0;
            }
            left -= share(entry);
        }
        unreachable!("the number drawn is below the sum of the shares")
    }
}

/// Which questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// For training.
    Train,
    /// Combinations of known words that training never asks about.
    Combinations,
    /// Names and objects that training never mentions.
    New,
}

/// One exchange, and its right answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    /// What it is about.
    pub topic: Topic,
    /// People that the question tells of: 1 or 2.
    pub people: usize,
    /// What the user says.
    pub user: String,
    /// The answer as a whole sentence, after what is noted first where the question needs it.
    pub long: String,
    /// The answer in a word or two, after the same; for some topics the same.
    pub short: String,
}

impl Dialogue {
    /// A dialogue of `part`. `topic`: drawn when none is given; `people`: 1 or 2, else one in four tells of one person.
    pub fn draw(lang: Lang, rng: &mut Rng, part: Part, topic: Option<Topic>, people: Option<usize>) -> Self {
        let topic = topic.unwrap_or_else(|| Topic::draw(rng, part));
        let people = people.unwrap_or_else(|| *rng.choose(&[1, 2, 2, 2]));
        let mut maker = Maker { lang, world: lang.world(), talk: lang.talk(), rng, part };
        match topic {
            Topic::Greeting => maker.greeting(),
            Topic::Fact => maker.fact(),
            Topic::Shout | Topic::Shorten | Topic::Repeat => maker.request(topic),
            _ => maker.question(topic, people),
        }
    }
}

/// Two people are told of, then one of the statements begins again: what the next word must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// Up to the value.
    pub before: String,
    /// The value, with the separator before it where the language has one.
    pub value: String,
}

impl Recall {
    /// A recall of a topic other than Who, in whose answer the value comes first.
    pub fn draw(lang: Lang, rng: &mut Rng, topic: Topic) -> Self {
        let world = lang.world();
        let question = &world.questions[topic as usize];
        let people: [Person; 2] = people_of(world, world.names, world.objects, rng);
        let statement = world.statement(question.relation).forms[0];
        let asked = *rng.choose(&people);
        let (key, value) = match topic {
            Topic::Where => ("{place}", asked.place.into()),
            Topic::Feels => ("{feeling}", asked.feeling.into()),
            Topic::Count => ("{count}", alloc::format!("{}", asked.count)),
            _ => ("{colour}", String::from(asked.colour)),
        };
        let head = question.long.split(key).next().unwrap_or_default();
        let parts =
            [Maker::filled(statement, &people[0]), Maker::filled(statement, &people[1]), Maker::filled(head, &asked)];
        let before = joined(world, &parts);
        // The space before a word belongs to the word.
        let trimmed = before.trim_end();
        let value = [&before[trimmed.len()..], &value].concat();
        Self { before: trimmed.into(), value }
    }
}

struct Maker<'a> {
    lang: Lang,
    world: &'static World,
    talk: &'static Talk,
    rng: &'a mut Rng,
    part: Part,
}

/// Place of a word in its list.
fn index(list: &[&str], word: &str) -> usize {
    list.iter().position(|w| *w == word).unwrap_or(0)
}

/// Words that follow each other, with the language's separator.
fn joined(world: &World, parts: &[impl Borrow<str>]) -> String {
    parts.join(world.separator)
}

impl Maker<'_> {
    /// One of the patterns, filled.
    fn pick(&mut self, patterns: &[&'static str], person: &Person) -> String {
        let mut out = String::new();
        fill(self.rng.choose::<&str>(patterns), person, &mut out);
        out
    }

    fn filled(pattern: &str, person: &Person) -> String {
        let mut out = String::new();
        fill(pattern, person, &mut out);
        out
    }

    /// Whether what a question tells of `person` is held out: one in five of the combinations that its text shows.
    fn held_out(&self, relation: Relation, person: &Person) -> bool {
        let World { names, objects, colours, places, feelings, things, .. } = self.world;
        let name = index(names, person.name);
        let key = match relation {
            Relation::Has => 7 * name + 3 * index(objects, person.object) + index(colours, person.colour),
            Relation::In => 2 * name + index(places, person.place),
            Relation::Feels => 2 * name + index(feelings, person.feeling),
            Relation::Counts => 2 * name + index(things, person.things) + person.count,
        };
        key.is_multiple_of(5)
    }

    /// Two people, the first of whom is asked about.
    fn people(&mut self, belongs: impl Fn(&Self, &Person) -> bool) -> [Person; 2] {
        let (names, new_names) = self.world.names.split_at(self.world.names.len() - NEW);
        let (objects, new_objects) = self.world.objects.split_at(self.world.objects.len() - NEW);
        loop {
            let mut people: [Person; 2] = people_of(self.world, names, objects, self.rng);
            if self.part == Part::New {
                people[0].name = *self.rng.choose(new_names);
                people[0].object = *self.rng.choose(new_objects);
                return people;
            }
            if belongs(self, &people[0]) == (self.part == Part::Combinations) {
                return people;
            }
        }
    }

    fn question(&mut self, topic: Topic, people: usize) -> Dialogue {
        let question = &self.world.questions[topic as usize];
        let relation = question.relation;
        let [asked, other] = self.people(|maker, person| maker.held_out(relation, person));
        let mut told = Vec::from([(self.world.told(relation, self.rng), asked)]);
        if people > 1 {
            // Mostly the same of both, so that they can be mixed up.
            let relation = if self.rng.below(100) < 75 { relation } else { *self.rng.choose(&Relation::ALL) };
            told.push((self.world.told(relation, self.rng), other));
            self.rng.shuffle(&mut told);
        }
        let mut user: Vec<String> = told.iter().map(|(told, of)| Self::filled(told.long, of)).collect();
        user.push(self.pick(question.ask, &asked));
        let notes = self.notes(question, &told);
        let [long, short] = question.answers.map(|answer| Self::filled(answer, &asked));
        let short = if notes.is_empty() { short } else { [self.world.so, &short].concat() };
        let [long, short] = [long, short].map(|answer| joined(self.world, &[&notes[..], &[answer]].concat()));
        Dialogue { topic, people, user: joined(self.world, &user), long, short }
    }

    /// What is noted before answering: what was told in a word or two, and what follows from it.
    fn notes(&self, question: &Question, told: &[(Told, Person)]) -> Vec<String> {
        let mut notes = Vec::new();
        if !told.iter().any(|(told, _)| question.notes(told)) {
            return notes;
        }
        for (told, of) in told {
            notes.push(Self::filled(told.short, of));
            if question.notes(told) {
                notes.push(Self::filled(question.note, of));
            }
        }
        notes
    }

    /// A fact; one in four of each kind is never asked in training.
    fn fact(&mut self) -> Dialogue {
        loop {
            let (kind, scene) = (self.rng.below(self.world.facts.len()), Scene::new(self.world, self.rng));
            let animal = self.world.animals.iter().position(|a| a.name == scene.animal.name).unwrap_or(0);
            let thing = self.world.coloured.iter().position(|c| *c == scene.coloured).unwrap_or(0);
            let about_animal = kind + 1 < self.world.facts.len();
            let key = if about_animal { animal + kind } else { thing };
            if key.is_multiple_of(4) == (self.part != Part::Train) {
                let fact = &self.world.facts[kind];
                let [mut user, mut long, mut short] = [const { String::new() }; 3];
                fill(self.rng.choose::<&str>(fact.ask), &scene, &mut user);
                fill(fact.long, &scene, &mut long);
                fill(fact.short, &scene, &mut short);
                return Dialogue { topic: Topic::Fact, people: 1, user, long, short };
            }
        }
    }

    fn greeting(&mut self) -> Dialogue {
        let (user, answer) = *self.rng.choose(self.talk.greetings);
        Self::same(Topic::Greeting, user.into(), answer.into())
    }

    /// A request whose long and short answers are the same.
    fn request(&mut self, topic: Topic) -> Dialogue {
        let relation = if topic == Topic::Repeat { *self.rng.choose(&Relation::ALL) } else { Relation::Has };
        let [person, _] = self.people(|maker, person| match topic {
            // A shout shows nothing but the object.
            Topic::Shout => index(maker.world.objects, person.object).is_multiple_of(5),
            _ => maker.held_out(relation, person),
        });
        if topic == Topic::Shout {
            let user = self.pick(self.talk.shout.0, &person);
            return Self::same(topic, user, Self::filled(self.talk.shout.1, &person));
        }
        let (requests, statement) = match topic {
            Topic::Shorten => (self.talk.shorten.0, self.pick(self.world.statement(relation).forms, &person)),
            _ => (self.talk.repeat, Self::filled(self.world.told(relation, self.rng).long, &person)),
        };
        let request = *self.rng.choose(requests);
        let answer = match topic {
            Topic::Shorten => Self::filled(self.talk.shorten.1, &person),
            _ => statement.clone(),
        };
        Self::same(topic, joined(self.lang.world(), &[request, &statement]), answer)
    }

    fn same(topic: Topic, user: String, answer: String) -> Dialogue {
        Dialogue { topic, people: 1, user, short: answer.clone(), long: answer }
    }
}
