//! The reader's marks, asked for once a page and shared by everything on it.

use domain::view::catalogue::Marks;
use leptos::prelude::*;

use super::api::{self, FavouriteSet, Start};
use crate::{error::ApiError, session::use_who};

/// The marks and the actions that change them.
#[derive(Clone, Copy)]
pub struct MarksContext {
    pub marks: Resource<Result<Marks, ApiError>>,
    pub favourite_set: ServerAction<FavouriteSet>,
    pub start: ServerAction<Start>,
}

/// Provides the marks to the tree below. The root calls it once, after `provide_who`.
pub fn provide_marks() {
    let who = use_who();
    let favourite_set = ServerAction::<FavouriteSet>::new();
    let start = ServerAction::<Start>::new();
    let marks = Resource::new(
        move || {
            let cabinet = who.with(|who| {
                let who = who.as_ref().filter(|who| !who.locked)?;
                Some(who.role.as_ref()?.participant)
            });
            (cabinet, favourite_set.version().get(), start.version().get())
        },
        |(cabinet, ..)| async move {
            // Without a cabinet there is nothing to mark.
            if cabinet.is_some() { api::marks().await } else { Ok(Marks::default()) }
        },
    );
    provide_context(MarksContext { marks, favourite_set, start });
}

/// The marks of the reader in the cabinet entered.
pub fn use_marks() -> Resource<Result<Marks, ApiError>> {
    use_marks_context().marks
}

pub(super) fn use_marks_context() -> MarksContext {
    use_context::<MarksContext>().unwrap_or_else(|| {
        provide_marks();
        expect_context::<MarksContext>()
    })
}
