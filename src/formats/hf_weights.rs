//! Weights of Hugging Face folders: one or several safetensors files, in f32, f16 or bf16, whose tensors are told apart
//! by their names. What the model is, is the caller's: it says which tensors it wants, in its own order.

use super::safetensors::{self, Kind, Tensor};
use crate::error::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const FILE: &str = "safetensors";
/// The head stands outside of the model's own prefix, and is left out of files where it is the embedding.
const HEAD: &str = "lm_head.weight";
/// Constants that older files hold beside the weights: masks and wave lengths.
const CONSTANTS: [&str; 3] = [".attn.bias", ".attn.masked_bias", ".rotary_emb.inv_freq"];

fn refuse(expected: String, found: impl ToString) -> Error {
    Error::Format { file: FILE, expected, found: found.to_string() }
}

/// A tensor that a model consists of.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its name, with the prefix.
    pub name: &'a str,
    /// Its dimensions.
    pub shape: &'a [usize],
}

/// The values of the wanted tensors, one behind the other, in f32. Names in the files may lack `prefix`.
///
/// # Errors
/// [`Error::Format`] for files that are none, a tensor that is missing, there twice, of another shape or type, that
/// nobody wants, or that holds a number that is not finite. Nothing is allocated before names, shapes and types agree.
pub fn read_weights(files: &[&[u8]], wanted: &[Wanted], prefix: &str) -> Result<Vec<f32>> {
    let bare = |name: &str| String::from(name.strip_prefix(prefix).unwrap_or(name));
    let mut found: BTreeMap<String, Tensor> = BTreeMap::new();
    for file in files {
        for tensor in safetensors::read(file)?.1 {
            let name = bare(&tensor.name);
            if found.insert(name, tensor.clone()).is_some() {
                return Err(refuse("each tensor once".into(), format!("{} twice", tensor.name)));
            }
        }
    }
    let mut chosen = Vec::with_capacity(wanted.len());
    for Wanted { name, shape } in wanted {
        let tensor = found.remove(&bare(name)).ok_or_else(|| refuse(format!("the tensor {name}"), "none"))?;
        if tensor.shape != *shape {
            return Err(refuse(format!("{name} of shape {shape:?}"), format!("{:?}", tensor.shape)));
        }
        if matches!(tensor.kind, Kind::U8 | Kind::Other(..)) {
            return Err(refuse(format!("{name} in floating point"), format!("{:?}", tensor.kind)));
        }
        chosen.push(tensor);
    }
    let unknown = found.keys().find(|name| *name != HEAD && !CONSTANTS.iter().any(|end| name.ends_with(end)));
    if let Some(name) = unknown {
        return Err(refuse("only tensors that config.json describes".into(), name));
    }
    values(&chosen)
}

fn values(tensors: &[Tensor]) -> Result<Vec<f32>> {
    let mut out = Vec::with_capacity(tensors.iter().map(|t| t.shape.iter().product::<usize>()).sum());
    for tensor in tensors {
        let values = tensor.f32().unwrap_or_default();
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(refuse(format!("finite numbers in {}", tensor.name), format!("{} at {at}", values[at])));
        }
        out.extend_from_slice(&values);
    }
    Ok(out)
}

/// A file of these tensors in f32: name, shape, values.
pub fn write_weights(tensors: &[(Wanted, &[f32])]) -> Vec<u8> {
    let data: Vec<Vec<u8>> = tensors.iter().map(|(_, v)| v.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let tensors: Vec<Tensor> = tensors
        .iter()
        .zip(&data)
        .map(|((wanted, _), data)| Tensor {
            name: wanted.name.into(),
            kind: Kind::F32,
            shape: wanted.shape.to_vec(),
            data,
        })
        .collect();
    safetensors::write(&[("format", "pt")], &tensors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const WANTED: [Wanted; 2] =
        [Wanted { name: "model.a.weight", shape: &[2, 1] }, Wanted { name: "model.b", shape: &[1] }];

    fn file(tensors: &[(&str, Kind, &[usize], &[u8])]) -> Vec<u8> {
        let tensors = tensors.iter().map(|&(name, kind, shape, data)| Tensor {
            name: name.into(),
            kind,
            shape: shape.to_vec(),
            data,
        });
        safetensors::write(&[], &tensors.collect::<Vec<_>>())
    }

    fn refused(files: &[Vec<u8>]) -> String {
        let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        read_weights(&files, &WANTED, "model.").unwrap_err().to_string()
    }

    #[test]
    fn weights_come_in_the_wanted_order_whatever_file_and_prefix_they_have() {
        let a = file(&[("b", Kind::Bf16, &[1], &[0x80, 0xbf]), ("lm_head.weight", Kind::F32, &[0], &[])]);
        let b = file(&[
            ("model.a.weight", Kind::F16, &[2, 1], &[0x00, 0x3e, 0x00, 0x40]),
            ("model.h.0.attn.bias", Kind::U8, &[2], &[1, 0]),
        ]);
        assert_eq!(read_weights(&[&a, &b], &WANTED, "model."), Ok(vec![1.5, 2.0, -1.0]));
    }

    #[test]
    fn written_weights_come_back_bit_for_bit() {
        let (a, b) = ([1.0, -0.0], [f32::MIN_POSITIVE]);
        let file = write_weights(&[(WANTED[0], &a), (WANTED[1], &b)]);
        let bits = |v: &[f32]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read_weights(&[&file], &WANTED, "model.").unwrap()), bits(&[1.0, -0.0, f32::MIN_POSITIVE]));
    }

    #[test]
    fn what_is_missing_doubled_unknown_misshapen_or_no_number_is_named() {
        let nan = f32::NAN.to_le_bytes();
        let good = [("a.weight", Kind::F32, &[2, 1][..], &[0; 8][..]), ("b", Kind::F32, &[1], &[0; 4])];
        let with = |name: &'static str, kind, shape: &'static [usize], data: &[u8]| {
            let [a, _] = good;
            refused(&[file(&[a, (name, kind, shape, data)])])
        };
        assert!(with("c", Kind::F32, &[1], &[0; 4]).contains("the tensor model.b, found none"));
        assert!(with("b", Kind::F32, &[2], &[0; 8]).contains("model.b of shape [1], found [2]"));
        assert!(with("b", Kind::U8, &[1], &[0]).contains("floating point"));
        assert!(with("model.b", Kind::F32, &[1], &nan).contains("finite numbers in model.b, found NaN at 0"));
        let [a, b] = good;
        assert!(refused(&[file(&[a, b, ("a.bias", Kind::F32, &[1], &[0; 4])])]).contains("found a.bias"));
        assert!(refused(&[file(&[a, b]), file(&[("model.b", Kind::F32, &[1], &[0; 4])])]).contains("model.b twice"));
        assert!(refused(&[vec![1; 9]]).contains("safetensors"));
    }
}
