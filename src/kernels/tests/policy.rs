use crate::kernels::loss::IGNORE;
use crate::kernels::naive::policy::{backward, place};
use crate::kernels::naive::{assert_close, assert_gradient, normals, rng, wide};
use crate::kernels::policy::{Slopes, policy_backward};
use alloc::vec::Vec;

#[test]
fn naive_gradient_is_the_derivative() {
    let mut r = rng(40);
    for slopes in [[1.0, 0.0], [0.0, 1.0], [-0.7, 0.3]] {
        let (z, q) = (wide(&normals(&mut r, 9)), wide(&normals(&mut r, 9)));
        let gradient = backward(&z, &q, 4, 0.8, slopes);
        assert_gradient("dlogits", &z, &[1.0], &gradient, |z| {
            let [log_prob, _, divergence] = place(z, &q, 4, 0.8);
            [slopes[0] * log_prob + slopes[1] * divergence].into()
        });
    }
}

#[test]
fn places_and_gradients_agree_with_their_twins_on_ragged_rows() {
    let mut r = rng(41);
    for _ in 0..100 {
        let (n, v) = (r.between(1, 6), r.between(1, 70));
        let temperature = *r.choose(&[0.5f32, 0.8, 1.0, 2.0]);
        let (z, q) = (normals(&mut r, n * v), normals(&mut r, n * v));
        let slopes: Vec<[f32; 2]> = (0..n).map(|_| [r.normal() as f32, r.normal() as f32]).collect();
        let targets: Vec<u32> = (0..n).map(|_| if r.below(4) == 0 { IGNORE } else { r.below(v) as u32 }).collect();
        let (mut d, mut room, mut seen) = (z.clone(), q.clone(), 0);
        policy_backward(&mut d, &mut room, &targets, temperature, |row, found| {
            let (z, q) = (wide(&z[row * v..][..v]), wide(&q[row * v..][..v]));
            let t = place(&z, &q, targets[row] as usize, f64::from(temperature));
            let x = [found.log_prob as f32, found.reference_log_prob as f32, found.divergence as f32];
            assert_close("place", &x, &t, 2e-6);
            seen += 1;
            Slopes { log_prob: slopes[row][0], divergence: slopes[row][1] }
        });
        assert_eq!(seen, targets.iter().filter(|&&t| t != IGNORE).count());
        for (row, &target) in targets.iter().enumerate() {
            let (z, q, d) = (wide(&z[row * v..][..v]), wide(&q[row * v..][..v]), &d[row * v..][..v]);
            if target == IGNORE {
                assert!(d.iter().all(|d| d.to_bits() == 0), "an ignored row must be exactly 0");
                continue;
            }
            let t = backward(&z, &q, target as usize, f64::from(temperature), slopes[row].map(f64::from));
            assert_close("dlogits", d, &t, 2e-6);
        }
    }
}

#[test]
fn equal_policies_have_no_divergence_and_none_is_ever_negative() {
    let mut r = rng(42);
    for _ in 0..200 {
        let v = r.between(1, 50);
        let z: Vec<f32> = normals(&mut r, v).iter().map(|x| x * 30.0).collect();
        let nearly: Vec<f32> = z.iter().map(|x| x + 1e-6 * r.normal() as f32).collect();
        for q in [z.clone(), nearly] {
            let (mut d, mut room) = (z.clone(), q);
            policy_backward(&mut d, &mut room, &[r.below(v) as u32], 0.8, |_, place| {
                assert!((0.0..1e-4).contains(&place.divergence), "{place:?}");
                Slopes { log_prob: 0.0, divergence: 1.0 }
            });
            assert!(d.iter().all(|d| d.abs() < 1e-3), "{d:?}");
        }
    }
}

#[test]
fn extreme_logits_stay_finite() {
    let (mut d, mut room) = ([1e4f32, -1e4, 0.0, 50.0], [-1e4f32, 1e4, 0.0, 50.0]);
    policy_backward(&mut d, &mut room, &[1], 0.8, |_, place| {
        assert!(place.log_prob.is_finite() && place.divergence > 1e4, "{place:?}");
        Slopes { log_prob: 1.0, divergence: 1.0 }
    });
    assert!(d.iter().all(|d| d.is_finite()), "{d:?}");
}
