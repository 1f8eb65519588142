//! The safetensors format: eight bytes of header length, a JSON header, the tensors one after the other.
//! Source: <https://github.com/huggingface/safetensors>, section "Format". Own reader: the crate would add more than the
//! whole tokenizer to the page, and the checks are these.

use crate::error::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Value, json};

/// Key of the texts that belong to the whole file.
const METADATA: &str = "__metadata__";
/// A header longer than this is refused before it is parsed.
const LONGEST_HEADER: usize = 16 << 20;

/// Type of a tensor's values, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bytes.
    U8,
    /// 16-bit floating point, IEEE 754.
    F16,
    /// 16-bit floating point, the upper half of F32.
    Bf16,
    /// 32-bit floating point.
    F32,
    /// 64-bit floating point.
    F64,
    /// Any other type: its name, and bytes a value. Carried along, not read as numbers.
    Other(&'static str, usize),
}

/// Types that files from elsewhere may hold beside floating-point numbers.
const OTHERS: [(&str, usize); 8] =
    [("BOOL", 1), ("I8", 1), ("I16", 2), ("U16", 2), ("I32", 4), ("U32", 4), ("I64", 8), ("U64", 8)];

impl Kind {
    /// Of a name in a header; `None` for a type that this reader does not know.
    fn of(name: &str) -> Option<Self> {
        let own = [Self::U8, Self::F16, Self::Bf16, Self::F32, Self::F64];
        let others = OTHERS.map(|(name, size)| Self::Other(name, size));
        own.into_iter().chain(others).find(|kind| kind.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::U8 => "U8",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::F32 => "F32",
            Self::F64 => "F64",
            Self::Other(name, _) => name,
        }
    }

    fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Other(_, size) => size,
        }
    }
}

/// The value of 16 bits as IEEE 754 binary16.
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    match exponent {
        // Subnormal: fraction · 2^-24, exact in f32.
        0 => f32::from_bits(sign | (fraction as f32 * f32::from_bits(103 << 23)).to_bits()),
        31 => f32::from_bits(sign | 255 << 23 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// A tensor inside a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<'a> {
    /// Its name.
    pub name: String,
    /// Type of its values.
    pub kind: Kind,
    /// Dimensions.
    pub shape: Vec<usize>,
    /// Its bytes.
    pub data: &'a [u8],
}

impl Tensor<'_> {
    /// The values of a floating-point tensor, F64 rounded; `None` for another type.
    pub fn f32(&self) -> Option<Vec<f32>> {
        let pairs = || self.data.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b));
        Some(match self.kind {
            Kind::F16 => pairs().map(half).collect(),
            Kind::Bf16 => pairs().map(|bits| f32::from_bits(u32::from(bits) << 16)).collect(),
            Kind::F32 => self.data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Kind::F64 => self.data.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
            Kind::U8 | Kind::Other(..) => return None,
        })
    }
}

fn refuse(expected: &str, found: impl ToString) -> Error {
    Error::Format { file: "safetensors", expected: expected.into(), found: found.to_string() }
}

/// Writes tensors in the order given; `metadata` stands first in the header, in its own order.
pub fn write(metadata: &[(&str, &str)], tensors: &[Tensor]) -> Vec<u8> {
    let quote = |text: &str| Value::from(text).to_string();
    let pairs: Vec<String> = metadata.iter().map(|(k, v)| format!("{}:{}", quote(k), quote(v))).collect();
    let mut header = format!("{{\"{METADATA}\":{{{}}}", pairs.join(","));
    let mut end = 0;
    for tensor in tensors {
        let start = end;
        end += tensor.data.len();
        let entry = json!({ "dtype": tensor.kind.name(), "shape": tensor.shape, "data_offsets": [start, end] });
        header.push_str(&format!(",{}:{entry}", quote(&tensor.name)));
    }
    header.push('}');
    // Values start at a multiple of eight bytes.
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut out = Vec::with_capacity(8 + header.len() + end);
    out.extend_from_slice(&(header.len() as u64).to_le_bytes());
    out.extend_from_slice(header.as_bytes());
    tensors.iter().for_each(|t| out.extend_from_slice(t.data));
    out
}

