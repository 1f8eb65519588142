use crate::kernels::muon::{Muon, Work};
use crate::kernels::naive::{self, muon as twin};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

const MUON: Muon = Muon { lr: 0.02, momentum: 0.95, weight_decay: 0.1, iterations: 5, scale: 0.7 };
const SHAPES: [[usize; 2]; 6] = [[1, 1], [5, 5], [6, 15], [14, 9], [40, 7], [3, 130]];

#[test]
fn directions_equal_the_naive_twin_for_wide_and_tall_matrices_over_several_steps() {
    let mut work = Work::new(SHAPES.into_iter());
    let mut rng = naive::rng(70);
    for shape in SHAPES {
        let n = shape[0] * shape[1];
        let (mut m, mut t_m) = (vec![0.0; n], vec![0.0; n]);
        for step in 0..3 {
            let g = naive::normals(&mut rng, n);
            let found = MUON.direction(&g, &mut m, shape, 0.5, &mut work).to_vec();
            let half: Vec<f64> = g.iter().map(|&g| 0.5 * f64::from(g)).collect();
            let [momentum, x] = twin::direction(&half, &t_m, shape, 0.95, 5);
            naive::assert_close(&format!("momentum {shape:?} {step}"), &m, &momentum, 1e-6);
            // Five iterations lift the small singular values, and with them rounding, by up to 3.4 each.
            naive::assert_close(&format!("direction {shape:?} {step}"), &found, &x, 2e-5);
            t_m = momentum;
        }
    }
}

#[test]
fn singular_values_come_near_one() {
    // Rows that are orthogonal already: each length is a singular value.
    let g = [3.0, 0.0, 0.0, 0.0, 0.5, 0.0];
    let mut work = Work::new([[2, 3]].into_iter());
    let x = MUON.direction(&g, &mut [0.0; 6], [2, 3], 1.0, &mut work);
    for value in [x[0], x[4]] {
        assert!((0.6..1.3).contains(&value), "{x:?}");
    }
    assert!([x[1], x[2], x[3], x[5]].iter().all(|v| v.abs() < 1e-6), "{x:?}");
}

#[test]
fn a_zero_gradient_only_decays() {
    let (mut p, mut m) = (vec![2.0; 6], vec![0.0; 6]);
    MUON.step(&mut p, &[0.0; 6], &mut m, [2, 3], 1.0, &mut Work::new([[2, 3]].into_iter()));
    assert_eq!(p, [2.0 * (1.0 - 0.02f64 * 0.1) as f32; 6]);
}

#[test]
fn a_step_is_decay_and_the_scaled_direction() {
    let g = naive::normals(&mut naive::rng(71), 12);
    let mut work = Work::new([[3, 4]].into_iter());
    let x = MUON.direction(&g, &mut [0.0; 12], [3, 4], 1.0, &mut work).to_vec();
    let mut p = vec![1.0; 12];
    MUON.step(&mut p, &g, &mut [0.0; 12], [3, 4], 1.0, &mut work);
    let expected: Vec<f64> = x.iter().map(|&x| 1.0 - 0.02 * 0.1 - 0.02 * 0.7 * f64::from(x)).collect();
    naive::assert_close("weights", &p, &expected, 2e-7);
}
