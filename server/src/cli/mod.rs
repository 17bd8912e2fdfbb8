//! The commands of `cabinet`.

mod check;
mod formats;
mod given_up;
mod maintenance;
mod migrate;
mod refdata;
mod sandbox;
mod serve;
mod signatures;

use std::{io::Write, path::PathBuf, process::ExitCode};

use backend::storage::{self, DatabaseConnection};
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
    Outbox(given_up::GivenUp),
    /// Background work that was given up.
    Jobs(given_up::GivenUp),
    /// Works on the portal, announced on every page.
    Maintenance(maintenance::Maintenance),
    /// Kinds of documents from the official album of formats.
    Formats(formats::Formats),
    /// Kept verdicts on the signatures under documents.
    Signatures(signatures::Signatures),
    /// Reference data: nomenclature, units, countries, exchange rates, calendar.
    Refdata(refdata::Refdata),
    /// Checks one document: structure and rules. Exit status 0: no error, 1: an error, 2: the file
    /// is no document of the album.
    Check(check::Check),
    /// Puts one document into another edition of its kind. Exit status 1: something had no place
    /// there, 2: the file is no document of the album.
    Convert(check::Convert),
}

/// Where settings come from; every command takes it.
#[derive(Debug, Default, Args)]
pub struct Settings {
    /// File of settings, TOML. Variables CABINET_* come over it.
    #[arg(long, global = true, env = "CABINET_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database and the sandbox.
    #[arg(long, global = true)]
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
            Command::Outbox(outbox) => outbox.outbox().await,
            Command::Jobs(jobs) => jobs.jobs().await,
            Command::Maintenance(maintenance) => maintenance.run().await,
            Command::Formats(formats) => formats.run().map(|()| ExitCode::SUCCESS),
            Command::Signatures(signatures) => signatures.run().await,
            Command::Refdata(refdata) => refdata.run().await.map(|()| ExitCode::SUCCESS),
            Command::Check(check) => check.run().await,
            Command::Convert(convert) => convert.run(),
        }
    }
}

/// The configured database, up to date.
async fn database(config: &Config) -> Result<DatabaseConnection, Failure> {
    std::fs::create_dir_all(&config.data)?;
    let db = storage::connect(config.database().reveal()).await?;
    storage::migrate(&db).await?;
    backend::tariff::install_builtin(&db).await?;
    Ok(db)
}

/// Writes a line for whoever started the command.
pub fn say(line: impl std::fmt::Display) {
    // Who closed the pipe (`cabinet check … | head`) has read enough.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
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
            "cabinet outbox retry 0199a1c0-0000-7000-8000-000000000001",
            "cabinet jobs list",
            "cabinet maintenance announce --from 2026-12-05T22:00 --until 2026-12-06T02:00 --text x",
            "cabinet maintenance list --data d",
            "cabinet maintenance cancel 0199a1c0-0000-7000-8000-000000000001",
            "cabinet formats import album.tar.gz",
            "cabinet formats list --data d",
            "cabinet refdata import TNVED1.TXT TNVED2.TXT",
            "cabinet refdata import --kind calendar days.csv",
            "cabinet refdata status --data d",
            "cabinet signatures recheck --today --data d",
            "cabinet check form.xml --json",
            "cabinet convert form.xml --edition 5.22.0 --out other.xml",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap();
        }
    }
}
