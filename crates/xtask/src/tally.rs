//! Counting what passed and what failed, from what each runner prints.

use std::fmt;

use serde::Deserialize;

use crate::failure::{Failure, Result};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    /// Never left out in silence: the summary names them.
    pub skipped: u64,
}

impl Tally {
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// A runner's own count, held against its exit status: a run that failed without a failed
    /// test (it did not compile, it crashed) counts as one failure.
    pub fn of_run(counted: Option<Self>, success: bool) -> Self {
        match counted {
            Some(tally) if success || tally.failed > 0 => tally,
            Some(tally) => Self { failed: 1, ..tally },
            None => Self::FAILED,
        }
    }

    /// nextest: `Summary [ 1.2s] 120 tests run: 118 passed (3 slow), 2 failed, 1 skipped`.
    pub fn from_nextest(output: &str) -> Option<Self> {
        let line = output.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
        let (_, counts) = line.split_once("run:")?;
        // Every way of not passing counts: failed, timed out, exec failed.
        let failed = ["failed", "timed out", "exec failed"].iter();
        Some(Self {
            passed: count_before(counts, "passed"),
            failed: failed.map(|word| count_before(counts, word)).sum(),
            skipped: count_before(counts, "skipped"),
        })
    }

    /// `cargo test`: one line `test result: ok. 12 passed; 0 failed; 1 ignored; …` per binary.
    pub fn from_cargo_test(output: &str) -> Option<Self> {
        let lines =
            output.lines().filter_map(|line| line.trim_start().strip_prefix("test result:"));
        let tallies = lines.map(|counts| Self {
            passed: count_before(counts, "passed"),
            failed: count_before(counts, "failed"),
            skipped: count_before(counts, "ignored"),
        });
        tallies.reduce(std::ops::Add::add)
    }

    /// Playwright's JSON report.
    pub fn from_playwright(json: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Report {
            stats: Stats,
            #[serde(default)]
            errors: Vec<serde_json::Value>,
        }
        #[derive(Deserialize)]
        struct Stats {
            expected: u64,
            unexpected: u64,
            flaky: u64,
            skipped: u64,
        }
        let report: Report = serde_json::from_slice(json).map_err(|error| {
            Failure::new(format!("Playwright's report is not understood: {error}."))
        })?;
        let Stats { expected, unexpected, flaky, skipped } = report.stats;
        // A test that passes only sometimes has failed; so has a run with errors outside tests.
        Ok(Self {
            passed: expected,
            failed: unexpected + flaky + u64::from(!report.errors.is_empty()),
            skipped,
        })
    }
}

/// The number before a word in `118 passed (3 slow), 2 failed`.
fn count_before(text: &str, word: &str) -> u64 {
    text.split([',', ';', '.', ':'])
        .filter_map(|part| part.trim().split_once(' '))
        .find(|(_, rest)| {
            *rest == word || rest.strip_prefix(word).is_some_and(|r| r.starts_with(" ("))
        })
        .and_then(|(count, _)| count.parse().ok())
        .unwrap_or(0)
}

impl std::ops::Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn nextest_summaries_are_read() {
        for (line, expected) in [
            ("     Summary [   0.017s] 35 tests run: 35 passed, 0 skipped", tally(35, 0, 0)),
            (
                "     Summary [  12.1s] 120 tests run: 115 passed (3 slow), 2 failed, 3 timed out, 1 skipped",
                tally(115, 5, 1),
            ),
            ("     Summary [   1.0s] 7/9 tests run: 5 passed, 2 failed, 0 skipped", tally(5, 2, 0)),
        ] {
            let output = format!("        PASS [   0.003s] x a\n{line}\n        FAIL b");
            assert_eq!(Tally::from_nextest(&output), Some(expected));
        }
        assert_eq!(Tally::from_nextest("error[E0425]: cannot find"), None);
    }

    #[test]
    fn cargo_test_results_add_up() {
        let output = "running 2 tests\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Tally::from_cargo_test(output), Some(tally(15, 2, 1)));
        assert_eq!(Tally::from_cargo_test("error: could not compile"), None);
    }

    #[test]
    fn playwright_counts_flaky_and_errors_as_failed() {
        let report = |errors: &str| {
            format!(
                r#"{{"stats":{{"expected":9,"unexpected":1,"flaky":2,"skipped":1,"duration":1.5}},"errors":{errors}}}"#
            )
        };
        assert_eq!(Tally::from_playwright(report("[]").as_bytes()).unwrap(), tally(9, 3, 1));
        assert_eq!(Tally::from_playwright(report("[{}]").as_bytes()).unwrap(), tally(9, 4, 1));
        assert!(Tally::from_playwright(b"{}").is_err());
    }

    #[test]
    fn a_failed_run_never_counts_as_passed() {
        assert_eq!(Tally::of_run(None, false), Tally::FAILED);
        assert_eq!(
            Tally::of_run(None, true),
            Tally::FAILED,
            "a run that counts nothing proves nothing"
        );
        assert_eq!(Tally::of_run(Some(tally(5, 0, 0)), false), tally(5, 1, 0));
        assert_eq!(Tally::of_run(Some(tally(5, 2, 0)), false), tally(5, 2, 0));
        assert_eq!(Tally::of_run(Some(tally(5, 0, 1)), true), tally(5, 0, 1));
    }

    #[test]
    fn the_last_line_is_plain() {
        assert_eq!(tally(10, 2, 3).to_string(), "10 passed, 2 failed");
    }
}
