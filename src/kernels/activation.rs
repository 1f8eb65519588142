//! Activations of the MLP: GELU (tanh form), SwiGLU, squared ReLU.
//! Sources: Hendrycks and Gimpel 2016, arXiv:1606.08415; Shazeer 2020, arXiv:2002.05202; So et al. 2021, arXiv:2109.08668.

use super::lanes::{self, F32x4};
use super::math::sigmoid4;

/// sqrt(2/π) · 2: GELU's 0.5(1 + tanh u) equals σ(2u).
const GELU_SCALE: f32 = 1.595_769;
const GELU_CUBE: f32 = 0.044_715;

/// σ(2u) of GELU and the argument's derivative.
#[inline(always)]
fn gelu_gate(x: F32x4) -> (F32x4, F32x4) {
    let s = F32x4::splat;
    let square = x * x;
    let gate = sigmoid4(s(GELU_SCALE) * x * (s(1.0) + s(GELU_CUBE) * square));
    (gate, s(GELU_SCALE) * (s(1.0) + s(3.0 * GELU_CUBE) * square))
}

/// `out = 0.5 x (1 + tanh(sqrt(2/π) (x + 0.044715 x³)))`, any shape.
pub fn gelu_forward(out: &mut [f32], inp: &[f32]) {
    lanes::map(out, inp, |x| x * gelu_gate(x).0);
}

/// Gradient of [`gelu_forward`], set.
pub fn gelu_backward(dinp: &mut [f32], dout: &[f32], inp: &[f32]) {
    lanes::map2(dinp, dout, inp, |d, x| {
        let (gate, slope) = gelu_gate(x);
        d * (gate + x * gate * (F32x4::splat(1.0) - gate) * slope)
    });
}

/// `out = gate · σ(gate) · up`, any shape.
pub fn swiglu_forward(out: &mut [f32], gate: &[f32], up: &[f32]) {
    lanes::map2(out, gate, up, |g, u| g * sigmoid4(g) * u);
}

/// Gradients of [`swiglu_forward`], set.
pub fn swiglu_backward(dgate: &mut [f32], dup: &mut [f32], dout: &[f32], gate: &[f32], up: &[f32]) {
    lanes::map2(dup, dout, gate, |d, g| d * g * sigmoid4(g));
    lanes::map2(dgate, dout, up, |d, u| d * u);
    lanes::update2(dgate, gate, |d, g| {
        let s = sigmoid4(g);
        d * s * (F32x4::splat(1.0) + g * (F32x4::splat(1.0) - s))
    });
}

/// `out = max(x, 0)²`, any shape.
pub fn relu2_forward(out: &mut [f32], inp: &[f32]) {
    lanes::map(out, inp, |x| {
        let x = x.pmax(F32x4::splat(0.0));
        x * x
    });
}

/// Gradient of [`relu2_forward`], set.
pub fn relu2_backward(dinp: &mut [f32], dout: &[f32], inp: &[f32]) {
    lanes::map2(dinp, dout, inp, |d, x| d * F32x4::splat(2.0) * x.pmax(F32x4::splat(0.0)));
}
