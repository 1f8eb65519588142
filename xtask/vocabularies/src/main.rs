//! Makes the files of the published vocabularies, and texts to measure with: `glassgpt-vocabularies PAGE_FOLDER FOLDER`.
//!
//! The tokens come from the crate tiktoken-rs. What it holds is trusted only if the rank file made from it is OpenAI's,
//! byte for byte. The page gets each vocabulary as [`Tokenizer::pack`] makes it, compressed (zlib, RFC 1950), because
//! static hosts may not compress; the rank files (`NAME.tiktoken`) are for comparisons with other programs.
//!
//! A program of its own, so that xtask itself does not wait for these libraries whenever it is compiled.

use anyhow::{Context, Result, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use glassgpt::data::{Lang, stories};
use glassgpt::tokenizer::{Published, Tokenizer};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tiktoken_rs::CoreBPE;

/// Generated texts to measure with, and their sizes in bytes.
const TEXTS: [(&str, Lang, usize); 2] =
    [("stories-en.txt", Lang::En, 8_000_000), ("stories-zh.txt", Lang::ZhHans, 1_000_000)];

fn main() -> Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [page, ranks] = &folders[..] else { bail!("usage: glassgpt-vocabularies PAGE_FOLDER FOLDER") };
    for folder in [page, ranks] {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    for published in Published::ALL {
        make(published, page, ranks).with_context(|| format!("the vocabulary {}", published.name()))?;
    }
    for (name, lang, bytes) in TEXTS {
        fs::write(ranks.join(name), stories(lang, bytes, 1).text)?;
    }
    Ok(())
}

fn make(published: Published, page: &Path, ranks: &Path) -> Result<()> {
    let tokens = tokens(&source(published)?, published.tokens())?;
    let file = rank_file(&tokens)?;
    check(published.sha256(), &file)?;
    fs::write(ranks.join(format!("{}.tiktoken", published.name())), &file)?;
    let packed = Tokenizer::pack(&tokens)?;
    let mut compressed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Zlib, &packed[..], &mut compressed)?;
    println!("vocabulary {}: {} bytes, {} compressed", published.name(), packed.len(), compressed.len());
    fs::write(page.join(format!("{}.vocabulary", published.name())), compressed)?;
    Ok(())
}

fn source(published: Published) -> Result<CoreBPE> {
    match published {
        Published::Gpt2 => tiktoken_rs::r50k_base(),
        Published::Cl100k => tiktoken_rs::cl100k_base(),
        Published::O200k => tiktoken_rs::o200k_base(),
    }
}

/// The bytes of the first `count` ids.
fn tokens(source: &CoreBPE, count: usize) -> Result<Vec<Vec<u8>>> {
    let ids = 0..u32::try_from(count)?;
    ids.map(|id| source.decode_bytes(&[id]).map_err(|_| anyhow::anyhow!("the id {id} has no token"))).collect()
}

/// The file as OpenAI publishes it: a line for each token, its bytes in base 64, a space, its rank.
fn rank_file(tokens: &[Vec<u8>]) -> Result<String> {
    let mut out = String::new();
    for (rank, token) in tokens.iter().enumerate() {
        writeln!(out, "{} {rank}", BASE64_STANDARD.encode(token))?;
    }
    Ok(out)
}

/// Refuses a file with another digest.
fn check(expected: &str, file: &str) -> Result<()> {
    let found: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(found == expected, "expected the rank file with SHA-256 {expected}, but found {found}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_files_are_written_as_published_and_a_changed_one_is_refused() {
        let file = rank_file(&[b"!".to_vec(), b" the".to_vec()]).unwrap();
        assert_eq!(file, "IQ== 0\nIHRoZQ== 1\n");
        let digest = "2f3a";
        assert!(check(digest, &file).unwrap_err().to_string().contains("expected the rank file with SHA-256 2f3a"));
    }

    #[test]
    fn the_source_holds_gpt2s_tokens() {
        let tokens = tokens(&source(Published::Gpt2).unwrap(), Published::Gpt2.tokens()).unwrap();
        assert_eq!((tokens[0].as_slice(), tokens[262].as_slice()), (&b"!"[..], &b" the"[..]));
        check(Published::Gpt2.sha256(), &rank_file(&tokens).unwrap()).unwrap();
        let mut other = tokens;
        other.swap(300, 301);
        assert!(check(Published::Gpt2.sha256(), &rank_file(&other).unwrap()).is_err());
    }
}
