//! A cursor over DER. It copies nothing and keeps the received bytes of every element.

use chrono::{DateTime, Utc};

use super::{Error, Oid, Result, tag, time};

/// One element: its identifier octet, its content, and the whole as received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    pub tag: u8,
    pub value: &'a [u8],
    pub raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The only element in `bytes`.
    ///
    /// # Errors
    /// When `bytes` are not exactly one element.
    pub fn single(bytes: &'a [u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        let element = cursor.any()?;
        cursor.finish()?;
        Ok(element)
    }

    /// A cursor over the content.
    pub fn inner(&self) -> Cursor<'a> {
        Cursor::new(self.value)
    }

    /// The content as an object identifier.
    ///
    /// # Errors
    /// When it is not one.
    pub fn as_oid(&self) -> Result<Oid> {
        Cursor::new(self.raw).oid()
    }
}

/// A bit string: bytes, and how many bits of the last do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitString<'a> {
    pub unused: u8,
    pub bytes: &'a [u8],
}

impl<'a> BitString<'a> {
    /// The bytes of a string that has whole bytes only.
    ///
    /// # Errors
    /// [`Error::Value`] when some bits are unused.
    pub fn octets(self) -> Result<&'a [u8]> {
        if self.unused == 0 { Ok(self.bytes) } else { Err(Error::Value("unused bits")) }
    }

    /// The first 16 bits of a named-bit list, bit 0 being the lowest of the result.
    pub fn named_bits(self) -> u16 {
        (0..16)
            .filter(|bit| self.bytes.get(bit / 8).is_some_and(|b| b & (0x80 >> (bit % 8)) != 0))
            .fold(0, |bits, bit| bits | 1 << bit)
    }
}

/// Reads elements one after another.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Says that nothing may follow.
    ///
    /// # Errors
    /// [`Error::Trailing`].
    pub fn finish(&self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Trailing) }
    }

    /// Identifier octet of the next element.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    ///
    /// # Errors
    /// When the header is not DER or the content ends too early.
    pub fn any(&mut self) -> Result<Tlv<'a>> {
        let start = self.rest;
        let (&tag, rest) = start.split_first().ok_or(Error::Truncated)?;
        if tag & 0x1f == 0x1f {
            return Err(Error::Value("a tag number over 30"));
        }
        let (&first, rest) = rest.split_first().ok_or(Error::Truncated)?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let count = usize::from(first & 0x7f);
                let octets = rest.get(..count).ok_or(Error::Truncated)?;
                let length = octets.iter().fold(0u64, |n, octet| n << 8 | u64::from(*octet));
                if octets[0] == 0 || length < 0x80 {
                    return Err(Error::Length);
                }
                (usize::try_from(length).map_err(|_| Error::TooLarge)?, &rest[count..])
            }
            _ => return Err(Error::Length),
        };
        let value = rest.get(..length).ok_or(Error::Truncated)?;
        self.rest = &rest[length..];
        let raw = &start[..start.len() - self.rest.len()];
        Ok(Tlv { tag, value, raw })
    }

    /// The next element, which must have this tag.
    ///
    /// # Errors
    /// [`Error::Tag`] for another one.
    pub fn expect(&mut self, expected: u8) -> Result<Tlv<'a>> {
        match self.peek() {
            Some(found) if found != expected => Err(Error::Tag { expected, found }),
            _ => self.any(),
        }
    }

    /// The next element if it has this tag.
    ///
    /// # Errors
    /// When it has, and is broken.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// A cursor over the next element, a SEQUENCE.
    ///
    /// # Errors
    /// As [`Cursor::expect`].
    pub fn sequence(&mut self) -> Result<Self> {
        Ok(self.expect(tag::SEQUENCE)?.inner())
    }

    /// A cursor over the next element, a SET.
    ///
    /// # Errors
    /// As [`Cursor::expect`].
    pub fn set(&mut self) -> Result<Self> {
        Ok(self.expect(tag::SET)?.inner())
    }

    /// Two's complement octets of an INTEGER.
    ///
    /// # Errors
    /// When there are none or more than are needed.
    pub fn integer(&mut self) -> Result<&'a [u8]> {
        integer_octets(self.expect(tag::INTEGER)?)
    }

    /// An INTEGER or ENUMERATED between 0 and 2⁶³−1.
    ///
    /// # Errors
    /// When it is not.
    pub fn small(&mut self, tag: u8) -> Result<u64> {
        small(self.expect(tag)?)
    }

    /// # Errors
    /// When the element is not a BOOLEAN in DER.
    pub fn boolean(&mut self) -> Result<bool> {
        boolean(self.expect(tag::BOOLEAN)?)
    }

    /// A BOOLEAN DEFAULT FALSE. A default that is written out is tolerated, as in the wild.
    ///
    /// # Errors
    /// When it is there and is not DER.
    pub fn default_false(&mut self, tag: u8) -> Result<bool> {
        self.optional(tag)?.map_or(Ok(false), boolean)
    }

    /// # Errors
    /// When the element is not an object identifier that fits.
    pub fn oid(&mut self) -> Result<Oid> {
        let element = self.expect(tag::OID)?;
        Oid::from_bytes(element.value).map_err(|_| Error::Value("not an object identifier"))
    }

    /// # Errors
    /// When the element is not an OCTET STRING.
    pub fn octets(&mut self) -> Result<&'a [u8]> {
        Ok(self.expect(tag::OCTET_STRING)?.value)
    }

    /// # Errors
    /// When the element is not a BIT STRING.
    pub fn bits(&mut self) -> Result<BitString<'a>> {
        bits(self.expect(tag::BIT_STRING)?)
    }

    /// UTCTime or GeneralizedTime of RFC 5280 §4.1.2.5: with seconds, in UTC, without fractions.
    ///
    /// # Errors
    /// When the element is neither.
    pub fn time(&mut self) -> Result<DateTime<Utc>> {
        time::read(self.any()?, false)
    }

    /// GeneralizedTime of RFC 3161 §2.4.2, which may have fractions of a second.
    ///
    /// # Errors
    /// When the element is not one.
    pub fn precise_time(&mut self) -> Result<DateTime<Utc>> {
        time::read(self.expect(tag::GENERALIZED_TIME)?, true)
    }
}

