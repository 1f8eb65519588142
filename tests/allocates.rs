//! Training asks for memory when a run begins, and never again: steps of every style and optimizer.

use glassgpt::model::Config;
use glassgpt::rng::{Purpose, Rng};
use glassgpt::train::{Optimizer, Session, Settings, Split};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

/// Counts what this program asks for. One test only: others would be counted, too.
#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn split() -> Split {
    let mut rng = Rng::new(1, Purpose::Test, 0);
    let mut ids = |n| (0..n).map(|_| rng.below(40) as u32).collect::<Vec<_>>();
    Split { train: ids(900), validation: ids(100), validation_bytes: 200 }
}

#[test]
fn a_step_allocates_nothing() {
    let styles = [
        ("gpt2", Config::gpt2(40, 24, 2, 2, 16)),
        ("modern", Config::modern(40, 24, 2, 2, 16)),
        ("nanochat", Config::nanochat(40, 24, 2, 2, 16)),
    ];
    for (style, config) in styles {
        for optimizer in [Optimizer::AdamW, Optimizer::Lion, Optimizer::Muon] {
            let settings =
                Settings { batch: 6, shards: 3, accumulation: 2, steps: 20, optimizer, ..Settings::default() };
            let begin = Region::new(COUNTED);
            let mut session = Session::new(config.clone(), settings, split()).unwrap();
            assert!(begin.change().allocations > 0, "nothing is counted");
            session.step().unwrap();
            // What a step asks for, every step asks for; the thread that waits for this test asks now and then.
            let asked = |_| {
                let region = Region::new(COUNTED);
                session.step().unwrap();
                let found = region.change();
                (found.allocations + found.reallocations, found.bytes_allocated)
            };
            let least = (0..8).map(asked).min();
            assert_eq!(least, Some((0, 0)), "{style}, {optimizer:?}");
        }
    }
}
