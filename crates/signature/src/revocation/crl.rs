//! Certificate revocation lists (RFC 5280 §5).

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::RevocationReason;
use crate::asn1::{Cursor, Error, Result, Tlv, tag};
use crate::certificate::{
    AlgorithmIdentifier, AuthorityKeyIdentifier, Certificate, DistributionPointName, GeneralName,
    Name, authority_key, read_extension,
};
use crate::key::{PublicKey, SignatureScheme};
use crate::oid;
use crate::report::Reason;

/// A list of more octets is not read.
pub const MAX_CRL: usize = 64 << 20;

/// IssuingDistributionPoint (RFC 5280 §5.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IssuingDistributionPoint {
    pub name: Option<DistributionPointName>,
    pub only_users: bool,
    pub only_authorities: bool,
    pub only_attributes: bool,
    /// Bits of ReasonFlags.
    pub reasons: Option<u16>,
    pub indirect: bool,
}

/// An entry about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub at: DateTime<Utc>,
    pub reason: RevocationReason,
    /// When the key was or may have been compromised.
    pub invalidity: Option<DateTime<Utc>>,
}

/// A revocation list. Cheap to clone; entries stay as they were received.
#[derive(Clone)]
pub struct Crl(Arc<Fields>);

struct Fields {
    der: Vec<u8>,
    tbs: Range<usize>,
    entries: Range<usize>,
    count: usize,
    algorithm: AlgorithmIdentifier,
    inner_algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    issuer: Name,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
    number: Option<Vec<u8>>,
    delta_base: Option<Vec<u8>>,
    scope: Option<IssuingDistributionPoint>,
    authority_key: Option<AuthorityKeyIdentifier>,
    unknown_critical: bool,
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({} of {}, {} entries)", self.issuer(), self.this_update(), self.len())
    }
}

impl Crl {
    /// Reads a list in DER, to the last entry.
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_CRL {
            return Err(Error::TooLarge);
        }
        let whole = Tlv::single(der)?;
        let mut list = Cursor::new(der).sequence()?;
        let tbs = list.expect(tag::SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::read(list.any()?)?;
        let signature = list.bits()?.octets()?.to_vec();
        list.finish()?;

        let mut fields = tbs.inner();
        let version = match fields.peek() {
            Some(tag::INTEGER) => fields.small(tag::INTEGER)?,
            _ => 0,
        };
        if version > 1 {
            return Err(Error::Value("an unknown version of revocation lists"));
        }
        let inner_algorithm = AlgorithmIdentifier::read(fields.any()?)?;
        let issuer = Name::read(fields.any()?)?;
        let this_update = fields.time()?;
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(fields.time()?),
            _ => None,
        };
        let revoked = fields.optional(tag::SEQUENCE)?;
        let mut parsed = Fields {
            der: der.to_vec(),
            tbs: range(der, tbs.raw),
            entries: revoked.map_or(0..0, |entries| range(der, entries.value)),
            count: 0,
            algorithm,
            inner_algorithm,
            signature,
            issuer,
            this_update,
            next_update,
            number: None,
            delta_base: None,
            scope: None,
            authority_key: None,
            unknown_critical: false,
        };
        if let Some(outer) = fields.optional(0xa0)? {
            if version != 1 {
                return Err(Error::Value("extensions in an old version of revocation lists"));
            }
            parsed.extensions(outer)?;
        }
        fields.finish()?;
        debug_assert_eq!(whole.raw.len(), der.len());
        parsed.survey()?;
        Ok(Self(Arc::new(parsed)))
    }

    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    pub fn this_update(&self) -> DateTime<Utc> {
        self.0.this_update
    }

    pub fn next_update(&self) -> Option<DateTime<Utc>> {
        self.0.next_update
    }

    /// How many certificates are listed.
    pub fn len(&self) -> usize {
        self.0.count
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// cRLNumber: octets of a positive number.
    pub fn number(&self) -> Option<&[u8]> {
        self.0.number.as_deref()
    }

    /// BaseCRLNumber of a delta list (RFC 5280 §5.2.4).
    pub fn delta_base(&self) -> Option<&[u8]> {
        self.0.delta_base.as_deref()
    }

    pub fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.algorithm
    }

    /// Serial numbers and dates of the listed certificates, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], DateTime<Utc>)> {
        let mut cursor = Cursor::new(&self.0.der[self.0.entries.clone()]);
        std::iter::from_fn(move || {
            let mut entry = cursor.sequence().ok()?;
            Some((entry.integer().ok()?, entry.time().ok()?))
        })
    }

    pub(super) fn scope(&self) -> Option<&IssuingDistributionPoint> {
        self.0.scope.as_ref()
    }

    pub(super) fn authority_key(&self) -> Option<&AuthorityKeyIdentifier> {
        self.0.authority_key.as_ref()
    }

    /// Whether the list or an entry has a critical extension that is not understood: then the
    /// list says nothing about any certificate (RFC 5280 §5.2, §5.3).
    pub(super) fn has_unknown_critical(&self) -> bool {
        self.0.unknown_critical
    }

    /// Verifies that the key of `issuer` signed the list.
    ///
    /// # Errors
    /// [`Reason::CrlSignatureMismatch`], and what is wrong with key or algorithm.
    pub fn verify(&self, issuer: &Certificate) -> std::result::Result<(), Reason> {
        if self.0.inner_algorithm != self.0.algorithm {
            return Err(Reason::CrlSignatureMismatch);
        }
        let key = PublicKey::read(issuer.public_key())?;
        let scheme = SignatureScheme::of_algorithm(&self.0.algorithm, &key)?;
        let digest = scheme.digest().digest(&self.0.der[self.0.tbs.clone()]);
        key.verify(scheme, &digest, &self.0.signature).map_err(|_| Reason::CrlSignatureMismatch)
    }

    /// The last entry about the certificate of this issuer with this serial number.
    pub(super) fn find(&self, issuer: &Name, serial: &[u8]) -> Option<Entry> {
        let mut found = None;
        let mut about = self.0.issuer.clone();
        let walked = self.0.walk(|entry| {
            if let Some(name) = entry.issuer {
                about = name;
            }
            if entry.serial == serial && about == *issuer {
                found = Some(entry.entry);
            }
            Ok(())
        });
        walked.ok().and(found)
    }
}

