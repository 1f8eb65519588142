//! The learner's own examples as lines of JSON: dialogues `{"user": …, "answer": …}` and preferences
//! `{"user": …, "chosen": …, "rejected": …}`. What is wrong with a line is said of that line; the others are read.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Most bytes of one text of an example: more than any context holds.
const MOST_BYTES: usize = 4_096;

/// An example that a learner wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OwnExample {
    /// What the user says, and which of two answers is better.
    Preference {
        /// The user's text.
        user: String,
        /// The better answer.
        chosen: String,
        /// The other one.
        rejected: String,
    },
    /// What the user says, and what to answer.
    Dialogue {
        /// The user's text.
        user: String,
        /// The answer.
        answer: String,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineError {
    /// Number of the line, from 1.
    pub line: usize,
    /// A stable name of the kind: `json`, `fields`, `empty`, `long`, `equal`.
    pub code: &'static str,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl core::fmt::Display for LineError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { line, expected, found, .. } = self;
        write!(f, "line {line}: expected {expected}, but found {found}; correct or remove this line")
    }
}

const FIELDS: &str = r#"{"user": …, "answer": …} or {"user": …, "chosen": …, "rejected": …}"#;

/// Examples of a text, one a line, and what is wrong with the lines that hold none. Blank lines are passed over.
pub fn read_examples(text: &str) -> (Vec<OwnExample>, Vec<LineError>) {
    let (mut examples, mut errors) = (Vec::new(), Vec::new());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty()) {
        match read_line(content) {
            Ok(example) => examples.push(example),
            Err((code, expected, found)) => errors.push(LineError { line, code, expected, found }),
        }
    }
    (examples, errors)
}

/// The same examples as lines of JSON.
pub fn write_examples(examples: &[OwnExample]) -> String {
    let lines = examples.iter().map(|e| serde_json::to_string(e).unwrap_or_default()); // strings alone: cannot fail
    lines.flat_map(|line| [line, "\n".into()]).collect()
}

type Wrong = (&'static str, String, String);

/// What is wrong with a line's JSON and where; the parser takes it for line 1.
fn in_its_line(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let what = what.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&what);
    format!("{what}, column {column}")
}

fn read_line(line: &str) -> Result<OwnExample, Wrong> {
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|e| ("json", "one JSON object".into(), in_its_line(&e)))?;
    let name = |(name, value): (&String, &serde_json::Value)| match value.is_string() {
        true => name.clone(),
        false => format!("{name} (no text)"),
    };
    let names: Vec<String> = value.as_object().map(|o| o.iter().map(name).collect()).unwrap_or_default();
    let example: OwnExample = serde_json::from_value(value).map_err(|_| {
        let found = if names.is_empty() { "something else".into() } else { format!("the fields {}", names.join(", ")) };
        ("fields", FIELDS.to_string(), found)
    })?;
    let texts: Vec<(&str, &String)> = match &example {
        OwnExample::Preference { user, chosen, rejected } => {
            [("user", user), ("chosen", chosen), ("rejected", rejected)].into()
        }
        OwnExample::Dialogue { user, answer } => [("user", user), ("answer", answer)].into(),
    };
    for (name, text) in texts {
        if text.trim().is_empty() {
            return Err(("empty", format!("text in {name}"), "nothing".into()));
        }
        if text.len() > MOST_BYTES {
            return Err(("long", format!("at most {MOST_BYTES} bytes in {name}"), format!("{}", text.len())));
        }
    }
    match &example {
        OwnExample::Preference { chosen, rejected, .. } if chosen.trim() == rejected.trim() => {
            Err(("equal", "two different answers".into(), "the same twice".into()))
        }
        _ => Ok(example),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn good_lines_are_read_and_each_bad_one_is_named_with_what_is_wrong() {
        let text = "\u{feff}{\"user\": \"Hi\", \"answer\": \"Hello!\"}\n\nno json\r\n{\"user\": \"Hi\"}\n[1]\n\
            {\"user\": \"Hi\", \"chosen\": \"a\", \"rejected\": \"b\"}\n{\"user\": \" \", \"answer\": \"x\"}\n\
            {\"user\": \"Hi\", \"chosen\": \"a\", \"rejected\": \"a \"}\n{\"user\": 3, \"answer\": \"x\"}";
        let (examples, errors) = read_examples(text);
        assert_eq!(examples.len(), 2);
        assert!(matches!(&examples[1], OwnExample::Preference { chosen, .. } if chosen == "a"));
        let found: Vec<(usize, &str)> = errors.iter().map(|e| (e.line, e.code)).collect();
        assert_eq!(found, [(3, "json"), (4, "fields"), (5, "fields"), (7, "empty"), (8, "equal"), (9, "fields")]);
        assert_eq!(errors[0].found, "expected ident, column 2");
        assert!(errors[1].to_string().starts_with("line 4: expected {\"user\""), "{}", errors[1]);
        assert_eq!(errors[5].found, "the fields answer, user (no text)");
        let long = format!("{{\"user\": \"{}\", \"answer\": \"x\"}}", "a".repeat(5_000));
        assert_eq!(read_examples(&long).1[0].code, "long");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(user in "\\PC{0,20}[a-z]", chosen in "\\PC{0,20}a", rejected in "\\PC{0,20}b") {
            let examples = [
                OwnExample::Dialogue { user: user.clone(), answer: chosen.clone() },
                OwnExample::Preference { user, chosen, rejected },
            ];
            prop_assert_eq!(read_examples(&write_examples(&examples)), (examples.to_vec(), Vec::new()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{}\":,a\\[\\]\\n\\\\]{0,60}") {
            let (examples, errors) = read_examples(&text);
            prop_assert!(examples.len() + errors.len() <= text.lines().count());
        }
    }
}
