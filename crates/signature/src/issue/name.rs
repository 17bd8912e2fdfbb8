//! Distinguished names from text.

use crate::asn1::{Oid, tag, write};
use crate::certificate::Name;
use crate::oid;

/// Puts a distinguished name together, one attribute after another.
#[derive(Clone, Debug, Default)]
pub struct NameBuilder(Vec<Vec<u8>>);

impl NameBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute with the kind of string that is usual for it: numbers as NumericString,
    /// countries as PrintableString, addresses as IA5String, all else as UTF8String.
    #[must_use]
    pub fn with(self, oid: Oid, text: &str) -> Self {
        let kind = match oid {
            oid::ID_INN | oid::ID_INN_LE | oid::ID_SNILS | oid::ID_OGRN | oid::ID_OGRNIP => {
                tag::NUMERIC_STRING
            }
            oid::ID_AT_COUNTRY => tag::PRINTABLE_STRING,
            oid::ID_EMAIL_ADDRESS | oid::ID_DOMAIN_COMPONENT => tag::IA5_STRING,
            _ => tag::UTF8_STRING,
        };
        self.with_kind(oid, kind, text.as_bytes())
    }

    /// Adds an attribute as a string of a given tag.
    #[must_use]
    pub fn with_kind(mut self, oid: Oid, tag: u8, value: &[u8]) -> Self {
        let attribute = write::sequence(&[&write::oid(oid), &write::element(tag, value)]);
        self.0.push(write::set_of(vec![attribute]));
        self
    }

    /// # Errors
    /// When there are over 64 attributes.
    pub fn build(self) -> crate::asn1::Result<Name> {
        Name::from_der(&write::sequence_of(self.0))
    }
}
