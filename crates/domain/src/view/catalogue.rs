//! Services as a reader sees them; the table of services itself is `crate::catalogue`.

use serde::{Deserialize, Serialize};

use super::profile::Missing;

/// What the reader has marked and used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// Codes of favourite services, in the reader's order.
    pub favourites: Vec<String>,
    /// Codes of services used lately, newest first, at most eight.
    pub recent: Vec<String>,
    /// What the profile of the cabinet entered still lacks.
    pub missing: Vec<Missing>,
}

/// Works on the portal, announced at least two working days ahead (order on the cabinet, p. 14).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Maintenance {
    pub starts: chrono::DateTime<chrono::Utc>,
    pub ends: chrono::DateTime<chrono::Utc>,
    pub text: String,
}
