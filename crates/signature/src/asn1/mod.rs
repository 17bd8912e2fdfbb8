//! ASN.1 as it comes and goes: a strict DER reader over received bytes, a DER writer, and a BER
//! reader for the outer layers of CMS, which signing programs write with indefinite lengths.
//!
//! Certificates, revocation lists and responses are read here and not through derived types for
//! one reason: what a signature covers is *the received bytes*. Decoding and encoding again loses
//! explicitly written defaults, and typed decoders refuse things that relying software has to
//! judge (serial numbers below zero, dates before 1970).

mod ber;
mod cursor;
mod time;
pub mod write;

pub use ber::BerReader;
pub use cursor::{BitString, Cursor, Tlv};
pub use der::oid::ObjectIdentifier as Oid;

use thiserror::Error;

/// Identifier octets that occur in the formats of this crate.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const TELETEX_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const VISIBLE_STRING: u8 = 0x1a;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// The bit of a constructed encoding.
    pub const CONSTRUCTED: u8 = 0x20;

    /// Context-specific, primitive.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// Context-specific, constructed.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Why bytes are not the ASN.1 that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    #[error("the data end too early")]
    Truncated,
    #[error("a length is not written as DER demands")]
    Length,
    #[error("found tag {found:#04x} where {expected:#04x} is expected")]
    Tag { expected: u8, found: u8 },
    #[error("{0}")]
    Value(&'static str),
    #[error("data follow where an element must end")]
    Trailing,
    #[error("elements are nested too deep")]
    TooDeep,
    #[error("an element is larger than is accepted")]
    TooLarge,
    #[error("reading failed")]
    Io,
}

pub type Result<T> = std::result::Result<T, Error>;
