//! Who reads: sign-in, the choice of a cabinet, the header.

pub mod api;
mod bell;
mod by_signature;
mod header;
mod live;
mod maintenance;
mod role;
mod sign_in;
mod unlocked;
mod who;

pub use by_signature::SignatureSignInPage;
pub use header::Header;
pub use live::{DocumentLine, DocumentNews, News, use_news};
pub use maintenance::MaintenanceBanner;
pub use role::RolePage;
pub use sign_in::SignInPage;
pub use unlocked::UnlockedPage;
pub use who::{WhoContext, provide_who, use_who};
