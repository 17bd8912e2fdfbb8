//! Distinguished names (RFC 5280 §4.1.2.4) and how they are compared (§7.1).

use std::fmt;

use crate::asn1::{Error, Oid, Result, Tlv, tag};
use crate::oid;

/// More parts than this no honest name has.
const MAX_ATTRIBUTES: usize = 64;

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAttribute {
    pub oid: Oid,
    /// The value as text; `None` for a value that is not a string.
    pub text: Option<String>,
    /// The received element.
    raw: Vec<u8>,
}

/// A distinguished name. Two names are equal when RFC 5280 §7.1 says that they match: the kind of
/// string, capital letters, and the amount of white space do not matter.
#[derive(Clone, Debug)]
pub struct Name {
    raw: Vec<u8>,
    rdns: Vec<Vec<NameAttribute>>,
    /// For every relative name, what is compared.
    keys: Vec<Vec<(Oid, Vec<u8>)>>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys
    }
}

impl Eq for Name {}

impl Name {
    /// Reads a Name from its element.
    ///
    /// # Errors
    /// When it is not one, or has over 64 attributes.
    pub fn read(element: Tlv<'_>) -> Result<Self> {
        if element.tag != tag::SEQUENCE {
            return Err(Error::Tag { expected: tag::SEQUENCE, found: element.tag });
        }
        let mut rdns = Vec::new();
        let mut sequence = element.inner();
        let mut count = 0;
        while !sequence.is_empty() {
            let mut set = sequence.set()?;
            let mut rdn = Vec::new();
            while !set.is_empty() {
                let mut attribute = set.sequence()?;
                let oid = attribute.oid()?;
                let value = attribute.any()?;
                attribute.finish()?;
                rdn.push(NameAttribute { oid, text: text(value), raw: value.raw.to_vec() });
                count += 1;
                if count > MAX_ATTRIBUTES {
                    return Err(Error::TooLarge);
                }
            }
            if rdn.is_empty() {
                return Err(Error::Value("an empty part of a name"));
            }
            rdns.push(rdn);
        }
        let keys = rdns.iter().map(|rdn| comparison_key(rdn)).collect();
        Ok(Self { raw: element.raw.to_vec(), rdns, keys })
    }

    /// Reads a Name from DER.
    ///
    /// # Errors
    /// As [`Name::read`].
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::read(Tlv::single(der)?)
    }

    /// The received DER.
    pub fn as_der(&self) -> &[u8] {
        &self.raw
    }

    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    pub fn attributes(&self) -> impl Iterator<Item = &NameAttribute> {
        self.rdns.iter().flatten()
    }

    /// The first value of an attribute, as text.
    pub fn get(&self, oid: Oid) -> Option<&str> {
        self.attributes().find(|a| a.oid == oid).and_then(|a| a.text.as_deref())
    }

    /// Whether this name lies in the subtree that begins with `base`.
    pub fn is_within(&self, base: &Self) -> bool {
        self.keys.starts_with(&base.keys)
    }

    /// This name with one more relative name: DistributionPointName nameRelativeToCRLIssuer.
    /// `set` is the content of the RelativeDistinguishedName.
    ///
    /// # Errors
    /// When `set` is not a relative name.
    pub fn with_relative(&self, set: &[u8]) -> Result<Self> {
        let relative = crate::asn1::write::element(tag::SET, set);
        let own = Tlv::single(&self.raw)?.value;
        Self::from_der(&crate::asn1::write::sequence(&[own, &relative]))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().enumerate() {
            for (place, attribute) in rdn.iter().enumerate() {
                f.write_str(match (index, place) {
                    (0, 0) => "",
                    (_, 0) => ", ",
                    _ => " + ",
                })?;
                match oid::attribute_name(attribute.oid) {
                    Some(name) => write!(f, "{name}=")?,
                    None => write!(f, "{}=", attribute.oid)?,
                }
                match &attribute.text {
                    Some(text) => f.write_str(&escaped(text))?,
                    None => write!(f, "#{}", hex::encode(&attribute.raw))?,
                }
            }
        }
        Ok(())
    }
}

/// RFC 4514 §2.4, and control characters made harmless for a terminal.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => out.extend(['\\', character]),
            control if control.is_control() => out.push('\u{fffd}'),
            plain => out.push(plain),
        }
    }
    out
}

/// A string of any of the kinds that names use.
pub(crate) fn text(value: Tlv<'_>) -> Option<String> {
    match value.tag {
        tag::UTF8_STRING => String::from_utf8(value.value.to_vec()).ok(),
        tag::PRINTABLE_STRING | tag::NUMERIC_STRING | tag::IA5_STRING | tag::VISIBLE_STRING => {
            value.value.is_ascii().then(|| value.value.iter().copied().map(char::from).collect())
        }
        // Teletex in the wild is Latin-1.
        tag::TELETEX_STRING => Some(value.value.iter().copied().map(char::from).collect()),
        tag::BMP_STRING => {
            let units = value.value.chunks(2).map(|pair| match *pair {
                [high, low] => Some(u16::from_be_bytes([high, low])),
                _ => None,
            });
            String::from_utf16(&units.collect::<Option<Vec<_>>>()?).ok()
        }
        tag::UNIVERSAL_STRING => value
            .value
            .chunks(4)
            .map(|four| char::from_u32(u32::from_be_bytes(four.try_into().ok()?)))
            .collect(),
        _ => None,
    }
}

fn comparison_key(rdn: &[NameAttribute]) -> Vec<(Oid, Vec<u8>)> {
    let mut key: Vec<_> = rdn
        .iter()
        .map(|attribute| {
            let value = match &attribute.text {
                Some(text) => {
                    let words: Vec<_> = text.split_whitespace().collect();
                    words.join(" ").to_lowercase().into_bytes()
                }
                None => attribute.raw.clone(),
            };
            (attribute.oid, value)
        })
        .collect();
    key.sort();
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    fn name(tag: u8, text: &[u8]) -> Name {
        let value = write::element(tag, text);
        let attribute = write::sequence(&[&write::oid(oid::ID_AT_COMMON_NAME), &value]);
        Name::from_der(&write::sequence(&[&write::set_of(vec![attribute])])).unwrap()
    }

    #[test]
    fn kind_of_string_case_and_spaces_do_not_matter() {
        let one = name(tag::PRINTABLE_STRING, b" Good  CA ");
        assert_eq!(one, name(tag::UTF8_STRING, b"good ca"));
        assert_eq!(one, name(tag::BMP_STRING, b"\0G\0o\0o\0d\0 \0C\0A"));
        assert_ne!(one, name(tag::UTF8_STRING, b"goodca"));
    }

    #[test]
    fn shown_text_cannot_play_tricks() {
        let name = name(tag::UTF8_STRING, "a,b\u{1b}[2J".as_bytes());
        assert_eq!(name.to_string(), "CN=a\\,b\u{fffd}[2J");
    }
}
