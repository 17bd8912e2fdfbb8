//! `cabinet jobs` and `cabinet outbox`: background work and messages to customs that were given up
//! after many attempts, for an operator.

use std::process::ExitCode;

use backend::{ctx::Operator, document, job};
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{Failure, Settings, database, say};

#[derive(Debug, Args)]
pub struct GivenUp {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists what was given up, and why.
    List,
    /// Puts one of them in line again.
    Retry {
        /// Its id, as `list` shows it.
        id: Uuid,
    },
}

impl GivenUp {
    pub async fn jobs(self) -> Result<ExitCode, Failure> {
        let operator = Operator::new(database(&self.settings.load()?).await?);
        match self.action {
            Action::List => {
                let dead = job::dead(&operator.db).await?;
                for job::Dead { id, kind, cause } in &dead {
                    say(format_args!("{id}  {kind}  {cause}"));
                }
                say(format_args!("{} given up", dead.len()));
                Ok(ExitCode::SUCCESS)
            }
            Action::Retry { id } => Ok(retried(job::retry(&operator, id).await?)),
        }
    }

    pub async fn outbox(self) -> Result<ExitCode, Failure> {
        let operator = Operator::new(database(&self.settings.load()?).await?);
        match self.action {
            Action::List => {
                let dead = document::outbox_dead(&operator.db).await?;
                for document::Dead { message, document, cause } in &dead {
                    say(format_args!("{message}  document {document}  {cause}"));
                }
                let waiting = document::outbox_depth(&operator.db).await?;
                say(format_args!("{} given up, {waiting} waiting", dead.len()));
                Ok(ExitCode::SUCCESS)
            }
            Action::Retry { id } => Ok(retried(document::outbox_retry(&operator, id).await?)),
        }
    }
}

fn retried(found: bool) -> ExitCode {
    if found {
        say("in line again");
        ExitCode::SUCCESS
    } else {
        say("no such id was given up");
        ExitCode::FAILURE
    }
}
