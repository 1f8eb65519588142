//! exp, ln, tanh and sigmoid as polynomials written once for all targets: the same bits everywhere.
//! `exp` after the Cephes library (Moshier 1989): range reduction by ln 2 in two parts, degree-5 polynomial.

use super::lanes::F32x4;

/// Adding this leaves the nearest integer in the low bits of the mantissa (1.5 · 2^23).
const MAGIC: f32 = 12_582_912.0;
const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln 2 = HI + LO; HI has few enough bits for n · HI to be exact.
const LN2_HI: f32 = 0.693_359_4;
const LN2_LO: f32 = -2.121_944_4e-4;
/// Beyond these exp is 0 or rounds to the largest finite power used.
const EXP_LOW: f32 = -87.3;
const EXP_HIGH: f32 = 88.0;

/// e^x in each lane; relative error below 2e-7 on [-87.3, 88]. Below it gives 0, above it e^88.
#[inline(always)]
pub fn exp4(x: F32x4) -> F32x4 {
    let s = F32x4::splat;
    let clamped = x.pmax(s(EXP_LOW)).pmin(s(EXP_HIGH));
    let shifted = clamped * s(LOG2_E) + s(MAGIC);
    let n = shifted - s(MAGIC);
    let r = clamped - n * s(LN2_HI) - n * s(LN2_LO);
    let mut p = s(1.987_569_1e-4);
    for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        p = p * r + s(c);
    }
    let y = (p * (r * r) + r + s(1.0)) * shifted.exponent_from_magic();
    // Exactly 0 below the range: masked scores must vanish.
    x.below(s(EXP_LOW), s(0.0), y)
}

/// 1 / (1 + e^-x) in each lane.
#[inline(always)]
pub fn sigmoid4(x: F32x4) -> F32x4 {
    let one = F32x4::splat(1.0);
    one / (one + exp4(F32x4::splat(0.0) - x))
}

/// tanh x = 2 σ(2x) - 1 in each lane; absolute error below 2e-7.
#[inline(always)]
pub fn tanh4(x: F32x4) -> F32x4 {
    let two = F32x4::splat(2.0);
    two * sigmoid4(two * x) - F32x4::splat(1.0)
}

/// e^x, bit-equal to a lane of [`exp4`].
#[inline]
pub fn exp(x: f32) -> f32 {
    exp4(F32x4::splat(x)).to_array()[0]
}

/// σ(x), bit-equal to a lane of [`sigmoid4`].
#[inline]
pub fn sigmoid(x: f32) -> f32 {
    sigmoid4(F32x4::splat(x)).to_array()[0]
}

/// tanh x, bit-equal to a lane of [`tanh4`].
#[inline]
pub fn tanh(x: f32) -> f32 {
    tanh4(F32x4::splat(x)).to_array()[0]
}

/// Natural logarithm, through f64 `libm`: the same bits on every target, correctly rounded to f32 in all but rare cases.
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::log(f64::from(x)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(low: f64, high: f64, f: impl Fn(f32) -> f32, truth: impl Fn(f64) -> f64, relative: bool) -> f64 {
        let steps = 200_000;
        (0..=steps).fold(0.0, |worst: f64, i| {
            let x = (low + (high - low) * f64::from(i) / f64::from(steps)) as f32;
            let t = truth(f64::from(x));
            let error = (f64::from(f(x)) - t).abs() / if relative { t.abs() } else { 1.0 };
            worst.max(error)
        })
    }

    #[test]
    fn polynomials_stay_within_their_stated_error() {
        assert!(worst(-87.0, 88.0, exp, libm::exp, true) < 2e-7);
        assert!(worst(-20.0, 20.0, tanh, libm::tanh, false) < 2e-7);
        assert!(worst(-20.0, 20.0, sigmoid, |x| 1.0 / (1.0 + libm::exp(-x)), false) < 2e-7);
        assert!(worst(1e-6, 1e6, ln, libm::log, true) < 1e-6);
    }

    #[test]
    fn exp_is_exactly_zero_far_below_and_finite_far_above() {
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(-1e30), 0.0);
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(1e30).is_finite() && exp(f32::INFINITY).is_finite());
    }
}
