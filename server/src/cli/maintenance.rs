//! `cabinet maintenance`: works on the portal, announced on every page.

use std::process::ExitCode;

use backend::{
    catalogue::{self, CatalogueError},
    ctx::Operator,
    tariff,
};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use clap::{Args, Subcommand};
use domain::{
    date::{format_moscow, moscow},
    view::catalogue::Maintenance as Works,
};
use uuid::Uuid;

use super::{Failure, Settings, database, say};

#[derive(Debug, Args)]
pub struct Maintenance {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Announces works, at least two working days ahead.
    Announce {
        /// When they begin: `2026-12-05T22:00` by Moscow time, or with an offset (RFC 3339).
        #[arg(long, value_parser = moment)]
        from: DateTime<Utc>,
        /// When they end, written alike.
        #[arg(long, value_parser = moment)]
        until: DateTime<Utc>,
        /// What readers are told.
        #[arg(long)]
        text: String,
    },
    /// Lists works that are announced and not over.
    List,
    /// Calls works off.
    Cancel {
        /// Their id, as `list` shows it.
        works: Uuid,
    },
}

impl Maintenance {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let operator = Operator::new(database(&config).await?);
        match self.action {
            Action::Announce { from, until, text } => {
                let calendar = tariff::calendar(&operator.db).await?;
                let works = Works { starts: from, ends: until, text };
                let id = catalogue::maintenance_announce(&operator, &calendar, &works)
                    .await
                    .map_err(|error| refusal(error, until <= from))?;
                say(line(id, &works));
            }
            Action::List => {
                let all = catalogue::maintenance_list(&operator).await?;
                for (id, works) in &all {
                    say(line(*id, works));
                }
                say(format_args!("{} announced", all.len()));
            }
            Action::Cancel { works } => {
                match catalogue::maintenance_cancel(&operator, works).await {
                    Ok(()) => say("called off"),
                    Err(CatalogueError::MaintenanceUnknown) => {
                        say("no such works are announced");
                        return Ok(ExitCode::FAILURE);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The refusal with what would be right, in the operator's time.
fn refusal(error: CatalogueError, backwards: bool) -> Failure {
    match error {
        CatalogueError::MaintenanceTime { .. } if backwards => {
            "the works end before they begin: --until must be later than --from".into()
        }
        CatalogueError::MaintenanceTime { earliest } => format!(
            "works are announced at least two working days ahead: announced now they may begin \
             from {} Moscow time",
            format_moscow(earliest)
        )
        .into(),
        other => other.into(),
    }
}

fn line(id: Uuid, works: &Works) -> String {
    let (from, until) = (format_moscow(works.starts), format_moscow(works.ends));
    format!("{id}  {from} — {until}  {}", works.text)
}

/// Reads a moment: with an offset, or by Moscow time.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.to_utc());
    }
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .and_then(|local| moscow().from_local_datetime(&local).single())
        .map(|moment| moment.to_utc())
        .ok_or_else(|| {
            "expected 2026-12-05T22:00 (Moscow time) or 2026-12-05T22:00:00+03:00".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_an_offset_is_by_moscow_time() {
        let expected = Utc.with_ymd_and_hms(2026, 12, 5, 19, 0, 0).unwrap();
        for text in [
            "2026-12-05T22:00",
            "2026-12-05T22:00:00",
            "2026-12-05T22:00:00+03:00",
            "2026-12-05T19:00:00Z",
        ] {
            assert_eq!(moment(text), Ok(expected), "{text}");
        }
        for wrong in ["tomorrow", "2026-12-05", "05.12.2026 22:00", "2026-13-05T22:00"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
