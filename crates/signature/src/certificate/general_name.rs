//! GeneralName (RFC 5280 §4.2.1.6).

use super::Name;
use crate::asn1::{Cursor, Error, Oid, Result, Tlv};

/// More names than this no honest extension has.
const MAX_NAMES: usize = 1024;

/// A name of one of the forms of RFC 5280.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    Email(String),
    Dns(String),
    Directory(Name),
    Uri(String),
    /// 4 or 16 octets; in name constraints twice as many, the second half being the mask.
    Ip(Vec<u8>),
    RegisteredId(Oid),
    /// otherName, x400Address, ediPartyName: number of the form, and the element as received.
    Other(u8, Vec<u8>),
}

impl GeneralName {
    /// # Errors
    /// When the element is not a GeneralName.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        Ok(match element.tag {
            0x81 => Self::Email(ascii(element.value)?),
            0x82 => Self::Dns(ascii(element.value)?),
            0xa4 => {
                let mut inner = element.inner();
                let name = Name::read(inner.any()?)?;
                inner.finish()?;
                Self::Directory(name)
            }
            0x86 => Self::Uri(ascii(element.value)?),
            0x87 => Self::Ip(element.value.to_vec()),
            0x88 => Self::RegisteredId(
                Oid::from_bytes(element.value).map_err(|_| Error::Value("not an identifier"))?,
            ),
            0xa0 | 0xa3 | 0xa5 => Self::Other(element.tag & 0x1f, element.raw.to_vec()),
            found => return Err(Error::Tag { expected: 0xa4, found }),
        })
    }

    /// GeneralNames: all that are left in a cursor.
    ///
    /// # Errors
    /// When one is not a name, there is none, or there are over 1024.
    pub fn read_all(mut names: Cursor<'_>) -> Result<Vec<Self>> {
        let mut out = Vec::new();
        while !names.is_empty() {
            if out.len() == MAX_NAMES {
                return Err(Error::TooLarge);
            }
            out.push(Self::read(names.any()?)?);
        }
        if out.is_empty() { Err(Error::Value("no names")) } else { Ok(out) }
    }

    /// The directory name, if the form is that.
    pub fn directory(&self) -> Option<&Name> {
        if let Self::Directory(name) = self { Some(name) } else { None }
    }
}

fn ascii(value: &[u8]) -> Result<String> {
    if value.is_ascii() {
        Ok(value.iter().copied().map(char::from).collect())
    } else {
        Err(Error::Value("not an IA5 string"))
    }
}
