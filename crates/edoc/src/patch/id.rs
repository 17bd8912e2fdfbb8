//! Identities that a replicated draft needs: replicas, items of repeated elements, stamps.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Why a text is not a replica or item id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("«{0}» is not a replica id: 1 to 12 small Latin letters are expected, such as `kq`")]
    Replica(String),
    #[error(
        "«{0}» is not an item id: a replica id and a number without leading zero are expected, \
         such as `kq17`"
    )]
    Item(String),
}

/// One writer of a draft: a browser tab, a server, an imported file.
///
/// Written as small Latin letters (bijective base 26). One-letter ids belong to the engine; a
/// session takes its id from [`ReplicaId::session`]. A replica id must never be given twice to
/// writers whose counters may overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReplicaId(u64);

impl ReplicaId {
    /// Items and values that came from a file.
    pub const FILE: Self = Self(24);
    const LIMIT: u64 = 26u64.pow(12);

    /// The replica id of the `n`-th session of a draft; `n` may also be random.
    pub fn session(n: u64) -> Self {
        Self(27 + n % (Self::LIMIT - 27))
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = [0u8; 14];
        let (mut n, mut at) = (self.0, letters.len());
        while n > 0 {
            n -= 1;
            at -= 1;
            letters[at] = b'a' + (n % 26) as u8;
            n /= 26;
        }
        letters[at..].iter().try_for_each(|&b| fmt::Write::write_char(f, b as char))
    }
}

impl FromStr for ReplicaId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Replica(text.chars().take(40).collect());
        if text.is_empty() || text.len() > 12 {
            return Err(bad());
        }
        text.bytes()
            .try_fold(0u64, |n, b| match b {
                b'a'..=b'z' => Ok(n * 26 + u64::from(b - b'a') + 1),
                _ => Err(bad()),
            })
            .map(Self)
    }
}

/// The identity of one occurrence of a repeated element. It stays when the item moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId {
    pub replica: ReplicaId,
    pub number: u64,
}

impl ItemId {
    /// The `number`-th item that was read from a file.
    pub fn file(number: u64) -> Self {
        Self { replica: ReplicaId::FILE, number }
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.replica, self.number)
    }
}

impl FromStr for ItemId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Item(text.chars().take(40).collect());
        let digits = text.find(|c: char| !c.is_ascii_lowercase()).ok_or_else(bad)?;
        let (letters, number) = text.split_at(digits);
        let replica = letters.parse().map_err(|_| bad())?;
        if !number.bytes().all(|b| b.is_ascii_digit()) || number.len() > 15 {
            return Err(bad());
        }
        if number.starts_with('0') && number != "0" {
            return Err(bad());
        }
        Ok(Self { replica, number: number.parse().map_err(|_| bad())? })
    }
}

/// When a change was made: a Lamport counter, then the replica to break ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u64, ReplicaId)", into = "(u64, ReplicaId)")]
pub struct Stamp {
    pub counter: u64,
    pub replica: ReplicaId,
}

impl From<(u64, ReplicaId)> for Stamp {
    fn from((counter, replica): (u64, ReplicaId)) -> Self {
        Self { counter, replica }
    }
}

impl From<Stamp> for (u64, ReplicaId) {
    fn from(stamp: Stamp) -> Self {
        (stamp.counter, stamp.replica)
    }
}

macro_rules! serde_as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(d)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}
pub(crate) use serde_as_text;

serde_as_text!(ReplicaId, ItemId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts() {
        assert_eq!(ReplicaId::FILE.to_string(), "x");
        assert_eq!(ReplicaId::session(0).to_string(), "aa");
        assert_eq!(ItemId::file(7).to_string(), "x7");
        for bad in ["", "a", "7", "A7", "a07", "a-7", "é7", "a7b", "abcdefghijklm7"] {
            assert!(bad.parse::<ItemId>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back(session: u64, number in 0u64..999_999_999_999_999) {
            let item = ItemId { replica: ReplicaId::session(session), number };
            prop_assert_eq!(item.to_string().parse::<ItemId>(), Ok(item));
            let text = item.replica.to_string();
            prop_assert!(text.len() >= 2 && text.len() <= 12);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<ItemId>();
            let _ = text.parse::<ReplicaId>();
        }
    }
}