/// One entry while it is read.
struct Listed<'a> {
    serial: &'a [u8],
    entry: Entry,
    /// certificateIssuer: whose certificates this and the following entries are about.
    issuer: Option<Name>,
    unknown_critical: bool,
}

impl Fields {
    fn extensions(&mut self, outer: Tlv<'_>) -> Result<()> {
        let mut inner = outer.inner();
        let mut sequence = inner.sequence()?;
        inner.finish()?;
        let mut seen = Vec::new();
        while !sequence.is_empty() {
            let (oid, critical, value) = read_extension(&mut sequence)?;
            if seen.contains(&oid) || seen.len() > 64 {
                return Err(Error::Value("an extension is there twice"));
            }
            seen.push(oid);
            match oid {
                oid::ID_CE_CRL_NUMBER => self.number = Some(positive(value)?),
                oid::ID_CE_DELTA_CRL_INDICATOR => self.delta_base = Some(positive(value)?),
                oid::ID_CE_ISSUING_DISTRIBUTION_POINT => self.scope = Some(scope(value)?),
                oid::ID_CE_AUTHORITY_KEY_IDENTIFIER => {
                    self.authority_key = Some(authority_key(value)?);
                }
                _ => self.unknown_critical |= critical,
            }
        }
        Ok(())
    }

    /// Reads every entry once: all must be sound before any is believed.
    fn survey(&mut self) -> Result<()> {
        let (mut count, mut unknown) = (0, false);
        self.walk(|entry| {
            count += 1;
            unknown |= entry.unknown_critical;
            Ok(())
        })?;
        self.count = count;
        self.unknown_critical |= unknown;
        Ok(())
    }

    fn walk<'a>(&'a self, mut visit: impl FnMut(Listed<'a>) -> Result<()>) -> Result<()> {
        let mut cursor = Cursor::new(&self.der[self.entries.clone()]);
        while !cursor.is_empty() {
            visit(listed(cursor.sequence()?)?)?;
        }
        Ok(())
    }
}

fn listed(mut entry: Cursor<'_>) -> Result<Listed<'_>> {
    let serial = entry.integer()?;
    let at = entry.time()?;
    let mut out = Listed {
        serial,
        entry: Entry { at, reason: RevocationReason::Unspecified, invalidity: None },
        issuer: None,
        unknown_critical: false,
    };
    if let Some(extensions) = entry.optional(tag::SEQUENCE)? {
        let mut extensions = extensions.inner();
        while !extensions.is_empty() {
            let (oid, critical, value) = read_extension(&mut extensions)?;
            match oid {
                oid::ID_CE_CRL_REASON => {
                    let code = Cursor::new(value).small(tag::ENUMERATED)?;
                    out.entry.reason = RevocationReason::from_code(code)
                        .ok_or(Error::Value("an unknown reason of revocation"))?;
                }
                oid::ID_CE_INVALIDITY_DATE => {
                    out.entry.invalidity = Some(Cursor::new(value).precise_time()?);
                }
                oid::ID_CE_CERTIFICATE_ISSUER => {
                    let names = GeneralName::read_all(Cursor::new(value).sequence()?)?;
                    let name = names.iter().find_map(GeneralName::directory).cloned();
                    out.issuer = Some(name.ok_or(Error::Value("an issuer without a name"))?);
                }
                _ => out.unknown_critical |= critical,
            }
        }
    }
    entry.finish()?;
    Ok(out)
}

/// Where a part lies in the whole that it was cut from.
fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

fn positive(value: &[u8]) -> Result<Vec<u8>> {
    let mut cursor = Cursor::new(value);
    let octets = cursor.integer()?;
    cursor.finish()?;
    if octets[0] & 0x80 != 0 || octets.len() > 21 {
        return Err(Error::Value("a number of a list out of range"));
    }
    Ok(if octets.len() > 1 && octets[0] == 0 { octets[1..].to_vec() } else { octets.to_vec() })
}

fn scope(value: &[u8]) -> Result<IssuingDistributionPoint> {
    let mut sequence = Cursor::new(value).sequence()?;
    let name = sequence.optional(0xa0)?.map(DistributionPointName::read).transpose()?;
    let only_users = sequence.default_false(0x81)?;
    let only_authorities = sequence.default_false(0x82)?;
    let reasons = match sequence.optional(0x83)? {
        Some(reasons) => Some(reasons.as_bits()?.named_bits()),
        None => None,
    };
    let indirect = sequence.default_false(0x84)?;
    let only_attributes = sequence.default_false(0x85)?;
    sequence.finish()?;
    Ok(IssuingDistributionPoint {
        name,
        only_users,
        only_authorities,
        only_attributes,
        reasons,
        indirect,
    })
}