/// Two's complement octets of an element read as an INTEGER, however it is tagged.
pub(super) fn integer_octets(element: Tlv<'_>) -> Result<&[u8]> {
    match element.value {
        [] => Err(Error::Value("an integer without octets")),
        [0, next, ..] if next & 0x80 == 0 => Err(Error::Value("an integer with a needless octet")),
        [0xff, next, ..] if next & 0x80 != 0 => {
            Err(Error::Value("an integer with a needless octet"))
        }
        octets => Ok(octets),
    }
}

fn small(element: Tlv<'_>) -> Result<u64> {
    let octets = integer_octets(element)?;
    if octets.len() > 8 || octets[0] & 0x80 != 0 {
        return Err(Error::Value("a number out of range"));
    }
    Ok(octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
}

fn boolean(element: Tlv<'_>) -> Result<bool> {
    match element.value {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(Error::Value("not a boolean")),
    }
}

/// An element read as a BIT STRING, however it is tagged.
pub(super) fn bits(element: Tlv<'_>) -> Result<BitString<'_>> {
    let (&unused, bytes) = element.value.split_first().ok_or(Error::Truncated)?;
    let padding = bytes.last().map_or(0, |last| last & ((1u16 << unused.min(8)) - 1) as u8);
    if unused > 7 || (bytes.is_empty() && unused != 0) || padding != 0 {
        return Err(Error::Value("a bit string with wrong padding"));
    }
    Ok(BitString { unused, bytes })
}

impl<'a> Tlv<'a> {
    /// The content of an implicitly tagged INTEGER between 0 and 2⁶³−1.
    ///
    /// # Errors
    /// When it is not one.
    pub fn as_small(&self) -> Result<u64> {
        small(*self)
    }

    /// The content of an implicitly tagged BIT STRING.
    ///
    /// # Errors
    /// When it is not one.
    pub fn as_bits(&self) -> Result<BitString<'a>> {
        bits(*self)
    }
}
