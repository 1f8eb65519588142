//! Activations of the MLP: GELU (tanh form), SwiGLU, squared ReLU.
//! Sources: Hendrycks and Gimpel 2016, arXiv:1606.08415; Shazeer 2020, arXiv:2002.05202; So et al. 2021, arXiv:2109.08668.

use super::lanes::F32x4;
use super::loops::{map, map2, map3, update4};
use super::math::{sigmoid_of_negative4, sigmoid4};

/// GELU's 0.5(1 + tanh u) equals σ(2u), 2u = 2·sqrt(2/π)·(x + 0.044715 x³).
const SCALE: f32 = 1.595_769;
const CUBE: f32 = 0.044_715;

/// σ(2u) of GELU.
#[inline(always)]
fn gelu_gate(x: F32x4, square: F32x4) -> F32x4 {
    let s = F32x4::splat;
    sigmoid_of_negative4(x * (s(-SCALE) + s(-SCALE * CUBE) * square))
}

/// `out = 0.5 x (1 + tanh(sqrt(2/π) (x + 0.044715 x³)))`, any shape.
///
/// # Panics
/// If a length disagrees.
pub fn gelu_forward(out: &mut [f32], inp: &[f32]) {
    map(out, inp, |x| x * gelu_gate(x, x * x));
}

/// Gradient of [`gelu_forward`], set.
///
/// # Panics
/// If a length disagrees.
pub fn gelu_backward(dinp: &mut [f32], dout: &[f32], inp: &[f32]) {
    map2(dinp, dout, inp, |d, x| {
        let s = F32x4::splat;
        let square = x * x;
        let gate = gelu_gate(x, square);
        let slope = s(SCALE) + s(3.0 * SCALE * CUBE) * square;
        d * (gate + (x * slope) * (gate * (s(1.0) - gate)))
    });
}

/// `out = gate · σ(gate) · up`, any shape.
///
/// # Panics
/// If a length disagrees.
pub fn swiglu_forward(out: &mut [f32], gate: &[f32], up: &[f32]) {
    map2(out, gate, up, |g, u| g * sigmoid4(g) * u);
}

/// Gradients of [`swiglu_forward`], set.
///
/// # Panics
/// If a length disagrees.
pub fn swiglu_backward(dgate: &mut [f32], dup: &mut [f32], dout: &[f32], gate: &[f32], up: &[f32]) {
    // σ(gate) waits in `dgate` for the second pass.
    map(dgate, gate, sigmoid4);
    map3(dup, dout, gate, dgate, |d, g, s| d * g * s);
    let one = F32x4::splat(1.0);
    update4(dgate, dout, gate, up, |s, d, g, u| d * u * s * (one + g * (one - s)));
}

/// `out = max(x, 0)²`, any shape.
///
/// # Panics
/// If a length disagrees.
pub fn relu2_forward(out: &mut [f32], inp: &[f32]) {
    map(out, inp, |x| {
        let x = x.pmax(F32x4::splat(0.0));
        x * x
    });
}

/// Gradient of [`relu2_forward`], set.
///
/// # Panics
/// If a length disagrees.
pub fn relu2_backward(dinp: &mut [f32], dout: &[f32], inp: &[f32]) {
    map2(dinp, dout, inp, |d, x| d * F32x4::splat(2.0) * x.pmax(F32x4::splat(0.0)));
}
