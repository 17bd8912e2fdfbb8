//! The cryptographic part of checking one signer: attributes, the reference to the certificate,
//! and the signature itself.

use chrono::{DateTime, Utc};

use super::{Attributes, SignerInfo};
use crate::asn1::{Cursor, Oid};
use crate::cades::EssCertId;
use crate::certificate::Certificate;
use crate::digest::{ContentDigests, DigestAlgorithm};
use crate::key::{PublicKey, SignatureScheme};
use crate::oid;
use crate::report::{Check, CheckKind, Reason};

/// What the cryptographic part says.
pub(crate) struct Core {
    pub checks: Vec<Check>,
    pub certificate: Option<Certificate>,
    /// Whether a signed attribute names the certificate: the mark of CAdES.
    pub names_certificate: bool,
    pub scheme: Option<SignatureScheme>,
    pub claimed_time: Option<DateTime<Utc>>,
}

/// Checks a signer over a content of a type. Certificates are looked for among `candidates`.
pub(crate) fn check_signer<'a>(
    signer: &SignerInfo,
    content_type: Oid,
    content: &ContentDigests,
    candidates: impl Iterator<Item = &'a Certificate> + Clone,
) -> Core {
    let mut core = Core {
        checks: Vec::new(),
        certificate: None,
        names_certificate: false,
        scheme: None,
        claimed_time: None,
    };
    let found = find_certificate(signer, candidates);
    core.certificate = found.cloned();
    let Some(digest) = signer.digest() else {
        let failed = Check::failed(CheckKind::Algorithm, Reason::DigestAlgorithmUnsupported);
        core.checks.push(failed.with(signer.digest_algorithm.oid));
        return core;
    };
    core.check_content(signer, content_type, content, digest);
    let Some(certificate) = found else {
        let failed = Check::failed(CheckKind::Certificate, Reason::SignerCertificateMissing);
        core.checks.push(failed);
        return core;
    };
    core.checks.push(Check::passed(CheckKind::Certificate));
    core.check_reference(signer, certificate);
    match resolve(signer, certificate, digest) {
        Ok((key, scheme)) => {
            core.scheme = Some(scheme);
            core.check_strength(&key, digest);
            let result = verify(signer, &key, scheme, content);
            core.checks.push(Check::of(CheckKind::Signature, result));
        }
        Err(reason) => {
            let failed = Check::failed(CheckKind::Algorithm, reason);
            core.checks.push(failed.with(signer.signature_algorithm.oid));
        }
    }
    core
}

/// The certificate that the signer names. Where several fit, a signed attribute decides.
fn find_certificate<'a>(
    signer: &SignerInfo,
    candidates: impl Iterator<Item = &'a Certificate>,
) -> Option<&'a Certificate> {
    let fitting: Vec<_> = candidates.filter(|candidate| signer.id.is_of(candidate)).collect();
    let referred = signer.signed.as_ref().and_then(|signed| {
        let references = EssCertId::signed(&signed.attributes).ok()?;
        fitting
            .iter()
            .find(|candidate| references.iter().all(|reference| reference.is_of(candidate)))
    });
    referred.or(fitting.first()).copied()
}

fn resolve(
    signer: &SignerInfo,
    certificate: &Certificate,
    digest: DigestAlgorithm,
) -> Result<(PublicKey, SignatureScheme), Reason> {
    let key = PublicKey::read(certificate.public_key())?;
    let scheme = SignatureScheme::of_signer(&signer.signature_algorithm, &key, digest)?;
    Ok((key, scheme))
}

fn verify(
    signer: &SignerInfo,
    key: &PublicKey,
    scheme: SignatureScheme,
    content: &ContentDigests,
) -> Result<(), Reason> {
    match &signer.signed {
        Some(signed) => {
            let mut digests = signed.digests(scheme.digest());
            let verifies = |digest: Vec<u8>| key.verify(scheme, &digest, &signer.signature).is_ok();
            if digests.any(verifies) { Ok(()) } else { Err(Reason::SignatureMismatch) }
        }
        None => {
            let digest = content.get(scheme.digest()).ok_or(Reason::DigestAlgorithmMismatch)?;
            // Nothing but the signature tells here whether the document is the right one.
            key.verify(scheme, digest, &signer.signature)
        }
    }
}

