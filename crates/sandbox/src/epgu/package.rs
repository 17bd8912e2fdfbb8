//! The package of an order: what is to be signed, by whom, until when.

use std::io::{Cursor, Read};

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use signature::digest::DigestAlgorithm;
use zip::ZipArchive;

use crate::{
    population::{PERSONS, Person},
    refusal::Refusal,
    xml,
};

const NAMESPACE: &str = "urn://gosuslugi/sig-contract/1.0.2";
const REQUEST: &str = "req.xml";
/// The largest file of a package.
const MOST: u64 = 32 << 20;

/// A package that was read and is in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Package {
    pub(super) snils: String,
    /// What the telephone shows.
    pub(super) title: String,
    pub(super) file: String,
    pub(super) expires: DateTime<Utc>,
    /// The document, Base64.
    content: String,
}

fn wrong(what: impl Into<String>) -> Refusal {
    let right = "a ZIP with req.xml, the document that it names, and the signature beside each";
    Refusal::invalid("file", what, right)
}

impl Package {
    /// Reads an archive; `signed` tells whether bytes carry the organisation's signature.
    pub(super) fn read(
        archive: &[u8],
        signed: impl Fn(&[u8], &[u8]) -> bool,
    ) -> Result<Self, Refusal> {
        let mut archive =
            ZipArchive::new(Cursor::new(archive)).map_err(|error| wrong(error.to_string()))?;
        let mut take = |name: &str| -> Result<Vec<u8>, Refusal> {
            let file = archive.by_name(name).map_err(|error| wrong(format!("{name}: {error}")))?;
            let mut bytes = Vec::new();
            file.take(MOST).read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
            Ok(bytes)
        };
        let mut take_signed = |name: &str| -> Result<Vec<u8>, Refusal> {
            let bytes = take(name)?;
            let signature = take(&format!("{name}.sig"))?;
            let refused = || wrong(format!("{name} is not signed by the organisation"));
            if signed(&bytes, &signature) { Ok(bytes) } else { Err(refused()) }
        };
        let request = xml::parse(&take_signed(REQUEST)?).map_err(wrong)?;
        if !request.is(NAMESPACE, "RequestSigContract") {
            return Err(wrong(format!("{REQUEST} is no RequestSigContract")));
        }
        let value = |name: &str| {
            request.value(name).ok_or_else(|| wrong(format!("{REQUEST} has no {name}")))
        };
        let document = request
            .child("Contracts")
            .and_then(|contracts| contracts.child("Contract")?.child("Document"));
        let file = document.and_then(|document| document.attribute("docId"));
        let file = file.ok_or_else(|| wrong(format!("{REQUEST} names no document")))?.to_owned();
        let expires = value("signExp")?
            .parse()
            .map_err(|error| wrong(format!("signExp cannot be read: {error}")))?;
        let package = Self {
            snils: value("SNILS")?.to_owned(),
            title: value("descDoc")?.to_owned(),
            expires,
            content: BASE64_STANDARD.encode(take_signed(&file)?),
            file,
        };
        package.person()?;
        Ok(package)
    }

    /// What was made anew for another try differs in times and signatures only.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.snils, &self.content) == (&other.snils, &other.content)
    }

    /// Whose telephone it is.
    pub(super) fn person(&self) -> Result<&'static Person, Refusal> {
        let is_own = |person: &&Person| person.trusted && person.snils == Some(self.snils.as_str());
        PERSONS.iter().find(is_own).ok_or_else(|| wrong(format!("nobody has СНИЛС {}", self.snils)))
    }

    pub(super) fn content(&self) -> Result<Vec<u8>, Refusal> {
        BASE64_STANDARD.decode(&self.content).map_err(|error| wrong(error.to_string()))
    }

    /// SHA-256 and GOST R 34.11-2012 (256 bits) of the document, lower-case hexadecimal.
    pub(super) fn hashes(&self) -> Result<[String; 2], Refusal> {
        let content = self.content()?;
        let gost = DigestAlgorithm::Streebog256.digest(&content);
        Ok([hex::encode(Sha256::digest(&content)), hex::encode(gost)])
    }
}
