//! Manners of an answer, apart from its content: how it is said, and how to tell.

use alloc::string::String;

use super::Lang;
use super::dialogue::Dialogue;
use crate::rng::Rng;

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// A whole sentence.
    Plain,
    /// A word or two.
    Short,
    /// A kind word first.
    Polite,
    /// An unkind word first.
    Rude,
    /// A cry of joy first.
    Excited,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Short, Self::Polite, Self::Rude, Self::Excited];
    /// Those with an opener, in the order of the openers.
    const OPENED: [Self; 3] = [Self::Polite, Self::Rude, Self::Excited];
}

/// What somebody likes; decides which of two answers they prefer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taste {
    /// Polite best, rude least.
    Polite,
    /// As short as possible.
    Short,
    /// Anything but rude.
    NotRude,
    /// Excited best, rude least.
    Excited,
}

impl Taste {
    /// How much an answer of this tone is liked.
    pub fn score(self, tone: Tone) -> i32 {
        let not_rude = i32::from(tone != Tone::Rude);
        match self {
            Self::Polite => 2 * i32::from(tone == Tone::Polite) + not_rude,
            Self::Short => i32::from(tone == Tone::Short),
            Self::NotRude => not_rude,
            Self::Excited => 2 * i32::from(tone == Tone::Excited) + not_rude,
        }
    }

    /// Whether this is what is wanted.
    pub fn wants(self, tone: Tone) -> bool {
        match self {
            Self::Polite => tone == Tone::Polite,
            Self::Short => tone == Tone::Short,
            Self::NotRude => tone != Tone::Rude,
            Self::Excited => tone == Tone::Excited,
        }
    }
}

impl Lang {
    /// The answer to a dialogue in a tone: the content is always right, the manners are not.
    pub fn speak(self, rng: &mut Rng, dialogue: &Dialogue, tone: Tone) -> String {
        let opened = Tone::OPENED.iter().position(|t| *t == tone);
        match (tone, opened) {
            (_, Some(at)) => [*rng.choose(self.talk().openers[at]), &dialogue.long].join(self.world().separator),
            (Tone::Short, _) => dialogue.short.clone(),
            _ => dialogue.long.clone(),
        }
    }

    /// Tone of an answer, and its content: the answer without its opener.
    pub fn tone_of(self, text: &str) -> (Tone, &str) {
        let text = text.trim();
        for (tone, openers) in Tone::OPENED.into_iter().zip(self.talk().openers) {
            if let Some(rest) = openers.iter().find_map(|opener| text.strip_prefix(opener)) {
                return (tone, rest.trim());
            }
        }
        // A sentence has a verb behind its first word; "at the park." and its like have none there.
        let whole = self.talk().verbs.iter().any(|verb| text.find(verb).is_some_and(|at| at > 0));
        (if whole { Tone::Plain } else { Tone::Short }, text)
    }

    /// Whether an answer's content is exactly the long or the short reference.
    pub fn is_right(self, dialogue: &Dialogue, text: &str) -> bool {
        let (_, content) = self.tone_of(text);
        content == dialogue.long || content == dialogue.short
    }
}
