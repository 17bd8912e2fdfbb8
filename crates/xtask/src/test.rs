//! `cargo xtask test`: everything that must hold before a change lands.

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::postgres::Postgres;
use crate::progress::{Steps, complain, say, took};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{e2e, process, setup};

pub fn test(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let with_e2e = match arguments {
        [] => true,
        [one] if one == "--no-e2e" => false,
        [other, ..] => {
            return Err(Failure::new(format!("`test` does not know `{other}`."))
                .mend("cargo xtask test [--no-e2e]"));
        }
    };
    let started = Instant::now();
    setup::everything(workspace)?;
    let mut suite = Suite::new(workspace, if with_e2e { 9 } else { 6 });
    suite.check("Format", "5 s", |w| Ok(cargo_in(w, &["fmt", "--all", "--check"])))?;
    suite.check("Lints, native", "6 min the first time, 1 min after", native_lints)?;
    suite.check("Lints, WebAssembly", "3 min the first time, 1 min after", |w| {
        let arguments = [
            "clippy",
            "--locked",
            "-p",
            "frontend",
            "--target",
            "wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ];
        Ok(cargo_in(w, &arguments))
    })?;
    suite.check("Types of the end-to-end tests", "5 s", |w| {
        let mut tsc = Command::new("node");
        tsc.current_dir(w.end2end()).args(["node_modules/typescript/bin/tsc", "--noEmit"]);
        Ok(tsc)
    })?;
    suite.run(
        "Unit, property and storage tests",
        "10 min the first time, 3 min after",
        crate_tests,
    )?;
    suite.run("Documentation examples", "1 min", doc_tests)?;
    if with_e2e {
        suite.end_to_end()?;
    } else {
        say("\nWithout the end-to-end tests, as asked.");
    }
    suite.summary();
    say(format!("in {}", took(started.elapsed())));
    say(suite.total());
    Ok(if suite.total().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Goes on after a failure, so that one run shows them all.
struct Suite<'a> {
    workspace: &'a Workspace,
    steps: Steps,
    results: Vec<(&'static str, Tally)>,
}

impl<'a> Suite<'a> {
    fn new(workspace: &'a Workspace, steps: usize) -> Self {
        Self { workspace, steps: Steps::new(steps), results: Vec::new() }
    }

    /// A check that passes or fails as a whole.
    fn check(
        &mut self,
        name: &'static str,
        usually: &str,
        command: fn(&Workspace) -> Result<Command>,
    ) -> Result<()> {
        self.run(name, usually, |workspace| {
            let passed = process::succeeds(&mut command(workspace)?)?;
            Ok(if passed { Tally::PASSED } else { Tally::FAILED })
        })
    }

    fn run(
        &mut self,
        name: &'static str,
        usually: &str,
        body: impl FnOnce(&Workspace) -> Result<Tally>,
    ) -> Result<()> {
        let step = self.steps.begin(name, usually);
        let tally = failure_counts(body(self.workspace))?;
        step.done(&tally.to_string());
        self.results.push((name, tally));
        Ok(())
    }

    fn end_to_end(&mut self) -> Result<()> {
        let tally = failure_counts(e2e::build_and_test(self.workspace, &mut self.steps, &[]))?;
        self.results.push(("End-to-end tests", tally));
        Ok(())
    }

    fn total(&self) -> Tally {
        self.results.iter().map(|(_, tally)| *tally).fold(Tally::default(), std::ops::Add::add)
    }

    fn summary(&self) {
        say("");
        for (name, tally) in &self.results {
            let mark = if tally.failed == 0 { "ok    " } else { "FAILED" };
            let skipped = match tally.skipped {
                0 => String::new(),
                count => format!(", {count} skipped"),
            };
            say(format!("{mark} {name}: {tally}{skipped}"));
        }
    }
}

/// A step that could not be carried out has failed; only Ctrl-C ends the whole run.
fn failure_counts(outcome: Result<Tally>) -> Result<Tally> {
    outcome.or_else(|failure| {
        if process::interrupted() {
            return Err(failure);
        }
        complain(&failure);
        Ok(Tally::FAILED)
    })
}

fn cargo_in(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.current_dir(&workspace.root).args(arguments);
    command
}

/// All members but `frontend` in one go: one resolution of features, nothing compiled twice.
fn with_native(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = cargo_in(workspace, arguments);
    // With the version: `signature` is also the name of a crate that others publish.
    for package in workspace.native_packages() {
        command.arg("--package").arg(format!("{package}@{}", env!("CARGO_PKG_VERSION")));
    }
    command
}

fn native_lints(workspace: &Workspace) -> Result<Command> {
    let mut command = with_native(workspace, &["clippy", "--locked", "--all-targets"]);
    command.args(["--", "-D", "warnings"]);
    Ok(command)
}

fn crate_tests(workspace: &Workspace) -> Result<Tally> {
    let postgres = Postgres::start()?;
    let nextest = process::capture(cargo().args(["nextest", "--version"])).is_ok();
    let mut command = if nextest {
        with_native(workspace, &["nextest", "run", "--locked", "--no-fail-fast", "--color=never"])
    } else {
        say("      cargo-nextest is not installed; `cargo test` does the same, slower");
        with_native(workspace, &["test", "--locked", "--no-fail-fast", "--all-targets"])
    };
    command.env("CABINET_TEST_POSTGRES", &postgres.url);
    let (status, output) = process::tee(&mut command)?;
    let counted =
        if nextest { Tally::from_nextest(&output) } else { Tally::from_cargo_test(&output) };
    Ok(Tally::of_run(counted, status.success()))
}

/// Examples in documentation, which nextest does not run.
fn doc_tests(workspace: &Workspace) -> Result<Tally> {
    let mut command = with_native(workspace, &["test", "--locked", "--doc", "--no-fail-fast"]);
    let (status, output) = process::tee(&mut command)?;
    Ok(Tally::of_run(Tally::from_cargo_test(&output), status.success()))
}
