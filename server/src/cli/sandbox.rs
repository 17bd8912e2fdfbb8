//! `cabinet sandbox`: the outside world by itself, for a cabinet that runs elsewhere.

use clap::Args;
use sandbox::Sandbox;

use super::{Failure, Settings, say, serve::stop_signal};
use crate::{sandboxing, telemetry};

#[derive(Debug, Args)]
pub struct SandboxCommand {
    #[command(flatten)]
    settings: Settings,
    /// Port of its HTTP interfaces; 0 takes a free one.
    #[arg(long)]
    port: Option<u16>,
    /// Where the cabinet runs, so that sign-ins may return to it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    cabinet: String,
}

impl SandboxCommand {
    pub async fn run(self) -> Result<(), Failure> {
        let mut config = self.settings.load()?;
        if let Some(port) = self.port {
            config.sandbox.address.set_port(port);
        }
        telemetry::install(&config.log)?;
        let sandbox = Sandbox::start(sandboxing::options(&config, &self.cabinet)).await?;
        say(format_args!("ready {}", sandbox.url()));
        stop_signal().await?;
        sandbox.stop().await;
        Ok(())
    }
}
