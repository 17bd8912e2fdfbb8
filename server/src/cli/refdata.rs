//! `cabinet refdata`: reference data from official files.

use std::path::{Path, PathBuf};

use backend::{
    ctx::{Clock, SystemClock},
    tariff::{self, Kind, SourceFile},
};
use clap::{Args, Subcommand};

use super::{Failure, Settings, database, say};

#[derive(Debug, Args)]
pub struct Refdata {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Loads files of one kind. A wrong file changes nothing, and its line is named.
    Import {
        /// What the files are, when that is not clear from them: tnved, tnved_units, duty_rates,
        /// units, countries, exchange_rates, calendar.
        #[arg(long)]
        kind: Option<Kind>,
        /// The files; the nomenclature of the tax service comes in four.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// What is loaded, of which edition, from where, and when.
    Status,
}

impl Refdata {
    pub async fn run(self) -> Result<(), Failure> {
        let config = self.settings.load()?;
        let db = database(&config).await?;
        match self.action {
            Action::Import { kind, files } => {
                let contents = files
                    .iter()
                    .map(|path| match std::fs::read(path) {
                        Ok(bytes) => Ok((name(path), bytes)),
                        Err(error) => Err(format!("{}: {error}", path.display())),
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                let recognised = || {
                    let (name, bytes) = contents.first()?;
                    Kind::of_file(name, bytes)
                };
                let kind = kind.or_else(recognised).ok_or(
                    "the kind of the file is not clear from its name and beginning; say it with \
                     --kind",
                )?;
                let sources: Vec<_> =
                    contents.iter().map(|(name, bytes)| SourceFile { name, bytes }).collect();
                let imported = tariff::import(&db, kind, &sources, SystemClock.now()).await?;
                for reason in &imported.left_out {
                    say(format_args!("left out: {reason}"));
                }
                let edition =
                    imported.edition.map(|e| format!(", edition {e}")).unwrap_or_default();
                say(format_args!("{}: {} rows{edition}", imported.kind, imported.rows));
            }
            Action::Status => {
                for source in tariff::status(&db).await? {
                    say(format_args!(
                        "{:<16} {:>7} rows  edition {:<12} {}  {}",
                        source.kind,
                        source.rows,
                        source.edition.as_deref().unwrap_or("—"),
                        domain::date::format_moscow(source.imported_at),
                        source.source,
                    ));
                }
            }
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
