//! The commands of `cabinet`.

mod migrate;
mod outbox;
mod sandbox;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, ConfigError};

/// Личный кабинет участника ВЭД.
#[derive(Debug, Parser)]
#[command(name = "cabinet", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the cabinet: pages, API, background work.
    Serve(serve::Serve),
    /// Brings the tables of the database up to date, and ends.
    Migrate(migrate::Migrate),
    /// Plays the outside world by itself: ESIA, customs, tax register, mail.
    Sandbox(sandbox::SandboxCommand),
    /// Documents whose delivery to customs was given up.
    Outbox(outbox::Outbox),
}

/// Where settings come from; every command takes it.
#[derive(Debug, Default, Args)]
pub struct Settings {
    /// File of settings, TOML. Variables CABINET_* come over it.
    #[arg(long, env = "CABINET_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database and the sandbox.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Settings {
    fn load(&self) -> Result<Config, ConfigError> {
        let mut config = Config::load(self.config.as_deref(), std::env::vars())?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        Ok(config)
    }
}

/// Why a command failed, for the person at the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// What went wrong, with its causes.
    pub async fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Serve(serve) => serve.run().await.map(|()| ExitCode::SUCCESS),
            Command::Migrate(migrate) => migrate.run().await.map(|()| ExitCode::SUCCESS),
            Command::Sandbox(sandbox) => sandbox.run().await.map(|()| ExitCode::SUCCESS),
            Command::Outbox(outbox) => outbox.run().await,
        }
    }
}

/// Writes a line for whoever started the command.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_documented_command_lines_are_understood() {
        for line in [
            "cabinet serve --dev --sandbox --port 0 --sandbox-port 0 --site s --data d",
            "cabinet serve --config cabinet.toml",
            "cabinet migrate",
            "cabinet sandbox --port 0",
            "cabinet outbox list",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap();
        }
    }
}
