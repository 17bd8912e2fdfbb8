//! `cabinet migrate`.

use backend::storage;
use clap::Args;

use super::{Failure, Settings, say};

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    settings: Settings,
}

impl Migrate {
    pub async fn run(self) -> Result<(), Failure> {
        let config = self.settings.load()?;
        std::fs::create_dir_all(&config.data)?;
        let url = config.database();
        let db = storage::connect(url.reveal()).await?;
        storage::migrate(&db).await?;
        db.close().await?;
        say(format_args!("{} is up to date", url.redacted()));
        Ok(())
    }
}
