//! End-to-end tests: Playwright drives the system's Chromium against the bundle that is shipped,
//! each worker with its own server, data folder and sandbox.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::client::{self, Bundle};
use crate::failure::{Failure, Result};
use crate::progress::{Steps, say};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{process, server, setup};

/// `cargo xtask e2e [ARGUMENTS OF PLAYWRIGHT]`
pub fn command(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    setup::browsing(workspace)?;
    let tally = build_and_test(workspace, &mut Steps::new(3), arguments)?;
    say("");
    if tally.skipped > 0 {
        say(format!("{} skipped", tally.skipped));
    }
    say(tally);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Three steps: client, server, tests.
pub fn build_and_test(
    workspace: &Workspace,
    steps: &mut Steps,
    arguments: &[String],
) -> Result<Tally> {
    let site = client::site(workspace, Bundle::Optimised, steps)?;
    let binary = server::build(workspace, server::Profile::Development, steps)?;
    let step = steps.begin("End-to-end tests in Chromium", "5 min");
    let tally = playwright(workspace, &site, &binary, arguments)?;
    step.done(&tally.to_string());
    Ok(tally)
}

fn playwright(
    workspace: &Workspace,
    site: &Path,
    binary: &Path,
    arguments: &[String],
) -> Result<Tally> {
    let output = workspace.target.join("e2e");
    let report = output.join("report.json");
    std::fs::create_dir_all(&output).map_err(|error| Failure::file("create", &output, &error))?;
    // A run that dies early must not be counted by the report of the run before.
    let _ = std::fs::remove_file(&report);
    let mut command = runner(workspace, site, binary, &output)?;
    let success = process::succeeds(command.args(arguments))?;
    let counted =
        std::fs::read(&report).ok().map(|json| Tally::from_playwright(&json)).transpose()?;
    Ok(Tally::of_run(counted, success))
}

/// Playwright over a site and a server, without its arguments.
pub fn runner(workspace: &Workspace, site: &Path, binary: &Path, output: &Path) -> Result<Command> {
    let chromium = setup::chromium()
        .ok_or_else(|| Failure::new("Chromium is missing.").mend("apt-get install chromium"))?;
    let mut command = Command::new("node");
    command
        .current_dir(workspace.end2end())
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("E2E_BINARY", binary)
        .env("E2E_SITE", site)
        .env("E2E_CHROMIUM", chromium)
        .env("E2E_OUTPUT", output);
    Ok(command)
}
