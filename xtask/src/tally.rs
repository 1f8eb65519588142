//! How many tests passed and failed, read from what the test runners print.

/// Counts of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests, or whole steps, that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
}

impl Tally {
    /// Adds another run.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// What a step adds to the sum: its tests, or itself if it has none. A step that broke without a failed test
    /// (it did not compile, say) is one failure.
    pub fn of_step(output: &str, ok: bool) -> Self {
        let mut tally = Self::of_output(output);
        if !ok && tally.failed == 0 {
            tally.failed = 1;
        }
        if tally == Self::default() {
            tally.passed = 1;
        }
        tally
    }

    /// Sums `test result: ok. 3 passed; 1 failed; …` (cargo) and `ℹ pass 3`, `ℹ fail 1` (node).
    fn of_output(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            if let Some(counts) = line.trim().strip_prefix("test result: ") {
                let words: Vec<&str> = counts.split([' ', ';']).filter(|word| !word.is_empty()).collect();
                for pair in words.windows(2) {
                    match (pair[0].parse::<usize>(), pair[1]) {
                        (Ok(count), "passed") => tally.passed += count,
                        (Ok(count), "failed") => tally.failed += count,
                        _ => {}
                    }
                }
            } else if let Some(counts) = line.strip_prefix("ℹ ") {
                match counts.split_once(' ') {
                    Some(("pass", count)) => tally.passed += count.parse().unwrap_or(0),
                    Some(("fail" | "cancelled", count)) => tally.failed += count.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_cargo_and_node_are_summed() {
        let output = "test result: FAILED. 41 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\
                      \n    test result: ok. 3 passed; 0 failed; 0 ignored\nℹ tests 9\nℹ pass 7\nℹ fail 1\nℹ cancelled 1\n";
        assert_eq!(Tally::of_step(output, false), Tally { passed: 51, failed: 4 });
    }

    #[test]
    fn a_step_without_tests_counts_itself() {
        assert_eq!(Tally::of_step("all fine", true), Tally { passed: 1, failed: 0 });
        assert_eq!(Tally::of_step("error: no", false), Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn a_step_that_breaks_after_its_tests_passed_still_fails() {
        assert_eq!(Tally::of_step("test result: ok. 5 passed; 0 failed", false), Tally { passed: 5, failed: 1 });
    }
}
