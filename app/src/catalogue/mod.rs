//! «Все сервисы» and the page of each service.

pub mod api;
mod card;
mod list;
mod marks;
mod service;
mod star;

pub use card::ServiceCard;
pub use list::CataloguePage;
pub use marks::{MarksContext, provide_marks, use_marks};
pub use service::ServicePage;
pub use star::Star;