/// Metadata and tensors of a file, in the order of their bytes. Nothing is copied but the header.
///
/// # Errors
/// [`Error::Format`] for anything that is not exactly such a file: a wrong length, an unknown type, tensors that
/// overlap, leave a hole or reach beyond the end, whose size is not that of their shape, or that share a name.
pub fn read(bytes: &[u8]) -> Result<(BTreeMap<String, String>, Vec<Tensor<'_>>)> {
    let too_short = || refuse("a header behind eight bytes of length", format!("{} bytes", bytes.len()));
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(too_short)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > LONGEST_HEADER || length > rest.len() {
        return Err(refuse("a header inside the file, at most 16 MiB", format!("a length of {length}")));
    }
    let (header, data) = rest.split_at(length);
    if header.first() != Some(&b'{') {
        return Err(refuse("a header that begins with {", format!("{:?}", header.first())));
    }
    // As a text: one instance of the parser, shared with every other JSON that is read.
    let header = core::str::from_utf8(header).map_err(|e| refuse("a JSON header", e))?;
    let header: Header = serde_json::from_str(header).map_err(|e| refuse("a JSON header", e))?;
    let tensors = header.entries.iter().map(|(name, e)| tensor(name, e, data)).collect::<Result<Vec<_>>>()?;
    let mut end = 0;
    let order = in_order(&tensors);
    for (start, tensor) in order.iter().map(|&i| &tensors[i]) {
        if *start != end {
            return Err(refuse(
                &format!("{} right behind the tensor before it", tensor.name),
                format!("a start at {start}"),
            ));
        }
        end += tensor.data.len();
    }
    if end != data.len() {
        return Err(refuse(&format!("{end} bytes of tensors"), data.len()));
    }
    Ok((header.metadata, order.into_iter().map(|i| tensors[i].1.clone()).collect()))
}

/// Places of the tensors by where they start, empty ones first. One integer a tensor: sorting integers is code that the
/// engine has anyway, and a place among a header's tensors has 20 bits at most, as an entry is longer than 16 bytes.
fn in_order(tensors: &[(usize, Tensor)]) -> Vec<usize> {
    let key = |(place, (start, tensor)): (u64, &(usize, Tensor))| {
        (*start as u64) << 21 | u64::from(!tensor.data.is_empty()) << 20 | place
    };
    let mut keys: Vec<u64> = (0..).zip(tensors).map(key).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| (key & 0xf_ffff) as usize).collect()
}

/// What a header says of one tensor.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// A header as it stands in the file, each name once.
#[derive(Default)]
struct Header {
    metadata: BTreeMap<String, String>,
    entries: BTreeMap<String, Entry>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

/// JSON maps keep the last of equal names silently; a file in which two readers see different tensors is refused.
struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<Header, A::Error> {
        let mut header = Header::default();
        let mut metadata_seen = false;
        while let Some(name) = map.next_key::<String>()? {
            let twice = if name == METADATA {
                header.metadata = map.next_value()?;
                core::mem::replace(&mut metadata_seen, true)
            } else {
                let entry = map.next_value()?;
                header.entries.insert(name.clone(), entry).is_some()
            };
            if twice {
                return Err(A::Error::custom(format_args!("{name} stands there twice")));
            }
        }
        Ok(header)
    }
}

