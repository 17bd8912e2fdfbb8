//! `cabinet serve`.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Settings, say};
use crate::{config::Config, running::Running, telemetry};

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    settings: Settings,
    /// Development on one machine: insecure settings are allowed.
    #[arg(long)]
    dev: bool,
    /// Plays the outside world in the same process.
    #[arg(long)]
    sandbox: bool,
    /// Port of the cabinet; 0 takes a free one.
    #[arg(long)]
    port: Option<u16>,
    /// Port of the sandbox; 0 takes a free one.
    #[arg(long)]
    sandbox_port: Option<u16>,
    /// Folder of the built client.
    #[arg(long)]
    site: Option<PathBuf>,
}

impl Serve {
    fn config(&self) -> Result<Config, Failure> {
        let mut config = self.settings.load()?;
        config.dev |= self.dev;
        config.sandbox.enabled |= self.sandbox;
        if let Some(port) = self.port {
            config.address.set_port(port);
        }
        if let Some(port) = self.sandbox_port {
            config.sandbox.address.set_port(port);
        }
        if let Some(site) = &self.site {
            config.site = Some(site.clone());
        }
        Ok(config)
    }

    pub async fn run(self) -> Result<(), Failure> {
        let config = self.config()?;
        telemetry::install(&config.log)?;
        config.check()?;
        let running = Running::start(config).await?;
        let mut line = format!("ready {}", running.url());
        if let Some(sandbox) = running.sandbox_url() {
            line.push_str(&format!(" sandbox {sandbox}"));
        }
        say(line);
        stop_signal().await?;
        tracing::info!("stopping");
        running.stop().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Waits for SIGTERM or SIGINT.
pub(super) async fn stop_signal() -> Result<(), std::io::Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
