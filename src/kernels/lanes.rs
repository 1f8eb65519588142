//! Four f32 lanes: wasm SIMD where the build has it, an array elsewhere.
//! Every operation rounds each lane exactly as the scalar operation does, so all builds give the same bits, but for the
//! build with relaxed SIMD: there [`F32x4::mul_add`] rounds once where the processor can, which is faster.

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
        /// The bits of each lane moved left by 23, where the exponent lies.
        #[inline(always)]
        pub fn shift_to_exponent(self) -> Self {
            Self(i32x4_shl(self.0, 23))
        }
        /// Sign of each lane: 1, -1, or 0 for both zeros (and NaN).
        #[inline(always)]
        pub fn sign(self) -> Self {
            let (zero, one) = (f32x4_splat(0.0), f32x4_splat(1.0));
            let up = v128_and(f32x4_gt(self.0, zero), one);
            Self(f32x4_sub(up, v128_and(f32x4_lt(self.0, zero), one)))
        }
        /// Rows of a 4×4 matrix to its columns.
        #[inline(always)]
        pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
            let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
            let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
            let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
            [
                Self(i64x2_shuffle::<0, 2>(ab_low, cd_low)),
                Self(i64x2_shuffle::<1, 3>(ab_low, cd_low)),
                Self(i64x2_shuffle::<0, 2>(ab_high, cd_high)),
                Self(i64x2_shuffle::<1, 3>(ab_high, cd_high)),
            ]
        }
        /// `self · b + c` in each lane: rounded after the product, too, unless the build has relaxed SIMD.
        #[inline(always)]
        pub fn mul_add(self, b: Self, c: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(f32x4_relaxed_madd(self.0, b.0, c.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            Self(f32x4_add(f32x4_mul(self.0, b.0), c.0))
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
            Self(self.0.map(crate::kernels::math::sqrt))
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
        /// The bits of each lane moved left by 23, where the exponent lies.
        #[inline(always)]
        pub fn shift_to_exponent(self) -> Self {
            Self(self.0.map(|x| f32::from_bits(x.to_bits() << 23)))
        }
        /// Sign of each lane: 1, -1, or 0 for both zeros (and NaN).
        #[inline(always)]
        pub fn sign(self) -> Self {
            let one_if = |yes: bool| if yes { 1.0 } else { 0.0 };
            Self(self.0.map(|x| one_if(x > 0.0) - one_if(x < 0.0)))
        }
        /// Rows of a 4×4 matrix to its columns.
        #[inline(always)]
        pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            let column = |i: usize| Self([a.0[i], b.0[i], c.0[i], d.0[i]]);
            [column(0), column(1), column(2), column(3)]
        }
        /// `self · b + c` in each lane, rounded after the product, too.
        #[inline(always)]
        pub fn mul_add(self, b: Self, c: Self) -> Self {
            self.zip(b, |a, b| a * b).zip(c, |a, b| a + b)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(f: impl Fn(f32) -> f32) -> F32x4 {
        F32x4::load(&[f(0.0), f(1.0), f(2.0), f(3.0)])
    }

    #[test]
    fn minimum_and_maximum_pick_as_documented_for_nan_and_signed_zeros() {
        let pick = |a: f32, b: f32| {
            let (a, b) = (F32x4::splat(a), F32x4::splat(b));
            (a.pmin(b).to_array()[0], a.pmax(b).to_array()[0])
        };
        assert_eq!(pick(1.0, 2.0), (1.0, 2.0));
        assert_eq!(pick(2.0, 1.0), (1.0, 2.0));
        assert!(pick(f32::NAN, 1.0).0.is_nan() && pick(f32::NAN, 1.0).1.is_nan());
        assert_eq!(pick(1.0, f32::NAN), (1.0, 1.0));
        assert!(pick(-0.0, 0.0).0.is_sign_negative() && pick(-0.0, 0.0).1.is_sign_negative());
    }

    #[test]
    fn transposing_swaps_rows_and_columns_and_twice_changes_nothing() {
        let rows = [0.0, 10.0, 20.0, 30.0].map(|r| lanes(|c| r + c));
        let columns = F32x4::transpose(rows);
        for (i, column) in columns.iter().enumerate() {
            let i = i as f32;
            assert_eq!(column.to_array(), [i, 10.0 + i, 20.0 + i, 30.0 + i]);
        }
        assert_eq!(F32x4::transpose(columns).map(F32x4::to_array), rows.map(F32x4::to_array));
    }

    #[test]
    fn signs_and_sums_have_the_documented_values_and_order() {
        assert_eq!(F32x4::load(&[-3.0, -0.0, 0.0, 0.5]).sign().to_array(), [-1.0, 0.0, 0.0, 1.0]);
        // (1e8 + -1e8) + (1 + 1): any other pairing rounds the ones away.
        assert_eq!(F32x4::load(&[1e8, 1.0, -1e8, 1.0]).sum(), 2.0);
        assert_eq!(lanes(|i| -i).max(), 0.0);
    }
}
