//! Twins of `activation`, of the soft cap and of `optimizer`. One element in, one element out.

use core::f64::consts::PI;

/// GELU, tanh form.
pub fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + gelu_tanh(x))
}

fn gelu_tanh(x: f64) -> f64 {
    ((2.0 / PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh()
}

/// Its derivative.
pub fn gelu_slope(x: f64) -> f64 {
    let (t, inner) = (gelu_tanh(x), (2.0 / PI).sqrt() * (1.0 + 3.0 * 0.044715 * x * x));
    0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * inner
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// SwiGLU.
pub fn swiglu(gate: f64, up: f64) -> f64 {
    gate * sigmoid(gate) * up
}

/// Its derivatives by gate and up.
pub fn swiglu_slopes(gate: f64, up: f64) -> (f64, f64) {
    let s = sigmoid(gate);
    (up * (s + gate * s * (1.0 - s)), gate * s)
}

/// Squared ReLU.
pub fn relu2(x: f64) -> f64 {
    if x > 0.0 { x * x } else { 0.0 }
}

/// Its derivative.
pub fn relu2_slope(x: f64) -> f64 {
    if x > 0.0 { 2.0 * x } else { 0.0 }
}

/// Soft cap.
pub fn softcap(x: f64, cap: f64) -> f64 {
    cap * (x / cap).tanh()
}

/// Its derivative.
pub fn softcap_slope(x: f64, cap: f64) -> f64 {
    let t = (x / cap).tanh();
    1.0 - t * t
}

/// p, m, v after AdamW's step `n` = 1, 2, …
pub fn adamw(h: &crate::kernels::optimizer::AdamW, [p, g, m, v]: [f64; 4], n: i32) -> [f64; 3] {
    let [lr, b1, b2, eps, wd] = [h.lr, h.beta1, h.beta2, h.eps, h.weight_decay].map(f64::from);
    let (m, v) = (b1 * m + (1.0 - b1) * g, b2 * v + (1.0 - b2) * g * g);
    let denominator = v.sqrt() / (1.0 - b2.powi(n)).sqrt() + eps;
    [p * (1.0 - lr * wd) - lr / (1.0 - b1.powi(n)) * m / denominator, m, v]
}

/// p, m after Lion's step.
pub fn lion(h: &crate::kernels::optimizer::Lion, [p, g, m]: [f64; 3]) -> [f64; 2] {
    let [lr, b1, b2, wd] = [h.lr, h.beta1, h.beta2, h.weight_decay].map(f64::from);
    let c = b1 * m + (1.0 - b1) * g;
    let sign = if c == 0.0 { 0.0 } else { c.signum() };
    [p * (1.0 - lr * wd) - lr * sign, b2 * m + (1.0 - b2) * g]
}
