//! Live news for open pages. Within a process a channel carries it; between processes that share
//! one PostgreSQL each process listens on a channel of the database ([`Bus::relay`]).

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

use domain::view::notice::Push;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

/// Whom a piece of news is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Person(Uuid),
    Participant(Uuid),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct News {
    /// The process that published it; its own news do not come back through the database.
    origin: Uuid,
    pub audience: Audience,
    pub push: Push,
}

const CHANNEL: &str = "cabinet_news";

#[derive(Clone)]
pub struct Bus {
    origin: Uuid,
    sender: broadcast::Sender<News>,
}

impl Bus {
    pub fn new(origin: Uuid) -> Self {
        Self { origin, sender: broadcast::channel(1024).0 }
    }

    /// Tells open pages. News are hints: a page that misses one asks for what changed anyway.
    pub async fn publish(&self, db: &DatabaseConnection, audience: Audience, push: Push) {
        let news = News { origin: self.origin, audience, push };
        if db.get_database_backend() == DbBackend::Postgres
            && let Ok(payload) = serde_json::to_string(&news)
            // A notification holds at most 8000 bytes; news are ids and short texts.
            && payload.len() < 7900
        {
            let notify = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_notify($1, $2)",
                [CHANNEL.into(), payload.into()],
            );
            if let Err(error) = db.execute_raw(notify).await {
                tracing::warn!(%error, "bus.notify_failed");
            }
        }
        // Nobody listening is no error.
        let _ = self.sender.send(news);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.sender.subscribe()
    }

    /// Carries news of other processes to this one's pages until the connection ends. On SQLite
    /// there is one process, and nothing to carry.
    pub async fn relay(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        if db.get_database_backend() != DbBackend::Postgres {
            return std::future::pending().await;
        }
        let failed = |error: sea_orm::sqlx::Error| DbErr::Custom(error.to_string());
        let pool = db.get_postgres_connection_pool();
        let mut listener =
            sea_orm::sqlx::postgres::PgListener::connect_with(pool).await.map_err(failed)?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        loop {
            let notification = listener.recv().await.map_err(failed)?;
            if let Ok(news) = serde_json::from_str::<News>(notification.payload())
                && news.origin != self.origin
            {
                let _ = self.sender.send(news);
            }
        }
    }
}
