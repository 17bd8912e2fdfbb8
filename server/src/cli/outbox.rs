//! `cabinet outbox`: what could not be delivered to customs, for an operator.

use std::process::ExitCode;

use backend::{ctx::Operator, document};
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{Failure, Settings, database, say};

#[derive(Debug, Args)]
pub struct Outbox {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists messages whose delivery was given up, and why.
    List,
    /// Puts one of them in line again.
    Retry {
        /// Its id, as `list` shows it.
        message: Uuid,
    },
}

impl Outbox {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let operator = Operator::new(database(&config).await?);
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
            Action::Retry { message } => {
                if document::outbox_retry(&operator, message).await? {
                    say("in line again");
                    Ok(ExitCode::SUCCESS)
                } else {
                    say("no such message was given up");
                    Ok(ExitCode::FAILURE)
                }
            }
        }
    }
}
