//! Loops over slices, four elements at a time.
//! The rest of fewer than four goes through one padded call, so every element takes the same arithmetic wherever it
//! stands. Zipped chunks compile without bounds checks; computed indices do not.

use super::lanes::F32x4;

/// Up to three values and, behind them, `filler`.
#[inline(always)]
pub fn padded(rest: &[f32], filler: f32) -> [f32; 4] {
    // A match, not a copy of unknown length: that would be a call.
    match *rest {
        [a] => [a, filler, filler, filler],
        [a, b] => [a, b, filler, filler],
        [a, b, c] => [a, b, c, filler],
        _ => [filler; 4],
    }
}

/// Writes the first one to three of `values`.
#[inline(always)]
pub fn put(rest: &mut [f32], values: [f32; 4]) {
    match rest {
        [a] => *a = values[0],
        [a, b] => [*a, *b] = [values[0], values[1]],
        [a, b, c] => [*a, *b, *c] = [values[0], values[1], values[2]],
        _ => {}
    }
}

/// Defines `map`, `out = f(inputs)`; `update`, `x = f(x, inputs)`.
macro_rules! loops {
    ($map:ident, $update:ident, $($input:ident: $chunks:ident $rest:ident),*) => {
        /// `out = f(inputs)`, four elements at a time.
        ///
        /// # Panics
        /// If a length disagrees.
        #[inline(always)]
        pub fn $map(out: &mut [f32], $($input: &[f32],)* f: impl Fn($(loops!(@lane $input)),*) -> F32x4) {
            $(assert_eq!(out.len(), $input.len(), stringify!($map));)*
            let (chunks, rest) = out.as_chunks_mut::<4>();
            $(let ($chunks, $rest) = $input.as_chunks::<4>();)*
            for (o, loops!(@pattern $($input)*)) in chunks.iter_mut().zip(loops!(@zip $($chunks)*)) {
                *o = f($(F32x4::load($input)),*).to_array();
            }
            if !rest.is_empty() {
                put(rest, f($(F32x4::load(&padded($rest, 0.0))),*).to_array());
            }
        }

        /// `x = f(x, inputs)`, four elements at a time.
        ///
        /// # Panics
        /// If a length disagrees.
        #[inline(always)]
        pub fn $update(x: &mut [f32], $($input: &[f32],)* f: impl Fn(F32x4, $(loops!(@lane $input)),*) -> F32x4) {
            $(assert_eq!(x.len(), $input.len(), stringify!($update));)*
            let (chunks, rest) = x.as_chunks_mut::<4>();
            $(let ($chunks, $rest) = $input.as_chunks::<4>();)*
            for (x, loops!(@pattern $($input)*)) in chunks.iter_mut().zip(loops!(@zip $($chunks)*)) {
                *x = f(F32x4::load(x), $(F32x4::load($input)),*).to_array();
            }
            if !rest.is_empty() {
                let old = F32x4::load(&padded(rest, 0.0));
                put(rest, f(old, $(F32x4::load(&padded($rest, 0.0))),*).to_array());
            }
        }
    };
    (@lane $input:ident) => { F32x4 };
    (@zip $a:ident) => { $a };
    (@zip $a:ident $b:ident) => { $a.iter().zip($b) };
    (@zip $a:ident $b:ident $c:ident) => { $a.iter().zip($b).zip($c) };
    (@pattern $a:ident) => { $a };
    (@pattern $a:ident $b:ident) => { ($a, $b) };
    (@pattern $a:ident $b:ident $c:ident) => { (($a, $b), $c) };
}
loops!(map, update2, a: a_chunks a_rest);
loops!(map2, update3, a: a_chunks a_rest, b: b_chunks b_rest);
loops!(map3, update4, a: a_chunks a_rest, b: b_chunks b_rest, c: c_chunks c_rest);

/// `x = f(x)`, four elements at a time.
#[inline(always)]
pub fn update(x: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    let (chunks, rest) = x.as_chunks_mut::<4>();
    for x in chunks {
        *x = f(F32x4::load(x)).to_array();
    }
    if !rest.is_empty() {
        let old = F32x4::load(&padded(rest, 0.0));
        put(rest, f(old).to_array());
    }
}

