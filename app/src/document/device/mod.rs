//! What this device keeps: changes that the server has not confirmed, the last known drafts, what
//! is typed beside them, and signing keys. On the server there is no device; its half of the module does nothing, so that
//! components need not ask where they run.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod database;

use std::{fmt, str::FromStr};

use uuid::Uuid;

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
#[cfg(feature = "hydrate")]
pub use browser::*;
#[cfg(feature = "hydrate")]
pub use database::{Store, delete, get, put, with_prefix};

/// The browser would not do what was asked: storage is full, forbidden, or broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device's storage: {0}")]
pub struct DeviceError(pub String);

/// Where the device keeps one unconfirmed change. Keys of one document sort together, and those
/// of one replica by the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChangeKey {
    pub person: Uuid,
    pub document: Uuid,
    pub replica: String,
    pub counter: u64,
}

impl ChangeKey {
    /// What the keys of all changes of a person begin with.
    pub fn of_person(person: Uuid) -> String {
        format!("{person}/")
    }

    /// What the keys of all changes of a document by a person begin with.
    pub fn of_document(person: Uuid, document: Uuid) -> String {
        format!("{person}/{document}/")
    }
}

impl fmt::Display for ChangeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { person, document, replica, counter } = self;
        write!(f, "{person}/{document}/{replica}/{counter:020}")
    }
}

impl FromStr for ChangeKey {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let mut parts = text.split('/');
        let mut next = || parts.next().unwrap_or_default();
        let error = || DeviceError(format!("«{text}» is not the key of a change"));
        Ok(Self {
            person: next().parse().map_err(|_| error())?,
            document: next().parse().map_err(|_| error())?,
            replica: next().to_owned(),
            counter: next().parse().map_err(|_| error())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_document_then_by_order() {
        let key = |document, counter| ChangeKey {
            person: Uuid::from_u128(1),
            document: Uuid::from_u128(document),
            replica: "kq".into(),
            counter,
        };
        let mut keys = [key(2, 1), key(1, 10), key(1, 9)].map(|key| key.to_string());
        keys.sort();
        assert_eq!(keys.map(|key| key.parse()), [Ok(key(1, 9)), Ok(key(1, 10)), Ok(key(2, 1))]);
        assert!("rubbish".parse::<ChangeKey>().is_err());
    }
}