impl Core {
    fn check_content(
        &mut self,
        signer: &SignerInfo,
        content_type: Oid,
        content: &ContentDigests,
        digest: DigestAlgorithm,
    ) {
        let Some(signed) = &signer.signed else {
            // RFC 5652 §5.3: without attributes the content can only be id-data.
            let result = if content_type != oid::ID_DATA {
                Err(Reason::ContentTypeMissing)
            } else if content.reads_as_attributes() {
                Err(Reason::AttributesAsContent)
            } else {
                Ok(())
            };
            self.checks.push(Check::of(CheckKind::Attributes, result));
            return;
        };
        match check_attributes(&signed.attributes, content_type) {
            Ok((expected, claimed_time)) => {
                self.claimed_time = claimed_time;
                self.checks.push(Check::passed(CheckKind::Attributes));
                let result = match content.get(digest) {
                    None => Err(Reason::DigestAlgorithmMismatch),
                    Some(found) if found == expected => Ok(()),
                    Some(_) => Err(Reason::MessageDigestMismatch),
                };
                self.checks.push(Check::of(CheckKind::Content, result));
            }
            Err(reason) => self.checks.push(Check::failed(CheckKind::Attributes, reason)),
        }
    }

    /// RFC 5035 §3: the first reference is to the signer's certificate.
    fn check_reference(&mut self, signer: &SignerInfo, certificate: &Certificate) {
        let references = match &signer.signed {
            Some(signed) => EssCertId::signed(&signed.attributes),
            None => Ok(Vec::new()),
        };
        let check = match references {
            Err(reason) => Check::failed(CheckKind::SigningCertificate, reason),
            Ok(references) if references.is_empty() => {
                Check::warning(CheckKind::SigningCertificate, Reason::SigningCertificateMissing)
            }
            Ok(references) if references.iter().all(|reference| reference.is_of(certificate)) => {
                self.names_certificate = true;
                Check::passed(CheckKind::SigningCertificate)
            }
            Ok(_) => {
                Check::failed(CheckKind::SigningCertificate, Reason::SigningCertificateMismatch)
            }
        };
        self.checks.push(check);
    }

    fn check_strength(&mut self, key: &PublicKey, digest: DigestAlgorithm) {
        if digest.is_weak() {
            let warning = Check::warning(CheckKind::Algorithm, Reason::WeakDigest);
            self.checks.push(warning.with(digest.name()));
        }
        if key.is_weak() {
            let warning = Check::warning(CheckKind::Algorithm, Reason::WeakKey);
            self.checks.push(warning.with(key.name()));
        }
    }
}

/// The attributes of RFC 5652 §11: message-digest, and the claimed time.
fn check_attributes(
    attributes: &Attributes,
    content_type: Oid,
) -> Result<(Vec<u8>, Option<DateTime<Utc>>), Reason> {
    let single = |oid| attributes.single(oid).map_err(|_| Reason::AttributesMalformed);
    let named = single(oid::ID_CONTENT_TYPE)?.ok_or(Reason::ContentTypeMissing)?;
    let named = Cursor::new(named).oid().map_err(|_| Reason::AttributesMalformed)?;
    if named != content_type {
        return Err(Reason::ContentTypeMismatch);
    }
    let digest = single(oid::ID_MESSAGE_DIGEST)?.ok_or(Reason::MessageDigestMissing)?;
    let digest = Cursor::new(digest).octets().map_err(|_| Reason::AttributesMalformed)?.to_vec();
    let time = match single(oid::ID_SIGNING_TIME)? {
        Some(time) => Some(Cursor::new(time).time().map_err(|_| Reason::AttributesMalformed)?),
        None => None,
    };
    Ok((digest, time))
}
