//! Shapes that pass between the use cases and the screens: plain, serialisable, the same in
//! native code and in WebAssembly. They carry no rules and no wording.

pub mod catalogue;
pub mod document;
pub mod notice;
pub mod profile;
pub mod session;
pub mod signature;
pub mod statform;
pub mod tariff;

use serde::{Deserialize, Serialize};

/// One page of a list that the server filtered, sorted and cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Rows that fit the filter, over all pages.
    pub total: u64,
    /// Number of this page, from 1.
    pub page: u64,
    /// Rows a page.
    pub size: u64,
}

impl<T> Page<T> {
    /// How many pages there are; an empty list has one.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size.max(1)).max(1)
    }
}
