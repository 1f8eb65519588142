use super::*;
use alloc::vec;

const MOST: u64 = 1 << 20;

fn files() -> Vec<(String, Vec<u8>)> {
    vec![("config.json".into(), b"{}".to_vec()), ("sub/\u{4e2d}.txt".into(), vec![7; 3_000]), ("empty".into(), vec![])]
}

/// An archive with one file, deflated, that declares `size`.
fn deflated(name: &str, data: &[u8], size: u32) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec(data, 6);
    let mut archive = write_zip(&[(name.into(), packed.clone())]).unwrap();
    let central = LOCAL_BYTES + name.len() + packed.len();
    for (at, method, crc) in [(0, 8, 14), (central, 10, 16)] {
        archive[at + method..at + method + 2].copy_from_slice(&DEFLATED.to_le_bytes());
        archive[at + crc..at + crc + 4].copy_from_slice(&crc_of(data).to_le_bytes());
        archive[at + crc + 8..at + crc + 12].copy_from_slice(&size.to_le_bytes());
    }
    archive
}

fn read_all(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(read_zip(archive, MOST)?.into_iter().map(|(name, data)| (name, data.into_owned())).collect())
}

#[test]
fn what_is_written_is_read() {
    let archive = write_zip(&files()).unwrap();
    assert!(is_zip(&archive));
    assert_eq!(read_all(&archive).unwrap(), files());
    assert_eq!(archive, write_zip(&files()).unwrap());
    assert_eq!(read_all(&write_zip(&[]).unwrap()).unwrap(), []);
}

#[test]
fn deflated_files_are_read_and_never_grow_beyond_what_they_declare() {
    let data = vec![b'a'; 100_000];
    assert_eq!(read_all(&deflated("a", &data, 100_000)).unwrap(), [("a".into(), data.clone())]);
    assert!(matches!(read_all(&deflated("a", &data, 99_999)), Err(Error::Format { .. })));
    assert!(matches!(read_all(&deflated("a", &data, 100_001)), Err(Error::Format { .. })));
}

#[test]
fn a_bomb_is_refused_by_its_declared_size_with_both_numbers() {
    let bomb = deflated("a", &vec![0; 2 << 20], 2 << 20);
    assert!(bomb.len() < 10_000);
    assert_eq!(read_all(&bomb), Err(Error::Memory { needed_bytes: 2 << 20, allowed_bytes: MOST }));
}

#[test]
fn names_that_lead_out_of_the_folder_or_stand_there_twice_are_refused() {
    let good = write_zip(&[("aa/bb".into(), vec![1])]).unwrap();
    for name in ["../bb", "/a/bb", "aa//b", "./abb", "aa/..", "aa\\bb", "C:/bb", "aa/b\0"] {
        let mut archive = good.clone();
        for at in [LOCAL_BYTES, LOCAL_BYTES + 6 + CENTRAL_BYTES] {
            archive[at..at + 5].copy_from_slice(name.as_bytes());
        }
        assert!(matches!(read_all(&archive), Err(Error::Format { .. })), "{name:?}");
        assert!(write_zip(&[(name.into(), vec![])]).is_err());
    }
    let mut twice = write_zip(&[("a".into(), vec![1]), ("b".into(), vec![2])]).unwrap();
    twice.iter_mut().filter(|byte| **byte == b'b').for_each(|byte| *byte = b'a');
    assert!(matches!(read_all(&twice), Err(Error::Format { found, .. }) if found == "a twice"));
}

#[test]
fn files_that_share_their_bytes_are_refused() {
    let mut archive = write_zip(&[("a".into(), vec![1; 40]), ("ab".into(), vec![1; 40])]).unwrap();
    // The second line of the directory points at the first file, whose name it takes.
    let second = archive.len() - END_BYTES - CENTRAL_BYTES - 2;
    archive[second + 42..second + 46].fill(0);
    assert!(read_all(&archive).is_err());
}

#[test]
fn what_cannot_be_read_is_named() {
    let good = write_zip(&files()).unwrap();
    let central =
        good.len() - END_BYTES - 3 * CENTRAL_BYTES - files().iter().map(|(name, _)| name.len()).sum::<usize>();
    let code = |at: usize, value: u8| {
        let mut archive = good.clone();
        archive[at] = value;
        read_all(&archive).unwrap_err().code()
    };
    assert_eq!(code(central + 8, 1), "unsupported", "encrypted");
    assert_eq!(code(good.len() - END_BYTES + 4, 1), "unsupported", "several parts");
    assert_eq!(code(central + 16, 0xff), "checksum");
    let mut archive = good.clone();
    archive[central + 42..central + 46].fill(0xff);
    assert_eq!(read_all(&archive).unwrap_err().code(), "unsupported", "64 bits");
    let mut odd = deflated("a", b"text", 4);
    let central = odd.len() - END_BYTES - CENTRAL_BYTES - 1;
    (odd[8], odd[central + 10]) = (12, 12);
    assert_eq!(read_all(&odd).unwrap_err().code(), "unsupported", "bzip2");
}

#[test]
fn every_truncation_is_refused() {
    let archive = write_zip(&files()).unwrap();
    for end in 0..archive.len() {
        assert!(read_all(&archive[..end]).is_err(), "{end} bytes");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = read_all(&bytes);
    }

    #[test]
    fn a_changed_archive_is_refused_or_gives_files_within_the_limit(
        changes in proptest::collection::vec((0usize..8192, proptest::prelude::any::<u8>()), 1..6), packed: bool
    ) {
        let mut archive = if packed { deflated("a/b", &[b'x'; 5_000], 5_000) } else { write_zip(&files()).unwrap() };
        let length = archive.len();
        for (at, byte) in changes {
            archive[at % length] = byte;
        }
        if let Ok(found) = read_all(&archive) {
            assert!(found.iter().map(|(_, data)| data.len() as u64).sum::<u64>() <= MOST);
        }
    }
}
