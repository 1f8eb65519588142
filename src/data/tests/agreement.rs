//! Documents are read back with the patterns they were made of: what is said later must agree with what was stated.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::{Kind, LANGS, Lang, told};
use crate::data::world::{Question, World};

/// What a sentence says, by placeholder.
type Said = BTreeMap<String, String>;

/// A document that is read from its start.
struct Reader<'a> {
    world: &'static World,
    document: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(lang: Lang, document: &'a str) -> Self {
        Self { world: lang.world(), document, rest: document }
    }

    /// Takes a sentence, or two, of this pattern off the front.
    fn take(&mut self, pattern: &str) -> Option<Said> {
        let (said, rest) = read(self.world, pattern, self.rest.strip_prefix(self.world.separator)?)?;
        self.rest = rest;
        Some(said)
    }

    /// Takes a statement off the front, and tells whether it is in the other order.
    fn statement(&mut self) -> Option<(Said, bool)> {
        let world = self.world;
        let turned = world.statements.iter().flat_map(|s| s.turned).find_map(|pattern| self.take(pattern));
        if let Some(said) = turned {
            return Some((said, true));
        }
        world.statements.iter().flat_map(|s| s.forms).find_map(|pattern| self.take(pattern)).map(|said| (said, false))
    }

    fn statements(&mut self) -> Vec<Said> {
        core::iter::from_fn(|| self.statement()).map(|(said, _)| said).collect()
    }

    /// Takes what a report states again off the front.
    fn again(&mut self) -> Option<Said> {
        let (article, inside) = self.world.article;
        let noted = self.world.questions.iter().filter(|q| !q.note.is_empty());
        if let Some(said) = noted.map(|q| [self.world.so, q.answers[1]].concat()).find_map(|curt| self.take(&curt)) {
            return Some(said);
        }
        let plain = self.world.statements.iter().map(|s| s.forms[0]);
        for pattern in self.world.questions.iter().flat_map(|q| [q.long, q.answers[0]]).chain(plain) {
            for opener in self.world.recap {
                let pattern = match pattern.strip_prefix(article) {
                    Some(tail) if !opener.is_empty() => [opener, inside, tail].concat(),
                    _ => [opener, pattern].concat(),
                };
                if let Some(said) = self.take(&pattern) {
                    return Some(said);
                }
            }
        }
        None
    }

    /// Takes a question off the front, with what it asks about.
    fn question(&mut self) -> (&'static Question, Said) {
        let world = self.world;
        let found = world.questions.iter().find_map(|q| Some((q, q.ask.iter().find_map(|ask| self.take(ask))?)));
        found.unwrap_or_else(|| panic!("no question: {:?} of {:?}", self.rest, self.document))
    }

    /// Takes a name and `how` off the front.
    fn speaker(&mut self, how: &str) -> String {
        let said = self.take(&["{name}", how].concat());
        said.unwrap_or_else(|| panic!("nobody speaks: {:?} of {:?}", self.rest, self.document)).remove("name").unwrap()
    }
}

/// Values of the placeholders if `text` starts with this pattern, and the text after it.
fn read<'a>(world: &World, pattern: &str, text: &'a str) -> Option<(Said, &'a str)> {
    let mut said = Said::new();
    let mut parts = pattern.split('{');
    let mut rest = text.strip_prefix(parts.next()?)?;
    for part in parts {
        let (key, literal) = part.split_once('}')?;
        let (value, after) = rest.split_at(rest.find(literal)?);
        if !is_value(world, key, value) || said.get(key).is_some_and(|before| before != value) {
            return None;
        }
        said.insert(key.to_string(), value.to_string());
        rest = after.strip_prefix(literal)?;
    }
    Some((said, rest))
}

fn is_value(world: &World, key: &str, value: &str) -> bool {
    let list = match key {
        "name" => world.names,
        "object" => world.objects,
        "colour" => world.colours,
        "place" => world.places,
        "feeling" => world.feelings,
        "things" => world.things,
        "count" => return value.parse::<usize>().is_ok_and(|n| n > 1),
        _ => panic!("unknown placeholder {key}"),
    };
    list.contains(&value)
}

/// Index of the only statement that says all of this.
fn source(statements: &[Said], said: &Said) -> Option<usize> {
    let agrees = |statement: &Said| said.iter().all(|(key, value)| statement.get(key) == Some(value));
    let mut sources = (0..statements.len()).filter(|&i| agrees(&statements[i]));
    sources.next().filter(|_| sources.next().is_none())
}

fn of_kind(lang: Lang, kind: Kind) -> Vec<String> {
    let documents: Vec<String> = told(lang, 4000).into_iter().filter(|d| d.0 == kind).map(|d| d.1).collect();
    assert!(documents.len() > 100, "{kind:?}: {}", documents.len());
    documents
}

