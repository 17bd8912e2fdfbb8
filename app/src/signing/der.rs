//! The few pieces of DER (ITU-T X.690) that a signature needs: a writer of values and a bounded
//! reader of certificates. Everything here is pure, so it runs in the browser and in tests alike.

/// Tags used by X.509 and CMS.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const IA5_STRING: u8 = 0x16;
    pub const BMP_STRING: u8 = 0x1e;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// `[n]`, constructed.
    pub const fn context(n: u8) -> u8 {
        0xa0 | n
    }
}

/// A value with its tag and length.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    let bytes = content.len().to_be_bytes();
    let significant = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len() - 1);
    match content.len() {
        short @ 0..=0x7f => out.push(short.to_le_bytes()[0]),
        _ => {
            let length = &bytes[significant..];
            out.push(0x80 | length.len().to_le_bytes()[0]);
            out.extend_from_slice(length);
        }
    }
    out.extend_from_slice(content);
    out
}

/// `SEQUENCE` of values that are DER already.
pub fn sequence(items: &[&[u8]]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &items.concat())
}

/// `SET OF`: DER demands the items in ascending order of their encodings (X.690, 11.6).
pub fn set_of(tag: u8, mut items: Vec<Vec<u8>>) -> Vec<u8> {
    items.sort();
    tlv(tag, &items.concat())
}

/// `INTEGER` of an unsigned big-endian number.
pub fn unsigned(big_endian: &[u8]) -> Vec<u8> {
    let start = big_endian.iter().position(|b| *b != 0).unwrap_or(big_endian.len());
    let digits = &big_endian[start..];
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    tlv(tag::INTEGER, &content)
}

/// `BIT STRING` of whole bytes.
pub fn bit_string(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(bytes.len() + 1);
    content.push(0);
    content.extend_from_slice(bytes);
    tlv(tag::BIT_STRING, &content)
}

/// Where and why bytes are not the DER that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {what}")]
pub struct DerError {
    pub offset: usize,
    pub what: &'static str,
}

/// One value read: its tag, its content, and the whole of it with tag and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub whole: &'a [u8],
}

/// Reads values one after another out of a slice.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Tag of the next value, if there is one.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next value, whatever its tag.
    ///
    /// # Errors
    /// When the slice ends inside it, or its length is not definite and at most 2³² − 1.
    pub fn any(&mut self) -> Result<Value<'a>, DerError> {
        let start = self.at;
        let error = |what| DerError { offset: start, what };
        let tag = self.byte().ok_or_else(|| error("a value was expected, the data end"))?;
        let first = self.byte().ok_or_else(|| error("the length is missing"))?;
        let length = match first {
            0..=0x7f => usize::from(first),
            0x81..=0x84 => {
                let mut length = 0usize;
                for _ in 0..first & 0x7f {
                    let next = self.byte().ok_or_else(|| error("the length is cut off"))?;
                    length = length << 8 | usize::from(next);
                }
                length
            }
            _ => return Err(error("the length is indefinite or too large")),
        };
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| error("the value is longer than the data"))?;
        let content = &self.bytes[self.at..end];
        self.at = end;
        Ok(Value { tag, content, whole: &self.bytes[start..end] })
    }

    /// The next value, which must have this tag.
    ///
    /// # Errors
    /// As [`Reader::any`], and when the tag is another one.
    pub fn expect(&mut self, tag: u8) -> Result<Value<'a>, DerError> {
        let offset = self.at;
        let value = self.any()?;
        if value.tag == tag {
            Ok(value)
        } else {
            Err(DerError { offset, what: "another kind of value was expected" })
        }
    }

    /// A reader of the content of the next `SEQUENCE`.
    ///
    /// # Errors
    /// As [`Reader::expect`].
    pub fn sequence(&mut self) -> Result<Reader<'a>, DerError> {
        Ok(Reader::new(self.expect(tag::SEQUENCE)?.content))
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_short_and_the_long_form() {
        assert_eq!(tlv(4, &[0; 3]), [4, 3, 0, 0, 0]);
        assert_eq!(tlv(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(tlv(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn unsigned_numbers_stay_positive_and_minimal() {
        assert_eq!(unsigned(&[0, 0, 1]), [2, 1, 1]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0, 0]), [2, 1, 0]);
    }

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let bytes = vec![0x5a; length];
            let written = sequence(&[&tlv(tag::OCTET_STRING, &bytes), &unsigned(&[3])]);
            let mut reader = Reader::new(&written);
            let mut inside = reader.sequence().unwrap();
            assert_eq!(inside.expect(tag::OCTET_STRING).unwrap().content, bytes);
            assert_eq!(inside.any().unwrap().whole, [2, 1, 3]);
            assert!(inside.is_empty() && reader.is_empty());
        }
    }

    #[test]
    fn cut_data_are_refused_everywhere() {
        let whole = sequence(&[&tlv(tag::OCTET_STRING, &[1; 200])]);
        for end in 0..whole.len() {
            assert!(Reader::new(&whole[..end]).sequence().is_err(), "cut at {end}");
        }
    }

    #[test]
    fn sets_are_sorted() {
        assert_eq!(
            set_of(tag::SET, vec![vec![2, 1, 9], vec![2, 1, 1]]),
            [0x31, 6, 2, 1, 1, 2, 1, 9]
        );
    }
}
