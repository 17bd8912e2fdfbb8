//! archive-time-stamp-v3 and ats-hash-index-v3 (ETSI EN 319 122-1 §5.5.2, §5.5.3): what an archive
//! time-stamp is over, and which parts of the message it protects.

use crate::asn1::{Cursor, Error, Oid, Result, Tlv, write};
use crate::certificate::AlgorithmIdentifier;
use crate::cms::{SignedMessage, SignerInfo};
use crate::digest::{ContentDigests, DigestAlgorithm};
use crate::oid;
use crate::report::Reason;

/// More entries than this no honest index has.
const MAX_ENTRIES: usize = 4096;

/// ATSHashIndexV3: digests of the parts that a time-stamp protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashIndex {
    digest: DigestAlgorithm,
    certificates: Vec<Vec<u8>>,
    revocation: Vec<Vec<u8>>,
    attributes: Vec<Vec<u8>>,
    der: Vec<u8>,
}

impl HashIndex {
    /// The index of everything that a message and one of its signers hold.
    ///
    /// # Errors
    /// When a set of the message is malformed.
    pub fn of(
        digest: DigestAlgorithm,
        message: &SignedMessage,
        signer: &SignerInfo,
    ) -> Result<Self> {
        let [certificates, revocation] = parts(digest, message)?;
        let attributes = attributes(digest, signer);
        let list =
            |digests: &[Vec<u8>]| write::sequence_of(digests.iter().map(|d| write::octets(d)));
        let der = write::sequence(&[
            &digest.to_der(),
            &list(&certificates),
            &list(&revocation),
            &list(&attributes),
        ]);
        Ok(Self { digest, certificates, revocation, attributes, der })
    }

    /// Reads the index that a time-stamp token carries in its unsigned attributes.
    ///
    /// # Errors
    /// [`Reason::ArchiveIndexMalformed`] when there is none, it cannot be read, or its algorithm
    /// is not that of the time-stamp's imprint.
    pub fn of_token(
        unsigned: &crate::cms::Attributes,
        imprint: Oid,
    ) -> std::result::Result<Self, Reason> {
        const MALFORMED: Reason = Reason::ArchiveIndexMalformed;
        let value = unsigned.single(oid::ID_AA_ATS_HASH_INDEX_V3).map_err(|_| MALFORMED)?;
        let index = Self::read(value.ok_or(MALFORMED)?).map_err(|_| MALFORMED)?;
        if index.digest.oid() == imprint { Ok(index) } else { Err(MALFORMED) }
    }

    fn read(der: &[u8]) -> Result<Self> {
        let mut fields = Cursor::new(der).sequence()?;
        let algorithm = AlgorithmIdentifier::read(fields.any()?)?;
        let digest = DigestAlgorithm::from_oid(algorithm.oid)
            .ok_or(Error::Value("an unknown algorithm of an index"))?;
        let mut list = || -> Result<Vec<Vec<u8>>> {
            let mut items = fields.sequence()?;
            let mut out = Vec::new();
            while !items.is_empty() {
                if out.len() == MAX_ENTRIES {
                    return Err(Error::TooLarge);
                }
                out.push(items.octets()?.to_vec());
            }
            Ok(out)
        };
        let (certificates, revocation, attributes) = (list()?, list()?, list()?);
        fields.finish()?;
        Ok(Self { digest, certificates, revocation, attributes, der: der.to_vec() })
    }

    /// The attribute to put into the token.
    pub fn to_attribute(&self) -> Vec<u8> {
        write::attribute(oid::ID_AA_ATS_HASH_INDEX_V3, self.der.clone())
    }

    /// Whether everything that the index names is in the message as it was. What was added later
    /// is not named, and not protected.
    ///
    /// # Errors
    /// [`Reason::ArchiveCertificate`], [`Reason::ArchiveRevocation`],
    /// [`Reason::ArchiveAttribute`], [`Reason::Malformed`].
    pub fn fits(
        &self,
        message: &SignedMessage,
        signer: &SignerInfo,
    ) -> std::result::Result<(), Reason> {
        let [certificates, revocation] =
            parts(self.digest, message).map_err(|_| Reason::Malformed)?;
        let attributes = attributes(self.digest, signer);
        for (named, found, reason) in [
            (&self.certificates, certificates, Reason::ArchiveCertificate),
            (&self.revocation, revocation, Reason::ArchiveRevocation),
            (&self.attributes, attributes, Reason::ArchiveAttribute),
        ] {
            if !named.iter().all(|digest| found.contains(digest)) {
                return Err(reason);
            }
        }
        Ok(())
    }

    /// Whether a value of an unsigned attribute is protected.
    pub fn protects(&self, attribute: Oid, value: &[u8]) -> bool {
        self.attributes.contains(&attribute_digest(self.digest, attribute, value))
    }

    /// What the time-stamp is over: the type and the digest of the content, the fields of the
    /// signer up to the signature, and the index. `None` when the digest of the content by the
    /// algorithm of the index is not known.
    pub fn imprint(
        &self,
        message: &SignedMessage,
        signer: &SignerInfo,
        content: &ContentDigests,
    ) -> Option<Vec<u8>> {
        let mut out = write::oid(message.content_type);
        out.extend_from_slice(content.get(self.digest)?);
        out.extend_from_slice(signer.fields());
        out.extend_from_slice(&self.der);
        Some(out)
    }
}

/// Digests of the certificates and of the revocation data beside them, each as a whole element.
fn parts(digest: DigestAlgorithm, message: &SignedMessage) -> Result<[Vec<Vec<u8>>; 2]> {
    let [certificates, revocation] = message.sets();
    let each = |set: &[u8]| -> Result<Vec<Vec<u8>>> {
        if set.is_empty() {
            return Ok(Vec::new());
        }
        let mut items = Tlv::single(set)?.inner();
        let mut out = Vec::new();
        while !items.is_empty() {
            out.push(digest.digest(items.any()?.raw));
        }
        Ok(out)
    };
    Ok([each(certificates)?, each(revocation)?])
}

fn attributes(digest: DigestAlgorithm, signer: &SignerInfo) -> Vec<Vec<u8>> {
    let one = |oid, values: &[Vec<u8>]| -> Vec<Vec<u8>> {
        values.iter().map(|value| attribute_digest(digest, oid, value)).collect()
    };
    signer.unsigned.iter().flat_map(|attribute| one(attribute.oid, &attribute.values)).collect()
}

/// The type of an attribute and one of its values.
fn attribute_digest(digest: DigestAlgorithm, attribute: Oid, value: &[u8]) -> Vec<u8> {
    digest.digest_parts(&[&write::oid(attribute), value])
}
