//! Rules of cutting text, as `tokenizer.json` files write them: steps with regular expressions. Only known ones are read;
//! the expressions are compared, never run.

use super::ranks::clipped;
use super::tokenizer_json::unsupported;
use crate::error::Result;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

/// A known rule of cutting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// GPT-2's, which `ByteLevel` applies by itself.
    Gpt2,
    /// That of GPT-4 (cl100k_base) and Llama 3.
    Cl100k,
    /// That of GPT-4o (o200k_base).
    O200k,
    /// That of Qwen 2 and 3.
    Qwen,
    /// This project's own: GPT-2's with digits and Chinese characters alone.
    Digits,
}

const GPT2: &str = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const CL100K: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const O200K: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Oniguruma's spelling (`&&`), which Hugging Face's tokenizers use.
const DIGITS: &str =
    r"'(?:[sdmt]|ll|ve|re)|[\p{N}\p{Han}]| ?[\p{L}&&[^\p{Han}]]+| ?[^\s\p{L}\p{N}\p{Han}]+|\s+(?!\S)|\s+";

/// What is written, and read again; then other spellings of the same that are around.
const KNOWN: &[(&str, Cut)] = &[
    (GPT2, Cut::Gpt2),
    (CL100K, Cut::Cl100k),
    (QWEN, Cut::Qwen),
    (O200K, Cut::O200k),
    (DIGITS, Cut::Digits),
    (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", Cut::Gpt2),
    (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
        Cut::Cl100k,
    ),
    (
        r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        Cut::Cl100k,
    ),
];

/// What can be read, for refusals.
const EXPECTED: &str = "the rules of cutting text of GPT-2, GPT-4, GPT-4o, Llama 3 and Qwen";

impl Cut {
    /// The rule of a `pre_tokenizer`.
    pub(super) fn read(pre_tokenizer: &Value) -> Result<Self> {
        let mut steps = Vec::new();
        flatten(pre_tokenizer, &mut steps);
        match steps[..] {
            [bytes] if kind(bytes) == "ByteLevel" && bytes["use_regex"] != json!(false) => {
                plain_bytes(bytes).map(|()| Self::Gpt2)
            }
            [split, bytes]
                if kind(split) == "Split" && kind(bytes) == "ByteLevel" && bytes["use_regex"] == json!(false) =>
            {
                plain_bytes(bytes)?;
                Self::of_split(split)
            }
            _ => {
                let kinds: Vec<&str> = steps.iter().map(|step| kind(step)).collect();
                Err(unsupported(EXPECTED, format!("the pre-tokenizer {}", kinds.join(" + "))))
            }
        }
    }

    fn of_split(split: &Value) -> Result<Self> {
        let Some(pattern) = split["pattern"]["Regex"].as_str() else {
            return Err(unsupported(EXPECTED, "a pre-tokenizer Split without a regular expression".into()));
        };
        // Every character is in a match, so that what is between matches does not matter.
        let isolated = split["behavior"] == "Isolated" && split["invert"] != json!(true);
        let matches = split["behavior"] == "Removed" && split["invert"] == json!(true);
        if !isolated && !matches {
            return Err(unsupported(
                EXPECTED,
                format!("a pre-tokenizer Split with the behavior {}", split["behavior"]),
            ));
        }
        let known = KNOWN.iter().find(|(text, _)| *text == pattern);
        known.map(|(_, cut)| *cut).ok_or_else(|| {
            unsupported(EXPECTED, format!("a pre-tokenizer with the regular expression {}", clipped(pattern)))
        })
    }

    /// The `pre_tokenizer` of the rule.
    pub(super) fn write(self) -> Value {
        let bytes = |use_regex| json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex });
        if self == Self::Gpt2 {
            return bytes(true);
        }
        let pattern = KNOWN.iter().find(|(_, cut)| *cut == self).map_or("", |(text, _)| text);
        let split =
            json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
        json!({ "type": "Sequence", "pretokenizers": [split, bytes(false)] })
    }
}

/// The steps of a pre-tokenizer, one after the other.
fn flatten<'a>(step: &'a Value, out: &mut Vec<&'a Value>) {
    match step["pretokenizers"].as_array() {
        Some(steps) => steps.iter().for_each(|step| flatten(step, out)),
        None => out.push(step),
    }
}

/// The type of a step, for people.
pub(super) fn kind(step: &Value) -> &str {
    step["type"].as_str().unwrap_or(if step.is_null() { "null" } else { "without a type" })
}

fn plain_bytes(step: &Value) -> Result<()> {
    if step["add_prefix_space"] == json!(true) {
        return Err(unsupported("texts without a space put before them", String::from("the setting add_prefix_space")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn rules_come_back() {
        for cut in [Cut::Gpt2, Cut::Cl100k, Cut::O200k, Cut::Qwen, Cut::Digits] {
            assert_eq!(Cut::read(&cut.write()), Ok(cut));
        }
    }

    #[test]
    fn the_spellings_of_published_files_are_known() {
        let of = |pattern: &str, behavior: &str, invert: bool| {
            let split =
                json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": behavior, "invert": invert });
            let bytes = json!({ "type": "ByteLevel", "add_prefix_space": false, "use_regex": false });
            Cut::read(&json!({ "type": "Sequence", "pretokenizers": [split, bytes] }))
        };
        for (pattern, cut) in KNOWN {
            assert_eq!(of(pattern, "Isolated", false), Ok(*cut));
            assert_eq!(of(pattern, "Removed", true), Ok(*cut));
            assert!(of(pattern, "Removed", false).is_err() && of(pattern, "Isolated", true).is_err());
        }
        let said = of(r"\w+|[^\w\s]+", "Isolated", false).unwrap_err().to_string();
        assert!(said.contains(r"the regular expression \w+|[^\w\s]+"), "{said}");
    }

    #[test]
    fn other_kinds_are_named() {
        let said = |step: Value| Cut::read(&step).unwrap_err().to_string();
        assert!(said(json!({ "type": "Metaspace", "replacement": "▁" })).contains("the pre-tokenizer Metaspace"));
        assert!(said(Value::Null).contains("the pre-tokenizer null"));
        let digits = json!({ "type": "Sequence", "pretokenizers": [{ "type": "Digits" }, { "type": "ByteLevel" }] });
        assert!(said(digits).contains("Digits + ByteLevel"));
        assert!(said(json!({ "type": "ByteLevel", "add_prefix_space": true })).contains("add_prefix_space"));
        let split = json!({ "type": "Split", "pattern": { "String": " " } });
        assert!(
            said(json!({ "pretokenizers": [split, { "type": "ByteLevel", "use_regex": false }] }))
                .contains("Split without")
        );
    }
}
