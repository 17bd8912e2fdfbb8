//! The reader's profile and the profile of the participant whose cabinet he entered.

pub mod api;
mod certificates;
mod company;
mod contacts;
mod page;
mod preferences;
mod sessions;

pub use company::CompanyPage;
pub use page::ProfilePage;
