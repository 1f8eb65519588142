//! Vocabularies that OpenAI has published, and the compact file that they travel in.
//!
//! Every token of more than one byte is two tokens of lower ids, so that the file holds the single bytes in the order
//! of their ids and then only pairs, each byte of the numbers in a plane of its own, which compresses well:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `gbpe` |
//! | 4 | number of merges M |
//! | 256 | the single bytes, in the order of their ids |
//! | 3 M | left ids: their low bytes, their middle bytes, their high bytes |
//! | 3 M | right ids, in the same way |
//! | 4 | checksum of all before (FNV-1a) |
//!
//! Numbers are little-endian. Merge m makes the token with the id 256 + m.

use super::encode::Merges;
use super::split::{Scanner, Split};
use super::vocabulary::{BYTES, Vocabulary};
use super::{Tokenizer, parts};
use crate::error::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// A published vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// r50k_base: GPT-2 and GPT-3.
    Gpt2,
    /// cl100k_base: GPT-3.5 and GPT-4.
    Cl100k,
    /// o200k_base: GPT-4o and later.
    O200k,
}

impl Published {
    /// All of them, the oldest first.
    pub const ALL: [Self; 3] = [Self::Gpt2, Self::Cl100k, Self::O200k];

    /// The short name: `gpt2`, `cl100k`, `o200k`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpt2 => "gpt2",
            Self::Cl100k => "cl100k",
            Self::O200k => "o200k",
        }
    }

    /// The one with this short name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|published| published.name() == name)
    }

    /// How it cuts text.
    pub fn split(self) -> Split {
        match self {
            Self::Gpt2 => Split::Gpt2,
            Self::Cl100k => Split::Cl100k,
            Self::O200k => Split::O200k,
        }
    }

    /// Ordinary tokens; their ids are those below.
    pub fn tokens(self) -> usize {
        match self {
            Self::Gpt2 => 50_256,
            Self::Cl100k => 100_256,
            Self::O200k => 199_998,
        }
    }

    /// Special tokens with their ids, ascending.
    pub fn specials(self) -> &'static [(&'static str, u32)] {
        match self {
            Self::Gpt2 => &[("<|endoftext|>", 50_256)],
            Self::Cl100k => &[
                ("<|endoftext|>", 100_257),
                ("<|fim_prefix|>", 100_258),
                ("<|fim_middle|>", 100_259),
                ("<|fim_suffix|>", 100_260),
                ("<|endofprompt|>", 100_276),
            ],
            Self::O200k => &[("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)],
        }
    }

    /// SHA-256 of the `.tiktoken` file as OpenAI publishes it (tiktoken 0.14, `openai_public.py`).
    pub fn sha256(self) -> &'static str {
        match self {
            Self::Gpt2 => "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
            Self::Cl100k => "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            Self::O200k => "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        }
    }
}

const MAGIC: &[u8; 4] = b"gbpe";
const HEAD_BYTES: usize = 8 + BYTES as usize;
const PLANES: usize = 6;

