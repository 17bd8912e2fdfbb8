//! One field: the values that no other value is known to replace.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::patch::{ReplicaId, Stamp};

/// A value and when it was written; `None` means that the field was cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub stamp: Stamp,
    pub value: Option<String>,
}

/// The state of a field. It is a function of the set of versions that were added: `replaced` is
/// the highest replaced counter of every replica, and `heads` are the versions above it. A later
/// version of a replica replaces the earlier ones of the same replica.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Register {
    /// In order of stamps; the last is the value that is shown.
    heads: Vec<Version>,
    /// In order of replicas.
    replaced: Vec<(ReplicaId, u64)>,
}

impl Register {
    pub fn one(stamp: Stamp, value: String) -> Self {
        Self { heads: vec![Version { stamp, value: Some(value) }], replaced: Vec::new() }
    }

    pub fn heads(&self) -> &[Version] {
        &self.heads
    }

    pub fn winner(&self) -> Option<&Version> {
        self.heads.last()
    }

    pub fn value(&self) -> Option<&str> {
        self.winner()?.value.as_deref()
    }

    /// Several values stand and differ.
    pub fn is_disputed(&self) -> bool {
        self.heads.windows(2).any(|pair| pair[0].value != pair[1].value)
    }

    fn is_replaced(&self, stamp: Stamp) -> bool {
        self.replaced
            .iter()
            .any(|&(replica, counter)| replica == stamp.replica && counter >= stamp.counter)
    }

    fn replace(&mut self, stamp: Stamp) {
        match self.replaced.binary_search_by_key(&stamp.replica, |known| known.0) {
            Ok(at) => self.replaced[at].1 = self.replaced[at].1.max(stamp.counter),
            Err(at) => self.replaced.insert(at, (stamp.replica, stamp.counter)),
        }
    }

    /// Adds a version that replaces others. Says whether it stands.
    pub fn add(&mut self, version: Version, replaces: impl Iterator<Item = Stamp>) -> bool {
        let stamp = version.stamp;
        // A version cannot replace itself or what comes after it.
        replaces.filter(|replaced| *replaced < stamp).for_each(|replaced| self.replace(replaced));
        if stamp.counter > 0 {
            self.replace(Stamp { counter: stamp.counter - 1, ..stamp });
            // What the draft began with was known to everybody.
            self.replace(Stamp { counter: 0, replica: ReplicaId::FILE });
        }
        if let Err(at) = self.heads.binary_search_by_key(&stamp, |head| head.stamp) {
            self.heads.insert(at, version);
        }
        let newest = self.heads.last().map(|head| head.stamp);
        let replaced = &self.replaced;
        let is_replaced = |stamp: Stamp| {
            replaced
                .iter()
                .any(|&(replica, counter)| replica == stamp.replica && counter >= stamp.counter)
        };
        // The newest stands whatever a damaged change claims, so a field is never left empty.
        self.heads.retain(|head| Some(head.stamp) == newest || !is_replaced(head.stamp));
        self.heads.iter().any(|head| head.stamp == stamp) && !self.is_replaced(stamp)
    }
}

/// A field without a history is `[counter, replica, value]`; otherwise it has all its parts.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Plain(u64, ReplicaId, Option<String>),
    Full { heads: Vec<(u64, ReplicaId, Option<String>)>, replaced: Vec<(ReplicaId, u64)> },
}

impl Serialize for Register {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut heads: Vec<_> = self
            .heads
            .iter()
            .map(|head| (head.stamp.counter, head.stamp.replica, head.value.clone()))
            .collect();
        let stored = match (heads.len(), self.replaced.is_empty()) {
            (1, true) => {
                let (counter, replica, value) = heads.swap_remove(0);
                Stored::Plain(counter, replica, value)
            }
            _ => Stored::Full { heads, replaced: self.replaced.clone() },
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Register {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (heads, mut replaced) = match Stored::deserialize(deserializer)? {
            Stored::Plain(counter, replica, value) => (vec![(counter, replica, value)], Vec::new()),
            Stored::Full { heads, replaced } => (heads, replaced),
        };
        let version =
            |(counter, replica, value)| Version { stamp: Stamp { counter, replica }, value };
        let mut heads: Vec<_> = heads.into_iter().map(version).collect();
        heads.sort_by_key(|head| head.stamp);
        heads.dedup_by_key(|head| head.stamp);
        replaced.sort_unstable();
        replaced.dedup_by_key(|known| known.0);
        Ok(Self { heads, replaced })
    }
}
