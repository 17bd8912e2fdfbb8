//! `cabinet outbox`: what could not be delivered to customs, for an operator.

use std::{process::ExitCode, sync::Arc};

use backend::ctx::Ctx;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{Failure, Settings, say};
use crate::running;

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
        let backend = Arc::new(running::backend(&config, None).await?);
        let ctx = Ctx::system(backend, "cli");
        match self.action {
            Action::List => {
                let dead = backend::document::outbox_dead(&ctx).await?;
                for (message, document, cause) in &dead {
                    say(format_args!("{message}  document {document}  {cause}"));
                }
                say(format_args!(
                    "{} given up, {} waiting",
                    dead.len(),
                    backend::document::outbox_depth(&ctx).await?
                ));
                Ok(ExitCode::SUCCESS)
            }
            Action::Retry { message } => {
                if backend::document::outbox_retry(&ctx, message).await? {
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
