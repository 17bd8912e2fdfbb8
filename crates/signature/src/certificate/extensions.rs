//! Extensions of certificates (RFC 5280 §4.2).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{GeneralName, Name};
use crate::asn1::{BitString, Cursor, Error, Oid, Result, Tlv, tag};
use crate::oid;

/// More than this no honest certificate has.
const MAX_EXTENSIONS: usize = 64;
const MAX_ITEMS: usize = 256;

/// Bits of keyUsage (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    pub const DIGITAL_SIGNATURE: u16 = 1;
    pub const NON_REPUDIATION: u16 = 1 << 1;
    pub const KEY_CERT_SIGN: u16 = 1 << 5;
    pub const CRL_SIGN: u16 = 1 << 6;

    /// Whether any of these bits is set.
    pub fn allows(self, bits: u16) -> bool {
        self.0 & bits != 0
    }

    /// Names of the bits that are set, as RFC 5280 calls them.
    pub fn names(self) -> Vec<&'static str> {
        const NAMES: [&str; 9] = [
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly",
        ];
        NAMES.into_iter().enumerate().filter(|(n, _)| self.0 & 1 << n != 0).map(|n| n.1).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    pub ca: bool,
    pub path_length: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    pub permitted: Vec<GeneralName>,
    pub excluded: Vec<GeneralName>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyConstraints {
    pub require_explicit_policy: Option<u64>,
    pub inhibit_policy_mapping: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    pub key: Option<Vec<u8>>,
    pub issuer: Vec<GeneralName>,
    pub serial: Option<Vec<u8>>,
}

/// Where a distribution point is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionPointName {
    Full(Vec<GeneralName>),
    /// Content of a RelativeDistinguishedName below the name of the issuer of the list.
    Relative(Vec<u8>),
}

impl DistributionPointName {
    /// Reads the element tagged `[0]` in DistributionPoint and IssuingDistributionPoint.
    ///
    /// # Errors
    /// When it is not a DistributionPointName.
    pub fn read(outer: Tlv<'_>) -> Result<Self> {
        let mut inner = outer.inner();
        let choice = inner.any()?;
        inner.finish()?;
        match choice.tag {
            0xa0 => GeneralName::read_all(choice.inner()).map(Self::Full),
            0xa1 => Ok(Self::Relative(choice.value.to_vec())),
            found => Err(Error::Tag { expected: 0xa0, found }),
        }
    }

    /// Full names; a relative one is completed with the issuer of the list.
    pub fn full(&self, issuer: &Name) -> Vec<GeneralName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(set) => {
                issuer.with_relative(set).map(GeneralName::Directory).into_iter().collect()
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    pub name: Option<DistributionPointName>,
    /// Bits of ReasonFlags.
    pub reasons: Option<u16>,
    pub crl_issuer: Vec<GeneralName>,
}

/// What the extensions of a certificate say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    pub basic_constraints: Option<BasicConstraints>,
    pub key_usage: Option<KeyUsage>,
    pub extended_key_usage: Option<Vec<Oid>>,
    /// Whether extendedKeyUsage is critical: a time-stamp authority's must be.
    pub extended_key_usage_critical: bool,
    pub subject_alt_names: Vec<GeneralName>,
    pub name_constraints: Option<NameConstraints>,
    pub policies: Option<Vec<Oid>>,
    /// Pairs of issuerDomainPolicy and subjectDomainPolicy.
    pub policy_mappings: Vec<(Oid, Oid)>,
    pub policy_constraints: PolicyConstraints,
    pub inhibit_any_policy: Option<u64>,
    pub authority_key: Option<AuthorityKeyIdentifier>,
    pub subject_key: Option<Vec<u8>>,
    pub crl_distribution_points: Vec<DistributionPoint>,
    pub ocsp_urls: Vec<String>,
    pub ca_issuer_urls: Vec<String>,
    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    pub ocsp_no_check: bool,
    /// subjectSignTool of Russian qualified certificates.
    pub subject_sign_tool: Option<String>,
    /// privateKeyUsagePeriod: until when the key may sign.
    pub private_key_until: Option<DateTime<Utc>>,
    /// Critical extensions that are not understood.
    pub unknown_critical: Vec<Oid>,
    /// All extensions, in order, and whether each is critical.
    pub present: Vec<(Oid, bool)>,
}

const ID_CE_PRIVATE_KEY_USAGE_PERIOD: Oid = Oid::new_unwrap("2.5.29.16");

