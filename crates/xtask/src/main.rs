//! `cargo xtask …`: everything that is done to this repository from the command line.
//!
//! One command is enough to begin: `cargo xtask run` fetches what is missing, builds and starts.

mod assets;
mod bench;
mod cargo;
mod client;
mod dist;
mod e2e;
mod failure;
mod fingerprint;
#[cfg(test)]
mod layering;
mod lock;
mod postgres;
mod process;
mod progress;
mod run;
mod server;
mod setup;
mod tally;
mod test;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};
use workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND

  setup              fetch and build the tools that the other commands need
  run [--dev] [-- …] build and start the cabinet with its sandbox on this machine
                     (--dev: a quick unoptimised client; after --: arguments of `cabinet serve`)
  test [--no-e2e]    format, lints, unit, property, storage and end-to-end tests
  e2e [ARGS]         end-to-end tests only; ARGS go to Playwright (e.g. statform --project=phone)
  bench              measure sizes, rendering, saving, memory, start; JSON in target/bench
  dist               one folder that runs without Rust and Node: dist/cabinet

Tools are kept in $CABINET_CACHE, else $XDG_CACHE_HOME/cabinet-ved, else ~/.cache/cabinet-ved.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            progress::complain(&failure);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let (command, rest) =
        arguments.split_first().map_or(("help", arguments), |(c, r)| (c.as_str(), r));
    process::catch_interrupts()?;
    match command {
        "setup" => {
            no_arguments(command, rest)?;
            setup::everything(&Workspace::locate()?)?;
        }
        "run" => run::run(&Workspace::locate()?, rest)?,
        "test" => return test::test(&Workspace::locate()?, rest),
        "e2e" => return e2e::command(&Workspace::locate()?, rest),
        "bench" => {
            no_arguments(command, rest)?;
            bench::bench(&Workspace::locate()?)?;
        }
        "dist" => {
            no_arguments(command, rest)?;
            dist::dist(&Workspace::locate()?)?;
        }
        // Trunk's post_build hook; see Trunk.toml.
        "finish-assets" => assets::hook()?,
        "help" | "--help" | "-h" => progress::say(HELP),
        other => {
            return Err(Failure::new(format!("There is no command `{other}`."))
                .mend("`cargo xtask help` lists the commands"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn no_arguments(command: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::new(format!("`{command}` takes no argument, got `{extra}`."))
            .mend(format!("run `cargo xtask {command}`"))),
    }
}
