//! SignedData from a stream.

use std::io::Read;

use super::SignerInfo;
use crate::asn1::{BerReader, Cursor, Error, Oid, Result, Tlv, tag};
use crate::certificate::{AlgorithmIdentifier, Certificate};
use crate::digest::{ContentDigests, ContentHasher, DigestAlgorithm};
use crate::oid;
use crate::report::Reason;
use crate::revocation::{Crl, Evidence, OcspResponse};
use crate::timestamp::Timestamp;

/// How many octets of a signature, its content apart, are held.
const MAX_HELD: usize = 64 << 20;
const MAX_DIGESTS: usize = 32;
const MAX_CERTIFICATES: usize = 512;
const MAX_SIGNERS: usize = 64;

/// A SignedData without its content, which is only hashed while it passes.
#[derive(Clone, Debug)]
pub struct SignedMessage {
    pub digest_algorithms: Vec<AlgorithmIdentifier>,
    pub content_type: Oid,
    /// Digests of the content when it lies inside.
    pub attached: Option<ContentDigests>,
    pub certificates: Vec<Certificate>,
    /// Revocation data beside the certificates (RFC 5652 §10.2.1, RFC 5940).
    pub evidence: Evidence,
    pub signers: Vec<SignerInfo>,
    /// The sets of certificates and of revocation data as received, or empty.
    sets: [Vec<u8>; 2],
}

impl SignedMessage {
    /// Reads a ContentInfo with SignedData in BER or DER. The content, if it lies inside, goes to
    /// `sink` piece by piece; memory does not grow with it.
    ///
    /// # Errors
    /// [`Reason::NotSignedData`], [`Reason::Malformed`], [`Reason::TooLarge`].
    pub fn read(
        input: impl Read,
        sink: &mut dyn FnMut(&[u8]),
    ) -> std::result::Result<Self, Reason> {
        let mut reader = BerReader::new(input);
        let is_signed_data = begin(&mut reader).unwrap_or(false);
        if !is_signed_data {
            return Err(Reason::NotSignedData);
        }
        signed_data(&mut reader, sink).map_err(|error| match error {
            Error::TooLarge | Error::TooDeep => Reason::TooLarge,
            _ => Reason::Malformed,
        })
    }

    /// Reads a SignedData in memory.
    ///
    /// # Errors
    /// As [`SignedMessage::read`].
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, Reason> {
        Self::read(bytes, &mut |_| {})
    }

    /// The digest algorithms by which the signers and their archive time-stamps digested the
    /// content.
    pub fn needed_digests(&self) -> Vec<DigestAlgorithm> {
        let mut needed: Vec<_> = self.signers.iter().filter_map(SignerInfo::digest).collect();
        for signer in &self.signers {
            for token in signer.unsigned.values(oid::ID_AA_ETS_ARCHIVE_TIMESTAMP_V3) {
                let imprint = Timestamp::from_der(token).map(|t| t.info.imprint_algorithm.oid);
                needed.extend(imprint.ok().and_then(DigestAlgorithm::from_oid));
            }
        }
        needed
    }

    /// The sets of certificates and of revocation data as received, or empty.
    pub(crate) fn sets(&self) -> [&[u8]; 2] {
        self.sets.each_ref().map(Vec::as_slice)
    }
}

/// Opens ContentInfo up to the fields of SignedData.
fn begin<R: Read>(reader: &mut BerReader<R>) -> Result<bool> {
    reader.enter(tag::SEQUENCE)?;
    let content_type = reader.element(&mut 64)?;
    if Cursor::new(&content_type).oid()? != oid::ID_SIGNED_DATA {
        return Ok(false);
    }
    reader.enter(tag::context_constructed(0))?;
    reader.enter(tag::SEQUENCE)?;
    Ok(true)
}