fn refused(expected: impl Into<String>, found: impl Into<String>) -> Error {
    Error::Format { file: "vocabulary", expected: expected.into(), found: found.into() }
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Tokenizer {
    /// The compact file of a vocabulary: `tokens` by id, the 256 single bytes first.
    ///
    /// # Errors
    /// [`Error::Format`] unless every token is once there and the longer ones are made of two earlier ones by merging.
    pub fn pack(tokens: &[Vec<u8>]) -> Result<Vec<u8>> {
        let (bytes, longer) = tokens.split_at_checked(BYTES as usize).unwrap_or_default();
        let bytes = bytes.concat();
        let ids = parts::byte_ids(tokens)?;
        if ids.iter().any(|&id| id >= BYTES) {
            return Err(refused("the single bytes as the first 256 tokens", "others among them"));
        }
        let mut merges = Merges::with_capacity(longer.len());
        let mut out = [&MAGIC[..], &(longer.len() as u32).to_le_bytes(), &bytes].concat();
        let mut planes = vec![vec![]; PLANES];
        for (token, id) in longer.iter().zip(BYTES..) {
            let Some(pair) = parts::regular_pair(&merges, token) else {
                return Err(refused(
                    "tokens that are two earlier ones",
                    format!("{:?} (id {id})", token.escape_ascii()),
                ));
            };
            merges.insert(pair.0, pair.1, id);
            let outer = |id: u32| ids.get(id as usize).copied().unwrap_or(id).to_le_bytes();
            let numbers = [outer(pair.0), outer(pair.1)];
            planes.iter_mut().enumerate().for_each(|(i, plane)| plane.push(numbers[i / 3][i % 3]));
        }
        out.extend(planes.concat());
        out.extend(checksum(&out).to_le_bytes());
        Ok(out)
    }

    /// A published vocabulary out of its compact file.
    ///
    /// # Errors
    /// [`Error::Checksum`] for a damaged file, [`Error::Format`] for another one.
    pub fn unpack(published: Published, file: &[u8]) -> Result<Self> {
        let (bytes, pairs) = read(file)?;
        if pairs.len() + bytes.len() != published.tokens() {
            let expected = format!("{} tokens for {}", published.tokens(), published.name());
            return Err(refused(expected, (pairs.len() + bytes.len()).to_string()));
        }
        let mut merges = Merges::with_capacity(pairs.len());
        let inner = |id: u32| bytes.get(id as usize).map_or(id, |&byte| byte.into());
        for (&(left, right), id) in pairs.iter().zip(BYTES..) {
            if !merges.insert(inner(left), inner(right), id) {
                return Err(refused("pairs that differ", format!("({left}, {right}) again")));
            }
        }
        let specials = published.specials().iter().map(|&(name, id)| (name.into(), id)).collect();
        let vocabulary = Vocabulary::of_pairs(&bytes, pairs, specials);
        merges.set_words((BYTES..).map_while(|id| Some((vocabulary.ordinary(id)?, id))));
        Ok(Self { scanner: Scanner::new(published.split()), vocabulary, merges })
    }
}

type Contents = ([u8; BYTES as usize], Vec<(u32, u32)>);

/// Bytes and pairs of ids of a compact file, checked.
fn read(file: &[u8]) -> Result<Contents> {
    let Some((head, rest)) = file.split_first_chunk::<HEAD_BYTES>().filter(|(head, _)| head.starts_with(MAGIC)) else {
        return Err(refused("the beginning of a packed vocabulary", "something else"));
    };
    let Some((body, &sum)) = rest.split_last_chunk::<4>() else {
        return Err(refused("pairs and a checksum", "the end of the file"));
    };
    let (_, bytes) = head.split_at(8);
    let merges = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    if body.len() != merges * PLANES {
        return Err(refused(format!("{merges} pairs in {} bytes", merges * PLANES), body.len().to_string()));
    }
    if checksum(&file[..file.len() - 4]) != u32::from_le_bytes(sum) {
        return Err(Error::Checksum { file: "vocabulary" });
    }
    let mut seen = [false; BYTES as usize];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let bytes = <[u8; BYTES as usize]>::try_from(bytes).ok().filter(|_| seen.iter().all(|&seen| seen));
    let Some(bytes) = bytes else { return Err(refused("each single byte once", "one twice")) };
    let mut lengths = vec![1u32; BYTES as usize];
    let mut total = 0;
    let mut pairs = Vec::with_capacity(merges);
    for at in 0..merges {
        let byte = |plane: usize| u32::from(body[plane * merges + at]);
        let [left, right] = [0, 3].map(|plane| byte(plane) | byte(plane + 1) << 8 | byte(plane + 2) << 16);
        let length = |id: u32| lengths.get(id as usize).copied();
        let (Some(a), Some(b)) = (length(left), length(right)) else {
            return Err(refused(
                "pairs of earlier tokens",
                format!("({left}, {right}) for the token {}", BYTES as usize + at),
            ));
        };
        total += u64::from(a + b);
        if a + b > super::train::MOST_TOKEN_BYTES || total > super::train::MOST_BYTES {
            return Err(refused("tokens of at most 64 MiB together", "more"));
        }
        lengths.push(a + b);
        pairs.push((left, right));
    }
    Ok((bytes, pairs))
}
