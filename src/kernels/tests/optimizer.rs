use crate::kernels::naive::{normals, pointwise as twin, rng, wide};
use crate::kernels::optimizer::{AdamW, Lion, average, norm_squared};
use alloc::vec;
use alloc::vec::Vec;

const ADAM: AdamW = AdamW { lr: 0.01, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.1 };
const LION: Lion = Lion { lr: 0.003, beta1: 0.9, beta2: 0.98, weight_decay: 0.1 };

#[test]
fn adamw_follows_its_twin_through_the_first_steps_at_every_length() {
    let mut r = rng(20);
    for n in [1, 3, 4, 7, 30] {
        let (mut p, mut m, mut v) = (normals(&mut r, n), vec![0.0; n], vec![0.0; n]);
        for step in 1..=20 {
            // Down to gradients beside which eps counts.
            let g: Vec<f32> = normals(&mut r, n).iter().map(|g| g * 0.1f32.powi(step as i32 % 9)).collect();
            let before = [wide(&p), wide(&g), wide(&m), wide(&v)];
            ADAM.step(&mut p, &g, &mut m, &mut v, step, 0.5);
            for i in 0..n {
                let [old_p, g, old_m, old_v] = [0, 1, 2, 3].map(|k: usize| before[k][i]);
                let t = twin::adamw(&ADAM, [old_p, 0.5 * g, old_m, old_v], step as i32);
                for (x, t) in [p[i], m[i], v[i]].into_iter().zip(t) {
                    assert!((f64::from(x) - t).abs() < 2e-7 * t.abs().max(1.0), "step {step}: {x}, expected {t}");
                }
            }
        }
    }
}

#[test]
fn without_gradients_adamw_only_decays() {
    let (mut p, mut m, mut v) = (vec![2.0, -3.0, 0.0, 1e-3, 5.0], vec![0.0; 5], vec![0.0; 5]);
    ADAM.step(&mut p, &[0.0; 5], &mut m, &mut v, 1, 1.0);
    assert_eq!(p, [2.0, -3.0, 0.0, 1e-3, 5.0].map(|p: f32| p * 0.999));
    assert_eq!((m, v), (vec![0.0; 5], vec![0.0; 5]));
}

#[test]
fn lion_moves_by_the_sign_alone_and_not_at_all_for_zero() {
    let p = [1.0, 1.0, 1.0, 1.0, 1.0, -2.0];
    let g = [1e-20, -1e20, 0.0, 8.0, -0.0, 0.3];
    let m = [0.0, 0.0, 0.0, -1.0, 0.0, -4.0];
    let (mut p_next, mut m_next) = (p, m);
    LION.step(&mut p_next, &g, &mut m_next, 1.0);
    for i in 0..p.len() {
        let [t_p, t_m] = twin::lion(&LION, [p[i], g[i], m[i]].map(f64::from));
        assert!((f64::from(p_next[i]) - t_p).abs() < 2e-7, "{i}: {}, expected {t_p}", p_next[i]);
        assert!((f64::from(m_next[i]) - t_m).abs() <= 2e-7 * t_m.abs(), "{i}: {}, expected {t_m}", m_next[i]);
    }
    // Both zeros only decay.
    assert_eq!([p_next[2], p_next[4]], [1.0 - 0.003 * 0.1; 2]);
}

#[test]
fn the_average_starts_at_one_ninth_of_the_beginning_and_reaches_constant_weights() {
    let mut avg = vec![9.0; 5];
    average(&mut avg, &[0.0; 5], 1);
    assert!(avg.iter().all(|a| (a - 1.0).abs() < 1e-6), "{avg:?}");
    for n in 2..2_000 {
        average(&mut avg, &[0.25; 5], n);
    }
    assert!(avg.iter().all(|a| (a - 0.25).abs() < 1e-6), "{avg:?}");
}

#[test]
fn the_squared_norm_is_summed_in_double_precision() {
    // In f32 the ones would vanish behind 1e14; squares of f32 are exact in f64.
    for n in [0, 1, 5, 1_003] {
        let mut g = vec![1.0; n];
        g.push(1e7);
        assert_eq!(norm_squared(&g), 1e14 + n as f64);
    }
    assert_eq!(norm_squared(&[]), 0.0);
    assert_eq!(norm_squared(&[3e38, 3e38]), 2.0 * f64::from(3e38f32) * f64::from(3e38f32));
}