fn signed_data<R: Read>(
    reader: &mut BerReader<R>,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<SignedMessage> {
    let mut held = MAX_HELD;
    let version = reader.element(&mut held)?;
    Cursor::new(&version).small(tag::INTEGER)?;
    let digest_algorithms = digest_algorithms(&reader.element(&mut held)?)?;

    reader.enter(tag::SEQUENCE)?;
    let content_type = reader.element(&mut held)?;
    let content_type = Cursor::new(&content_type).oid()?;
    let attached = match reader.peek()? {
        Some(_) => {
            reader.enter(tag::context_constructed(0))?;
            let algorithms: Vec<_> =
                digest_algorithms.iter().filter_map(|a| DigestAlgorithm::from_oid(a.oid)).collect();
            let mut hasher = ContentHasher::new(&algorithms);
            reader.octet_string(&mut |piece| {
                hasher.update(piece);
                sink(piece);
                Ok(())
            })?;
            reader.leave()?;
            Some(hasher.finish())
        }
        None => None,
    };
    reader.leave()?;

    let mut message = SignedMessage {
        digest_algorithms,
        content_type,
        attached,
        certificates: Vec::new(),
        evidence: Evidence::default(),
        signers: Vec::new(),
        sets: Default::default(),
    };
    if reader.peek()? == Some(tag::context_constructed(0)) {
        let set = reader.element(&mut held)?;
        message.read_certificates(&set)?;
        message.sets[0] = set;
    }
    if reader.peek()? == Some(tag::context_constructed(1)) {
        let set = reader.element(&mut held)?;
        message.read_revocation(&set)?;
        message.sets[1] = set;
    }
    message.read_signers(&reader.element(&mut held)?)?;
    for _ in 0..3 {
        reader.leave()?;
    }
    reader.finish()?;
    Ok(message)
}

fn digest_algorithms(set: &[u8]) -> Result<Vec<AlgorithmIdentifier>> {
    let mut cursor = Cursor::new(set).set()?;
    let mut algorithms = Vec::new();
    while !cursor.is_empty() {
        if algorithms.len() == MAX_DIGESTS {
            return Err(Error::TooLarge);
        }
        algorithms.push(AlgorithmIdentifier::read(cursor.any()?)?);
    }
    Ok(algorithms)
}

impl SignedMessage {
    /// CertificateSet: certificates of X.509; other kinds, and those that cannot be read, are
    /// passed over: a needless one must not spoil a signature.
    fn read_certificates(&mut self, set: &[u8]) -> Result<()> {
        let mut cursor = Tlv::single(set)?.inner();
        while !cursor.is_empty() {
            let element = cursor.any()?;
            if self.certificates.len() == MAX_CERTIFICATES {
                return Err(Error::TooLarge);
            }
            if let Ok(certificate) = Certificate::from_der(element.raw)
                && !self.certificates.contains(&certificate)
            {
                self.certificates.push(certificate);
            }
        }
        Ok(())
    }

    /// RevocationInfoChoices.
    fn read_revocation(&mut self, set: &[u8]) -> Result<()> {
        let mut cursor = Tlv::single(set)?.inner();
        let mut count = 0;
        while !cursor.is_empty() {
            let element = cursor.any()?;
            match element.tag {
                tag::SEQUENCE => match Crl::from_der(element.raw) {
                    Ok(list) => self.evidence.crls.push(list),
                    Err(_) => self.evidence.unreadable_crls += 1,
                },
                0xa1 => {
                    let mut other = element.inner();
                    if other.oid()? == oid::ID_RI_OCSP_RESPONSE {
                        match OcspResponse::from_der(other.any()?.raw) {
                            Ok(response) => self.evidence.ocsp.push(response),
                            Err(_) => self.evidence.unreadable_ocsp += 1,
                        }
                    }
                }
                found => return Err(Error::Tag { expected: tag::SEQUENCE, found }),
            }
            count += 1;
            if count > MAX_CERTIFICATES {
                return Err(Error::TooLarge);
            }
        }
        Ok(())
    }

    fn read_signers(&mut self, set: &[u8]) -> Result<()> {
        let mut cursor = Cursor::new(set).set()?;
        while !cursor.is_empty() {
            if self.signers.len() == MAX_SIGNERS {
                return Err(Error::TooLarge);
            }
            self.signers.push(SignerInfo::read(cursor.any()?)?);
        }
        Ok(())
    }
}
