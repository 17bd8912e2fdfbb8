//! Attributes of a signer (RFC 5652 §5.3, §11).

use crate::asn1::{Cursor, Error, Oid, Result, tag};
use crate::oid;

/// More attributes or values than this no honest signature has.
const MAX_ATTRIBUTES: usize = 128;

/// An attribute: its type, and the values as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub oid: Oid,
    pub values: Vec<Vec<u8>>,
}

/// The attributes of a signer, in the order in which they were received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<Attribute>);

impl Attributes {
    /// Reads the content of a SET OF Attribute.
    ///
    /// # Errors
    /// When it is not one, or there are over 128 attributes or values.
    pub fn read(mut set: Cursor<'_>) -> Result<Self> {
        let mut attributes = Vec::new();
        let mut count = 0;
        while !set.is_empty() {
            let mut sequence = set.sequence()?;
            let oid = sequence.oid()?;
            let mut values = sequence.set()?;
            sequence.finish()?;
            let mut attribute = Attribute { oid, values: Vec::new() };
            while !values.is_empty() {
                attribute.values.push(values.any()?.raw.to_vec());
                count += 1;
            }
            attributes.push(attribute);
            count += 1;
            if count > MAX_ATTRIBUTES {
                return Err(Error::TooLarge);
            }
        }
        Ok(Self(attributes))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.0.iter()
    }

    /// The value of an attribute that may be there once, with one value.
    ///
    /// # Errors
    /// When it is there twice, or has no or several values.
    pub fn single(&self, oid: Oid) -> Result<Option<&[u8]>> {
        let mut found = self.0.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(Attribute { values, .. }), None) if values.len() == 1 => Ok(Some(&values[0])),
            _ => Err(Error::Value("an attribute that is not single")),
        }
    }

    /// All values of an attribute.
    pub fn values(&self, oid: Oid) -> impl Iterator<Item = &[u8]> {
        let found = self.0.iter().filter(move |attribute| attribute.oid == oid);
        found.flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }
}

/// Whether a content of `size` octets that begins with `head` is a SET of attributes as a signer
/// signs them: then a signature "over the content" may be one over something else.
pub(crate) fn begins_as_attributes(head: &[u8], size: u64) -> bool {
    let begins = || -> Option<bool> {
        let (first, rest) = head.split_first()?;
        if *first != tag::SET {
            return Some(false);
        }
        // The length of the set must be that of the whole content; only its beginning is here.
        let (length, header) = match *rest.first()? {
            short @ 0..=0x7f => (u64::from(short), 2),
            long @ 0x81..=0x88 => {
                let octets = rest.get(1..1 + usize::from(long & 0x7f))?;
                let length = octets.iter().fold(0u64, |n, octet| n << 8 | u64::from(*octet));
                (length, 2 + octets.len())
            }
            _ => return Some(false),
        };
        if length.checked_add(header as u64)? != size {
            return Some(false);
        }
        let mut attributes = Cursor::new(&head[header..]);
        let mut known = false;
        // An attribute that is cut off ends the look.
        while let Ok(mut attribute) = attributes.sequence() {
            let Ok(oid) = attribute.oid() else { return Some(false) };
            if attribute.set().is_err() {
                return Some(false);
            }
            known |= [oid::ID_CONTENT_TYPE, oid::ID_MESSAGE_DIGEST].contains(&oid);
        }
        Some(known)
    };
    begins().unwrap_or(false)
}
