//! The learning rate of a step. Knows nothing of optimizers.

use serde::{Deserialize, Serialize};

/// How the learning rate goes down after the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Schedule {
    /// `peak / sqrt(1 + t / tau)`, t = steps after the warm-up: needs no end, so training can go on for as long as one likes.
    InverseSqrt {
        /// Steps after which the rate has fallen to 0.71 of the peak.
        tau: f32,
    },
    /// The peak for ever.
    Constant,
    /// The peak for half of the planned steps, then a line down to 0 at the planned end; never below `min`.
    Late {
        /// Share of the peak that is always left, 0..=1.
        min: f32,
    },
    /// Half a cosine from the peak down to `min` at the planned last step (Loshchilov and Hutter 2016, arXiv:1608.03983,
    /// eq. 5), and `min` after it.
    Cosine {
        /// Share of the peak that is left at the end, 0..=1.
        min: f32,
    },
}

/// A schedule as files hold it: one flat object. (A tag that serde reads makes the engine's download 4 kB larger.)
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tau: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<f32>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    InverseSqrt,
    Constant,
    Late,
    Cosine,
}

impl TryFrom<Written> for Schedule {
    type Error = &'static str;

    fn try_from(Written { kind, tau, min }: Written) -> Result<Self, Self::Error> {
        let min = min.ok_or("a schedule of this kind needs `min`");
        Ok(match kind {
            Kind::InverseSqrt => Self::InverseSqrt { tau: tau.ok_or("a schedule of this kind needs `tau`")? },
            Kind::Constant => Self::Constant,
            Kind::Late => Self::Late { min: min? },
            Kind::Cosine => Self::Cosine { min: min? },
        })
    }
}

impl From<Schedule> for Written {
    fn from(schedule: Schedule) -> Self {
        let (kind, tau, min) = match schedule {
            Schedule::InverseSqrt { tau } => (Kind::InverseSqrt, Some(tau), None),
            Schedule::Constant => (Kind::Constant, None, None),
            Schedule::Late { min } => (Kind::Late, None, Some(min)),
            Schedule::Cosine { min } => (Kind::Cosine, None, Some(min)),
        };
        Self { kind, tau, min }
    }
}

impl Schedule {
    /// The learning rate of `step`, counted from 0.
    ///
    /// * `peak`: the largest rate · `warmup`: steps of the linear rise, whose last one has the peak
    /// * `steps`: planned length of the run; [`Schedule::Cosine`] and [`Schedule::Late`] look at it
    pub fn rate(&self, peak: f64, warmup: u64, steps: u64, step: u64) -> f64 {
        if step < warmup {
            return peak * (step + 1) as f64 / warmup as f64;
        }
        let after = (step - warmup) as f64;
        match *self {
            Self::InverseSqrt { tau } => peak / libm::sqrt(1.0 + after / f64::from(tau)),
            Self::Constant => peak,
            Self::Late { min } => {
                let left = 2.0 * (1.0 - step as f64 / steps.max(1) as f64);
                peak * left.clamp(f64::from(min), 1.0)
            }
            Self::Cosine { min } => {
                let min = peak * f64::from(min);
                let span = steps.saturating_sub(warmup).max(1) as f64;
                let angle = core::f64::consts::PI * (after / span).min(1.0);
                min + 0.5 * (peak - min) * (1.0 + libm::cos(angle))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_written_flat_and_read_back_and_a_missing_number_is_refused() {
        for (schedule, written) in [
            (Schedule::InverseSqrt { tau: 100.0 }, r#"{"kind":"inverseSqrt","tau":100.0}"#),
            (Schedule::Constant, r#"{"kind":"constant"}"#),
            (Schedule::Late { min: 0.5 }, r#"{"kind":"late","min":0.5}"#),
            (Schedule::Cosine { min: 0.25 }, r#"{"kind":"cosine","min":0.25}"#),
        ] {
            assert_eq!(serde_json::to_string(&schedule).unwrap(), written);
            assert_eq!(serde_json::from_str::<Schedule>(written).unwrap(), schedule);
        }
        for broken in [r#"{"kind":"cosine"}"#, r#"{"kind":"inverseSqrt","min":1}"#, r#"{"kind":"other"}"#] {
            assert!(serde_json::from_str::<Schedule>(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn warm_up_rises_linearly_and_reaches_the_peak() {
        let schedule = Schedule::Constant;
        assert_eq!(schedule.rate(0.5, 4, 100, 0), 0.125);
        assert_eq!(schedule.rate(0.5, 4, 100, 3), 0.5);
        assert_eq!(schedule.rate(0.5, 4, 100, 4), 0.5);
        assert_eq!(schedule.rate(0.5, 0, 100, 0), 0.5);
    }

    #[test]
    fn inverse_square_root_starts_at_the_peak_and_halves_at_three_tau() {
        let schedule = Schedule::InverseSqrt { tau: 100.0 };
        assert_eq!(schedule.rate(1.0, 10, 0, 10), 1.0);
        assert_eq!(schedule.rate(1.0, 10, 0, 310), 0.5);
    }

    #[test]
    fn cosine_ends_at_its_minimum_and_stays_there() {
        let schedule = Schedule::Cosine { min: 0.125 };
        assert_eq!(schedule.rate(1.0, 10, 110, 10), 1.0);
        assert!((schedule.rate(1.0, 10, 110, 60) - 0.5625).abs() < 1e-12);
        assert_eq!(schedule.rate(1.0, 10, 110, 110), 0.125);
        assert_eq!(schedule.rate(1.0, 10, 110, 5_000), 0.125);
    }

    #[test]
    fn late_holds_the_peak_for_half_of_the_run_and_ends_at_its_minimum() {
        let schedule = Schedule::Late { min: 0.125 };
        let rates = [0, 9, 10, 50, 75, 99, 100, 500].map(|step| schedule.rate(1.0, 10, 100, step));
        assert_eq!(rates, [0.1, 1.0, 1.0, 1.0, 0.5, 0.125, 0.125, 0.125]);
        assert_eq!(Schedule::Late { min: 0.0 }.rate(1.0, 0, 0, 5), 0.0);
    }

    #[test]
    fn cosine_equals_the_rates_of_the_golden_curve() {
        // Steps of `tests/fixtures/golden/train_curve.json` (printed with nine decimals).
        for (step, lr) in [(0, 0.00025), (20, 0.005), (21, 0.004999657), (100, 0.003140708), (199, 0.000500343)] {
            let found = Schedule::Cosine { min: 0.1 }.rate(0.005, 20, 200, step);
            assert!((found - lr).abs() < 5e-10 + 1e-10, "step {step}: {found}");
        }
    }

    #[test]
    fn a_run_shorter_than_its_warm_up_still_has_finite_rates() {
        for step in 0..20 {
            let rate = Schedule::Cosine { min: 0.0 }.rate(1.0, 10, 5, step);
            assert!((0.0..=1.0).contains(&rate), "step {step}: {rate}");
        }
    }
}
