//! A run in one file: a safetensors file whose metadata holds a version, a checksum over everything else, and two texts.

use super::crc::Crc;
use super::safetensors::{self, Kind, Tensor};
use crate::error::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const FILE: &str = "checkpoint";
/// Version that is written, and the newest that is read.
const VERSION: u32 = 1;
/// Where the eight digits of the checksum stand: first in the header.
const CHECKSUM_AT: usize = 8 + r#"{"__metadata__":{"checksum":""#.len();
const DIGITS: usize = 8;
const ZEROS: [u8; DIGITS] = *b"00000000";

/// What a checkpoint holds, to be written.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// JSON of the learning loop.
    pub state: &'a str,
    /// JSON of everything else that the caller wants back.
    pub session: &'a str,
    /// Named tensors: shape and values.
    pub tensors: &'a [(String, Vec<usize>, &'a [f32])],
    /// Any bytes, for example the text; stored as tensor `corpus`.
    pub corpus: &'a [u8],
}

/// What a checkpoint held.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// As [`Contents::state`].
    pub state: String,
    /// As [`Contents::session`].
    pub session: String,
    tensors: Vec<(String, Vec<f32>)>,
    /// As [`Contents::corpus`].
    pub corpus: Vec<u8>,
}

fn checksum(bytes: &[u8]) -> String {
    let mut crc = Crc::new();
    crc.update(&bytes[..CHECKSUM_AT]);
    crc.update(&ZEROS);
    crc.update(&bytes[CHECKSUM_AT + DIGITS..]);
    format!("{:08x}", crc.finish())
}

impl Contents<'_> {
    /// The file.
    pub fn write(&self) -> Vec<u8> {
        let data: Vec<Vec<u8>> =
            self.tensors.iter().map(|(_, _, v)| v.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
        let mut tensors: Vec<Tensor> = self
            .tensors
            .iter()
            .zip(&data)
            .map(|((name, shape, _), data)| Tensor { name: name.clone(), kind: Kind::F32, shape: shape.clone(), data })
            .collect();
        let shape = Vec::from([self.corpus.len()]);
        tensors.push(Tensor { name: "corpus".into(), kind: Kind::U8, shape, data: self.corpus });
        let version = format!("{VERSION}");
        let metadata = [
            ("checksum", "00000000"),
            ("format", "pt"),
            ("glassgpt", &version),
            ("state", self.state),
            ("session", self.session),
        ];
        let mut bytes = safetensors::write(&metadata, &tensors);
        let sum = checksum(&bytes);
        bytes[CHECKSUM_AT..CHECKSUM_AT + DIGITS].copy_from_slice(sum.as_bytes());
        bytes
    }
}

impl Checkpoint {
    /// Reads and verifies a file.
    ///
    /// # Errors
    /// [`Error::Format`] for another kind of file, [`Error::Checksum`] for a damaged one, [`Error::Version`] for one
    /// from the future.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let refuse =
            |expected: &str, found: &str| Error::Format { file: FILE, expected: expected.into(), found: found.into() };
        let (metadata, tensors) = safetensors::read(bytes)?;
        let text =
            |key: &str| metadata.get(key).cloned().ok_or_else(|| refuse(&format!("metadata named {key}"), "none"));
        let stored = text("checksum")?;
        if bytes.get(CHECKSUM_AT..CHECKSUM_AT + DIGITS) != Some(stored.as_bytes()) {
            return Err(refuse("the checksum first in the header", "it elsewhere"));
        }
        if checksum(bytes) != stored {
            return Err(Error::Checksum { file: FILE });
        }
        let version = text("glassgpt")?;
        match version.parse() {
            Ok(found) if found > VERSION => return Err(Error::Version { file: FILE, newest: VERSION, found }),
            Ok(_) => {}
            Err(_) => return Err(refuse("a version number", &version)),
        }
        let corpus = tensors.iter().find(|t| t.name == "corpus" && t.kind == Kind::U8).map(|t| t.data.to_vec());
        let corpus = corpus.ok_or_else(|| refuse("a tensor named corpus", "none"))?;
        let tensors = tensors.iter().filter_map(|t| Some((t.name.clone(), t.f32()?))).collect();
        Ok(Self { state: text("state")?, session: text("session")?, tensors, corpus })
    }

    /// The values of a tensor.
    pub fn tensor(&self, name: &str) -> Option<&[f32]> {
        self.tensors.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn file() -> Vec<u8> {
        let tensors = [("a".into(), vec![2], &[1.0f32, f32::NAN][..]), ("b".into(), vec![1, 1], &[-0.0][..])];
        Contents { state: "{}", session: r#"{"x":"你好"}"#, tensors: &tensors, corpus: b"text" }.write()
    }

    #[test]
    fn a_checkpoint_comes_back() {
        let found = Checkpoint::read(&file()).unwrap();
        assert_eq!((found.state.as_str(), found.session.as_str()), ("{}", r#"{"x":"你好"}"#));
        assert_eq!(found.tensor("b").map(|v| v[0].to_bits()), Some((-0.0f32).to_bits()));
        assert!(found.tensor("a").is_some_and(|v| v[0] == 1.0 && v[1].is_nan()));
        assert_eq!((found.corpus.as_slice(), found.tensor("c")), (&b"text"[..], None));
    }

    #[test]
    fn every_truncation_and_every_flipped_bit_is_refused() {
        let good = file();
        for end in 0..good.len() {
            assert!(Checkpoint::read(&good[..end]).is_err(), "{end} bytes");
        }
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(Checkpoint::read(&bad).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_file_from_the_future_is_refused_by_its_version() {
        let mut bytes = file();
        let at = bytes.windows(14).position(|w| w == br#""glassgpt":"1""#).unwrap() + 12;
        bytes[at] = b'9';
        let sum = checksum(&bytes);
        bytes[CHECKSUM_AT..CHECKSUM_AT + DIGITS].copy_from_slice(sum.as_bytes());
        let version = Error::Version { file: FILE, newest: VERSION, found: 9 };
        assert_eq!(Checkpoint::read(&bytes), Err(version));
    }
}
