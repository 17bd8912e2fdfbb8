//! Electronic documents of the album of formats: schemas, trees, checks, XML, patches.
//!
//! The engine knows a document by its [`schema::Schema`]. What it reads becomes a
//! [`tree::Tree`]; what people edit together is a [`draft::Draft`], a convergent replica that
//! [`patch::Patch`]es change. [`check`] tells what the schema finds wrong, [`statform`] what the
//! rules of the statistical form find wrong; both speak in [`remark::Remark`]s. Native code and
//! WebAssembly run the same code; only the feature `album` needs a file system.

pub mod check;
pub mod convert;
pub mod diff;
pub mod draft;
pub mod form;
pub mod name;
pub mod patch;
pub mod path;
pub mod registry;
pub mod remark;
pub mod schema;
pub mod statform;
mod trail;
pub mod tree;
pub mod xml;
pub mod xsd;
