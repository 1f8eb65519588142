//! Golden tensors and their tolerance.

use safetensors::{Dtype, SafeTensors};

/// Over which elements the two maxima of the tolerance run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The whole tensor (models).
    Tensor,
    /// The row, that is the last axis (kernels).
    Row,
    /// The element alone (optimizers).
    Element,
}

/// A tensor as f64, whatever its type in the file (F32 or F64).
pub struct Tensor {
    /// Dimensions.
    pub shape: Vec<usize>,
    /// Values, row-major.
    pub data: Vec<f64>,
}

impl Tensor {
    /// The values as f32.
    pub fn f32(&self) -> Vec<f32> {
        self.data.iter().map(|&v| v as f32).collect()
    }
}

/// The tensor `name` of a safetensors file.
pub fn tensor(file: &SafeTensors, name: &str) -> Result<Tensor, String> {
    let view = file.tensor(name).map_err(|e| format!("{name}: {e}"))?;
    let bytes = view.data();
    let data = match view.dtype() {
        Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::F64 => bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        other => return Err(format!("{name}: expected F32 or F64, found {other:?}")),
    };
    Ok(Tensor { shape: view.shape().to_vec(), data })
}

/// Opens a safetensors file.
pub fn open(bytes: &[u8]) -> Result<SafeTensors<'_>, String> {
    SafeTensors::deserialize(bytes).map_err(|e| e.to_string())
}

/// Worst share of the tolerance `2e-6 max|t| + 8 max|s - t| + 1e-7` that `x` uses (t = f64 truth, s = f32 result of the
/// reference); an error beyond 1 or when a length or a non-finite value disagrees.
pub fn close(name: &str, x: &[f32], t: &Tensor, s: &Tensor, over: Over) -> Result<f64, String> {
    if x.len() != t.data.len() || s.data.len() != t.data.len() {
        return Err(format!("{name}: {} values, expected {} (f32 {})", x.len(), t.data.len(), s.data.len()));
    }
    let group = match over {
        Over::Tensor => x.len(),
        Over::Row => t.shape.last().copied().unwrap_or(1),
        Over::Element => 1,
    };
    let max = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let mut worst = 0.0f64;
    for (i, x_group) in x.chunks(group.max(1)).enumerate() {
        let range = i * group..i * group + x_group.len();
        let (t, s) = (&t.data[range.clone()], &s.data[range]);
        let tolerance = 2e-6 * max(&mut t.iter().map(|v| v.abs()))
            + 8.0 * max(&mut t.iter().zip(s).map(|(t, s)| (s - t).abs()))
            + 1e-7;
        for (j, (&x, &t)) in x_group.iter().zip(t).enumerate() {
            let share = (f64::from(x) - t).abs() / tolerance;
            if share.is_nan() || share > 1.0 {
                return Err(format!("{name}[{}]: {x}, expected {t}, tolerance {tolerance:e}", i * group + j));
            }
            worst = worst.max(share);
        }
    }
    Ok(worst)
}
