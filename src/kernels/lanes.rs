//! Four f32 lanes: wasm SIMD where the build has it, an array elsewhere.
//! Every operation rounds each lane exactly as the scalar operation does, so all builds give the same bits.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod imp {
    use core::arch::wasm32::*;

    /// Four f32 lanes.
    #[derive(Clone, Copy)]
    pub struct F32x4(v128);

    impl F32x4 {
        /// The same value in each lane.
        #[inline(always)]
        pub fn splat(x: f32) -> Self {
            Self(f32x4_splat(x))
        }
        /// The four values of `p`.
        #[inline(always)]
        pub fn load(p: &[f32; 4]) -> Self {
            Self(f32x4(p[0], p[1], p[2], p[3]))
        }
        /// The lanes as an array.
        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            let v = self.0;
            [
                f32x4_extract_lane::<0>(v),
                f32x4_extract_lane::<1>(v),
                f32x4_extract_lane::<2>(v),
                f32x4_extract_lane::<3>(v),
            ]
        }
        /// Square root of each lane.
        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(f32x4_sqrt(self.0))
        }
        /// `if other < self { other } else { self }` in each lane.
        #[inline(always)]
        pub fn pmin(self, other: Self) -> Self {
            Self(f32x4_pmin(self.0, other.0))
        }
        /// `if self < other { other } else { self }` in each lane.
        #[inline(always)]
        pub fn pmax(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }
        /// 2^n in each lane for the integer n that the low bits of `self` hold after the magic addition of `exp`.
        #[inline(always)]
        pub fn exponent_from_magic(self) -> Self {
            Self(i32x4_shl(i32x4_add(self.0, i32x4_splat(127)), 23))
        }
        /// `if self < limit { low } else { high }` in each lane.
        #[inline(always)]
        pub fn below(self, limit: Self, low: Self, high: Self) -> Self {
            Self(v128_bitselect(low.0, high.0, f32x4_lt(self.0, limit.0)))
        }
        #[inline(always)]
        pub(super) fn add(self, o: Self) -> Self {
            Self(f32x4_add(self.0, o.0))
        }
        #[inline(always)]
        pub(super) fn sub(self, o: Self) -> Self {
            Self(f32x4_sub(self.0, o.0))
        }
        #[inline(always)]
        pub(super) fn mul(self, o: Self) -> Self {
            Self(f32x4_mul(self.0, o.0))
        }
        #[inline(always)]
        pub(super) fn div(self, o: Self) -> Self {
            Self(f32x4_div(self.0, o.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod imp {
    /// Four f32 lanes.
    #[derive(Clone, Copy)]
    pub struct F32x4([f32; 4]);

    impl F32x4 {
        /// The same value in each lane.
        #[inline(always)]
        pub fn splat(x: f32) -> Self {
            Self([x; 4])
        }
        /// The four values of `p`.
        #[inline(always)]
        pub fn load(p: &[f32; 4]) -> Self {
            Self(*p)
        }
        /// The lanes as an array.
        #[inline(always)]
        pub fn to_array(self) -> [f32; 4] {
            self.0
        }
        #[inline(always)]
        fn zip(self, o: Self, f: impl Fn(f32, f32) -> f32) -> Self {
            let (a, b) = (self.0, o.0);
            Self([f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])])
        }
        /// Square root of each lane.
        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(self.0.map(libm::sqrtf))
        }
        /// `if other < self { other } else { self }` in each lane.
        #[inline(always)]
        pub fn pmin(self, other: Self) -> Self {
            self.zip(other, |a, b| if b < a { b } else { a })
        }
        /// `if self < other { other } else { self }` in each lane.
        #[inline(always)]
        pub fn pmax(self, other: Self) -> Self {
            self.zip(other, |a, b| if a < b { b } else { a })
        }
        /// 2^n in each lane for the integer n that the low bits of `self` hold after the magic addition of `exp`.
        #[inline(always)]
        pub fn exponent_from_magic(self) -> Self {
            Self(self.0.map(|x| f32::from_bits(x.to_bits().wrapping_add(127) << 23)))
        }
        /// `if self < limit { low } else { high }` in each lane.
        #[inline(always)]
        pub fn below(self, limit: Self, low: Self, high: Self) -> Self {
            Self(core::array::from_fn(|i| if self.0[i] < limit.0[i] { low.0[i] } else { high.0[i] }))
        }
        #[inline(always)]
        pub(super) fn add(self, o: Self) -> Self {
            self.zip(o, |a, b| a + b)
        }
        #[inline(always)]
        pub(super) fn sub(self, o: Self) -> Self {
            self.zip(o, |a, b| a - b)
        }
        #[inline(always)]
        pub(super) fn mul(self, o: Self) -> Self {
            self.zip(o, |a, b| a * b)
        }
        #[inline(always)]
        pub(super) fn div(self, o: Self) -> Self {
            self.zip(o, |a, b| a / b)
        }
    }
}

