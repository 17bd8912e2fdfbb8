//! Areas of access (`scope`).

use serde::{Deserialize, Serialize};

use super::error::EsiaError;

/// Areas about a person.
const PERSONAL: [&str; 16] = [
    "openid",
    "fullname",
    "birthdate",
    "gender",
    "citizenship",
    "snils",
    "inn",
    "id_doc",
    "email",
    "mobile",
    "contacts",
    "addresses",
    "birthplace",
    "usr_org",
    "usr_trm",
    "kid_fullname",
];

/// Areas about an organisation; written `http://esia.gosuslugi.ru/NAME?org_oid=OID`.
const ORGANISATIONAL: [&str; 12] = [
    "org_shortname",
    "org_fullname",
    "org_type",
    "org_ogrn",
    "org_inn",
    "org_kpp",
    "org_leg",
    "org_oktmo",
    "org_ctts",
    "org_addrs",
    "org_emps",
    "org_grps",
];

const PREFIX: &str = "http://esia.gosuslugi.ru/";

/// Areas in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scopes(Vec<Scope>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Scope {
    Personal(String),
    Organisation { name: String, oid: u64 },
}

impl Scopes {
    /// Reads a space-separated list.
    pub(super) fn parse(text: &str) -> Result<Self, EsiaError> {
        let scopes = text.split(' ').filter(|part| !part.is_empty()).map(Scope::parse);
        let scopes = scopes.collect::<Result<Vec<_>, _>>()?;
        if scopes.is_empty() {
            return Err(EsiaError::code("ESIA-007013"));
        }
        Ok(Self(scopes))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|scope| matches!(scope, Scope::Personal(own) if own == name))
    }

    /// The area `name` of the organisation `oid` is there.
    pub(super) fn has_organisation(&self, name: &str, oid: u64) -> bool {
        self.0.iter().any(
            |scope| matches!(scope, Scope::Organisation { name: n, oid: o } if n == name && *o == oid),
        )
    }

    /// Organisations named in the areas.
    pub(super) fn organisations(&self) -> impl Iterator<Item = u64> {
        self.0.iter().filter_map(|scope| match scope {
            Scope::Organisation { oid, .. } => Some(*oid),
            Scope::Personal(_) => None,
        })
    }

    /// The claim `scope` of an access token: each personal area carries the person's identifier.
    pub(super) fn claim(&self, person: u64) -> String {
        let parts = self.0.iter().map(|scope| match scope {
            Scope::Personal(name) if name == "openid" => name.clone(),
            Scope::Personal(name) => format!("{name}?oid={person}"),
            Scope::Organisation { name, oid } => format!("{PREFIX}{name}?org_oid={oid}"),
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Reads the claim back.
    pub(super) fn from_claim(claim: &str) -> Option<Self> {
        let parts = claim.split(' ').map(|part| match part.split_once("?oid=") {
            Some((name, _)) => name,
            None => part,
        });
        Self::parse(&parts.collect::<Vec<_>>().join(" ")).ok()
    }
}

impl Scope {
    fn parse(text: &str) -> Result<Self, EsiaError> {
        let wrong = || EsiaError::code("ESIA-007006").about(text);
        let name = text.strip_prefix(PREFIX).unwrap_or(text);
        match name.split_once("?org_oid=") {
            Some((name, oid)) if ORGANISATIONAL.contains(&name) => Ok(Self::Organisation {
                name: name.to_owned(),
                oid: oid.parse().map_err(|_| wrong())?,
            }),
            None if PERSONAL.contains(&name) => Ok(Self::Personal(name.to_owned())),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_reads_back() {
        let text = "openid fullname usr_org http://esia.gosuslugi.ru/org_inn?org_oid=1000100001";
        let scopes = Scopes::parse(text).unwrap();
        let claim = scopes.claim(7);
        assert_eq!(
            claim,
            "openid fullname?oid=7 usr_org?oid=7 \
             http://esia.gosuslugi.ru/org_inn?org_oid=1000100001"
        );
        assert_eq!(Scopes::from_claim(&claim), Some(scopes.clone()));
        assert!(scopes.has("fullname") && !scopes.has("snils"));
        assert!(scopes.has_organisation("org_inn", 1_000_100_001));
        assert!(!scopes.has_organisation("org_inn", 1));
    }

    #[test]
    fn unknown_areas_are_named() {
        assert_eq!(Scopes::parse(" ").unwrap_err().code, "ESIA-007013");
        for text in ["openid passwords", "http://esia.gosuslugi.ru/org_inn?org_oid=x"] {
            assert_eq!(Scopes::parse(text).unwrap_err().code, "ESIA-007006");
        }
    }
}
