//! Building of certificates and revocation lists.

use chrono::{DateTime, TimeDelta, Utc};
use der::{
    DateTime as DerDateTime,
    asn1::{BitString, Ia5String, Uint},
    flagset::FlagSet,
};
use p256::ecdsa::{DerSignature, SigningKey};
use rand::{rand_core::UnwrapErr, rngs::SysRng};
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::{
    Certificate, TbsCertificate,
    builder::{self, Builder, CertificateBuilder, CrlBuilder, profile::BuilderProfile},
    crl::{CertificateList, RevokedCert},
    ext::{
        Extension, ToExtension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, CrlNumber, KeyUsage,
            KeyUsages, SubjectKeyIdentifier,
            crl::dp::DistributionPoint,
            name::{DistributionPointName, GeneralName},
        },
    },
    name::Name,
    serial_number::SerialNumber,
    time::{Time, Validity},
};

use crate::SandboxError;

/// What a certificate is to say.
pub(super) struct Template {
    pub(super) subject: Name,
    pub(super) issuer: Name,
    pub(super) public_key: SubjectPublicKeyInfoOwned,
    pub(super) not_before: DateTime<Utc>,
    pub(super) not_after: DateTime<Utc>,
    pub(super) purpose: Purpose,
    pub(super) crl_url: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Signs certificates and revocation lists.
    Authority { path_length: u8 },
    /// Signs documents and requests.
    Signing,
}

/// Extensions of RFC 5280: identifiers of the keys, basic constraints, key usage, and where the
/// revocation list is.
struct Profile {
    subject: Name,
    issuer: Name,
    purpose: Purpose,
    crl_url: Option<String>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        spk: SubjectPublicKeyInfoRef<'_>,
        issuer_spk: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let (constraints, usage): (_, FlagSet<KeyUsages>) = match self.purpose {
            Purpose::Authority { path_length } => (
                BasicConstraints { ca: true, path_len_constraint: Some(path_length) },
                KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            ),
            Purpose::Signing => (
                BasicConstraints { ca: false, path_len_constraint: None },
                KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            ),
        };
        let subject = tbs.subject();
        let mut extensions = Vec::new();
        let identifier = SubjectKeyIdentifier::try_from(spk)?.to_extension(subject, &extensions)?;
        extensions.push(identifier);
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(SubjectKeyIdentifier::try_from(issuer_spk)?.0),
            ..AuthorityKeyIdentifier::default()
        }
        .to_extension(subject, &extensions)?;
        extensions.push(authority);
        let constraints = constraints.to_extension(subject, &extensions)?;
        extensions.push(constraints);
        let usage = KeyUsage(usage).to_extension(subject, &extensions)?;
        extensions.push(usage);
        if let Some(url) = &self.crl_url {
            let url = GeneralName::UniformResourceIdentifier(Ia5String::new(url)?);
            let points = CrlDistributionPoints(vec![DistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![url])),
                reasons: None,
                crl_issuer: None,
            }])
            .to_extension(subject, &extensions)?;
            extensions.push(points);
        }
        Ok(extensions)
    }
}

/// Builds and signs a certificate with a random serial number.
pub(super) fn build(signer: &SigningKey, template: Template) -> Result<Certificate, SandboxError> {
    let Template { subject, issuer, public_key, not_before, not_after, purpose, crl_url } =
        template;
    let serial = SerialNumber::generate(&mut UnwrapErr(SysRng));
    let validity = Validity::new(time(not_before)?, time(not_after)?);
    let profile = Profile { subject, issuer, purpose, crl_url };
    let builder = CertificateBuilder::new(profile, serial, validity, public_key)?;
    Ok(builder.build::<_, DerSignature>(signer)?)
}

/// Builds and signs a revocation list numbered by its time.
pub(super) fn revocation_list(
    signer: &SigningKey,
    issuer: &Certificate,
    revoked: impl Iterator<Item = (String, DateTime<Utc>)>,
    now: DateTime<Utc>,
) -> Result<CertificateList, SandboxError> {
    let mut entries = Vec::new();
    for (serial, at) in revoked {
        let serial = hex::decode(&serial).unwrap_or_default();
        entries.push(RevokedCert {
            serial_number: SerialNumber::new(&serial)?,
            revocation_date: time(at)?,
            crl_entry_extensions: None,
        });
    }
    let number = CrlNumber::from(Uint::new(&now.timestamp().to_be_bytes())?);
    let mut builder = CrlBuilder::new_with_this_update(issuer, number, time(now)?)?
        .with_next_update(Some(time(now + TimeDelta::days(1))?));
    // RFC 5280 section 5.1.2.6: the list of revoked certificates must be absent when empty.
    if !entries.is_empty() {
        builder = builder.with_certificates(entries.into_iter());
    }
    Ok(builder.build::<_, DerSignature>(signer)?)
}

/// A point in time as certificates write it, to the second.
fn time(at: DateTime<Utc>) -> Result<Time, SandboxError> {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    Ok(Time::from(DerDateTime::from_unix_duration(std::time::Duration::from_secs(seconds))?))
}

/// Kept apart so that the signature's type is named once.
pub(super) fn signature_bits(signature: &BitString) -> Option<DerSignature> {
    DerSignature::from_bytes(signature.raw_bytes()).ok()
}
