//! A SignedData in parts, to add signers and attributes to it.

use crate::asn1::{BerReader, Cursor, Result, Tlv, tag, write};
use crate::cms::SignerInfo;
use crate::oid;
use crate::report::Reason;

/// A message of more octets is not changed in memory.
const MAX_MESSAGE: usize = 64 << 20;

/// The parts of a SignedData, each as a whole element in DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawSignedData {
    version: u64,
    digest_algorithms: Vec<Vec<u8>>,
    /// EncapsulatedContentInfo.
    content: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    revocation: Vec<Vec<u8>>,
    signers: Vec<Vec<u8>>,
}

impl RawSignedData {
    pub(super) fn new(
        digest_algorithms: Vec<Vec<u8>>,
        content: Vec<u8>,
        certificates: Vec<Vec<u8>>,
        signers: Vec<Vec<u8>>,
    ) -> Self {
        let revocation = Vec::new();
        Self { version: 1, digest_algorithms, content, certificates, revocation, signers }
    }

    /// Takes a message in BER or DER apart.
    ///
    /// # Errors
    /// [`Reason::NotSignedData`], [`Reason::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, Reason> {
        let mut reader = BerReader::new(bytes);
        let mut budget = MAX_MESSAGE;
        let whole = reader.element(&mut budget).map_err(|_| Reason::NotSignedData)?;
        reader.finish().map_err(|_| Reason::Malformed)?;
        match is_signed_data(&whole) {
            Ok(true) => Self::read(&whole).map_err(|_| Reason::Malformed),
            _ => Err(Reason::NotSignedData),
        }
    }

    fn read(whole: &[u8]) -> Result<Self> {
        let mut info = Cursor::new(whole).sequence()?;
        info.oid()?;
        let mut outer = info.expect(tag::context_constructed(0))?.inner();
        let mut data = outer.sequence()?;
        let version = data.small(tag::INTEGER)?;
        let digest_algorithms = elements(data.expect(tag::SET)?)?;
        let content = data.expect(tag::SEQUENCE)?.raw.to_vec();
        let mut optional = |tag| data.optional(tag)?.map_or(Ok(Vec::new()), elements);
        let certificates = optional(0xa0)?;
        let revocation = optional(0xa1)?;
        let signers = elements(data.expect(tag::SET)?)?;
        data.finish()?;
        Ok(Self { version, digest_algorithms, content, certificates, revocation, signers })
    }

    /// Takes in the signers of another message over the same content.
    pub(super) fn merge(&mut self, other: Self) {
        extend_new(&mut self.digest_algorithms, other.digest_algorithms);
        extend_new(&mut self.certificates, other.certificates);
        extend_new(&mut self.revocation, other.revocation);
        self.signers.extend(other.signers);
    }

    /// A signer by its place.
    ///
    /// # Errors
    /// [`Reason::NoSigners`] when there is none there, [`Reason::Malformed`].
    pub fn signer(&self, index: usize) -> std::result::Result<SignerInfo, Reason> {
        let der = self.signers.get(index).ok_or(Reason::NoSigners)?;
        let element = Tlv::single(der).map_err(|_| Reason::Malformed)?;
        SignerInfo::read(element).map_err(|_| Reason::Malformed)
    }

    /// How many signers there are.
    pub fn signers(&self) -> usize {
        self.signers.len()
    }

    /// Adds unsigned attributes, each in DER, to a signer.
    ///
    /// # Errors
    /// As [`RawSignedData::signer`].
    pub fn add_unsigned(
        &mut self,
        index: usize,
        attributes: &[Vec<u8>],
    ) -> std::result::Result<(), Reason> {
        let der = self.signers.get_mut(index).ok_or(Reason::NoSigners)?;
        *der = with_unsigned(der, attributes).map_err(|_| Reason::Malformed)?;
        Ok(())
    }

    /// Adds an algorithm to those by which the content is digested, so that readers of an attached
    /// one compute it.
    pub(super) fn add_digest(&mut self, algorithm: Vec<u8>) {
        extend_new(&mut self.digest_algorithms, vec![algorithm]);
    }

    /// Adds certificates and revocation data, each in DER, beside the signers.
    pub(super) fn add_material(&mut self, certificates: Vec<Vec<u8>>, revocation: Vec<Vec<u8>>) {
        extend_new(&mut self.certificates, certificates);
        extend_new(&mut self.revocation, revocation);
        // RFC 5652 §5.1: data of another kind than lists make it version 5.
        let other = |item: &Vec<u8>| item.first() == Some(&tag::context_constructed(1));
        if self.revocation.iter().any(other) {
            self.version = self.version.max(5);
        }
    }

    /// ContentInfo in DER.
    pub fn to_der(&self) -> Vec<u8> {
        let data = write::sequence(&[
            &write::number(self.version),
            &write::set_of(self.digest_algorithms.clone()),
            &self.content,
            &self.certificates_der(),
            &set_of_choices(1, &self.revocation),
            &self.signers_der(),
        ]);
        write::sequence(&[&write::oid(oid::ID_SIGNED_DATA), &write::explicit(0, &[&data])])
    }

    pub(super) fn certificates_der(&self) -> Vec<u8> {
        set_of_choices(0, &self.certificates)
    }

    pub(super) fn signers_der(&self) -> Vec<u8> {
        write::set_of(self.signers.clone())
    }
}

fn is_signed_data(whole: &[u8]) -> Result<bool> {
    Ok(Cursor::new(whole).sequence()?.oid()? == oid::ID_SIGNED_DATA)
}

fn elements(set: Tlv<'_>) -> Result<Vec<Vec<u8>>> {
    let mut cursor = set.inner();
    let mut out = Vec::new();
    while !cursor.is_empty() {
        out.push(cursor.any()?.raw.to_vec());
    }
    Ok(out)
}

fn extend_new(known: &mut Vec<Vec<u8>>, more: Vec<Vec<u8>>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

/// An implicitly tagged SET OF that is left out when it is empty.
fn set_of_choices(number: u8, items: &[Vec<u8>]) -> Vec<u8> {
    if items.is_empty() {
        return Vec::new();
    }
    write::retag(tag::context_constructed(number), &write::set_of(items.to_vec()))
}

fn with_unsigned(signer: &[u8], attributes: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut info = Cursor::new(signer).sequence()?;
    let mut parts = Vec::new();
    let mut unsigned = attributes.to_vec();
    while !info.is_empty() {
        let element = info.any()?;
        // Two elements carry context tags: signed attributes before, unsigned after the signature.
        if element.tag == tag::context_constructed(1) {
            unsigned.extend(elements(element)?);
        } else {
            parts.push(element.raw.to_vec());
        }
    }
    let set = write::set_of(unsigned);
    parts.push(write::retag(tag::context_constructed(1), &set));
    Ok(write::sequence_of(parts))
}