pub use imp::F32x4;

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl core::ops::$trait for F32x4 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                F32x4::$method(self, other)
            }
        }
    };
}
operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl F32x4 {
    /// `(lane 0 + lane 2) + (lane 1 + lane 3)`.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        (a + c) + (b + d)
    }

    /// Largest lane.
    #[inline(always)]
    pub fn max(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        let larger = |x: f32, y: f32| if x < y { y } else { x };
        larger(larger(a, c), larger(b, d))
    }
}

/// Applies `f` to four inputs at a time; the rest of fewer than four goes through one padded call, so every element
/// takes the same arithmetic wherever it stands.
#[inline(always)]
pub fn map(out: &mut [f32], inp: &[f32], f: impl Fn(F32x4) -> F32x4) {
    assert_eq!(out.len(), inp.len(), "lanes::map");
    let (out_chunks, out_rest) = out.as_chunks_mut::<4>();
    let (inp_chunks, inp_rest) = inp.as_chunks::<4>();
    for (o, i) in out_chunks.iter_mut().zip(inp_chunks) {
        *o = f(F32x4::load(i)).to_array();
    }
    if !inp_rest.is_empty() {
        let result = f(F32x4::load(&padded(inp_rest))).to_array();
        out_rest.copy_from_slice(&result[..inp_rest.len()]);
    }
}

/// As [`map`], with two inputs.
#[inline(always)]
pub fn map2(out: &mut [f32], a: &[f32], b: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    assert!(out.len() == a.len() && a.len() == b.len(), "lanes::map2");
    let (out_chunks, out_rest) = out.as_chunks_mut::<4>();
    let ((a_chunks, a_rest), (b_chunks, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    for ((o, a), b) in out_chunks.iter_mut().zip(a_chunks).zip(b_chunks) {
        *o = f(F32x4::load(a), F32x4::load(b)).to_array();
    }
    if !a_rest.is_empty() {
        let result = f(F32x4::load(&padded(a_rest)), F32x4::load(&padded(b_rest))).to_array();
        out_rest.copy_from_slice(&result[..a_rest.len()]);
    }
}

/// As [`map`], in place.
#[inline(always)]
pub fn update(x: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    let (chunks, rest) = x.as_chunks_mut::<4>();
    for c in chunks {
        *c = f(F32x4::load(c)).to_array();
    }
    if !rest.is_empty() {
        let result = f(F32x4::load(&padded(rest))).to_array();
        let n = rest.len();
        rest.copy_from_slice(&result[..n]);
    }
}

/// As [`update`], with one more input.
#[inline(always)]
pub fn update2(x: &mut [f32], y: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    assert_eq!(x.len(), y.len(), "lanes::update2");
    let (chunks, rest) = x.as_chunks_mut::<4>();
    let (y_chunks, y_rest) = y.as_chunks::<4>();
    for (c, y) in chunks.iter_mut().zip(y_chunks) {
        *c = f(F32x4::load(c), F32x4::load(y)).to_array();
    }
    if !rest.is_empty() {
        let result = f(F32x4::load(&padded(rest)), F32x4::load(&padded(y_rest))).to_array();
        let n = rest.len();
        rest.copy_from_slice(&result[..n]);
    }
}

/// Up to three values and zeros.
#[inline(always)]
pub fn padded(rest: &[f32]) -> [f32; 4] {
    let mut out = [0.0; 4];
    out[..rest.len()].copy_from_slice(rest);
    out
}

/// Sum of `f` over the elements: four running sums, then [`F32x4::sum`]. `f` must give 0 for the padding zeros.
#[inline(always)]
pub fn sum2(a: &[f32], b: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) -> f32 {
    assert_eq!(a.len(), b.len(), "lanes::sum2");
    let ((a_chunks, a_rest), (b_chunks, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut total = F32x4::splat(0.0);
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        total = total + f(F32x4::load(a), F32x4::load(b));
    }
    if !a_rest.is_empty() {
        total = total + f(F32x4::load(&padded(a_rest)), F32x4::load(&padded(b_rest)));
    }
    total.sum()
}

/// Dot product in the fixed order of [`sum2`].
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum2(a, b, |a, b| a * b)
}
