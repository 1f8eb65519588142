//! The safetensors format: eight bytes of header length, a JSON header, the tensors one after the other.
//! Source: <https://github.com/huggingface/safetensors>, section "Format". Own reader: the crate would add more than the
//! whole tokenizer to the page, and the checks are these.

use crate::error::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

/// A header longer than this is refused before it is parsed.
const LONGEST_HEADER: usize = 16 << 20;

/// Type of a tensor's values, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bytes.
    U8,
    /// 32-bit floating point.
    F32,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::U8 => "U8",
            Self::F32 => "F32",
        }
    }

    fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::F32 => 4,
        }
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
    /// The values of an F32 tensor; `None` for another type.
    pub fn f32(&self) -> Option<Vec<f32>> {
        (self.kind == Kind::F32).then(|| self.data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }
}

fn refuse(expected: &str, found: impl ToString) -> Error {
    Error::Format { file: "safetensors", expected: expected.into(), found: found.to_string() }
}

/// Writes tensors in the order given; `metadata` stands first in the header, in its own order.
pub fn write(metadata: &[(&str, &str)], tensors: &[Tensor]) -> Vec<u8> {
    let quote = |text: &str| Value::from(text).to_string();
    let pairs: Vec<String> = metadata.iter().map(|(k, v)| format!("{}:{}", quote(k), quote(v))).collect();
    let mut header = format!("{{\"__metadata__\":{{{}}}", pairs.join(","));
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
/// overlap, leave a hole or reach beyond the end, or whose size is not that of their shape.
pub fn read(bytes: &[u8]) -> Result<(BTreeMap<String, String>, Vec<Tensor<'_>>)> {
    let too_short = || refuse("a header behind eight bytes of length", format!("{} bytes", bytes.len()));
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(too_short)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > LONGEST_HEADER || length > rest.len() {
        return Err(refuse("a header inside the file, at most 16 MiB", format!("a length of {length}")));
    }
    let (header, data) = rest.split_at(length);
    // As a text: one instance of the parser, shared with every other JSON that is read.
    let header = core::str::from_utf8(header).map_err(|e| refuse("a JSON header", e))?;
    let header: Map<String, Value> = serde_json::from_str(header).map_err(|e| refuse("a JSON header", e))?;
    let mut metadata = BTreeMap::new();
    let mut tensors = Vec::new();
    for (name, entry) in &header {
        if name == "__metadata__" {
            let pairs = entry.as_object().ok_or_else(|| refuse("texts as metadata", entry))?;
            for (key, value) in pairs {
                let text = value.as_str().ok_or_else(|| refuse("texts as metadata", value))?;
                metadata.insert(key.clone(), text.into());
            }
        } else {
            tensors.push(tensor(name, entry, data)?);
        }
    }
    tensors.sort_by_key(|t| (t.0, t.1.data.len()));
    let mut end = 0;
    for (start, tensor) in &tensors {
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
    Ok((metadata, tensors.into_iter().map(|(_, t)| t).collect()))
}

fn tensor<'a>(name: &str, entry: &Value, data: &'a [u8]) -> Result<(usize, Tensor<'a>)> {
    let bad = |expected: &str| refuse(&format!("{expected} of {name}"), entry);
    let kind = match entry["dtype"].as_str() {
        Some("U8") => Kind::U8,
        Some("F32") => Kind::F32,
        _ => return Err(bad("type U8 or F32")),
    };
    let numbers = |key: &str| -> Option<Vec<usize>> {
        entry[key].as_array()?.iter().map(|n| usize::try_from(n.as_u64()?).ok()).collect()
    };
    let shape = numbers("shape").ok_or_else(|| bad("a shape"))?;
    let offsets = numbers("data_offsets").ok_or_else(|| bad("offsets"))?;
    let [start, end] = offsets[..] else { return Err(bad("two offsets")) };
    let values = shape.iter().try_fold(kind.size(), |n, &d| n.checked_mul(d));
    let inside = data.get(start..end).ok_or_else(|| bad("offsets inside the file"))?;
    if values != Some(inside.len()) {
        return Err(bad("as many bytes as the shape needs"));
    }
    Ok((start, Tensor { name: name.into(), kind, shape, data: inside }))
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
            entry("F64", "[1]", "[0,8]"),
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

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