fn tensor<'a>(name: &str, entry: &Entry, data: &'a [u8]) -> Result<(usize, Tensor<'a>)> {
    let Entry { dtype, shape, data_offsets: [start, end] } = entry;
    let refuse = |expected: &str, found: String| refuse(&format!("{expected} of {name}"), found);
    let kind = Kind::of(dtype).ok_or_else(|| refuse("a known type", dtype.clone()))?;
    let outside = || refuse("offsets inside the file", format!("{start}..{end} of {} bytes", data.len()));
    let inside = data.get(*start..*end).ok_or_else(outside)?;
    if shape.iter().try_fold(kind.size(), |n, &d| n.checked_mul(d)) != Some(inside.len()) {
        return Err(refuse("as many bytes as the shape needs", format!("{} for {dtype} {shape:?}", inside.len())));
    }
    Ok((*start, Tensor { name: name.into(), kind, shape: shape.clone(), data: inside }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn small() -> Vec<u8> {
        let a: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let tensors = [
            Tensor { name: "a".into(), kind: Kind::F32, shape: vec![2, 1], data: &a },
            Tensor { name: "b\"c".into(), kind: Kind::U8, shape: vec![3], data: b"xyz" },
        ];
        write(&[("format", "pt"), ("note", "with \"quotes\"")], &tensors)
    }

    #[test]
    fn the_reference_reader_reads_what_is_written_here() {
        let bytes = small();
        let file = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(file.tensor("a").unwrap().shape(), [2, 1]);
        assert_eq!(file.tensor("b\"c").unwrap().data(), b"xyz");
    }

    #[test]
    fn a_file_comes_back() {
        let bytes = small();
        let (metadata, tensors) = read(&bytes).unwrap();
        assert_eq!(metadata["note"], "with \"quotes\"");
        assert_eq!(tensors[0].f32(), Some(vec![1.5, -2.0]));
        assert_eq!(tensors[1].f32(), None);
    }

    #[test]
    fn every_truncation_is_refused() {
        let bytes = small();
        for end in 0..bytes.len() {
            assert!(matches!(read(&bytes[..end]), Err(Error::Format { .. })), "{end} bytes");
        }
    }

    #[test]
    fn hostile_headers_are_refused_before_anything_is_allocated() {
        let file = |header: &str, data: &[u8]| {
            let mut out = (header.len() as u64).to_le_bytes().to_vec();
            out.extend_from_slice(header.as_bytes());
            out.extend_from_slice(data);
            out
        };
        let entry = |dtype: &str, shape: &str, offsets: &str| {
            format!(r#"{{"x":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
        };
        let hostile = [
            entry("F65", "[1]", "[0,8]"),
            entry("F64", "[2]", "[0,8]"),
            entry("U8", "[8.0]", "[0,8]"),
            entry("U8", "[8]", "[0,8,8]"),
            r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#.into(),
            r#"{"a":{"dtype":"U8","dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#.into(),
            r#"{"a":{"dtype":"U8","shape":[8]}}"#.into(),
            r#"{"__metadata__":{},"__metadata__":{},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#.into(),
            format!(" {}", entry("U8", "[8]", "[0,8]")),
            entry("U8", "[9]", "[0,9]"),
            entry("U8", "[8]", "[1,9]"),
            entry("U8", "[4]", "[0,4]"),
            entry("U8", "[18446744073709551615,2]", "[0,8]"),
            entry("F32", "[4294967296,4294967296]", "[0,8]"),
            entry("U8", "[8]", "[8,0]"),
            entry("U8", "[-8]", "[0,8]"),
            r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#.into(),
            r#"{"__metadata__":{"a":1}}"#.into(),
            "[]".into(),
        ];
        for header in hostile {
            assert!(matches!(read(&file(&header, &[0; 8])), Err(Error::Format { .. })), "{header}");
        }
        assert!(read(&[0xff; 64]).is_err());
    }

    /// Reading by the definition, in f64 and with powers of two.
    fn half_by_definition(bits: u16) -> f64 {
        let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
        let size = match exponent {
            0 => fraction * 2f64.powi(-24),
            31 if fraction == 0.0 => f64::INFINITY,
            31 => f64::NAN,
            _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
        };
        if bits >> 15 == 1 { -size } else { size }
    }

    #[test]
    fn every_half_is_read_exactly() {
        for bits in 0..=u16::MAX {
            let (found, expected) = (half(bits), half_by_definition(bits));
            let same = f64::from(found) == expected && found.is_sign_negative() == expected.is_sign_negative();
            assert!(same || (found.is_nan() && expected.is_nan()), "{bits:#06x}: {found}, expected {expected}");
        }
    }

    #[test]
    fn every_floating_point_type_is_read() {
        let values = |kind, data: &[u8]| Tensor { name: "x".into(), kind, shape: vec![2], data }.f32();
        let expected = Some(vec![1.5, -0.25]);
        assert_eq!(values(Kind::F16, &[0x00, 0x3e, 0x00, 0xb4]), expected);
        assert_eq!(values(Kind::Bf16, &[0xc0, 0x3f, 0x80, 0xbe]), expected);
        assert_eq!(values(Kind::F64, &[1.5f64, -0.25].map(f64::to_le_bytes).concat()), expected);
        assert_eq!(values(Kind::Other("I32", 4), &[0; 8]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        /// A file with some bytes of its header changed: refused, or read as the reference reader does.
        #[test]
        fn a_changed_file_is_refused_or_read_as_by_the_reference(
            changes in proptest::collection::vec((0usize..4096, proptest::sample::select(&b"0123456789,:{}[]\"aFU x-\\"[..])), 1..4)
        ) {
            let mut bytes = small();
            let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            changes.iter().for_each(|&(at, byte)| bytes[8 + at % header] = byte);
            if let Ok((_, tensors)) = read(&bytes) {
                let reference = ::safetensors::SafeTensors::deserialize(&bytes).unwrap();
                proptest::prop_assert_eq!(reference.len(), tensors.len());
                for tensor in tensors {
                    let view = reference.tensor(&tensor.name).unwrap();
                    proptest::prop_assert_eq!((view.shape(), view.data()), (&tensor.shape[..], tensor.data));
                }
            }
        }

        /// Whatever the sizes: what is written comes back, here and in the reference reader.
        #[test]
        fn files_come_back(sizes in proptest::collection::vec(0usize..9, 0..6)) {
            let data: Vec<Vec<u8>> = sizes.iter().map(|&n| (0..4 * n as u8).collect()).collect();
            let named = |(i, data): (usize, &'_ Vec<u8>)| (format!("t{i}"), data.clone());
            let named: Vec<_> = data.iter().enumerate().map(named).collect();
            let tensors: Vec<_> = named
                .iter()
                .map(|(name, data)| Tensor { name: name.clone(), kind: Kind::F32, shape: vec![data.len() / 4], data })
                .collect();
            let bytes = write(&[], &tensors);
            let (_, mut found) = read(&bytes).unwrap();
            found.sort_by(|a, b| a.name.cmp(&b.name));
            proptest::prop_assert_eq!(&found, &tensors);
            proptest::prop_assert_eq!(::safetensors::SafeTensors::deserialize(&bytes).unwrap().len(), tensors.len());
        }
    }
}