impl Extensions {
    /// Reads `Extensions` from the cursor inside its SEQUENCE.
    ///
    /// # Errors
    /// When an extension is malformed, or is there twice.
    pub fn read(mut sequence: Cursor<'_>) -> Result<Self> {
        let mut extensions = Self::default();
        let mut seen = BTreeSet::new();
        while !sequence.is_empty() {
            let (oid, critical, value) = one(&mut sequence)?;
            if !seen.insert(oid) {
                return Err(Error::Value("an extension is there twice"));
            }
            if seen.len() > MAX_EXTENSIONS {
                return Err(Error::TooLarge);
            }
            extensions.present.push((oid, critical));
            if !extensions.take(oid, critical, value)? && critical {
                extensions.unknown_critical.push(oid);
            }
        }
        Ok(extensions)
    }

    /// Reads the value of one extension; `false` when it is not known.
    fn take(&mut self, oid: Oid, critical: bool, value: &[u8]) -> Result<bool> {
        let element = Tlv::single(value);
        match oid {
            oid::ID_CE_BASIC_CONSTRAINTS => self.basic_constraints = Some(basic(element?)?),
            oid::ID_CE_KEY_USAGE => self.key_usage = Some(KeyUsage(bits(value)?.named_bits())),
            oid::ID_CE_EXT_KEY_USAGE => {
                self.extended_key_usage = Some(list(element?, |item| item.as_oid())?);
                self.extended_key_usage_critical = critical;
            }
            oid::ID_CE_SUBJECT_ALT_NAME => {
                let names = Cursor::new(value).sequence()?;
                // Some authorities write the extension without names.
                if !names.is_empty() {
                    self.subject_alt_names = GeneralName::read_all(names)?;
                }
            }
            oid::ID_CE_NAME_CONSTRAINTS => {
                self.name_constraints = Some(name_constraints(element?)?);
            }
            oid::ID_CE_CERTIFICATE_POLICIES => {
                let policies = list(element?, |item| item.inner().oid())?;
                let distinct: BTreeSet<_> = policies.iter().collect();
                if distinct.len() != policies.len() {
                    return Err(Error::Value("a policy is there twice"));
                }
                self.policies = Some(policies);
            }
            oid::ID_CE_POLICY_MAPPINGS => {
                self.policy_mappings = list(element?, |item| {
                    let mut pair = item.inner();
                    Ok((pair.oid()?, pair.oid()?))
                })?;
            }
            oid::ID_CE_POLICY_CONSTRAINTS => self.policy_constraints = policy_constraints(value)?,
            oid::ID_CE_INHIBIT_ANY_POLICY => {
                self.inhibit_any_policy = Some(Cursor::new(value).small(tag::INTEGER)?);
            }
            oid::ID_CE_AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key = Some(authority_key(value)?);
            }
            oid::ID_CE_SUBJECT_KEY_IDENTIFIER => {
                self.subject_key = Some(Cursor::new(value).octets()?.to_vec());
            }
            oid::ID_CE_CRL_DISTRIBUTION_POINTS => {
                self.crl_distribution_points = list(element?, distribution_point)?;
            }
            oid::ID_CE_FRESHEST_CRL => {
                list(element?, distribution_point)?;
            }
            oid::ID_PE_AUTHORITY_INFO_ACCESS => self.information_access(element?)?,
            oid::ID_PKIX_OCSP_NOCHECK => self.ocsp_no_check = true,
            oid::ID_SUBJECT_SIGN_TOOL => self.subject_sign_tool = super::name::text(element?),
            // Known, and without weight in any judgement here.
            oid::ID_CE_ISSUER_ALT_NAME | oid::ID_ISSUER_SIGN_TOOL | oid::ID_IDENTIFICATION_KIND => {
                element?;
            }
            ID_CE_PRIVATE_KEY_USAGE_PERIOD => {
                let mut period = Cursor::new(value).sequence()?;
                period.optional(0x80)?;
                self.private_key_until = period
                    .optional(0x81)?
                    .map(|time| {
                        let time = crate::asn1::write::element(tag::GENERALIZED_TIME, time.value);
                        Cursor::new(&time).time()
                    })
                    .transpose()?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn information_access(&mut self, element: Tlv<'_>) -> Result<()> {
        let descriptions = list(element, |item| {
            let mut description = item.inner();
            Ok((description.oid()?, GeneralName::read(description.any()?)?))
        })?;
        for (method, location) in descriptions {
            match (method, location) {
                (oid::ID_AD_OCSP, GeneralName::Uri(url)) => self.ocsp_urls.push(url),
                (oid::ID_AD_CA_ISSUERS, GeneralName::Uri(url)) => self.ca_issuer_urls.push(url),
                _ => {}
            }
        }
        Ok(())
    }

    /// Addresses of revocation lists.
    pub fn crl_urls(&self) -> impl Iterator<Item = &str> {
        let names = self.crl_distribution_points.iter().filter_map(|point| match &point.name {
            Some(DistributionPointName::Full(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(|name| match name {
            GeneralName::Uri(url) => Some(url.as_str()),
            _ => None,
        })
    }
}

/// One `Extension`: identifier, whether critical, content of extnValue.
pub(crate) fn one<'a>(sequence: &mut Cursor<'a>) -> Result<(Oid, bool, &'a [u8])> {
    let mut extension = sequence.sequence()?;
    let oid = extension.oid()?;
    let critical = extension.default_false(tag::BOOLEAN)?;
    let value = extension.octets()?;
    extension.finish()?;
    Ok((oid, critical, value))
}

/// A SEQUENCE OF that is not empty.
fn list<T>(element: Tlv<'_>, read: impl Fn(Tlv<'_>) -> Result<T>) -> Result<Vec<T>> {
    if element.tag != tag::SEQUENCE {
        return Err(Error::Tag { expected: tag::SEQUENCE, found: element.tag });
    }
    let mut items = element.inner();
    let mut out = Vec::new();
    while !items.is_empty() {
        if out.len() == MAX_ITEMS {
            return Err(Error::TooLarge);
        }
        out.push(read(items.any()?)?);
    }
    if out.is_empty() { Err(Error::Value("an empty list")) } else { Ok(out) }
}

fn bits(value: &[u8]) -> Result<BitString<'_>> {
    let mut cursor = Cursor::new(value);
    let bits = cursor.bits()?;
    cursor.finish()?;
    Ok(bits)
}

fn basic(element: Tlv<'_>) -> Result<BasicConstraints> {
    let mut sequence = Cursor::new(element.raw).sequence()?;
    let ca = sequence.default_false(tag::BOOLEAN)?;
    let path_length = match sequence.peek() {
        Some(tag::INTEGER) => Some(sequence.small(tag::INTEGER)?),
        _ => None,
    };
    sequence.finish()?;
    Ok(BasicConstraints { ca, path_length })
}

fn name_constraints(element: Tlv<'_>) -> Result<NameConstraints> {
    let mut sequence = Cursor::new(element.raw).sequence()?;
    let subtrees = |trees: Option<Tlv<'_>>| -> Result<Vec<GeneralName>> {
        let Some(trees) = trees else { return Ok(Vec::new()) };
        let mut cursor = trees.inner();
        let mut bases = Vec::new();
        while !cursor.is_empty() {
            if bases.len() == MAX_ITEMS {
                return Err(Error::TooLarge);
            }
            let mut subtree = cursor.sequence()?;
            bases.push(GeneralName::read(subtree.any()?)?);
            // RFC 5280 §4.2.1.10: minimum is zero, maximum absent.
            if let Some(minimum) = subtree.optional(0x80)?
                && minimum.value != [0]
            {
                return Err(Error::Value("a subtree with a minimum"));
            }
            subtree.finish()?;
        }
        Ok(bases)
    };
    let permitted = subtrees(sequence.optional(0xa0)?)?;
    let excluded = subtrees(sequence.optional(0xa1)?)?;
    sequence.finish()?;
    Ok(NameConstraints { permitted, excluded })
}

fn policy_constraints(value: &[u8]) -> Result<PolicyConstraints> {
    let mut sequence = Cursor::new(value).sequence()?;
    let mut number =
        |tag| sequence.optional(tag)?.map(|element: Tlv<'_>| element.as_small()).transpose();
    let constraints = PolicyConstraints {
        require_explicit_policy: number(0x80)?,
        inhibit_policy_mapping: number(0x81)?,
    };
    sequence.finish()?;
    Ok(constraints)
}

pub(crate) fn authority_key(value: &[u8]) -> Result<AuthorityKeyIdentifier> {
    let mut sequence = Cursor::new(value).sequence()?;
    let key = sequence.optional(0x80)?.map(|element| element.value.to_vec());
    let issuer = match sequence.optional(0xa1)? {
        Some(names) => GeneralName::read_all(names.inner())?,
        None => Vec::new(),
    };
    let serial = sequence.optional(0x82)?.map(|element| element.value.to_vec());
    sequence.finish()?;
    Ok(AuthorityKeyIdentifier { key, issuer, serial })
}

fn distribution_point(element: Tlv<'_>) -> Result<DistributionPoint> {
    let mut sequence = element.inner();
    let name = sequence.optional(0xa0)?.map(DistributionPointName::read).transpose()?;
    let reasons = match sequence.optional(0x81)? {
        Some(reasons) => Some(reasons.as_bits()?.named_bits()),
        None => None,
    };
    let crl_issuer = match sequence.optional(0xa2)? {
        Some(names) => GeneralName::read_all(names.inner())?,
        None => Vec::new(),
    };
    sequence.finish()?;
    Ok(DistributionPoint { name, reasons, crl_issuer })
}