/// Defines a sum of `f` over the elements of its inputs: eight running sums, the two fours added, then
/// [`F32x4::sum`]. The padding is 0 in every input and `f` must give 0 for it.
macro_rules! sums {
    ($sum:ident, $($input:ident: $eights:ident $rest:ident $fours:ident $last:ident),*) => {
        /// Sum of `f` over the elements: eight running sums, the two fours added, then [`F32x4::sum`].
        /// `f` must give 0 where every input is 0.
        ///
        /// # Panics
        /// If a length disagrees.
        #[inline(always)]
        pub fn $sum(first: &[f32], $($input: &[f32],)* f: impl Fn(F32x4, $(loops!(@lane $input)),*) -> F32x4) -> f32 {
            $(assert_eq!(first.len(), $input.len(), stringify!($sum));)*
            let (eights, rest) = first.as_chunks::<8>();
            let (fours, last) = rest.as_chunks::<4>();
            $(let ($eights, $rest) = $input.as_chunks::<8>(); let ($fours, $last) = $rest.as_chunks::<4>();)*
            let mut sum = [F32x4::splat(0.0); 2];
            for (first, loops!(@pattern $($input)*)) in eights.iter().zip(loops!(@zip $($eights)*)) {
                sum[0] = sum[0] + f(low(first), $(low($input)),*);
                sum[1] = sum[1] + f(high(first), $(high($input)),*);
            }
            for (first, loops!(@pattern $($input)*)) in fours.iter().zip(loops!(@zip $($fours)*)) {
                sum[0] = sum[0] + f(F32x4::load(first), $(F32x4::load($input)),*);
            }
            if !last.is_empty() {
                sum[1] = sum[1] + f(F32x4::load(&padded(last, 0.0)), $(F32x4::load(&padded($last, 0.0))),*);
            }
            (sum[0] + sum[1]).sum()
        }
    };
}
sums!(sum2, a: a_eights a_rest a_fours a_last);
sums!(sum3, a: a_eights a_rest a_fours a_last, b: b_eights b_rest b_fours b_last);

#[inline(always)]
fn low(x: &[f32; 8]) -> F32x4 {
    F32x4::load(&[x[0], x[1], x[2], x[3]])
}

#[inline(always)]
fn high(x: &[f32; 8]) -> F32x4 {
    F32x4::load(&[x[4], x[5], x[6], x[7]])
}

/// Dot product in the fixed order of [`sum2`].
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum2(a, b, |a, b| a * b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn numbers(n: usize, from: f32) -> Vec<f32> {
        (0..n).map(|i| from + i as f32).collect()
    }

    #[test]
    fn every_length_and_position_gets_the_same_arithmetic() {
        for n in 0..21 {
            let (a, b, c) = (numbers(n, 1.0), numbers(n, 50.0), numbers(n, 300.0));
            let mut out = vec![0.0; n];
            map3(&mut out, &a, &b, &c, |a, b, c| a * b + c);
            assert!(out.iter().enumerate().all(|(i, o)| *o == a[i] * b[i] + c[i]), "map3 of {n}");
            update4(&mut out, &a, &b, &c, |x, a, b, c| x - c - a * b + a);
            assert_eq!(out, a, "update4 of {n}");
        }
    }

    #[test]
    fn sums_of_every_length_are_complete() {
        for n in 0..40 {
            let (a, b) = (numbers(n, 1.0), numbers(n, 2.0));
            // Small whole numbers: exact in any order.
            let expected: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            assert_eq!(dot(&a, &b), expected, "dot of {n}");
            let expected: f32 = a.iter().zip(&b).map(|(a, b)| a * b * a).sum();
            assert_eq!(sum3(&a, &b, &a, |a, b, c| a * b * c), expected, "sum3 of {n}");
        }
    }

    #[test]
    #[should_panic(expected = "map2")]
    fn lengths_that_disagree_are_refused() {
        map2(&mut [0.0; 4], &[0.0; 4], &[0.0; 5], |a, _| a);
    }
}