/// Takes notes of each of these statements in their order off the front, if there are any; how many follow from a statement.
fn notes(reader: &mut Reader, statements: &[Said]) -> usize {
    let world = reader.world;
    let shorts: Vec<&str> =
        world.statements.iter().flat_map(|s| s.short.1.iter().copied().chain([s.short.0])).collect();
    let mut noted = 0;
    for (at, statement) in statements.iter().enumerate() {
        let rest = reader.rest;
        let Some(said) = shorts.iter().find_map(|pattern| reader.take(pattern)) else {
            assert_eq!(at, 0, "notes of some only: {:?}", reader.document);
            return 0;
        };
        let agrees = |said: &Said| said.iter().all(|(key, value)| statement.get(key) == Some(value));
        assert!(agrees(&said), "{rest:?} of {:?}", reader.document);
        let notable = world.questions.iter().map(|q| q.note).filter(|note| !note.is_empty());
        if let Some(said) = notable.into_iter().find_map(|pattern| reader.take(pattern)) {
            assert!(agrees(&said), "{rest:?} of {:?}", reader.document);
            noted += 1;
        }
    }
    noted
}

/// Whether the document is `count` statements, maybe notes of them, and then each of them once more and nothing else.
fn states_twice(lang: Lang, document: &str, count: usize) -> bool {
    let mut reader = Reader::new(lang, document);
    let statements: Vec<Said> = (0..count).map_while(|_| Some(reader.statement()?.0)).collect();
    if statements.len() < count {
        return false;
    }
    notes(&mut reader, &statements);
    let mut sources: Vec<usize> = (0..count).map_while(|_| source(&statements, &reader.again()?)).collect();
    sources.sort_unstable();
    reader.rest.is_empty() && sources.into_iter().eq(0..count)
}

#[test]
fn a_report_says_each_of_its_statements_again() {
    for lang in LANGS {
        let mut counts = [0; 4];
        for document in of_kind(lang, Kind::Report) {
            let count = (1..=3).find(|&count| states_twice(lang, &document, count));
            counts[count.unwrap_or_else(|| panic!("{document}"))] += 1;
        }
        assert!(counts[1] > 200 && counts[2] > 400 && counts[3] > 400, "{counts:?}");
    }
}

#[test]
fn an_interview_asks_about_each_statement_and_answers_as_stated() {
    for lang in LANGS {
        for document in of_kind(lang, Kind::Interview) {
            let mut reader = Reader::new(lang, &document);
            let statements = reader.statements();
            let mut sources = Vec::new();
            while !reader.rest.is_empty() {
                let asking = reader.speaker(reader.world.asked);
                let (question, asked) = reader.question();
                let answering = reader.speaker(reader.world.said);
                let mut told = reader.take(question.long).or_else(|| reader.take(question.short)).unwrap();
                told.extend(asked);
                let about = source(&statements, &told).unwrap_or_else(|| panic!("{told:?} in {document}"));
                let person = &statements[about]["name"];
                assert!(asking != answering && *person != asking && *person != answering, "{document}");
                sources.push(about);
            }
            sources.sort_unstable();
            assert!(sources.into_iter().eq(0..statements.len()) && (1..=2).contains(&statements.len()), "{document}");
        }
    }
}

#[test]
fn a_worksheet_asks_only_what_its_statements_answer() {
    for lang in LANGS {
        for document in of_kind(lang, Kind::Worksheet) {
            let mut reader = Reader::new(lang, &document);
            let statements = reader.statements();
            let mut questions = 0;
            while !reader.rest.is_empty() {
                let (question, asked) = reader.question();
                let about = source(&statements, &asked).unwrap_or_else(|| panic!("{asked:?} in {document}"));
                let mut keys = question.long.split(['{', '}']).skip(1).step_by(2);
                assert!(keys.all(|key| statements[about].contains_key(key)), "{document}");
                questions += 1;
            }
            assert!((2..=3).contains(&questions), "{document}");
        }
    }
}

#[test]
fn three_statements_about_objects_in_ten_are_in_another_order() {
    for lang in LANGS {
        let (mut turned, mut all) = (0, 0);
        for document in of_kind(lang, Kind::Interview) {
            let mut reader = Reader::new(lang, &document);
            while let Some((said, is_turned)) = reader.statement() {
                all += u32::from(said.contains_key("object"));
                turned += u32::from(is_turned);
            }
        }
        let share = f64::from(turned) / f64::from(all);
        // More than three standard deviations at about 360 statements.
        assert!(all > 250 && (share - 0.3).abs() < 0.08, "{turned} of {all}");
    }
}
