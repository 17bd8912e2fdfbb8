//! `cabinet signatures`: the kept verdicts on signatures under documents.

use std::process::ExitCode;

use backend::{ctx::Operator, document};
use clap::{Args, Subcommand};

use super::{Failure, Settings, database, say};
use crate::trust;

#[derive(Debug, Args)]
pub struct Signatures {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Judges every kept signature again, for the time when it was taken, by the certificates and
    /// revocation data kept with it and the roots of the settings. Prints those whose verdict
    /// differs. Exit status 1: there are such.
    Recheck {
        /// Print also what would not be taken today, and why: a signature without time-stamps
        /// lives no longer than its certificate.
        #[arg(long)]
        today: bool,
    },
}

impl Signatures {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let policy = trust::policy(&config)?;
        let operator = Operator::new(database(&config).await?);
        let Action::Recheck { today } = self.action;
        let (mut count, mut differing) = (0_u64, 0_u64);
        document::signatures_recheck(&operator, &policy, |rechecked| {
            count += 1;
            let document = rechecked.document;
            if !rechecked.is_confirmed() {
                differing += 1;
                let differences = rechecked.differences().join("; ");
                say(format_args!("{document}  differs  {differences}"));
            }
            if let Some(reason) = rechecked.reason_today().filter(|_| today) {
                say(format_args!("{document}  today  {}", reason.code()));
            }
        })
        .await?;
        say(format_args!("{count} judged again, {differing} differ"));
        Ok(if differing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
