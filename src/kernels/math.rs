//! exp, tanh and sigmoid as one polynomial written once for all targets: the same bits everywhere.
//! Range reduction of `exp` by ln 2 in two parts after the Cephes library (Moshier 1989); the polynomial is the
//! minimax of e^r = 1 + r + r²·P(r) on |r| ≤ 0.3475 (Remez, relative error 3.2e-9), evaluated in pairs (Estrin) because
//! the chain of dependent operations, not their number, limits the speed.

use super::lanes::F32x4;

/// Adding this leaves the nearest integer plus 127, the exponent's bias, in the low bits of the mantissa (1.5·2^23 + 127).
const MAGIC: f32 = 12_583_039.0;
const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln 2 = HI + LO; HI has few enough bits for n · HI to be exact.
const LN2_HI: f32 = 0.693_359_4;
const LN2_LO: f32 = -2.121_944_4e-4;
/// Here the exponent field reaches 0, so that the result is exactly 0.
const EXP_LOW: f32 = -88.0;
/// Here it reaches its largest finite value.
const EXP_HIGH: f32 = 88.0;

/// e^x in each lane: relative error below 1.5e-7 on [-87.3, 88], exactly 0 below -87.7, e^88 above 88, NaN for NaN.
#[inline(always)]
pub fn exp4(x: F32x4) -> F32x4 {
    let s = F32x4::splat;
    let x = x.pmax(s(EXP_LOW)).pmin(s(EXP_HIGH));
    let shifted = x * s(LOG2_E) + s(MAGIC);
    let n = shifted - s(MAGIC);
    let r = (x - n * s(LN2_HI)) - n * s(LN2_LO);
    let square = r * r;
    let low = s(0.166_665_2) * r + s(0.499_999_94);
    let high = s(0.008_368_899) * r + s(0.041_668_404);
    let p = (s(0.001_381_422_2) * square + high) * square + low;
    ((p * square + r) + s(1.0)) * shifted.shift_to_exponent()
}

/// 1 / (1 + e^y) in each lane: the sigmoid of -y.
#[inline(always)]
pub fn sigmoid_of_negative4(y: F32x4) -> F32x4 {
    let one = F32x4::splat(1.0);
    one / (one + exp4(y))
}

/// 1 / (1 + e^-x) in each lane; absolute error below 1.2e-7.
#[inline(always)]
pub fn sigmoid4(x: F32x4) -> F32x4 {
    sigmoid_of_negative4(F32x4::splat(0.0) - x)
}

/// tanh x = 2 σ(2x) - 1 in each lane; absolute error below 2e-7.
#[inline(always)]
pub fn tanh4(x: F32x4) -> F32x4 {
    F32x4::splat(2.0) * sigmoid_of_negative4(F32x4::splat(-2.0) * x) - F32x4::splat(1.0)
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

/// Natural logarithm through the f64 of `libm`, one a row at most: the same bits on every target; within 1 ulp.
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::log(f64::from(x)) as f32
}

/// Square root, exactly rounded by IEEE 754, so the processor's own instruction gives the bits of `libm`.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    #[cfg(feature = "std")]
    return x.sqrt();
    #[cfg(not(feature = "std"))]
    libm::sqrtf(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest error of `f` over every 1,001st f32 of both signs whose size is in the range.
    fn worst(low: f32, high: f32, f: impl Fn(f32) -> f32, truth: impl Fn(f64) -> f64, relative: bool) -> f64 {
        let sizes = (1e-8f32.to_bits()..high.max(-low).to_bits()).step_by(1_001).map(f32::from_bits);
        let inputs = sizes.flat_map(|x| [x, -x]).filter(|x| (low..=high).contains(x));
        inputs.fold(0.0, |worst: f64, x| {
            let t = truth(f64::from(x));
            worst.max((f64::from(f(x)) - t).abs() / if relative { t.abs() } else { 1.0 })
        })
    }

    #[test]
    fn polynomials_stay_within_their_stated_error() {
        let exp_error = worst(-87.3, 88.0, exp, libm::exp, true);
        assert!(exp_error < 1.5e-7, "exp {exp_error:e}");
        let sigmoid_error = worst(-100.0, 100.0, sigmoid, |x| 1.0 / (1.0 + libm::exp(-x)), false);
        assert!(sigmoid_error < 1.2e-7, "sigmoid {sigmoid_error:e}");
        let tanh_error = worst(-50.0, 50.0, tanh, libm::tanh, false);
        assert!(tanh_error < 2e-7, "tanh {tanh_error:e}");
        let ln_error = worst(1e-8, 1e30, ln, libm::log, true);
        assert!(ln_error < 1.2e-7, "ln {ln_error:e}");
    }

    #[test]
    fn ends_of_the_range_are_exact() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        for x in [-87.7, -88.0, -1e4, -1e30, f32::MIN, f32::NEG_INFINITY] {
            assert_eq!(exp(x).to_bits(), 0, "exp({x})");
            assert_eq!(tanh(x), -1.0);
            assert!(sigmoid(x) < 1e-37);
        }
        for x in [88.0, 88.8, 1e4, f32::MAX, f32::INFINITY] {
            assert_eq!(exp(x), exp(88.0), "exp({x})");
            assert!(exp(x).is_finite());
            assert_eq!((tanh(x), sigmoid(x)), (1.0, 1.0));
        }
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }

    #[test]
    fn every_lane_has_the_bits_of_the_scalar_function() {
        for i in 0..2_000 {
            let x = [-97.0, -3.1, 0.02, 9.7].map(|x: f32| x + i as f32 * 0.013);
            type Pair = (fn(F32x4) -> F32x4, fn(f32) -> f32);
            let pairs: [Pair; 3] = [(exp4, exp), (sigmoid4, sigmoid), (tanh4, tanh)];
            for (four, one) in pairs {
                assert_eq!(four(F32x4::load(&x)).to_array().map(f32::to_bits), x.map(|x| one(x).to_bits()));
            }
        }
    }
}
