//! Archives of files: written without compression, read with or without.
//! Source: PKWARE APPNOTE 6.3.10; deflate (RFC 1951) by the crate `miniz_oxide`.
//!
//! Nothing is trusted: what an archive declares is checked, and its sum against a limit, before anything is unpacked.

use super::crc::Crc;
use crate::error::{Error, Result};
use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

const FILE: &str = "zip";
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;
/// Longest comment behind the end record.
const COMMENT_BYTES: usize = 0xffff;
/// Most files of an archive: models come in a dozen.
const MOST_FILES: usize = 4_096;
/// Longest name of a file.
const MOST_NAME_BYTES: usize = 1_024;
/// 1 January 1980, the earliest date of the format: the same files are always the same archive.
const DATE: u16 = 1 << 5 | 1;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// What stands in a field whose value is in the 64-bit extension.
const ELSEWHERE: u32 = u32::MAX;

fn refuse(expected: &str, found: impl ToString) -> Error {
    Error::Format { file: FILE, expected: expected.into(), found: found.to_string() }
}

fn unsupported(expected: &str, found: impl ToString) -> Error {
    Error::Unsupported { file: FILE, expected: expected.into(), found: found.to_string() }
}

fn crc_of(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.finish()
}

/// Whether bytes begin as an archive does.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Writes an archive of files in the order given, uncompressed: weights hardly compress, and every reader is fast then.
///
/// # Errors
/// [`Error::Unsupported`] for more than 4,096 files or 4 GiB, [`Error::Format`] for a name that [`read_zip`] would refuse.
pub fn write_zip(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let size: u64 = files.iter().map(|(name, data)| (data.len() + 2 * name.len() + 128) as u64).sum();
    if files.len() > MOST_FILES || size >= u64::from(ELSEWHERE) {
        return Err(unsupported("up to 4096 files of 4 GiB together", format!("{} of {size} bytes", files.len())));
    }
    let (mut out, mut central) = (Vec::with_capacity(size as usize), Vec::new());
    let mut names = BTreeSet::new();
    for (name, data) in files {
        check_name(name)?;
        if !names.insert(name) {
            return Err(refuse("each file once", format!("{name} twice")));
        }
        let offset = out.len() as u32;
        // Version 2.0, flags, method, time, date, checksum, both sizes, lengths of name and extra field.
        let mut common = Vec::from(20u16.to_le_bytes());
        [UTF8, STORED, 0, DATE].iter().for_each(|v| common.extend_from_slice(&v.to_le_bytes()));
        [crc_of(data), data.len() as u32, data.len() as u32]
            .iter()
            .for_each(|v| common.extend_from_slice(&v.to_le_bytes()));
        [name.len() as u16, 0].iter().for_each(|v| common.extend_from_slice(&v.to_le_bytes()));
        out.extend_from_slice(&LOCAL.to_le_bytes());
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(data);
        central.extend_from_slice(&CENTRAL.to_le_bytes());
        central.extend_from_slice(&20u16.to_le_bytes());
        central.extend_from_slice(&common);
        // Comment, disk, and attributes: none.
        central.extend_from_slice(&[0; 10]);
        central.extend_from_slice(&offset.to_le_bytes());
        central.extend_from_slice(name.as_bytes());
    }
    let (start, length, count) = (out.len() as u32, central.len() as u32, files.len() as u16);
    out.extend_from_slice(&central);
    out.extend_from_slice(&END.to_le_bytes());
    [0, 0, count, count].iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
    [length, start].iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

/// The files of an archive in its own order: their names, and their bytes, which are not copied where they are stored.
/// Folders are left out.
///
/// # Errors
/// [`Error::Memory`] when the files need more than `most_bytes` together; [`Error::Unsupported`] for encryption, several
/// disks, 64-bit archives and compression other than deflate; [`Error::Checksum`] for a damaged file; [`Error::Format`]
/// for everything else that is not in order, names that lead out of the folder or stand there twice among it.
pub fn read_zip(archive: &[u8], most_bytes: u64) -> Result<Vec<(String, Cow<'_, [u8]>)>> {
    let directory = directory(archive)?;
    let needed_bytes: u64 = directory.iter().map(|entry| u64::from(entry.size)).sum();
    if needed_bytes > most_bytes {
        return Err(Error::Memory { needed_bytes, allowed_bytes: most_bytes });
    }
    let mut taken = 0;
    let mut by_place: Vec<(&Entry, Range<usize>)> =
        directory.iter().map(|entry| Ok((entry, content(archive, entry)?))).collect::<Result<_>>()?;
    by_place.sort_by_key(|(entry, _)| entry.offset);
    // One piece of the archive that stands for many files is how small archives become huge.
    for (entry, place) in &by_place {
        if (entry.offset as usize) < taken {
            return Err(refuse("files one behind the other", format!("{} inside another file", entry.name)));
        }
        taken = place.end;
    }
    by_place.into_iter().map(|(entry, place)| Ok((entry.name.clone(), unpack(entry, &archive[place])?))).collect()
}

/// One line of the directory.
struct Entry {
    name: String,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    offset: u32,
}

/// Little-endian numbers of a slice that is long enough; 0 beyond its end.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

/// The end record: the last one whose comment reaches exactly to the end.
fn end_record(archive: &[u8]) -> Result<usize> {
    let last = archive.len().checked_sub(END_BYTES);
    let found = last.and_then(|last| {
        let first = last.saturating_sub(COMMENT_BYTES);
        (first..=last).rev().find(|&at| {
            u32_at(archive, at) == END && at + END_BYTES + usize::from(u16_at(archive, at + 20)) == archive.len()
        })
    });
    found.ok_or_else(|| refuse("an archive with a directory at its end", format!("{} bytes without", archive.len())))
}

fn directory(archive: &[u8]) -> Result<Vec<Entry>> {
    let end = end_record(archive)?;
    let [disk, first_disk, here, count] = [4, 6, 8, 10].map(|at| u16_at(archive, end + at));
    let [length, start] = [12, 16].map(|at| u32_at(archive, end + at));
    if count == u16::MAX || start == ELSEWHERE || length == ELSEWHERE {
        return Err(unsupported("archives below 4 GiB", "the 64-bit extension"));
    }
    if disk != 0 || first_disk != 0 || here != count {
        return Err(unsupported("archives of one part", "several parts"));
    }
    if usize::from(count) > MOST_FILES {
        return Err(unsupported("up to 4096 files", count));
    }
    let lines = archive.get(start as usize..).and_then(|rest| rest.get(..length as usize));
    let mut lines = lines
        .filter(|_| u64::from(start) + u64::from(length) <= end as u64)
        .ok_or_else(|| refuse("a directory inside the archive", format!("one at {start} of {length} bytes")))?;
    let (mut entries, mut names) = (Vec::with_capacity(usize::from(count)), BTreeSet::new());
    for _ in 0..count {
        let (entry, rest) = line(lines)?;
        lines = rest;
        let Some(entry) = entry else { continue };
        if !names.insert(entry.name.clone()) {
            return Err(refuse("each file once", format!("{} twice", entry.name)));
        }
        if u64::from(entry.offset) + u64::from(entry.packed) > u64::from(start) {
            return Err(refuse("files before the directory", format!("{} beyond", entry.name)));
        }
        entries.push(entry);
    }
    if lines.is_empty() { Ok(entries) } else { Err(refuse("a directory of that length", "something behind it")) }
}

/// One line of the directory and what follows; `None` for a folder.
fn line(bytes: &[u8]) -> Result<(Option<Entry>, &[u8])> {
    let cut = || refuse("a whole line of the directory", format!("{} bytes", bytes.len()));
    if bytes.len() < CENTRAL_BYTES || u32_at(bytes, 0) != CENTRAL {
        return Err(cut());
    }
    let [flags, method, name, extra, comment] = [8, 10, 28, 30, 32].map(|at| u16_at(bytes, at));
    let [crc, packed, size, offset] = [16, 20, 24, 42].map(|at| u32_at(bytes, at));
    let name_end = CENTRAL_BYTES + usize::from(name);
    let raw = bytes.get(CENTRAL_BYTES..name_end).ok_or_else(cut)?;
    let rest = bytes.get(name_end + usize::from(extra) + usize::from(comment)..).ok_or_else(cut)?;
    let name = core::str::from_utf8(raw).map_err(|_| unsupported("names in UTF-8", "another encoding"))?;
    if [packed, size, offset].contains(&ELSEWHERE) {
        return Err(unsupported("archives below 4 GiB", "the 64-bit extension"));
    }
    if flags & ENCRYPTED != 0 {
        return Err(unsupported("archives without a password", format!("{name} with one")));
    }
    if name.ends_with('/') && size == 0 {
        return Ok((None, rest));
    }
    check_name(name)?;
    Ok((Some(Entry { name: name.into(), method, crc, packed, size, offset }), rest))
}

/// Refuses names that are none, or that lead out of the folder into which an archive is unpacked.
fn check_name(name: &str) -> Result<()> {
    let odd = name.len() > MOST_NAME_BYTES || name.contains(['\\', ':']) || name.chars().any(char::is_control);
    if odd || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        let shown: String = name.chars().take(80).collect();
        return Err(refuse("names of files inside the folder", format!("{shown:?}")));
    }
    Ok(())
}

