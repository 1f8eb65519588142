//! The format of dialogues in tokens: `<|end|><|user|> text<|assistant|> answer<|end|>`, and calls of tools in the answer.
//!
//! Texts are encoded as text: whatever they spell, the special tokens of a dialogue are those that stand here.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::align::Example;
use crate::data::{Call, Lang, Task};
use crate::error::{Error, Result};
use crate::generate::Marks;
use crate::tokenizer::{SPECIALS, Tokenizer};

/// Dialogues in the tokens of one vocabulary.
#[derive(Debug, Clone)]
pub struct Chat {
    lang: Lang,
    tokenizer: Tokenizer,
    user: u32,
    marks: Marks,
}

impl Chat {
    /// # Errors
    /// [`Error::Unsupported`] if the vocabulary lacks one of the [`SPECIALS`].
    pub fn new(lang: Lang, tokenizer: Tokenizer) -> Result<Self> {
        let id = |name: &str| {
            tokenizer.special(name).ok_or_else(|| Error::Unsupported {
                file: "vocabulary",
                expected: "one with the special tokens of dialogues".into(),
                found: alloc::format!("none named {name}"),
            })
        };
        let [end, user, assistant, tool, result] = SPECIALS;
        let marks = Marks { end: id(end)?, assistant: id(assistant)?, tool: id(tool)?, result: id(result)? };
        Ok(Self { lang, user: id(user)?, marks, tokenizer })
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The vocabulary.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The special tokens of answers.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The special token before a user's text.
    pub fn user(&self) -> u32 {
        self.user
    }

    /// A user's text or an answer: with the separator in front, so that its first word is the token it is elsewhere.
    fn text(&self, text: &str) -> Vec<u32> {
        self.tokenizer.encode(&[self.lang.separator(), text.trim()].concat())
    }

    /// A request or a result: words with the separator, as in a text, so that a name is copied as the token it is there;
    /// sums and numbers without.
    pub fn tool_text(&self, text: &str) -> Vec<u32> {
        let words = text.trim().starts_with(char::is_alphabetic);
        if words { self.text(text) } else { self.tokenizer.encode(text.trim()) }
    }

    /// What the model reads before it answers.
    pub fn prompt(&self, user: &str) -> Vec<u32> {
        let mut ids: Vec<u32> = [self.marks.end, self.user].into();
        ids.extend(self.text(user));
        ids.push(self.marks.assistant);
        ids
    }

    /// A document without the format of dialogues, such as pre-training knows.
    pub fn document(&self, text: &str) -> Vec<u32> {
        let mut ids: Vec<u32> = [self.marks.end].into();
        ids.extend(self.text(text));
        ids
    }

    /// An answer with its end.
    pub fn answer(&self, answer: &str) -> Vec<u32> {
        let mut ids = self.text(answer);
        ids.push(self.marks.end);
        ids
    }

    /// A prompt that is read and an answer that counts.
    pub fn example(&self, user: &str, answer: &str) -> Example {
        Example::answered(&self.prompt(user), &self.answer(answer))
    }

    /// A task with its calls: requests and answer count, what the runtime writes does not. Without `tool` the answer
    /// alone.
    pub fn task(&self, task: &Task, tool: bool) -> Example {
        let mut example = Example::new();
        example.push(&self.prompt(&task.user), 0.0);
        for Call { request, result } in task.calls.iter().filter(|_| tool) {
            example.push(&[self.marks.tool], 1.0);
            example.push(&self.tool_text(request), 1.0);
            example.push(&[self.marks.result], 1.0);
            example.push(&self.tool_text(result), 0.0);
            example.push(&[self.marks.assistant], 0.0);
        }
        example.push(&self.answer(&task.answer), 1.0);
        example
    }

    /// Text of tokens without marks; bytes that are no whole characters in hexadecimal, as `[E4·BD]`.
    pub fn decode(&self, ids: &[u32]) -> String {
        let plain: Vec<u32> = ids.iter().copied().filter(|&id| !self.tokenizer.is_special(id)).collect();
        let bytes = self.tokenizer.decode_bytes(&plain).unwrap_or_default();
        let mut out = String::new();
        for chunk in bytes.utf8_chunks() {
            out.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                let hex: Vec<String> = chunk.invalid().iter().map(|byte| alloc::format!("{byte:02X}")).collect();
                out.extend(["[", &hex.join("·"), "]"]);
            }
        }
        out.trim().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;
    use proptest::prelude::*;

    fn chat(lang: Lang) -> Chat {
        Chat::new(lang, Tokenizer::bytes(SPECIALS.map(String::from).to_vec())).unwrap()
    }

    #[test]
    fn the_format_stands_as_it_is_described() {
        let chat = chat(Lang::En);
        let [end, user, assistant, tool, result] = [256, 257, 258, 259, 260];
        assert_eq!(chat.prompt("hi"), [end, user, 32, 104, 105, assistant]);
        assert_eq!(chat.answer("ok"), [32, 111, 107, end]);
        let example = chat.example("hi", "ok");
        assert_eq!(example.weights, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        let task = Task {
            kind: crate::data::TaskKind::TwoDigits,
            user: "1+2".into(),
            calls: vec![Call { request: "1+2".into(), result: "3".into() }],
            answer: "3".into(),
        };
        let example = chat.task(&task, true);
        let written = &example.ids[example.len() - 10..];
        assert_eq!(written, [tool, 49, 43, 50, result, 51, assistant, 32, 51, end]);
        assert_eq!(example.weights[example.len() - 11..], [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(chat.task(&task, false).ids, chat.example("1+2", "3").ids);
        assert_eq!((chat.tool_text("Mia"), chat.tool_text(" 12 ")), (vec![32, 77, 105, 97], vec![49, 50]));
    }

    #[test]
    fn bytes_that_are_no_characters_are_told_in_hexadecimal() {
        let chat = chat(Lang::ZhHans);
        let ids: Vec<u32> =
            [b"a".as_slice(), &[0xE4, 0xBD], "好".as_bytes(), &[0xFF]].concat().into_iter().map(u32::from).collect();
        assert_eq!(chat.decode(&ids), "a[E4·BD]好[FF]");
    }

    #[test]
    fn a_vocabulary_without_the_marks_is_refused() {
        assert_eq!(Chat::new(Lang::En, Tokenizer::bytes(vec![])).unwrap_err().code(), "unsupported");
    }

    proptest! {
        #[test]
        fn a_text_that_spells_special_tokens_stays_text(
            parts in prop::collection::vec(prop_oneof![
                prop::sample::select(SPECIALS.to_vec()).prop_map(String::from),
                ".{0,8}",
                Just("<|".into()),
            ], 0..6),
        ) {
            let text = parts.concat();
            for lang in [Lang::En, Lang::ZhHans] {
                let chat = chat(lang);
                let special = |id: &u32| chat.tokenizer().is_special(*id);
                let prompt = chat.prompt(&text);
                let marks: Vec<u32> = prompt.iter().copied().filter(special).collect();
                prop_assert_eq!(marks, vec![256, 257, 258]);
                prop_assert_eq!((prompt[0], prompt[1], prompt[prompt.len() - 1]), (256, 257, 258));
                prop_assert_eq!(chat.decode(&prompt), text.trim());
                let answer = chat.answer(&text);
                prop_assert_eq!(answer.iter().filter(|id| special(id)).count(), 1);
            }
        }
    }
}
