//! Writing of DER.

use chrono::{DateTime, Datelike, Utc};

use super::{Oid, tag};

/// An element with this identifier octet and content.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = header(tag, content.len());
    out.extend_from_slice(content);
    out
}

/// Identifier and length octets of an element whose content has `length` octets.
pub fn header(tag: u8, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let used = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    let mut out = Vec::with_capacity(2 + used.len());
    out.push(tag);
    match used {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
    out
}

fn joined(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    element(tag, &parts.concat())
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    joined(tag::SEQUENCE, parts)
}

/// A SEQUENCE OF.
pub fn sequence_of<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        content.extend_from_slice(part.as_ref());
    }
    element(tag::SEQUENCE, &content)
}

/// A SET OF: DER puts the elements in ascending order.
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    element(tag::SET, &parts.concat())
}

/// Explicit context-specific tag.
pub fn explicit(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    joined(tag::context_constructed(number), parts)
}

/// The same content under another identifier octet (an implicit tag).
pub fn retag(tag: u8, element: &[u8]) -> Vec<u8> {
    let mut out = element.to_vec();
    if let Some(first) = out.first_mut() {
        *first = tag;
    }
    out
}

pub fn oid(oid: Oid) -> Vec<u8> {
    element(tag::OID, oid.as_bytes())
}

pub fn null() -> Vec<u8> {
    vec![tag::NULL, 0]
}

pub fn boolean(value: bool) -> Vec<u8> {
    element(tag::BOOLEAN, &[if value { 0xff } else { 0 }])
}

pub fn octets(bytes: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, bytes)
}

/// A BIT STRING of whole bytes.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    joined(tag::BIT_STRING, &[&[0], bytes])
}

/// A named-bit list; bit 0 of ASN.1 is the lowest of `bits`.
pub fn named_bits(bits: u16) -> Vec<u8> {
    let mirrored = bits.reverse_bits().to_be_bytes();
    let used = 16 - bits.leading_zeros() as usize;
    let bytes = &mirrored[..used.div_ceil(8)];
    joined(tag::BIT_STRING, &[&[(bytes.len() * 8 - used) as u8], bytes])
}

/// A number that is not negative, from big-endian octets.
pub fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let significant = &bytes[bytes.iter().take_while(|octet| **octet == 0).count()..];
    match significant.first() {
        None => element(tag::INTEGER, &[0]),
        Some(first) if first & 0x80 != 0 => joined(tag::INTEGER, &[&[0], significant]),
        Some(_) => element(tag::INTEGER, significant),
    }
}

pub fn number(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

pub fn enumerated(value: u8) -> Vec<u8> {
    element(tag::ENUMERATED, &[value])
}

pub fn utf8(text: &str) -> Vec<u8> {
    element(tag::UTF8_STRING, text.as_bytes())
}

/// Time of RFC 5280 §4.1.2.5: UTCTime through 2049.
pub fn time(time: DateTime<Utc>) -> Vec<u8> {
    if (1950..2050).contains(&time.year()) {
        element(tag::UTC_TIME, time.format("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        generalized_time(time)
    }
}

/// GeneralizedTime without fractions of a second.
pub fn generalized_time(time: DateTime<Utc>) -> Vec<u8> {
    element(tag::GENERALIZED_TIME, time.format("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

/// AlgorithmIdentifier; `parameters` is a whole element or empty.
pub fn algorithm(oid: Oid, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&self::oid(oid), parameters])
}

/// Attribute of RFC 5652 §5.3 with one value.
pub fn attribute(oid: Oid, value: Vec<u8>) -> Vec<u8> {
    sequence(&[&self::oid(oid), &set_of(vec![value])])
}