/// Where the packed bytes of a file lie: behind its own header, which must agree with the directory.
fn content(archive: &[u8], entry: &Entry) -> Result<Range<usize>> {
    let wrong = || refuse("each file where the directory says", format!("something else for {}", entry.name));
    let offset = entry.offset as usize;
    let local = archive.get(offset..).ok_or_else(wrong)?;
    if local.len() < LOCAL_BYTES || u32_at(local, 0) != LOCAL || u16_at(local, 8) != entry.method {
        return Err(wrong());
    }
    let name_end = LOCAL_BYTES + usize::from(u16_at(local, 26));
    if local.get(LOCAL_BYTES..name_end) != Some(entry.name.as_bytes()) {
        return Err(wrong());
    }
    let start = name_end + usize::from(u16_at(local, 28));
    let end = start + entry.packed as usize;
    if end <= local.len() { Ok(offset + start..offset + end) } else { Err(wrong()) }
}

fn unpack<'a>(entry: &Entry, data: &'a [u8]) -> Result<Cow<'a, [u8]>> {
    let size = entry.size as usize;
    let unpacked = match entry.method {
        STORED => Cow::Borrowed(data),
        // Never grows beyond the declared size, which is within the limit.
        DEFLATED => miniz_oxide::inflate::decompress_to_vec_with_limit(data, size)
            .map_err(|e| refuse(&format!("{} as it was packed", entry.name), format!("{:?}", e.status)))?
            .into(),
        other => return Err(unsupported("files that are stored or deflated", format!("method {other}"))),
    };
    if unpacked.len() != size {
        return Err(refuse(&format!("{size} bytes of {}", entry.name), unpacked.len()));
    }
    if crc_of(&unpacked) != entry.crc {
        return Err(Error::Checksum { file: FILE });
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests;
