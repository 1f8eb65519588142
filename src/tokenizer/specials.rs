//! Names of special tokens in a text: as the tokens, as text, or refused.

use super::{Cache, Tokenizer};
use crate::error::{Error, Result};
use alloc::format;
use alloc::vec::Vec;

/// What [`Tokenizer::encode_with`] makes of names of special tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Specials<'a> {
    /// Text like any other: tiktoken's `disallowed_special=()`.
    #[default]
    AsText,
    /// The special tokens: tiktoken's `allowed_special="all"`. For text that the program wrote itself: anybody who types
    /// a name gets the token.
    All,
    /// These names as special tokens, others as text; names that the vocabulary does not have are passed over.
    Only(&'a [&'a str]),
    /// An error when there is one: tiktoken's default.
    Refuse,
}

/// Names to look for.
struct Names<'a> {
    /// Ascending.
    sorted: Vec<(&'a [u8], u32)>,
    first: [bool; 256],
}

impl<'a> Names<'a> {
    fn new(specials: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut sorted: Vec<_> = specials.map(|(name, id)| (name.as_bytes(), id)).filter(|n| !n.0.is_empty()).collect();
        sorted.sort_unstable();
        let mut first = [false; 256];
        sorted.iter().for_each(|(name, _)| first[usize::from(name[0])] = true);
        Self { sorted, first }
    }

    /// The longest name at the beginning of a text, and its id.
    fn at(&self, text: &[u8]) -> Option<(usize, u32)> {
        let (mut names, mut longest) = (&self.sorted[..], None);
        for (at, &byte) in text.iter().enumerate() {
            // Those with this byte too; a name that ends here sorts before longer ones.
            let from = names.partition_point(|(name, _)| name.get(at).is_none_or(|&other| other < byte));
            let to = names.partition_point(|(name, _)| name.get(at).is_none_or(|&other| other <= byte));
            names = &names[from..to];
            match names.first() {
                None => break,
                Some((name, id)) if name.len() == at + 1 => longest = Some((at + 1, *id)),
                Some(_) => {}
            }
        }
        longest
    }

    /// The next name: where it starts, its length and id.
    fn next(&self, text: &[u8]) -> Option<(usize, usize, u32)> {
        let starts = text.iter().enumerate().filter(|&(_, &byte)| self.first[usize::from(byte)]);
        starts.map(|(at, _)| at).find_map(|at| self.at(&text[at..]).map(|(len, id)| (at, len, id)))
    }
}

impl Tokenizer {
    /// Ids of a text in which names of special tokens count as `specials` says; of names that begin at the same place
    /// the longest.
    ///
    /// ```
    /// use glassgpt::tokenizer::{Specials, Tokenizer};
    ///
    /// let tokenizer = Tokenizer::bytes(vec!["<|end|>".into()]);
    /// assert_eq!(tokenizer.encode_with("a<|end|>", Specials::All)?, [97, 256]);
    /// assert_eq!(tokenizer.encode_with("a<|end|>", Specials::AsText)?.len(), 8);
    /// assert!(tokenizer.encode_with("a<|end|>", Specials::Refuse).is_err());
    /// # Ok::<(), glassgpt::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Format`] that names the first one, with [`Specials::Refuse`].
    pub fn encode_with(&self, text: &str, specials: Specials) -> Result<Vec<u32>> {
        self.encode_with_cache(text, specials, &mut Cache::for_text(text.len()))
    }

    /// The same, with what is known from other texts under this tokenizer.
    pub(crate) fn encode_with_cache(&self, text: &str, specials: Specials, cache: &mut Cache) -> Result<Vec<u32>> {
        let mut out = Vec::with_capacity(text.len() / 3 + 1);
        let names = match specials {
            Specials::AsText => {
                self.encode_into(text, cache, &mut out);
                return Ok(out);
            }
            Specials::All | Specials::Refuse => Names::new(self.specials()),
            Specials::Only(allowed) => Names::new(self.specials().filter(|(name, _)| allowed.contains(name))),
        };
        let mut from = 0;
        while let Some((at, len, id)) = names.next(&text.as_bytes()[from..]) {
            let (start, end) = (from + at, from + at + len);
            if specials == Specials::Refuse {
                let expected = "no special token in it (allow it, or take it as text)".into();
                let found = format!("{} at byte {start}", &text[start..end]);
                return Err(Error::Format { file: "text", expected, found });
            }
            self.encode_into(&text[from..start], cache, &mut out);
            out.push(id);
            from = end;
        }
        self.encode_into(&text[from..], cache, &mut out);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TEXT, trained};
    use super::super::{Split, Tokenizer};
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec;

    #[test]
    fn special_tokens_are_text_unless_asked_for() {
        let (tokenizer, _) = trained(TEXT, 300, Split::Gpt2);
        let end = tokenizer.special("<|end|>").unwrap();
        let text = "a<|end|><|end|b";
        assert!(!tokenizer.encode(text).contains(&end));
        assert_eq!(tokenizer.encode_with(text, Specials::AsText).unwrap(), tokenizer.encode(text));
        let expected = [&[97, end][..], &tokenizer.encode("<|end|b")].concat();
        assert_eq!(tokenizer.encode_with(text, Specials::All).unwrap(), expected);
        assert_eq!(tokenizer.encode_with(text, Specials::Only(&["<|end|>", "<|x|>"])).unwrap(), expected);
        assert_eq!(tokenizer.encode_with(text, Specials::Only(&["<|x|>"])).unwrap(), tokenizer.encode(text));
        for specials in [Specials::All, Specials::Refuse, Specials::Only(&[])] {
            assert_eq!(tokenizer.encode_with(TEXT, specials).unwrap(), tokenizer.encode(TEXT));
        }
        let refused = tokenizer.encode_with("é<|end|>", Specials::Refuse).unwrap_err().to_string();
        assert!(refused.contains("found <|end|> at byte 2"), "{refused}");
    }

    #[test]
    fn of_names_at_one_place_the_longest_counts() {
        let tokenizer = Tokenizer::bytes(["ab", "abc", "c", ""].map(String::from).to_vec());
        assert_eq!(tokenizer.encode_with("abcab cx", Specials::All).unwrap(), [257, 256, 32, 258, 120]);
        assert_eq!(tokenizer.encode_with("abcab", Specials::Only(&["ab"])).unwrap(), [256, 99, 256]);
    }

    proptest::proptest! {
        #[test]
        fn names_are_found_as_by_trying_all_of_them(names in proptest::collection::vec("[ab<é]{1,4}", 0..6), text in "[ab<é]{0,20}") {
            let tokenizer = Tokenizer::bytes(names.clone());
            let (mut expected, mut rest) = (vec![], text.as_str());
            while let Some(first) = rest.chars().next() {
                // The first of equal names has the lowest id.
                let here = (256..).zip(&names).filter(|(_, name)| rest.starts_with(name.as_str()));
                if let Some((id, name)) = here.max_by_key(|(id, name)| (name.len(), u32::MAX - id)) {
                    expected.push(id);
                    rest = &rest[name.len()..];
                } else {
                    let (character, behind) = rest.split_at(first.len_utf8());
                    expected.extend(character.bytes().map(u32::from));
                    rest = behind;
                }
            }
            assert_eq!(tokenizer.encode_with(&text, Specials::All).unwrap(), expected);
        }
    }
}
