//! `cargo xtask bench`: sizes, rendering, saving, documents, signatures here and in the browser,
//! memory, start. Prints a table and writes `target/bench/*.json`. It measures this machine as it
//! is; compare runs on one machine.

mod bundle;
mod http;
mod load;
mod server;
mod signature;
mod signing;
mod visitor;

use std::path::Path;
use std::process::Command;

use serde::Serialize;
use serde_json::Value;

use crate::cargo::cargo;
use crate::client::{self, Bundle};
use crate::failure::{Failure, Result};
use crate::progress::{Steps, say};
use crate::server::Profile;
use crate::workspace::Workspace;
use crate::{process, setup};

pub fn bench(workspace: &Workspace) -> Result<()> {
    setup::measuring(workspace)?;
    let mut steps = Steps::new(9);
    let site = client::site(workspace, Bundle::Optimised, &mut steps)?;
    let binary = crate::server::build(workspace, Profile::Release, &mut steps)?;
    let output = workspace.target.join("bench");
    std::fs::create_dir_all(&output).map_err(|error| Failure::file("create", &output, &error))?;

    let step = steps.begin("Documents: parse and check", "2 min the first time, 20 s after");
    let documents = documents(workspace)?;
    write(&output, "documents", &documents)?;
    step.done("");

    let step = steps.begin("Lists of fifty thousand forms", "5 min the first time, 1 min after");
    let lists = lists(workspace)?;
    write(&output, "lists", &lists)?;
    step.done("");

    let step =
        steps.begin("Signatures, beside OpenSSL's engine", "4 min the first time, 2 min after");
    let signatures = signature::measure(workspace)?;
    write(&output, "signatures", &signatures)?;
    step.done("");

    let step = steps.begin("Start and idle memory", "10 s");
    let start = server::start(&binary, &site)?;
    write(&output, "start", &start)?;
    step.done("");

    let step = steps.begin("Pages and saving under load", "40 s");
    let load = server::under_load(&binary, &site)?;
    write(&output, "load", &load)?;
    step.done("");

    let step = steps.begin("Signing and hashing in the browser", "1 min");
    let path = output.join("signing-wasm.json");
    let signing = signing::measure(workspace, &site, &binary, &path)?;
    step.done("");

    let step = steps.begin("Bytes of the first load", "1 s");
    let bundle = bundle::measure(&site, &load)?;
    write(&output, "bundle", &bundle)?;
    step.done("");

    say("");
    bundle::table(&bundle).into_iter().for_each(say);
    say("");
    server::table(&start, &load).into_iter().for_each(say);
    say("");
    signing::table(&signing).into_iter().for_each(say);
    say("");
    signature::table(&signatures).into_iter().for_each(say);
    say("");
    say("Documents (crates/edoc/examples/documents.rs):");
    say(serde_json::to_string_pretty(&documents).unwrap_or_default());
    say("\nLists (crates/backend/examples/lists.rs):");
    say(serde_json::to_string_pretty(&lists).unwrap_or_default());
    say(format!("\nJSON: {}", output.display()));
    Ok(())
}

/// The document engine measures itself.
fn documents(workspace: &Workspace) -> Result<Value> {
    example(workspace, "edoc", "documents", &[])
}

/// So do the lists over a database.
fn lists(workspace: &Workspace) -> Result<Value> {
    example(workspace, "backend", "lists", &["--features", "testing"])
}

/// Runs an example of a package, which prints JSON.
fn example(workspace: &Workspace, package: &str, name: &str, arguments: &[&str]) -> Result<Value> {
    let mut command: Command = cargo();
    command.current_dir(&workspace.root).args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        package,
        "--example",
        name,
    ]);
    command.args(arguments);
    let json = process::capture(&mut command)?;
    serde_json::from_str(&json).map_err(|error| {
        Failure::new(format!(
            "The example `{name}` of {package} printed something else than JSON: {error}."
        ))
    })
}

fn write(folder: &Path, name: &str, value: &impl Serialize) -> Result<()> {
    let path = folder.join(format!("{name}.json"));
    let json = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::new(format!("{name} cannot be written as JSON: {error}.")))?;
    std::fs::write(&path, json).map_err(|error| Failure::file("write", &path, &error))
}
