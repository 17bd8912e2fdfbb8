//! `cabinet jobs`: background work that was given up, for an operator.

use std::process::ExitCode;

use backend::{ctx::Operator, job};
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{Failure, Settings, database, say};

#[derive(Debug, Args)]
pub struct Jobs {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists jobs that were given up, and why.
    List,
    /// Puts one of them in line again.
    Retry {
        /// Its id, as `list` shows it.
        job: Uuid,
    },
}

impl Jobs {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let operator = Operator::new(database(&config).await?);
        match self.action {
            Action::List => {
                let dead = job::dead(&operator.db).await?;
                for job::Dead { id, kind, cause } in &dead {
                    say(format_args!("{id}  {kind}  {cause}"));
                }
                say(format_args!("{} given up", dead.len()));
                Ok(ExitCode::SUCCESS)
            }
            Action::Retry { job } => {
                if job::retry(&operator, job).await? {
                    say("in line again");
                    Ok(ExitCode::SUCCESS)
                } else {
                    say("no such job was given up");
                    Ok(ExitCode::FAILURE)
                }
            }
        }
    }
}
