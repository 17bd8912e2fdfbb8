//! The description of the form, built once per page.

use std::sync::OnceLock;

use edoc::schema::Schema;

/// The built-in description; `None` only if it contradicted itself, which its own test excludes.
pub fn form() -> Option<&'static Schema> {
    static FORM: OnceLock<Option<Schema>> = OnceLock::new();
    FORM.get_or_init(|| edoc::statform::schema().ok()).as_ref()
}
