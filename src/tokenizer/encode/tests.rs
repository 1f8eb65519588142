//! All ways of merging a piece against the rule.

use super::*;
use crate::rng::{Purpose, Rng};

/// The rule by plain scanning.
pub(in crate::tokenizer) fn naive(pairs: &[(u32, u32)], piece: &[u8]) -> Vec<u32> {
    let mut ids: Vec<u32> = piece.iter().map(|&byte| byte.into()).collect();
    let rank = |w: &[u32]| pairs.iter().position(|&pair| pair == (w[0], w[1]));
    while let Some((rank, at)) = ids.windows(2).enumerate().filter_map(|(i, w)| Some((rank(w)?, i))).min() {
        ids[at] = 256 + rank as u32;
        ids.remove(at + 1);
    }
    ids
}

pub(in crate::tokenizer) fn merges_of(pairs: &[(u32, u32)]) -> Merges {
    let mut merges = Merges::with_capacity(pairs.len());
    pairs.iter().zip(256..).for_each(|(&(left, right), priority)| assert!(merges.insert(left, right, priority)));
    merges
}

/// Merges of three letters and of what came before, without repetition.
pub(in crate::tokenizer) fn random_pairs(rng: &mut Rng) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = vec![];
    for _ in 0..20 {
        let mut id = || match rng.below(3 + pairs.len()) as u32 {
            letter @ 0..3 => u32::from(b'a') + letter,
            merge => 256 + merge - 3,
        };
        let pair = (id(), id());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs
}

#[test]
fn every_way_of_encoding_is_the_rule() {
    let mut rng = Rng::new(1, Purpose::Test, 0);
    for _ in 0..300 {
        let pairs = random_pairs(&mut rng);
        let merges = merges_of(&pairs);
        let pieces: Vec<Vec<u8>> = [1, 2, 3, 5, 8, 9, 15, 16, 48, 90, 255, 256, 300]
            .iter()
            .map(|&len| (0..len).map(|_| b'a' + rng.below(3) as u8).collect())
            .collect();
        for piece in &pieces {
            let expected = naive(&pairs, piece);
            let (mut found, mut long) = (vec![], vec![]);
            merges.piece(piece, None, &mut Work::new(NONE), &mut found);
            merges.long(piece, NONE, &mut long, &mut |_| {});
            assert_eq!((&found, &long), (&expected, &expected), "{pairs:?} {piece:?}");
        }
        for limit in [0, 3, pairs.len()] {
            for piece in &pieces {
                let mut work = Work::new(256 + limit as u32);
                let (mut found, mut long, mut made) = (vec![], vec![], vec![]);
                merges.merge(piece, &mut work, &mut found, &mut |priority| made.push(priority));
                merges.long(piece, 256 + limit as u32, &mut long, &mut |_| {});
                let expected = naive(&pairs[..limit], piece);
                assert_eq!((&found, &long), (&expected, &expected), "{pairs:?} {piece:?} {limit}");
                assert_eq!(made.len(), piece.len() - expected.len());
            }
        }
    }
}

#[test]
fn a_hundred_thousand_equal_characters_are_merged_at_once() {
    let merges = merges_of(&[(120, 120), (256, 256), (257, 257)]);
    let mut out = vec![];
    merges.long(&[b'x'; 100_000], NONE, &mut out, &mut |_| {});
    assert_eq!(out, [258; 12_500]);
}
