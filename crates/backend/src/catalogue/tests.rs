//! Favourites, recent services and announced works over the database.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use domain::{
    calendar::Calendar,
    view::{catalogue::Maintenance, session::Rights},
};

use super::{
    CatalogueError, favourite_set, maintenance, maintenance_announce, maintenance_cancel,
    maintenance_list, marks, used,
};
use crate::{
    ctx::Operator,
    storage::testing::{TestClock, backend, databases, somebody},
};

/// Monday, nine o'clock in Moscow.
fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 6, 0, 0).unwrap()
}

#[tokio::test]
async fn the_star_is_set_once_and_taken_away() {
    for test in databases().await {
        let clock = TestClock::at(start());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, Rights::default()).await;
        for service in ["statforms", "archive", "statforms"] {
            favourite_set(&ctx, service, true).await.unwrap();
            clock.advance(TimeDelta::seconds(1));
        }
        assert_eq!(marks(&ctx).await.unwrap().favourites, ["statforms", "archive"]);
        let other = somebody(&backend, 2, Rights::default()).await;
        assert!(marks(&other).await.unwrap().favourites.is_empty(), "{}", test.name);
        favourite_set(&ctx, "statforms", false).await.unwrap();
        favourite_set(&ctx, "statforms", false).await.unwrap();
        assert_eq!(marks(&ctx).await.unwrap().favourites, ["archive"]);
        let refused = favourite_set(&ctx, "no-such", true).await;
        assert!(matches!(refused, Err(CatalogueError::ServiceUnknown)));
    }
}

#[tokio::test]
async fn the_newest_eight_are_recent() {
    for test in databases().await {
        let clock = TestClock::at(start());
        let backend = backend(test.db.clone(), clock.clone());
        let ctx = somebody(&backend, 1, Rights::default()).await;
        let codes: Vec<_> = domain::catalogue::services().map(|s| s.code).take(9).collect();
        for code in &codes {
            used(&ctx, code).await.unwrap();
            clock.advance(TimeDelta::seconds(1));
        }
        used(&ctx, codes[1]).await.unwrap();
        let recent = marks(&ctx).await.unwrap().recent;
        assert_eq!(recent.len(), 8);
        assert_eq!(recent[..2], [codes[1], codes[8]], "{}", test.name);
        assert!(!recent.iter().any(|code| code == codes[0]));
    }
}

#[tokio::test]
async fn works_are_announced_two_working_days_ahead_by_the_operator() {
    for test in databases().await {
        let clock = TestClock::at(start());
        let backend = backend(test.db.clone(), clock.clone());
        let operator = Operator { clock: clock.clone(), ..Operator::new(test.db.clone()) };
        let calendar = Calendar::builtin();
        let works = |starts: DateTime<Utc>| Maintenance {
            starts,
            ends: starts + TimeDelta::hours(2),
            text: "Обновление".to_owned(),
        };
        // Tuesday and Wednesday lie between; Thursday begins at 21:00 UTC of Wednesday.
        let thursday = Utc.with_ymd_and_hms(2026, 11, 25, 21, 0, 0).unwrap();
        let early = works(thursday - TimeDelta::seconds(1));
        let refused = maintenance_announce(&operator, &calendar, &early).await.unwrap_err();
        assert!(
            matches!(refused, CatalogueError::MaintenanceTime { earliest } if earliest == thursday)
        );
        let backwards = Maintenance { ends: thursday, ..works(thursday) };
        assert!(maintenance_announce(&operator, &calendar, &backwards).await.is_err());

        let silent = Maintenance { text: " ".to_owned(), ..works(thursday) };
        let refused = maintenance_announce(&operator, &calendar, &silent).await;
        assert!(matches!(refused, Err(CatalogueError::MaintenanceText)));

        let person = somebody(&backend, 1, Rights::default()).await;

        let id = maintenance_announce(&operator, &calendar, &works(thursday)).await.unwrap();
        let later = works(thursday + TimeDelta::days(5));
        let other = maintenance_announce(&operator, &calendar, &later).await.unwrap();
        let listed = maintenance_list(&operator).await.unwrap();
        assert_eq!(listed, [(id, works(thursday)), (other, later.clone())], "{}", test.name);
        assert_eq!(maintenance(&person).await.unwrap(), Some(works(thursday)));
        maintenance_cancel(&operator, id).await.unwrap();
        let again = maintenance_cancel(&operator, id).await;
        assert!(matches!(again, Err(CatalogueError::MaintenanceUnknown)));
        assert_eq!(maintenance(&person).await.unwrap(), Some(later));
        clock.advance(TimeDelta::days(30));
        assert_eq!(maintenance(&person).await.unwrap(), None, "{}", test.name);
    }
}
