//! Reading of PKCS #12 (RFC 7292 §4).

use zeroize::Zeroizing;

use super::mac::MacData;
use super::{ContainerError, pbe, pkcs8};
use crate::asn1::{BerReader, Cursor, Tlv, tag};
use crate::certificate::{AlgorithmIdentifier, Certificate};
use crate::key::{PrivateKey, PublicKey};
use crate::oid;

/// A container of more octets is not read.
const MAX_CONTAINER: usize = 16 << 20;
const MAX_NESTING: u8 = 4;
const MAX_BAGS: usize = 256;

/// A private key of a container.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    pub key: PrivateKey,
    /// friendlyName.
    pub name: Option<String>,
}

/// Keys and certificates out of a container.
#[derive(Clone, Debug, Default)]
pub struct KeyContainer {
    pub keys: Vec<KeyEntry>,
    pub certificates: Vec<Certificate>,
}

impl KeyContainer {
    /// One key with its certificate, and those above it.
    pub fn new(key: PrivateKey, certificates: Vec<Certificate>) -> Self {
        Self { keys: vec![KeyEntry { key, name: None }], certificates }
    }

    /// Opens a PFX in BER or DER.
    ///
    /// # Errors
    /// [`ContainerError`]; first of all [`ContainerError::WrongPassword`].
    pub fn from_pfx(bytes: &[u8], password: &str) -> Result<Self, ContainerError> {
        let der = normalized(bytes).map_err(|_| ContainerError::NotAContainer)?;
        let (content, mac) = pfx(&der)?;
        if let Some(mac) = mac {
            mac.verify(password, &content)?;
        }
        let mut container = Self::default();
        let safe = normalized(&content)?;
        let mut contents = Cursor::new(&safe).sequence()?;
        while !contents.is_empty() {
            container.take_content(contents.any()?, password)?;
        }
        Ok(container)
    }

    /// A key with its certificate, and the other certificates.
    ///
    /// # Errors
    /// [`ContainerError::NoKey`] when no key has a certificate here.
    pub fn identity(
        &self,
    ) -> Result<(&PrivateKey, &Certificate, Vec<Certificate>), ContainerError> {
        for entry in &self.keys {
            let public = entry.key.public_key();
            let own = self.certificates.iter().find(|certificate| {
                PublicKey::read(certificate.public_key()).is_ok_and(|key| key.is_same(&public))
            });
            if let Some(own) = own {
                let others = self.certificates.iter().filter(|other| *other != own);
                return Ok((&entry.key, own, others.cloned().collect()));
            }
        }
        Err(ContainerError::NoKey)
    }

    fn take_content(&mut self, info: Tlv<'_>, password: &str) -> Result<(), ContainerError> {
        let mut info = Cursor::new(info.raw).sequence()?;
        let kind = info.oid()?;
        let mut content = info.expect(0xa0)?.inner();
        match kind {
            oid::ID_DATA => self.take_safe(content.octets()?, password, 0),
            oid::ID_ENCRYPTED_DATA => {
                let plain = encrypted_data(content.any()?, password)?;
                self.take_safe(&plain, password, 0).map_err(|error| match error {
                    // Without padding only nonsense tells that the password is wrong.
                    ContainerError::Malformed => ContainerError::WrongPassword,
                    other => other,
                })
            }
            other => Err(ContainerError::Unsupported(other)),
        }
    }

    fn take_safe(
        &mut self,
        contents: &[u8],
        password: &str,
        nesting: u8,
    ) -> Result<(), ContainerError> {
        let contents = Zeroizing::new(normalized(contents)?);
        let mut bags = Cursor::new(&contents).sequence()?;
        while !bags.is_empty() {
            if self.keys.len() + self.certificates.len() >= MAX_BAGS || nesting > MAX_NESTING {
                return Err(ContainerError::Malformed);
            }
            let mut bag = bags.sequence()?;
            let kind = bag.oid()?;
            let value = bag.expect(0xa0)?.inner().any()?;
            let name = match bag.optional(tag::SET)? {
                Some(attributes) => friendly_name(attributes),
                None => None,
            };
            match kind {
                oid::ID_KEY_BAG => {
                    let key = PrivateKey::from_pkcs8_der(value.raw)?;
                    self.keys.push(KeyEntry { key, name });
                }
                oid::ID_SHROUDED_KEY_BAG => {
                    let plain = pkcs8::open(value, password)?;
                    let key = PrivateKey::from_pkcs8_der(&plain)?;
                    self.keys.push(KeyEntry { key, name });
                }
                oid::ID_CERT_BAG => {
                    let mut inner = Cursor::new(value.raw).sequence()?;
                    if inner.oid()? == oid::ID_X509_CERTIFICATE {
                        let der = inner.expect(0xa0)?.inner().octets()?;
                        self.certificates.push(Certificate::from_der(der)?);
                    }
                }
                oid::ID_SAFE_CONTENTS_BAG => self.take_safe(value.raw, password, nesting + 1)?,
                // Revocation lists and secrets of other kinds.
                _ => {}
            }
        }
        Ok(())
    }
}

/// BER with definite lengths.
fn normalized(bytes: &[u8]) -> crate::asn1::Result<Vec<u8>> {
    let mut reader = BerReader::new(bytes);
    let mut budget = MAX_CONTAINER;
    let element = reader.element(&mut budget)?;
    reader.finish()?;
    Ok(element)
}

/// PFX: the content that the MAC covers, and the MAC.
fn pfx(der: &[u8]) -> Result<(Vec<u8>, Option<MacData>), ContainerError> {
    let begin = || -> crate::asn1::Result<_> {
        let mut pfx = Cursor::new(der).sequence()?;
        let version = pfx.small(tag::INTEGER)?;
        let mut info = pfx.sequence()?;
        Ok((version, info.oid()?, info, pfx))
    };
    let (version, kind, mut info, mut rest) = begin().map_err(|_| ContainerError::NotAContainer)?;
    if version != 3 {
        return Err(ContainerError::NotAContainer);
    }
    // Containers protected by keys of other people instead of a password are SignedData.
    if kind != oid::ID_DATA {
        return Err(ContainerError::Unsupported(kind));
    }
    let content = info.expect(0xa0)?.inner().octets()?.to_vec();
    let mac = if rest.is_empty() { None } else { Some(MacData::read(rest.any()?)?) };
    Ok((content, mac))
}

/// EncryptedData (RFC 5652 §8).
fn encrypted_data(element: Tlv<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, ContainerError> {
    let mut data = Cursor::new(element.raw).sequence()?;
    data.small(tag::INTEGER)?;
    let mut info = data.sequence()?;
    info.oid()?;
    let algorithm = AlgorithmIdentifier::read(info.any()?)?;
    let content = info.any()?;
    let octets = match content.tag {
        0x80 => content.value.to_vec(),
        0xa0 => {
            let mut pieces = content.inner();
            let mut joined = Vec::new();
            while !pieces.is_empty() {
                joined.extend_from_slice(pieces.octets()?);
            }
            joined
        }
        _ => return Err(ContainerError::Malformed),
    };
    pbe::decrypt(&algorithm, password, &octets)
}

fn friendly_name(attributes: Tlv<'_>) -> Option<String> {
    let mut attributes = attributes.inner();
    while !attributes.is_empty() {
        let mut attribute = attributes.sequence().ok()?;
        if attribute.oid().ok()? == oid::ID_FRIENDLY_NAME {
            let value = attribute.set().ok()?.any().ok()?;
            return crate::certificate::text(value);
        }
    }
    None
}
